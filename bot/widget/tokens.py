"""Tokens of the widget: pages of which site may ask, and until when.

No key can be kept secret in a page. A token says no more than that a browser on an allowed site
asked for it some minutes ago, and is of no use on another site.
"""

import hmac
import secrets
import time
from collections.abc import Callable

SECONDS = 300


class Tokens:
    """Makes tokens and tells its own; the secret is new with each server, and nothing is stored.

    A token is the second at which it ends and the HMAC-SHA256 of that and of the origin.
    """

    def __init__(self, *, read_clock: Callable[[], float] = time.monotonic) -> None:
        self._read_clock = read_clock
        self._secret = secrets.token_bytes(32)

    def make(self, origin: str) -> str:
        """Return a token for pages of `origin`, good for `SECONDS`."""
        end = str(int(self._read_clock()) + SECONDS)
        return f"{end}.{self._sign(end, origin)}"

    def check(self, token: str, origin: str) -> bool:
        """Return whether `token` was made here for `origin` and has not ended yet."""
        end, _, signature = token.partition(".")
        # As bytes: text that is not ASCII cannot be compared in constant time.
        if not hmac.compare_digest(signature.encode(), self._sign(end, origin).encode()):
            return False
        return self._read_clock() < int(end)

    def _sign(self, end: str, origin: str) -> str:
        return hmac.digest(self._secret, f"{end}\n{origin}".encode(), "sha256").hex()
