"""What strangers try over HTTP at real servers: each try is refused, and nothing is told by it."""

import socket
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote_plus

from benchmarks.reliability.http_attacks import Attack, list_attacks, visit_routes
from benchmarks.reliability.http_sending import Reply, send, serve
from benchmarks.reliability.row import main_of
from bot.api.gate import Rules
from bot.api.keys import add_key
from bot.page.build import build_site
from ingest.sync import sync
from tests.articles import WordEmbedder, write_articles
from tests.test_staff import WordsLibrary

PLENTY = Rules(per_minute=1_000_000, burst=1_000_000)
PASSWORD, STAFF = "for the readers", "for the staff"
_BOUNDARY = "edge"
_UPLOAD = (
    f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="../../x.txt"\r\n'
    f"\r\nwords\r\n--{_BOUNDARY}--\r\n"
).encode()


@dataclass(slots=True)
class Tally:
    """What was tried, by kind, and what did not hold."""

    library: str
    kinds: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def judge(self, attack: Attack, reply: Reply) -> None:
        """Count a try; it failed by its status, or by what it told."""
        self.kinds[attack.kind] += 1
        told = [
            secret
            for secret in ("Traceback", "root:", self.library, "SQLite format")
            # Unless it is what was sent.
            if secret.encode() in reply.body and secret not in attack.path
        ]
        if reply.status not in attack.held or told or reply.allows_origin:
            self.failures.append(f"{attack.name} got {reply.status} {told or ''}")

    def check(self, kind: str, name: str, *, held: bool) -> None:
        """Count a try of another form."""
        self.kinds[kind] += 1
        if not held:
            self.failures.append(f"{kind}: {name}")


def run(quick: bool, seed: int) -> dict[str, object]:
    """Try all of it; nothing is left to chance."""
    with tempfile.TemporaryDirectory() as place, ExitStack() as stack:
        store = Path(place) / "library"
        sync(write_articles(Path(place) / "articles", 3), store, WordEmbedder())
        library = WordsLibrary(store)
        stack.callback(library.get_bot().close)
        locked = replace(PLENTY, needs_key=True, hosts=None)
        sites = {
            "open": build_site(library, PLENTY, password=STAFF),
            "locked": build_site(
                library,
                locked,
                password=STAFF,
                readers_password=PASSWORD,
            ),
            "rated": build_site(library, Rules(needs_key=True), readers_password=PASSWORD),
        }
        ports = {name: stack.enter_context(serve(app)) for name, app in sites.items()}
        tally = Tally(str(store))
        attacks = [*list_attacks(str(store), _UPLOAD, _BOUNDARY), *visit_routes(sites["locked"])]
        for attack in attacks:
            tally.judge(attack, send(ports[attack.site], attack))
        enter(ports["locked"], tally)
        send_as_reader(ports["locked"], add_key(store, "reader"), tally)
        send_as_admin(ports["locked"], add_key(store, "admin", is_admin=True), store, tally)
        guess(ports["rated"], tally)
        flood(ports["open"], tally)
    return {
        "checks": tally.kinds.total(),
        "kinds": dict(sorted(tally.kinds.items())),
        "failures": tally.failures,
    }


def enter(port: int, tally: Tally) -> None:
    """Give the readers' password, and see that it opens the page, and not what is the staff's."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    body = f"password={quote_plus(PASSWORD)}".encode()
    reply = send(port, Attack("", "POST", "/enter", form, body))
    tally.check("password", f"the right one got {reply.status}", held=reply.status == 303)
    cookie = {"Cookie": reply.cookie.partition(";")[0]}
    for path, held in (
        ("/", 200), ("/config", 200), ("/articles", 200), ("/a/report-00", 200), ("/words", 200),
        ("/staff/feedback.jsonl", 403), ("/v1/articles", 401), ("/metrics", 401),
    ):  # fmt: skip
        attack = Attack("password", "GET", path, cookie, b"", frozenset({held}), "locked")
        tally.judge(attack, send(port, attack))


def send_as_reader(port: int, key: str, tally: Tally) -> None:
    """Try with a reader's key what takes an admin's, or the page's password."""
    bearer = {"Authorization": f"Bearer {key}"}
    form = {**bearer, "Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"}
    for attack in (
        Attack("auth", "POST", "/v1/articles", form, _UPLOAD, frozenset({403}), "locked"),
        Attack("auth", "DELETE", "/v1/articles/report-00", bearer, b"", frozenset({403}), "locked"),
        Attack("auth", "GET", "/", bearer, b"", frozenset({401}), "locked"),
        Attack("auth", "GET", "/a/report-00", bearer, b"", frozenset({401}), "locked"),
        Attack("auth", "GET", "/v1/articles/openapi.json", {}, b"", frozenset({401}), "locked"),
        Attack("auth", "GET", "/v1/articles/report-00", bearer, b"", frozenset({200}), "locked"),
    ):
        tally.judge(attack, send(port, attack))


def send_as_admin(port: int, key: str, store: Path, tally: Tally) -> None:
    """Send files that are none, or are to lie elsewhere, with an admin's key."""
    before = {path for path in store.parent.rglob("*") if store not in path.parents}
    for name, content, held in (
        ("../../../x.txt", b"The words of an article that lies here.", {201}),
        ("x.sqlite", b"SQLite format 3\0" * 10, {422}), ("x.exe", b"MZ\x90\0\1" * 99, {422}),
        ("\0.txt", b"", {400, 422}), ("big.txt", b"x" * 20_000_001, {413}),
    ):  # fmt: skip
        head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"'
        body = f"{head}\r\n\r\n".encode() + content + f"\r\n--{_BOUNDARY}--\r\n".encode()
        headers = {
            "Authorization": f"Bearer {key}",
            "Content-Type": f"multipart/form-data; boundary={_BOUNDARY}",
        }
        attack = Attack("upload", "POST", "/v1/articles", headers, body, frozenset(held), "locked")
        tally.judge(attack, send(port, attack))
    after = {path for path in store.parent.rglob("*") if store not in path.parents}
    tally.check("upload", f"files appeared outside: {after - before}", held=after == before)


def guess(port: int, tally: Tally) -> None:
    """Guess the password, and keys, many times, forging where it comes from."""
    for path in ("/enter",):
        statuses = [
            send(port, _guess_password(path, f"198.51.100.{number}")).status for number in range(8)
        ]
        locked_out = statuses[:5] == [403] * 5 and set(statuses[5:]) == {429}
        tally.check("brute force", f"{path} got {statuses}", held=locked_out)
    statuses = []
    for number in range(100):
        headers = {"Authorization": f"Bearer fn_{number}"}
        statuses.append(send(port, Attack("", "GET", "/v1/articles", headers)).status)
    counts = Counter(statuses)
    limited = counts[429] >= 30 and set(counts) == {401, 429}
    tally.check("brute force", f"keys got {dict(counts)}", held=limited)


def _guess_password(path: str, address: str) -> Attack:
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Forwarded-For": address,
    }
    return Attack("", "POST", path, headers, f"password=guess-{address}".encode())


def flood(port: int, tally: Tally) -> None:
    """Send headers without end; then see that others are served."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as client:
        refused = False
        try:
            client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
            for _ in range(200):
                client.sendall(b"X-More: " + b"x" * 10_000 + b"\r\n")
                time.sleep(0.001)
        except ConnectionError:
            refused = True
    tally.check("flood", "headers without end were taken", held=refused)
    served = send(port, Attack("", "GET", "/v1/articles")).status
    tally.check("flood", f"others got {served}", held=served == 200)


if __name__ == "__main__":
    main_of(run, "http")
