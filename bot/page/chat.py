"""What happens in the chat: a question answered sentence by sentence, a talk shown again, a thumb.

Nothing of a conversation is kept here: it travels with each event, from and to the browser of its
reader, so that it outlives a restart of the server.
"""

import logging
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from html import unescape
from typing import Any

import gradio

from bot.aliases import BadAliasFile
from bot.api.limits import TokenBuckets
from bot.asked import BadQuestion
from bot.page.answer import render_answer, render_problem, render_question, render_waiting
from bot.page.library import Shelf
from bot.page.opening import OpenLibrary
from bot.page.scope import describe_scope, read_scope
from bot.page.strings import Words, choose_words
from bot.page.talk import BadTalk, Talk, Turn, read_talk
from bot.scope import BadScope, Scope
from bot.suggest import suggest_examples, suggest_follow_ups
from bot.web.log import note_question
from bot.web.origin import group_address
from ingest.feedback import add_feedback, comment_feedback

log = logging.getLogger(__name__)

EXAMPLES, FOLLOW_UPS = 6, 3
SAID_A_MINUTE = 20
Message = dict[str, Any]
Update = tuple[Any, ...]


class Chat:
    """The chat's events, for any number of readers at once."""

    def __init__(self, library: OpenLibrary, shelf: Shelf) -> None:
        self._library = library
        self._shelf = shelf
        self._lock = threading.Lock()
        self._examples: tuple[str, list[str]] = ("", [])
        # What readers think is stored; nobody is to fill the disk with it.
        self._said = TokenBuckets(SAID_A_MINUTE, SAID_A_MINUTE)

    def answer(
        self, question: str, talk: object, scope: object, request: gradio.Request
    ) -> Iterator[Update]:
        """Yield what changes as a question is answered.

        That is of (chat, talk, question box, follow-ups, number of the thumb, row that asks for a
        word on it). What was suggested after the last answer goes at once, and so does that row.
        """
        yield from self._answer(question, _read(talk), scope, words_of(request))

    def retry(
        self, talk: object, scope: object, event: gradio.RetryData, request: gradio.Request
    ) -> Iterator[Update]:
        """Ask a question of the talk again, and drop what came after it."""
        question = _read_question(event.value)
        before = _read(talk)
        # A message of the reader and one of the bot make a turn.
        index = event.index if isinstance(event.index, int) else event.index[0]
        kept = replace(before, turns=before.turns[: index // 2])
        yield from self._answer(question, kept, scope, words_of(request))

    def stop(
        self, messages: Sequence[Message], talk: object, request: gradio.Request
    ) -> tuple[list[Message], dict[str, Any], Any]:
        """Return the talk as far as it came, and the question to be mended if that was nowhere."""
        words, kept, question = words_of(request), _read(talk), ""
        if messages and _read_text(messages[-1]["content"]) == render_waiting(words):
            question = _read_question(messages[-2]["content"])
        elif kept.turns:
            last = replace(kept.turns[-1], stopped=True)
            kept = replace(kept, turns=(*kept.turns[:-1], last))
        shown = show_talk(kept, words)
        return shown, kept.to_dict(), gradio.Textbox(question, submit_btn=True, stop_btn=False)

    def suggest(self, talk: object, scope: object) -> list[str]:
        """Return questions to go on with after the talk's last answer, within the same scope."""
        known = _read(talk)
        bot = self._library.get_bot()
        if bot is None or not known.turns:
            return []
        answer, history = known.turns[-1].answer, known.read_history()[:-1]
        found = suggest_follow_ups(bot, answer, history, FOLLOW_UPS)
        limits = read_scope(scope)
        if limits == Scope():
            return found
        quoting = bot.without_model()
        try:
            return [text for text in found if not quoting.ask(text, scope=limits).refused]
        except BadScope:  # An article that was chosen is gone.
            return []

    def find_examples(self) -> list[str]:
        """Return questions that the library can answer, made once for each of its versions."""
        bot = self._library.get_bot()
        if bot is None or self._library.read_making() is not None:
            return []
        with self._lock:
            if self._examples[0] != bot.store.version:
                try:
                    self._examples = bot.store.version, suggest_examples(bot, EXAMPLES)
                except BadAliasFile:
                    # The answer to a question says so.
                    return []
            return self._examples[1]

    def rate(self, talk: object, event: gradio.LikeData, request: gradio.Request) -> int | None:
        """Store a thumb; return the number of its entry, None where it was taken back.

        Raises gradio.Error for an address that says too much at once.
        """
        index = event.index if isinstance(event.index, int) else event.index[0]
        turns = _read(talk).turns
        if index // 2 >= len(turns) or event.liked is None or event.liked == "":
            return None
        self._check_rate(request)
        answer = turns[index // 2].answer
        return add_feedback(
            self._library.path,
            question=answer.question,
            asked=answer.asked,
            helpful=bool(event.liked),
            comment="",
            answer=answer.to_dict(),
        )

    def comment(self, number: int | None, comment: str, request: gradio.Request) -> None:
        """Store a reader's word on an answer beside its thumb. Raises gradio.Error as `rate`."""
        if number is not None and comment.strip():
            self._check_rate(request)
            comment_feedback(self._library.path, number, comment.strip()[:2_000])

    def _check_rate(self, request: gradio.Request) -> None:
        client = request.client
        if self._said.take(group_address(client.host if client else "")):
            raise gradio.Error(words_of(request)["too_often"], print_exception=False)

    def _answer(self, question: str, talk: Talk, scope: object, words: Words) -> Iterator[Update]:
        if not question.strip():
            # The box still says what it is for.
            yield _change()
            return
        note_question(question)
        shown = [*show_talk(talk, words), _say("user", render_question(question))]
        waiting = _say("assistant", render_waiting(words))
        yield (
            [*shown, waiting],
            talk.to_dict(),
            gradio.Textbox(value="", submit_btn=False, stop_btn=True),
            "",
            *forget_thumb(),
        )
        turns = self._stream(question, talk, scope, words)
        last = None
        try:
            for last in turns:
                grown = replace(talk, turns=(*talk.turns, last))
                growing = _say("assistant", _show_turn(last, words, whole=False))
                yield _change([*shown, growing], grown.to_dict())
        except (BadQuestion, BadScope) as error:
            yield self._fail(shown, _write_sentence(str(error)), question)
            return
        except BadAliasFile as error:
            yield self._fail(shown, words["bad_alias_file"].format(error=error), question)
            return
        except Exception:
            # The last line before the reader: they get words, the log the reason.
            log.exception("a question could not be answered")
            yield self._fail(shown, words["failed"], question)
            return
        if last is None:
            yield self._fail(shown, words["busy"], question)
            return
        whole = _say("assistant", _show_turn(last, words))
        yield _change([*shown, whole], box=_free_box())

    def _stream(self, question: str, talk: Talk, scope: object, words: Words) -> Iterator[Turn]:
        """Yield the turn as it grows; nothing when the library cannot be asked yet."""
        bot = self._library.get_bot()
        if bot is None:
            return
        limits = read_scope(scope)
        described = describe_scope(limits, words, self._shelf.list_cards())
        for answer in bot.stream(question, talk.read_history(), scope=limits):
            yield Turn(answer, described)

    def _fail(self, shown: list[Message], text: str, question: str) -> Update:
        """Return the reason in place of an answer, the question in the box to be mended."""
        said = _say("assistant", render_problem(text))
        box = gradio.Textbox(value=question, submit_btn=True, stop_btn=False)
        return _change([*shown, said], box=box)


def show_talk(talk: Talk, words: Words) -> list[Message]:
    """Return a talk as the messages of a chat."""
    return [
        message
        for turn in talk.turns
        for message in (
            _say("user", render_question(turn.answer.question)),
            _say("assistant", _show_turn(turn, words)),
        )
    ]


def open_talk(data: object, words: Words) -> tuple[list[Message], Mapping[str, Any]]:
    """Return the messages of a kept talk, and the talk; an empty one if it cannot be read."""
    talk = _read(data)
    return show_talk(talk, words), talk.to_dict()


def forget_thumb() -> tuple[None, Any]:
    """Return that no answer is rated: no entry's number, and no row that asks for a word."""
    return None, gradio.Row(visible=False)


def words_of(request: gradio.Request | None) -> Words:
    """Return the page's words in the language that a reader's browser asks for."""
    return choose_words(request.headers.get("accept-language") if request else None)


def _change(messages: Any = None, talk: Any = None, *, box: Any = None) -> Update:
    """Return an update of some outputs; the others stay as they are."""
    given = [gradio.skip() if item is None else item for item in (messages, talk, box)]
    return (*given, gradio.skip(), gradio.skip(), gradio.skip())


def _free_box() -> Any:
    return gradio.Textbox(submit_btn=True, stop_btn=False)


def _read(talk: object) -> Talk:
    try:
        return read_talk(talk)
    except BadTalk:
        log.warning("a reader's browser sent a conversation that cannot be read")
        return Talk()


def _read_question(value: object) -> str:
    """Return the question that a message of the reader shows."""
    return unescape(re.sub(r"<[^<>]*>", "", _read_text(value)))


def _write_sentence(reason: str) -> str:
    """Return an error's words as a sentence; names within it keep their capitals."""
    return f"{reason[:1].upper()}{reason[1:]}{'' if reason.endswith('?') else '.'}"


def _read_text(value: object) -> str:
    """Return the text of a chat message's content, in whatever form Gradio hands it over."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return _read_text(value.get("text") or value.get("content") or "")
    return " ".join(map(_read_text, value)) if isinstance(value, list) else ""


def _show_turn(turn: Turn, words: Words, *, whole: bool = True) -> str:
    return render_answer(turn.answer, words, scope=turn.scope, whole=whole, stopped=turn.stopped)


def _say(role: str, html: str) -> Message:
    return {"role": role, "content": html}
