"""What a form for a password needs: its page, what it sends, the answer after too many guesses."""

from html import escape
from urllib.parse import parse_qsl

from fastapi import Request
from fastapi.responses import HTMLResponse

from bot.page.guard import read_body
from bot.page.strings import Words, choose_language, choose_words

MAX_FORM_BYTES = 4_000


async def read_form(request: Request) -> dict[str, str]:
    """Return the fields of a form that was sent. Raises HTTPException 408 and 413."""
    body = await read_body(request, MAX_FORM_BYTES)
    return dict(parse_qsl(body.decode("utf-8", "replace")))


def read_client(request: Request) -> str:
    """Return the address that a request comes from."""
    return request.client.host if request.client else ""


def render_login(words: Words, action: str, *, wrong: bool, onward: str = "") -> str:
    """Return the form that asks for a password; `onward` is sent along with it."""
    notice = f'<p class="bad" role="alert">{escape(words["staff_wrong"])}</p>' if wrong else ""
    # The server never sees the part after #, which is the quote that a link leads to.
    hidden = (
        f'<input type="hidden" name="onward" value="{escape(onward)}">'
        "<script>document.currentScript.previousSibling.value += location.hash</script>"
        if onward
        else ""
    )
    return (
        f'<form class="staff-door" method="post" action="{action}">'
        f"<label>{escape(words['staff_password'])}"
        '<input type="password" name="password" autocomplete="current-password" required></label>'
        f'{hidden}<button type="submit">{escape(words["staff_enter"])}</button>{notice}</form>'
    )


def answer_locked(request: Request, seconds: int) -> HTMLResponse:
    """Return the answer to a guess too many: 429, and when to come back."""
    words = choose_words(request.headers.get("accept-language"))
    text = words["staff_locked"].format(minutes=-(-seconds // 60))
    inside = (
        f'<p role="alert">{escape(text)}</p><p><a href="/">{escape(words["staff_back"])}</a></p>'
    )
    headers = {"Retry-After": str(seconds)}
    return HTMLResponse(render_alone(request, words["staff"], inside), 429, headers)


def render_alone(request: Request, title: str, inside: str) -> str:
    """Return a page that has nothing but `inside`, in the page's style."""
    language = choose_language(request.headers.get("accept-language"))
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · Footnote</title>"
        '<link rel="stylesheet" href="/page/page.css">'
        '<link rel="stylesheet" href="/page/staff.css">'
        '<link rel="icon" href="data:,"></head>'
        f'<body class="alone"><main>{inside}</main></body></html>'
    )
