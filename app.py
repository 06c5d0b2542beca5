"""The web page: ask, read the answer, open the article at the quoted words.

`python app.py` makes the library from corpus/ on first start and opens the page on 127.0.0.1.
"""

import os
import socket
import sys
import webbrowser
from collections.abc import Awaitable, Callable, Iterator
from html import escape
from pathlib import Path
from threading import Timer
from typing import Annotated, Any

import typer

from ingest.cli import DEFAULT_STORE, print_report, run_ingest, show_progress
from ingest.database import FILE_NAME

HOST = "127.0.0.1"
CORPUS = Path(__file__).parent / "corpus"
STATIC = Path(__file__).parent / "bot" / "static"
CONCURRENT_QUESTIONS, WAITING_QUESTIONS = 16, 64
# Nothing from another host, whatever an article says: no image, style, form or frame gets out.
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "media-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
        "frame-src 'none'; object-src 'none'; base-uri 'self'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def build_app(store: Path) -> Any:
    """Return the FastAPI application for the library `store`. Raises NoLibrary."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio
    from fastapi import FastAPI, HTTPException, Request, Response
    from fastapi.responses import HTMLResponse
    from fastapi.staticfiles import StaticFiles

    from bot.answer import Bot
    from bot.page import render_article, render_article_page

    bot = Bot.open(store, use_vector_index=True)
    app = FastAPI(title="Footnote", docs_url=None, redoc_url=None, openapi_url=None)

    @app.middleware("http")
    async def add_security_headers(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        response = await call_next(request)
        response.headers.update(SECURITY_HEADERS)
        return response

    @app.get("/a/{article_id}", response_class=HTMLResponse)
    def read_article(article_id: str, start: int = 0, end: int = 0, fragment: bool = False) -> str:
        bot.store.refresh()
        article = bot.store.get_article(article_id)
        if article is None:
            raise HTTPException(404, "the library has no such article")
        render = render_article if fragment else render_article_page
        return render(article, start, end)

    app.mount("/page", StaticFiles(directory=STATIC), name="page")
    return gradio.mount_gradio_app(
        app,
        build_page(bot),
        path="/",
        server_name=HOST,
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size="20mb",
        enable_monitoring=False,
        ssr_mode=False,
        mcp_server=False,
        css_paths=STATIC / "page.css",
        head='<script src="/page/page.js" defer></script>',
    )


def build_page(bot: Any) -> Any:
    """Return the Gradio page: the chat, and beside it the library and what is read of it."""
    import gradio

    from bot.aliases import BadAliasFile
    from bot.answer import MAX_QUESTION_LETTERS, BadQuestion
    from bot.page import read_turns, render_answer, render_welcome

    def reply(question: str, history: list[dict[str, Any]]) -> Iterator[str]:
        try:
            for answer in bot.stream(question, read_turns(history)):
                yield render_answer(answer)
        except BadQuestion as error:
            yield f"{str(error).capitalize()}."
        except BadAliasFile as error:
            yield f"The library's file of names cannot be read: {escape(str(error))}"

    with gradio.Blocks(title="Footnote", fill_height=True, analytics_enabled=False) as page:
        with gradio.Row(equal_height=False):
            with gradio.Column(scale=3):
                gradio.ChatInterface(
                    reply,
                    chatbot=gradio.Chatbot(
                        label="Conversation",
                        height="calc(100vh - 12rem)",
                        allow_tags=False,
                        latex_delimiters=[],
                        feedback_options=None,
                        buttons=["copy"],
                        placeholder="Ask the articles. Every sentence of the answer is theirs.",
                    ),
                    textbox=gradio.Textbox(
                        placeholder="Ask a question",
                        label="Question",
                        max_length=MAX_QUESTION_LETTERS,
                        submit_btn=True,
                        stop_btn=True,
                    ),
                    title="Footnote",
                    api_visibility="private",
                )
            with gradio.Column(scale=2):
                gradio.HTML(render_welcome(bot.store.list_articles()), elem_id="reading")
        page.queue(max_size=WAITING_QUESTIONS, default_concurrency_limit=CONCURRENT_QUESTIONS)
    return page


def find_port(first: int) -> int:
    """Return the first free port of `first` and the 100 after it. Raises OSError if none is."""
    for port in range(first, first + 100):
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)):
                return port
    raise OSError(f"no free port from {first} to {first + 99}; name one with --port")


def main(
    store: Annotated[
        Path, typer.Option(envvar="FOOTNOTE_STORE", help="The library's folder.")
    ] = DEFAULT_STORE,
    corpus: Annotated[Path, typer.Option(help="The articles a new library is made from.")] = CORPUS,
    port: Annotated[int, typer.Option(help="The port, or the first free one after it.")] = 7860,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
) -> None:
    """Open the web page, making the library first if there is none."""
    import uvicorn

    if not (store / FILE_NAME).exists():
        print(f"Making the library {store} from {corpus} (once) …", flush=True)
        with show_progress(quiet=False) as on_progress:
            report = run_ingest([corpus], store, on_progress=on_progress)
        print_report(report, store)
    app = build_app(store)
    port = find_port(port)
    address = f"http://{HOST}:{port}"
    print(f"Footnote is at {address} (Ctrl+C stops it)", flush=True)
    if browser and sys.stdout.isatty():
        Timer(1, webbrowser.open, [address]).start()
    uvicorn.run(app, host=HOST, port=port, log_level="warning")


if __name__ == "__main__":
    typer.run(main)
