"""Who gets to what the widget asks: pages of the allowed sites, as often as other callers."""

import re

from fastapi import Request
from starlette.exceptions import HTTPException

from bot.api.gate import Gatekeeper
from bot.widget.tokens import Tokens

_TOKEN = re.compile(r"/token\Z")


class GuestKeeper:
    """Admits requests of the widget, which need no key: instead, an allowed origin and a token."""

    def __init__(self, keeper: Gatekeeper, tokens: Tokens) -> None:
        self.rules = keeper.rules
        self._keeper = keeper
        self._tokens = tokens

    def admit(self, request: Request) -> None:
        """Raise HTTPException 401, 403, 421 or 429 for a request that may not pass."""
        self._keeper.check_host(request)
        origin = request.headers.get("origin", "")
        if origin not in self.rules.widget_origins:
            raise HTTPException(403, f"pages of {origin!r} may not ask; allow them with --widget")
        # Before the token is looked at: guessing is limited, too.
        self._keeper.check_rate(request)
        if not _TOKEN.search(request.scope["path"]):
            self._check_token(request, origin)

    def _check_token(self, request: Request, origin: str) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not self._tokens.check(token.strip(), origin):
            raise HTTPException(
                401, "a token is needed: POST /widget/token", {"WWW-Authenticate": "Bearer"}
            )
