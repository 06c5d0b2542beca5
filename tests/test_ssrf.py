"""The reliability row on forged requests holds; its canary is reached where nothing is checked."""

import json
import subprocess
import sys

import pytest

from benchmarks.reliability.ssrf_trap import SITE, set_trap
from ingest.web.connection import Policy
from ingest.web.fetch import FetchError, fetch
from tests.libraries import ROOT


@pytest.mark.skipif(sys.platform != "linux", reason="127.0.0.2 is loopback on Linux only")
def test_the_row_holds() -> None:
    # In a process of its own: here even numeric addresses of other machines do not resolve.
    command = [sys.executable, "-m", "benchmarks.reliability.ssrf"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    row = json.loads(done.stdout)["rows"]["ssrf"]
    assert row["failures"] == [] and row["attempts"] == row["held"] > 300


def test_the_canary_notices_who_is_let_through() -> None:
    with set_trap() as canary:
        policy = Policy(
            is_allowed=lambda address: address != SITE, ports=frozenset({canary.port}), seconds=5
        )
        try:
            fetch(f"http://127.0.0.1:{canary.port}/", policy)
        except FetchError:
            assert canary.connections == 1
