"""Fetch pages, and those that feeds and sitemaps list, into files of the library's folder."""

import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from ingest.history import tell_time
from ingest.pages import Gathered, Page, list_pages
from ingest.web.connection import Policy
from ingest.web.feed import is_feed, read_feed
from ingest.web.fetch import FetchError, Gone, Response, check_url, fetch, hide_password, unpack
from ingest.web.robots import Manners
from ingest.web.save import SUFFIXES, name_file, save_page

FOLDER_NAME = "pages"
MAX_PAGES, MAX_SITEMAPS = 500, 20


def gather_pages(
    urls: Iterable[str],
    library: Path,
    policy: Policy,
    on_page: Callable[[int, int], None] = lambda done, total: None,
) -> Gathered:
    """Fetch pages into the folder of `library`, those that changed since the last time.

    Of a feed or sitemap the first `MAX_PAGES` pages are fetched. `on_page` is told how many are
    done of how many known so far. Raises OSError when a file cannot be written.
    """
    gatherer = _Gatherer(library, policy, on_page)
    for url in urls:
        gatherer.gather(url)
    return gatherer.gathered


class _Gatherer:
    """What has been fetched so far."""

    def __init__(self, library: Path, policy: Policy, on_page: Callable[[int, int], None]) -> None:
        self.gathered = Gathered()
        self._library = library
        self._policy = policy
        self._on_page = on_page
        self._manners = Manners(policy)
        # Of the library, those of this run in their places.
        self._known = list_pages(library)
        self._seen: set[str] = set()

    def gather(self, url: str) -> None:
        """Fetch a page, or the pages of a feed or sitemap; what fails is noted."""
        response = self._get(url)
        if response is None:
            return
        pages = self._list_pages(url, response)
        if pages is None:
            self._keep(url, response)
            return
        if len(pages) > MAX_PAGES:
            self._note(f"{url} lists {len(pages)} pages: only the first {MAX_PAGES} were fetched")
        for done, page in enumerate(pages[:MAX_PAGES]):
            self._on_page(done, min(len(pages), MAX_PAGES))
            if (listed := self._get(page)) is not None:
                self._keep(page, listed)

    def _get(self, url: str) -> Response | None:
        """Return what is at an address, None if it failed or was fetched already in this run."""
        known = self._known.get(url)
        headers = {}
        if (
            known
            and Path(known.path).exists()
            and known.path not in self._find_taken(known.url, url)
        ):
            headers = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
        try:
            asked = check_url(url, self._policy)
            if asked in self._seen:
                return None
            self._seen.add(asked)
            told = {name: value for name, value in headers.items() if value}
            return fetch(asked, self._policy, told, self._manners.check)
        except Gone as error:
            if known:
                self.gathered = replace(self.gathered, gone=(*self.gathered.gone, known))
            else:
                self._fail(url, error)
        except FetchError as error:
            self._fail(url, error)
        return None

    def _list_pages(self, url: str, response: Response) -> list[str] | None:
        """Return the addresses that a feed or sitemap lists, sitemaps within it too.

        None for what is neither.
        """
        try:
            body = self._unpack(response)
            if response.status == 304 or not is_feed(body):
                return None
            links = read_feed(body, response.url)
        except FetchError as error:
            self._fail(url, error)
            return []
        pages = list(links.pages)
        if len(links.sitemaps) > MAX_SITEMAPS:
            listed = len(links.sitemaps)
            self._note(f"{url} lists {listed} sitemaps: only the first {MAX_SITEMAPS} were read")
        for sitemap in links.sitemaps[:MAX_SITEMAPS]:
            if (inner := self._get(sitemap)) is None:
                continue
            try:
                pages += read_feed(self._unpack(inner), inner.url).pages
            except FetchError as error:
                self._fail(sitemap, error)
        return list(dict.fromkeys(pages))

    def _unpack(self, response: Response) -> bytes:
        packed = response.body.startswith(b"\x1f\x8b")
        if not packed:
            return response.body
        return unpack(response.url, [response.body], self._policy.max_bytes)

    def _keep(self, url: str, response: Response) -> None:
        """Note a page, its text in a file."""
        known = self._known.get(url)
        if response.status == 304 and known:
            page = replace(known, fetched_at=tell_time())
        elif response.media_type not in SUFFIXES:
            reason = f"{response.media_type} is no kind of article"
            self._fail(url, FetchError(response.url, reason))
            return
        else:
            page = Page(
                url,
                response.url,
                os.path.realpath(save_page(self._choose_file(url, response), response)),
                response.headers.get("etag", ""),
                response.headers.get("last-modified", ""),
                tell_time(),
            )
        self._known[url] = page
        self.gathered = replace(self.gathered, pages=(*self.gathered.pages, page))

    def _choose_file(self, url: str, response: Response) -> Path:
        """Return the file of before, or a new one: never one that holds another page.

        Pages that led to one address share its file, until they lead to their own.
        """
        known, folder = self._known.get(url), self._library / FOLDER_NAME
        taken = self._find_taken(response.url, url)
        if known and known.path not in taken and Path(known.path).exists():
            return Path(known.path)
        file = folder / name_file(response)
        return folder / name_file(response, url) if os.path.realpath(file) in taken else file

    def _find_taken(self, at: str, asked: str) -> set[str]:
        """Return the files of pages asked for elsewhere than `asked` and not got from `at`."""
        pages = self._known.values()
        return {page.path for page in pages if page.asked != asked and page.url != at}

    def _fail(self, url: str, error: FetchError) -> None:
        """Note why an address was not fetched, or not the one that it led on to."""
        shown = hide_password(url)
        reason = error.reason if error.url == shown else str(error)
        self.gathered = replace(self.gathered, failed=(*self.gathered.failed, (shown, reason)))

    def _note(self, note: str) -> None:
        self.gathered = replace(self.gathered, notes=(*self.gathered.notes, note))
