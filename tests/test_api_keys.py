"""Keys: made once, kept as hashes, revoked at once."""

import json
import stat
from pathlib import Path

import pytest

from bot.api.keys import FILE_NAME, BadKeyName, add_key, find_key, list_keys, revoke_key
from tests.libraries import run


def test_a_key_is_found_until_it_is_revoked(tmp_path: Path) -> None:
    key = add_key(tmp_path, "alice")
    admin = add_key(tmp_path, "bob", is_admin=True)
    found, boss = find_key(tmp_path, key), find_key(tmp_path, admin)
    assert found is not None and (found.name, found.is_admin) == ("alice", False)
    assert boss is not None and boss.is_admin
    revoke_key(tmp_path, "alice")
    assert find_key(tmp_path, key) is None
    assert [item.name for item in list_keys(tmp_path)] == ["bob"]


def test_only_the_hash_is_kept_and_only_for_the_owner(tmp_path: Path) -> None:
    key = add_key(tmp_path, "alice")
    file = tmp_path / FILE_NAME
    assert key.encode() not in file.read_bytes() and key[3:].encode() not in file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(key) == len("fn_") + 43


@pytest.mark.parametrize("key", ["", "fn_", "fn_x", "alice", "fn_\ud800"])
def test_what_is_no_key_is_not_found(tmp_path: Path, key: str) -> None:
    assert find_key(tmp_path, key) is None
    add_key(tmp_path, "alice")
    assert find_key(tmp_path, key) is None


@pytest.mark.parametrize("name", ["", "a" * 65, "a\nb", "a/b", "a;b"])
def test_a_bad_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadKeyName, match="no name for a key"):
        add_key(tmp_path, name)


def test_a_name_is_given_once(tmp_path: Path) -> None:
    add_key(tmp_path, "alice")
    with pytest.raises(BadKeyName, match="footnote keys revoke alice"):
        add_key(tmp_path, "alice")
    with pytest.raises(KeyError, match="there are: alice"):
        revoke_key(tmp_path, "carol")


def test_the_commands(tmp_path: Path) -> None:
    made = run("keys", "add", "alice", "--admin", "--store", tmp_path)
    key = find_key(tmp_path, made.stdout.strip())
    assert made.exit_code == 0 and key is not None and key.is_admin
    assert "not shown again" in made.stderr
    assert run("keys", "list", "--store", tmp_path).stdout.startswith("alice\tadmin\t")
    listed = json.loads(run("keys", "list", "--json", "--store", tmp_path).stdout)
    assert listed == [{"name": "alice", "is_admin": True, "made": key.made}]
    assert run("keys", "add", "alice", "--store", tmp_path).exit_code == 2
    assert run("keys", "revoke", "alice", "--store", tmp_path).exit_code == 0
    again = run("keys", "revoke", "alice", "--store", tmp_path)
    assert again.exit_code == 2 and "there are: none" in again.stderr
    assert "make one" in run("keys", "list", "--store", tmp_path).stderr
    nowhere = run("keys", "add", "alice", "--store", tmp_path / "nowhere")
    assert nowhere.exit_code == 2 and "--store" in nowhere.stderr
    made = run("keys", "add", "bob", "--json", "--store", tmp_path)
    assert find_key(tmp_path, json.loads(made.stdout)["key"]) == list_keys(tmp_path)[0]
    revoked = run("keys", "revoke", "bob", "--json", "--store", tmp_path)
    assert json.loads(revoked.stdout) == {"name": "bob", "revoked": True}


def test_a_damaged_file_of_keys_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"no database" * 100)
    for command in (("list",), ("add", "alice"), ("revoke", "alice")):
        told = run("keys", *command, "--store", tmp_path)
        assert told.exit_code == 2 and f"{FILE_NAME}: file is not a database" in told.stderr
    assert run("serve", "--keys", "--store", tmp_path).exit_code == 2
