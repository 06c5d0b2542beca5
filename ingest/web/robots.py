"""What a site allows robots to fetch, and how fast: its robots.txt.

As of RFC 9309, but what is refused (401, 403) forbids all, as Python's own reader has it.
"""

import time
from collections.abc import Callable
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from ingest.web.connection import Policy
from ingest.web.fetch import USER_AGENT, FetchError, Forbidden, Gone, fetch

_ROBOT = USER_AGENT.partition("/")[0]
MAX_PAUSE = 30.0


class Manners:
    """Asks each site once for its rules, and makes pauses between requests to it."""

    def __init__(self, policy: Policy, sleep: Callable[[float], None] = time.sleep) -> None:
        self._policy = policy
        self._sleep = sleep
        self._rules: dict[str, RobotFileParser | FetchError] = {}
        self._next: dict[str, float] = {}

    def check(self, url: str) -> None:
        """Wait until `url` may be fetched. Raises Forbidden if the site allows it never."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._rules:
            self._rules[site] = self._read_rules(site)
        rules = self._rules[site]
        if isinstance(rules, Forbidden):
            raise Forbidden(url, rules.reason)
        if isinstance(rules, FetchError):
            raise FetchError(url, f"its site's robots.txt cannot be read: {rules.reason}")
        if not rules.can_fetch(_ROBOT, url):
            raise Forbidden(url, "its site's robots.txt does not allow it")
        asked = float(rules.crawl_delay(_ROBOT) or 0)
        now = time.monotonic()
        start = max(now, self._next.get(site, now))
        self._sleep(start - now)
        self._next[site] = start + min(max(asked, self._policy.pause), MAX_PAUSE)

    def _read_rules(self, site: str) -> RobotFileParser | FetchError:
        """Return the rules of a site, or why they cannot be read; a site without any allows all."""
        rules = RobotFileParser()
        try:
            body = fetch(f"{site}/robots.txt", self._policy).body.decode("utf-8-sig", "replace")
        except Gone:
            body = ""
        except FetchError as error:
            return error
        rules.parse(body.splitlines())
        return rules
