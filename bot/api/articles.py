"""Routes of the articles: listed, read, and, for admins, added and removed."""

import dataclasses
import shutil
import tempfile
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, File, Form, Query, Request, Response, UploadFile
from starlette.exceptions import HTTPException

from bot.answer import Bot
from bot.api.gate import require_admin
from bot.api.library import Library, open_bot
from bot.api.models import (
    EXAMPLE_ARTICLE,
    ListQuery,
    Received,
    document_success,
)
from bot.api.problems import document_problems
from bot.listing import ArticleEntry, ArticleList
from bot.web.intake import WRITE_ERRORS, Intake, take_files
from ingest.clean import Article
from ingest.cli import describe_write_error
from ingest.upload import make_safe_name, remove_article

_EXAMPLE_LIST = ArticleList(1, (ArticleEntry.of(EXAMPLE_ARTICLE),))
_EXAMPLE_RECEIVED = Received("bridge.txt", "added", "bridge", "")


def make_article_routes(library: Library) -> APIRouter:
    """Return the routes that read the articles."""
    router = APIRouter(tags=["articles"])

    @router.get(
        "/articles",
        operation_id="listArticles",
        response_model=ArticleList,
        responses=document_success("Articles, by title.", _EXAMPLE_LIST) | document_problems(422),
    )
    def list_articles(query: Annotated[ListQuery, Query()]) -> ArticleList:
        """List the articles, without their texts."""
        bot = open_bot(library)
        bot.store.refresh()
        _, references = bot.parts.catalogue.get()
        shown = references.articles[query.offset : query.offset + query.limit]
        return ArticleList(len(references.articles), tuple(map(ArticleEntry.of, shown)))

    @router.get(
        "/articles/{article_id}",
        operation_id="getArticle",
        response_model=Article,
        responses=document_success("The article.", EXAMPLE_ARTICLE) | document_problems(404, 422),
    )
    def get_article(article_id: str) -> Article:
        """Return an article; citations are offsets in its text."""
        bot = open_bot(library)
        bot.store.refresh()
        article = bot.store.get_article(article_id)
        if article is None:
            raise _miss(article_id)
        return dataclasses.replace(article, path=article.file_name)

    return router


def make_admin_routes(library: Library) -> APIRouter:
    """Return the routes that change the library; all of them need an admin's key."""
    router = APIRouter(tags=["admin"], dependencies=[Depends(require_admin)])

    @router.post(
        "/articles",
        operation_id="addArticle",
        response_model=Received,
        status_code=201,
        responses=document_success("It is in the library.", _EXAMPLE_RECEIVED, 201)
        | document_success(
            "Its text is in the library already.",
            Received("bridge-2.txt", "twin", None, "the same text as bridge.txt"),
        )
        | document_problems(400, 422),
    )
    def add_article(
        request: Request,
        response: Response,
        file: Annotated[UploadFile, File(description="text, Markdown, HTML, PDF or Word")],
        replace: Annotated[bool, Form(description="put it in place of one of that name")] = False,
    ) -> Received:
        """Store a file's article and publish it."""
        bot = open_bot(library)
        name = make_safe_name(file.filename or "")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            with path.open("xb") as target:
                shutil.copyfileobj(file.file, target)
            intake = _take_file(bot, library.path, path, replace)
        if intake.state == "twin":
            response.status_code = 200
            return Received(name, "twin", None, intake.reason)
        if intake.state != "added" and intake.state != "replaced":
            raise HTTPException(422, f"{name}: {intake.reason}")
        article_id = _find_article(bot, intake)
        if article_id is not None:
            address = quote(article_id, safe="")
            response.headers["Location"] = f"{request.url.path.rstrip('/')}/{address}"
        return Received(name, intake.state, article_id, intake.reason)

    @router.delete(
        "/articles/{article_id}",
        operation_id="removeArticle",
        status_code=204,
        response_class=Response,
        responses=document_problems(404, 422),
    )
    def delete_article(article_id: str) -> None:
        """Take an article out of the library; its file is deleted if it was sent in."""
        bot = open_bot(library)
        try:
            remove_article(library.path, article_id, bot.fit_embedder())
        except KeyError:
            raise _miss(article_id) from None
        except WRITE_ERRORS as error:
            raise _fail_to_write(library.path, error) from error
        bot.store.refresh()

    return router


def _take_file(bot: Bot, library: Path, path: Path, replace: bool) -> Intake:
    """Store a file and return what became of it. Raises HTTPException 503."""
    try:
        *_, last = take_files(bot, library, [path], overwrite=replace)
    except WRITE_ERRORS as error:
        raise _fail_to_write(library, error) from error
    bot.store.refresh()
    return last[0]


def _find_article(bot: Bot, intake: Intake) -> str | None:
    """Return the id of the article that a file became; None if it is gone again."""
    path = str(intake.path)
    return next((i.article_id for i in bot.store.list_articles() if i.path == path), None)


def _miss(article_id: str) -> HTTPException:
    return HTTPException(404, f"no article {article_id!r}; GET /v1/articles lists all")


def _fail_to_write(library: Path, error: Exception) -> HTTPException:
    return HTTPException(503, describe_write_error(library, error), {"Retry-After": "5"})
