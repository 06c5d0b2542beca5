"""Fetching: what is refused, and the limits of what is got."""

import gzip
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ingest.web.connection import Policy, resolve
from ingest.web.fetch import FetchError, Forbidden, Gone, check_url, fetch, unpack
from tests.web_server import Reply, WebServer, redirect, serve_web


@pytest.fixture(scope="module")
def running() -> Iterator[WebServer]:
    with serve_web() as server:
        yield server


@pytest.fixture
def web(running: WebServer) -> WebServer:
    """A server without replies yet."""
    running.replies.clear()
    running.asked.clear()
    running.headers.clear()
    return running


def test_a_page_is_got_as_it_was_asked_for(web: WebServer) -> None:
    web.replies["/a%20b/%C3%BC?q=1"] = Reply(b"text", headers={"ETag": '"1"'})
    url = web.url("/a%20b/ü?q=1#part")
    got = fetch(url, web.policy(), {"If-None-Match": '"0"'})
    assert (got.body, got.status, got.media_type) == (b"text", 200, "text/html")
    assert got.url == web.url("/a%20b/%C3%BC?q=1") and got.headers["etag"] == '"1"'
    sent = web.headers[0]
    assert sent["host"] == f"site.test:{web.port}" and sent["if-none-match"] == '"0"'
    assert sent["user-agent"].startswith("footnote-bot/")
    assert fetch(url, web.policy(), {"If-None-Match": '"1"'}).status == 304


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///etc/passwd", "only http and https"),
        ("gopher://site.test/", "only http and https"),
        ("javascript:alert(1)", "only http and https"),
        ("site.test/a", "only http and https"),
        ("http://user:pass@site.test/", "user or password"),
        ("http://user@site.test/", "user or password"),
        ("http://site.test:22/", "only ports 80, 443"),
        ("http://site.test:99999/", "not an address"),
        ("http://", "no host"),
        ("http:///etc/passwd", "no host"),
        ("http://[fe80::1%25eth0]/", "no host"),
        ("http://site.test\\@10.0.0.1/", "a letter"),
        ("http://site.test/\r\nX-Header: 1", "a letter"),
        ("http://site .test/", "a letter"),
        ("http://[::1/", "not an address"),
        ("http://" + "a" * 70 + ".test/", "not an address"),
    ],
)
def test_what_is_no_address_to_fetch(url: str, reason: str) -> None:
    with pytest.raises(Forbidden, match=reason) as caught:
        check_url(url, Policy())
    assert "pass@" not in str(caught.value)


def test_addresses_are_written_in_one_way() -> None:
    policy = Policy()
    assert check_url("HTTP://Site.TEST:80?q#x", policy) == "http://site.test/?q"
    assert check_url("https://пример.test/путь", policy) == (
        "https://xn--e1afmkfd.test/%D0%BF%D1%83%D1%82%D1%8C"
    )
    assert check_url("http://①②⑦.0.0.1/", policy) == "http://127.0.0.1/"
    assert check_url("https://[2606:4700::1111]/", policy) == "https://[2606:4700::1111]/"


def test_redirects_are_followed_and_each_is_checked(web: WebServer) -> None:
    web.replies |= {
        "/1": redirect("/2", 301),
        "/2": redirect(web.url("/3", "other.test"), 308),
        "/3": Reply(b"here"),
        "/out": redirect("http://10.0.0.1/"),
        "/file": redirect("file:///etc/passwd"),
        "/loop": redirect("/loop"),
    }
    checked: list[str] = []
    assert fetch(web.url("/1"), web.policy(), check=checked.append).url.endswith("/3")
    assert checked == [web.url("/1"), web.url("/2"), web.url("/3", "other.test")]
    for path in ("/out", "/file"):
        with pytest.raises(Forbidden):
            fetch(web.url(path), web.policy())
    web.asked.clear()
    with pytest.raises(FetchError, match="more than 3 redirects"):
        fetch(web.url("/loop"), web.policy())
    assert len(web.asked) == 4


def test_the_checked_address_is_the_one_connected_to(web: WebServer) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    policy = web.policy(resolve=lambda host, port: next(answers))
    web.replies["/"] = Reply(b"here")
    assert fetch(web.url("/"), policy).body == b"here"
    with pytest.raises(Forbidden, match=r"site.test is 10.0.0.1, which is not a public address"):
        fetch(web.url("/"), policy)
    for mixed in (["127.0.0.1", "::1"], ["fd00::1", "127.0.0.1"]):
        with pytest.raises(Forbidden):
            fetch(web.url("/"), web.policy(resolve=lambda host, port, mixed=mixed: mixed))


def test_another_address_of_a_host_is_tried(web: WebServer) -> None:
    web.replies["/"] = Reply(b"here")
    two = web.policy(
        is_allowed=lambda address: True, resolve=lambda host, port: ["127.0.0.9", "127.0.0.1"]
    )
    assert fetch(web.url("/"), two).body == b"here"


def test_a_host_that_is_not_there() -> None:
    def fail(host: str, port: int) -> list[str]:
        raise socket.gaierror("no such host")

    with pytest.raises(FetchError, match=r"there is no host nowhere.test"):
        fetch("http://nowhere.test/", Policy(resolve=fail))
    with pytest.raises(FetchError, match="has no address"):
        fetch("http://nowhere.test/", Policy(resolve=lambda host, port: []))
    assert resolve("127.0.0.1", 80) == ["127.0.0.1"]


def test_pages_that_are_gone_and_other_statuses(web: WebServer) -> None:
    web.replies |= {"/410": Reply(status=410), "/500": Reply(status=500)}
    for path in ("/404", "/410"):
        with pytest.raises(Gone):
            fetch(web.url(path), web.policy())
    with pytest.raises(FetchError, match="status 500"):
        fetch(web.url("/500"), web.policy())


def test_too_much_is_refused_also_when_packed(web: WebServer) -> None:
    def stream(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        with suppress(OSError):
            while True:
                handler.wfile.write(b"x" * 10_000)

    packed = {"Content-Encoding": "gzip"}
    web.replies |= {
        "/endless": Reply(send=stream),
        "/bomb": Reply(gzip.compress(b"\0" * 10_000_000), headers=packed),
        "/small": Reply(gzip.compress(b"text"), headers=packed),
        "/cut": Reply(gzip.compress(b"text" * 999)[:-9], headers=packed),
        "/bad": Reply(b"text", headers=packed),
        "/zlib": Reply(zlib.compress(b"text"), headers={"Content-Encoding": "br"}),
    }
    policy = web.policy(max_bytes=100_000)
    assert fetch(web.url("/small"), policy).body == b"text"
    for path, reason in {"/endless": "more than", "/bomb": "when unpacked", "/cut": "cut off",
                         "/bad": "damaged gzip", "/zlib": "sent as br"}.items():  # fmt: skip
        with pytest.raises(FetchError, match=reason):
            fetch(web.url(path), policy)
    assert unpack("x", [gzip.compress(b"a" * 100_000)], 100_000) == b"a" * 100_000


def test_a_server_that_drips_is_left(web: WebServer) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        with suppress(OSError):
            for letter in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200:
                handler.wfile.write(bytes([letter]))
                time.sleep(0.02)

    web.replies["/"] = Reply(send=drip)
    started = time.monotonic()
    with pytest.raises(FetchError, match="no answer in 0 seconds"):
        fetch(web.url("/"), web.policy(seconds=0.3))
    assert time.monotonic() - started < 10


def test_no_http_and_a_closed_port(web: WebServer) -> None:
    web.replies["/"] = Reply(send=lambda handler: None)
    with pytest.raises(FetchError):
        fetch(web.url("/"), web.policy())
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(FetchError):
        fetch(f"http://site.test:{port}/", web.policy(ports=frozenset({port})))


def make_certificate(folder: Path, name: str) -> Path:
    """Write a key and a certificate of its own for a name."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = folder / f"{name}.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return file


def test_tls_checks_the_name_that_was_asked_for(tmp_path: Path) -> None:
    file = make_certificate(tmp_path, "site.test")
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(file)
    names: list[str | None] = []
    serving.sni_callback = lambda connection, name, context: names.append(name)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        def answer() -> None:
            for _ in range(3):
                connection, _ = listener.accept()
                with suppress(OSError), serving.wrap_socket(connection, server_side=True) as safe:
                    safe.recv(10_000)
                    safe.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nsafe")

        thread = threading.Thread(target=answer)
        thread.start()
        policy = Policy(
            is_allowed=lambda address: True,
            resolve=lambda host, port: ["127.0.0.1"],
            ports=frozenset({port}),
            tls=ssl.create_default_context(cafile=str(file)),
        )
        assert fetch(f"https://site.test:{port}/", policy).body == b"safe"
        with pytest.raises(FetchError, match=r"Hostname mismatch|not valid for"):
            fetch(f"https://other.test:{port}/", policy)
        with pytest.raises(FetchError, match="certificate"):
            fetch(f"https://site.test:{port}/", Policy(
                is_allowed=policy.is_allowed, resolve=policy.resolve, ports=policy.ports,
            ))  # fmt: skip
        thread.join()
    assert names == ["site.test", "other.test", "site.test"]
