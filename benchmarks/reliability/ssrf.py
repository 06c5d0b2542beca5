"""Server-side request forgery: no address that is asked for leads into this machine's network.

A canary listens on loopback; every form, redirect, feed and changed name tries to reach it, or an
address like it. Held is what is refused, with the canary not connected to.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from benchmarks.reliability.row import main_of
from benchmarks.reliability.ssrf_forms import (
    CONFUSING,
    INNER_ADDRESSES,
    LOOPBACK_FORMS,
    SCHEMES,
    write_feeds,
)
from benchmarks.reliability.ssrf_trap import SITE, make_policy, read_literal, set_trap
from ingest.web.connection import Policy
from ingest.web.fetch import FetchError, fetch
from ingest.web.gather import gather_pages
from tests.web_server import Reply, WebServer, redirect, serve_web

Attempt = Callable[[], str]


def run(quick: bool, seed: int) -> dict[str, object]:
    """Try every form; `quick` and `seed` change nothing, as it takes seconds."""
    if sys.platform != "linux":
        return {"skipped": f"{SITE} is an address of this machine on Linux only"}
    with set_trap() as canary, serve_web(SITE, canary.port) as site:
        site.replies |= {"/": Reply(b"the site"), "/robots.txt": Reply(status=404)}
        groups = {
            "forms": _try_forms(site, LOOPBACK_FORMS.split()),
            "names": _try_names(site),
            "schemes": _try_urls(site, SCHEMES.split()),
            "confusing": _try_urls(site, CONFUSING),
            "redirects": _try_redirects(site),
            "rebinding": _try_rebinding(site),
            "feeds": _try_feeds(site),
            "proxies": _try_proxies(site),
        }
        counts: dict[str, int] = {}
        failures: list[str] = []
        for group, attempts in groups.items():
            for name, attempt in attempts:
                before = canary.connections
                got = attempt()
                counts[group] = counts.get(group, 0) + 1
                if got or canary.connections != before:
                    failures.append(f"{group}: {name!r}: {got or 'the canary was reached'}")
    total = sum(counts.values())
    return {"attempts": total, "held": total - len(failures), **counts, "failures": failures}


def _fetch(url: str, policy: Policy) -> str:
    """Return what was got though nothing should have been, nothing if it was refused."""
    try:
        return f"got {fetch(url, policy).url}"
    except FetchError:
        return ""


def _try_forms(site: WebServer, hosts: Iterable[str]) -> Iterator[tuple[str, Attempt]]:
    policy = make_policy(site, read_literal)
    for host in hosts:
        url = f"http://{host}:{site.port}/"
        yield url, partial(_fetch, url, policy)


def _try_names(site: WebServer) -> Iterator[tuple[str, Attempt]]:
    """Try names that have an inner address, alone, before or after a public one."""
    url = site.url("/")
    for address in INNER_ADDRESSES.split():
        for answer in ([address], [SITE, address], [address, SITE]):
            policy = make_policy(site, partial(_answer, answer))
            yield ", ".join(answer), partial(_fetch, url, policy)


def _try_urls(site: WebServer, urls: Iterable[str]) -> Iterator[tuple[str, Attempt]]:
    policy = make_policy(site, read_literal)
    for text in urls:
        url = text.replace("{port}", str(site.port))
        yield url, partial(_fetch_elsewhere, url, site, policy)


def _answer(addresses: list[str], host: str, port: int) -> list[str]:
    return addresses


def _fetch_elsewhere(url: str, site: WebServer, policy: Policy) -> str:
    """As `_fetch`; the site itself may be got."""
    got = _fetch(url, policy)
    return "" if got == f"got {site.url('/')}" else got


def _try_redirects(site: WebServer) -> Iterator[tuple[str, Attempt]]:
    policy = make_policy(site, read_literal)
    targets = [f"http://{host}:{site.port}/" for host in LOOPBACK_FORMS.split()]
    targets += [text.replace("{port}", str(site.port)) for text in (*SCHEMES.split(), *CONFUSING)]
    for number, target in enumerate(targets):
        path, first = f"/to/{number}", f"/first/{number}"
        # As bytes of a header: what is no Latin-1 or has a line end cannot be sent in one.
        header = target.encode("ascii", "ignore").decode().replace("\r\n", "")
        site.replies |= {path: redirect(header), first: redirect(path, 307)}
        for start in (path, first):
            url = site.url(start)
            yield f"{start} to {header}", partial(_fetch_elsewhere, url, site, policy)
    for number in range(4):
        site.replies[f"/chain/{number}"] = redirect(f"/chain/{number + 1}")
    site.replies["/chain/4"] = Reply(b"too far")
    yield "a chain of 4", partial(_fetch, site.url("/chain/0"), policy)


def _try_rebinding(site: WebServer) -> Iterator[tuple[str, Attempt]]:
    """Try a name that is public for some answers and inner from then on."""

    def attempt(inner: str, turn: int) -> str:
        asked: list[str] = []

        def answer(host: str, port: int) -> list[str]:
            asked.append(host)
            return [inner if len(asked) > turn else SITE]

        got = ""
        with tempfile.TemporaryDirectory() as library:
            gathered = gather_pages([site.url("/")], Path(library), make_policy(site, answer))
            # The robots.txt and the page are a connection each, and each is resolved once.
            if len(asked) > 2:
                got = f"resolved {len(asked)} times"
            elif len(gathered.pages) != (turn >= 2):
                got = f"{len(gathered.pages)} pages"
        return got

    for inner in ("127.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1"):
        for turn in range(4):
            yield (
                f"{inner} after {turn} answers",
                partial(attempt, inner, turn),
            )


def _try_feeds(site: WebServer) -> Iterator[tuple[str, Attempt]]:
    """Try feeds, sitemaps and a robots.txt that lead to the canary, by a link or by XML."""
    target = f"http://127.0.0.1:{site.port}/"

    def gather(path: str) -> str:
        with tempfile.TemporaryDirectory() as library:
            policy = make_policy(site, read_literal)
            pages = gather_pages([site.url(path)], Path(library), policy).pages
        return f"kept {pages[0].url}" if pages else ""

    for name, body in write_feeds(target).items():
        site.replies[f"/{name}"] = Reply(body.encode(), "application/xml")
        yield name, partial(gather, f"/{name}")

    def lead_robots() -> str:
        site.replies["/robots.txt"] = redirect(target)
        try:
            return gather("/")
        finally:
            site.replies["/robots.txt"] = Reply(status=404)

    yield "robots.txt", lead_robots


def _try_proxies(site: WebServer) -> Iterator[tuple[str, Attempt]]:
    """Name a proxy in the environment: one that is used would connect wherever it is told."""

    def attempt(name: str) -> str:
        before = os.environ.get(name)
        os.environ[name] = f"http://127.0.0.1:{site.port}"
        try:
            fetch(site.url("/"), make_policy(site, read_literal))
        except FetchError as error:
            return f"the site itself was not got: {error}"
        finally:
            if before is None:
                del os.environ[name]
            else:
                os.environ[name] = before
        return ""

    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        yield name, partial(attempt, name)


if __name__ == "__main__":
    main_of(run, "ssrf")
