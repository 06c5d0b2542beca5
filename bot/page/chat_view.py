"""The chat on the page: its components, and which event leads to what."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import gradio

from bot.asked import MAX_QUESTION_LETTERS
from bot.page.answer import render_follow_ups
from bot.page.chat import Chat, forget_thumb, open_talk, words_of

_ON_FOLLOW_UP = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('button.follow-up');
  if (button) trigger('pick', {question: button.textContent});
});
"""
_ON_CLEAR = """
element.addEventListener('click', (event) => {
  if (event.target.closest('button')) trigger('clear', {});
});
"""
_SAVE = "(talk) => footnote.save(talk)"
# No event of the page is part of an API.
PRIVATE: Mapping[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


@dataclass(frozen=True, slots=True)
class ChatView:
    """The components of the chat; `talk` and `scope` lie in the reader's browser."""

    status: gradio.HTML
    messages: gradio.Chatbot
    follow_ups: gradio.HTML
    rated: gradio.State
    thanks: gradio.Row
    comment: gradio.Textbox
    send: gradio.Button
    chip: gradio.HTML
    question: gradio.Textbox
    talk: gradio.JSON
    scope: gradio.JSON


def build_chat(i18n: gradio.I18n) -> ChatView:
    """Return the chat, from its state down to the question box."""
    status = gradio.HTML(elem_id="status")
    messages = gradio.Chatbot(
        label=i18n("conversation"),
        show_label=False,
        elem_id="chat",
        height="100%",
        allow_tags=False,
        latex_delimiters=[],
        feedback_options=("Like", "Dislike"),
        buttons=[],
        # The script scrolls to the question: the end of a long answer is not where to begin.
        autoscroll=False,
        container=False,
    )
    # No template of its own: Gradio runs what Handlebars has put into one as JavaScript.
    follow_ups = gradio.HTML(
        js_on_load=_ON_FOLLOW_UP, elem_id="follow-ups", apply_default_css=False
    )
    with gradio.Row(visible=False, elem_id="thanks", equal_height=True) as thanks:
        comment = gradio.Textbox(
            label=i18n("helpful_thanks"), placeholder=i18n("comment"), max_length=2_000, scale=5
        )
        send = gradio.Button(i18n("send"), scale=1, min_width=80)
    chip = gradio.HTML(js_on_load=_ON_CLEAR, elem_id="chip", apply_default_css=False)
    question = gradio.Textbox(
        label=i18n("question"),
        placeholder=i18n("ask_placeholder"),
        show_label=False,
        max_length=MAX_QUESTION_LETTERS,
        max_lines=6,
        submit_btn=True,
        elem_id="question",
        autofocus=True,
    )
    return ChatView(
        status=status,
        messages=messages,
        follow_ups=follow_ups,
        rated=gradio.State(None),
        thanks=thanks,
        comment=comment,
        send=send,
        chip=chip,
        question=question,
        talk=gradio.JSON({}, visible="hidden"),
        scope=gradio.JSON({}, visible="hidden"),
    )


def wire_chat(parts: ChatView, chat: Chat, talks: gradio.HTML) -> None:
    """Lead each way of asking through the same steps: answer, keep, suggest."""

    def suggest(talk: object, scope: object) -> str:
        return render_follow_ups(chat.suggest(talk, scope))

    changed = [parts.messages, parts.talk, parts.question]
    answered = [*changed, parts.follow_ups, parts.rated, parts.thanks]
    asked = [parts.question, parts.talk, parts.scope]
    picked: list[Any] = [
        parts.messages.example_select(_read_option, None, parts.question, **PRIVATE),
        parts.follow_ups.pick(_read_follow_up, None, parts.question, **PRIVATE),
    ]
    runs: list[Any] = [parts.question.submit(chat.answer, asked, answered, **PRIVATE)]
    runs += [event.then(chat.answer, asked, answered, **PRIVATE) for event in picked]
    runs.append(parts.messages.retry(chat.retry, [parts.talk, parts.scope], answered, **PRIVATE))
    parts.question.stop(
        chat.stop, [parts.messages, parts.talk], changed, cancels=runs, **PRIVATE
    ).then(None, parts.talk, parts.talk, js=_SAVE, **PRIVATE)
    for run in runs:
        kept = run.then(None, parts.talk, parts.talk, js=_SAVE, **PRIVATE)
        kept.then(suggest, [parts.talk, parts.scope], parts.follow_ups, **PRIVATE)
    _wire_talks(parts, talks, answered, runs)
    _wire_feedback(parts, chat)


def _wire_talks(parts: ChatView, talks: gradio.HTML, answered: list[Any], runs: list[Any]) -> None:
    """Open kept conversations and new ones; an answer that is still coming is given up."""

    def open_kept(event: gradio.EventData, request: gradio.Request) -> tuple[Any, ...]:
        messages, talk = open_talk(event._data, words_of(request))
        box = gradio.Textbox(submit_btn=True, stop_btn=False)
        return messages, talk, box, "", *forget_thumb()

    def clear() -> tuple[Any, ...]:
        return [], {}, gradio.Textbox(submit_btn=True, stop_btn=False), "", *forget_thumb()

    talks.open(open_kept, None, answered, cancels=runs, **PRIVATE)
    parts.messages.clear(clear, None, answered, cancels=runs, **PRIVATE).then(
        None, None, None, js="() => footnote.forget()", **PRIVATE
    )


def _wire_feedback(parts: ChatView, chat: Chat) -> None:
    def rate(
        talk: object, event: gradio.LikeData, request: gradio.Request
    ) -> tuple[int | None, Any, str]:
        number = chat.rate(talk, event, request)
        return number, gradio.Row(visible=number is not None), ""

    def comment(number: int | None, text: str, request: gradio.Request) -> tuple[Any, str]:
        chat.comment(number, text, request)
        return gradio.Row(visible=False), ""

    parts.messages.like(rate, parts.talk, [parts.rated, parts.thanks, parts.comment], **PRIVATE)
    gradio.on(
        [parts.comment.submit, parts.send.click],
        comment,
        [parts.rated, parts.comment],
        [parts.thanks, parts.comment],
        **PRIVATE,
    )


def _read_option(event: gradio.SelectData) -> str:
    return str(event.value["text"] if isinstance(event.value, Mapping) else event.value)


def _read_follow_up(event: gradio.EventData) -> str:
    return str(event._data["question"])
