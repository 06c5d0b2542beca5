"""docs/keeping-up.md: its commands are there, and its figures are those of the code."""

import re

from ingest.watch import PATIENCE, RESCAN, REST, RETRY
from ingest.web.connection import Policy
from ingest.web.fetch import USER_AGENT
from ingest.web.gather import MAX_PAGES
from ingest.web.robots import MAX_PAUSE
from tests.libraries import ROOT, run

PAGE = (ROOT / "docs" / "keeping-up.md").read_text(encoding="utf-8")
WORDS = " ".join(PAGE.split())


def test_every_command_takes_its_options() -> None:
    commands = re.findall(r"footnote (ingest|watch) ([^\n`]+)", PAGE)
    assert {name for name, _ in commands} == {"ingest", "watch"}
    for name, arguments in commands:
        told = run(name, "--help").stdout
        assert all(option in told for option in re.findall(r"--[a-z-]+", arguments)), arguments
        if "https://" in arguments:
            assert "--allow-urls" in arguments


def test_the_figures_are_those_of_the_code() -> None:
    policy = Policy()
    assert f"within {PATIENCE:.0f} seconds" in WORDS and REST == 1
    assert f"every {RETRY:.0f} seconds" in WORDS and RESCAN == 60
    assert f"first {MAX_PAGES} of each" in WORDS and f"over {policy.max_bytes // 10**6} MB" in WORDS
    assert f"over {policy.seconds:.0f} seconds" in WORDS and policy.pause == 0.5
    assert f"up to {MAX_PAUSE:.0f} seconds" in WORDS and policy.max_redirects == 3
    assert policy.ports == {80, 443} and f"`{USER_AGENT.partition('/')[0]}`" in WORDS
