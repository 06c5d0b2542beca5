"""Who is let in to a server, by what was said on the command line."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.access import Access, BadAddress, Passwords, TooOpen, Wishes, decide_access
from bot.api.keys import add_key

ALL = "0.0.0.0"  # noqa: S104
PASSWORD = Passwords(readers="a long one")
NONE = frozenset[str]()


@pytest.mark.parametrize(
    ("wishes", "passwords", "access"),
    [
        (Wishes("127.0.0.1"), Passwords(), Access(False, NONE, True)),
        (Wishes("::1", has_page=False), Passwords(), Access(False, NONE, False)),
        (Wishes("localhost", hostnames=["KB.example"]), PASSWORD,
         Access(True, frozenset({"kb.example"}), True)),
        (Wishes("127.0.0.1"), PASSWORD, Access(True, NONE, True)),
        (Wishes("127.0.0.1", keys=False), PASSWORD, Access(False, NONE, True)),
        (Wishes(ALL), PASSWORD, Access(True, None, True)),
        (Wishes("127.0.0.1", proxies=["127.0.0.1"]), PASSWORD, Access(True, NONE, True)),
        (Wishes(ALL, keys=False, open_to_all=True), Passwords(), Access(False, None, True)),
        (Wishes(ALL, hostnames=["a"], keys=False, open_to_all=True), Passwords(),
         Access(False, frozenset("a"), True)),
    ],
)  # fmt: skip
def test_what_is_open_without_a_key_made(
    tmp_path: Path, wishes: Wishes, passwords: Passwords, access: Access
) -> None:
    assert decide_access(tmp_path, wishes, passwords) == access


@pytest.mark.parametrize("has_page", [True, False])
@pytest.mark.parametrize(
    "wishes",
    [
        Wishes(ALL), Wishes("::"), Wishes("192.168.1.7"), Wishes("kb.example"),
        Wishes("127.0.0.1", keys=True), Wishes("127.0.0.1", proxies=["10.0.0.1"]),
        Wishes("::1", hostnames=["kb.example"]),
        Wishes(ALL, open_to_all=True), Wishes(ALL, keys=True, open_to_all=True),
    ],
)  # fmt: skip
def test_others_are_let_in_with_a_key_only(tmp_path: Path, wishes: Wishes, has_page: bool) -> None:
    asked = Wishes(
        wishes.host, wishes.proxies, wishes.hostnames, wishes.keys, wishes.open_to_all, has_page
    )
    with pytest.raises(TooOpen, match="footnote keys add NAME") as caught:
        decide_access(tmp_path, asked, Passwords(staff="not the readers'"))
    # What is advised is let in.
    advised = str(caught.value).partition("without: ")[2].split()
    open_to_all = asked.open_to_all or "--open-to-all" in advised
    wanted = replace(asked, keys="--no-keys" not in advised, open_to_all=open_to_all)
    assert not decide_access(tmp_path, wanted, Passwords()).needs_key
    add_key(tmp_path, "alice")
    access = decide_access(tmp_path, asked, Passwords(staff="not the readers'"))
    assert access.needs_key and not access.has_page


@pytest.mark.parametrize("passwords", [Passwords(), PASSWORD])
@pytest.mark.parametrize("wishes", [Wishes(ALL, keys=False),
                                    Wishes("::1", proxies=["::1"], keys=False),
                                    Wishes("::1", hostnames=["a"], keys=False)])  # fmt: skip
def test_no_keys_must_be_said_in_two_words(
    tmp_path: Path, wishes: Wishes, passwords: Passwords
) -> None:
    add_key(tmp_path, "alice")
    with pytest.raises(TooOpen, match="--open-to-all"):
        decide_access(tmp_path, wishes, passwords)


def test_a_password_without_a_page_lets_nobody_in(tmp_path: Path) -> None:
    with pytest.raises(TooOpen) as caught:
        decide_access(tmp_path, Wishes(ALL, has_page=False), PASSWORD)
    assert "FOOTNOTE_PASSWORD" not in str(caught.value)


def test_passwords_are_read_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_PASSWORD", "for readers")
    monkeypatch.setenv("FOOTNOTE_ADMIN_PASSWORD", "")
    passwords = Passwords.read()
    assert (passwords.readers, passwords.staff) == ("for readers", None)
    assert "for readers" not in repr(passwords)


@pytest.mark.parametrize(
    ("wishes", "said"),
    [
        (Wishes("::1", hostnames=["https://kb.example"]), "--hostname https://kb.example: .*alone"),
        (Wishes("::1", hostnames=["kb.example:8000"]), "--hostname kb.example:8000: .*alone"),
        (Wishes("::1", hostnames=["fd00::1", "a b"]), "--hostname a b: "),
        (Wishes("::1", proxies=["10.0.0.0/8", "proxy"]), "--proxy proxy: .*its address"),
        (Wishes("::1", proxies=["10.0.0.1/8"]), "--proxy 10.0.0.1/8: .*host bits"),
    ],
)
def test_addresses_that_match_no_request_are_named(
    tmp_path: Path, wishes: Wishes, said: str
) -> None:
    with pytest.raises(BadAddress, match=said):
        decide_access(tmp_path, wishes, PASSWORD)
