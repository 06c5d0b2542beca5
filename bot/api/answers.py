"""Routes that ask: POST /answers, as JSON or as events, and GET /search."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import chain
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query
from fastapi.responses import JSONResponse, Response, StreamingResponse

from bot.api.events import EVENT_STREAM, STREAM_HEADERS, follow_growth, write_event
from bot.api.library import Library, open_bot
from bot.api.metrics import Metrics
from bot.api.models import EXAMPLE_ANSWER, Question, SearchQuery, document_success
from bot.api.problems import document_problems, make_problem
from bot.cite import Answer
from bot.listing import Hit, Hits
from bot.web.log import note_question

log = logging.getLogger(__name__)

_EXAMPLE_HITS = Hits("bridge opening", (Hit(0.87, EXAMPLE_ANSWER.citations[0]),))


def make_answer_route(library: Library, metrics: Metrics) -> APIRouter:
    """Return the route that answers questions."""
    router = APIRouter(tags=["answers"])

    @router.post(
        "/answers",
        operation_id="createAnswer",
        response_model=Answer,
        responses=_document_answers() | document_problems(400, 422),
    )
    def create_answer(
        body: Question,
        accept: Annotated[str, Header(include_in_schema=False)] = "",
    ) -> Response:
        """Answer a question in sentences with citations, or refuse.

        As events, each `sentence` as it is there, then the whole `answer`; or `problem`.
        """
        note_question(body.question)
        bot = open_bot(library)
        history = [(turn.question, turn.answer) for turn in body.history]
        scope = body.scope.to_scope()
        if not body.stream and EVENT_STREAM not in accept.lower():
            answer = bot.ask(body.question, history, scope=scope)
            metrics.count_answer(answer)
            return JSONResponse(answer.to_dict())
        answers = bot.stream(body.question, history, scope=scope)
        # The first one now: what is wrong with a question is told by the response's status.
        events = _write_events(chain([next(answers)], answers), metrics)
        return StreamingResponse(events, media_type=EVENT_STREAM, headers=STREAM_HEADERS)

    return router


def make_search_route(library: Library) -> APIRouter:
    """Return the route that finds passages."""
    router = APIRouter(tags=["answers"])

    @router.get(
        "/search",
        operation_id="searchPassages",
        response_model=Hits,
        responses=document_success("Passages, best first.", _EXAMPLE_HITS) | document_problems(422),
    )
    def search(query: Annotated[SearchQuery, Query()]) -> Hits:
        """Find the passages for a question."""
        bot = open_bot(library)
        bot.store.refresh()
        found = bot.search(query.q, query.limit, scope=query.to_scope())
        return Hits.of(query.q, found)

    return router


def _write_events(answers: Iterable[Answer], metrics: Metrics) -> Iterator[str]:
    """Yield an event for each sentence and one for the whole answer, or for what went wrong."""
    try:
        for growth in follow_growth(answers):
            if not (growth.text or growth.citations):
                continue
            citations = [asdict(citation) for citation in growth.citations]
            sentence = {"text": growth.text.strip(), "citations": citations}
            yield write_event(sentence, "sentence")
    except Exception:
        # The status is sent already: only an event can still tell.
        log.exception("an answer broke off")
        yield write_event(make_problem(500, "the answer broke off; ask again"), "problem")
        return
    answer = growth.answer
    metrics.count_answer(answer)
    yield write_event(answer.to_dict(), "answer")


def _document_answers() -> dict[int | str, dict[str, Any]]:
    """Return OpenAPI's description of both forms of an answer."""
    described = document_success("The answer, or the refusal.", EXAMPLE_ANSWER)
    sentence = {
        "text": EXAMPLE_ANSWER.text,
        "citations": [asdict(citation) for citation in EXAMPLE_ANSWER.citations],
    }
    example = write_event(sentence, "sentence") + write_event(EXAMPLE_ANSWER.to_dict(), "answer")
    described[200]["content"][EVENT_STREAM] = {"example": example}
    return described
