"""The headers of every response: what a browser may do with what articles say."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

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
Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]


class AddSecurityHeaders:
    """ASGI middleware: every response has `SECURITY_HEADERS`; streams pass through as they come."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Any, send: Send) -> None:
        """Pass a request on, and its response back with the headers."""
        added = [(name.lower().encode(), text.encode()) for name, text in SECURITY_HEADERS.items()]
        names = {name for name, _ in added}

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [item for item in message.get("headers", ()) if item[0].lower() not in names]
                message["headers"] = [*kept, *added]
            await send(message)

        await self.app(scope, receive, send_on)
