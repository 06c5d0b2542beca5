"""The row that keeps a server busy: what it says of memory and files."""

import pytest

from benchmarks.reliability.soak import Soaked, judge


def look(megabytes_a_second: float, files_a_second: float, seconds: int = 100) -> Soaked:
    looks = [
        (float(at), 200 + megabytes_a_second * at, 20 + int(files_a_second * at))
        for at in range(seconds)
    ]
    return Soaked({"questions": 5}, [], looks)


def test_steady_memory_and_files_hold() -> None:
    result = judge(look(0, 0), 3600)
    assert result["failures"] == [] and result["open_files"] == [20, 20]
    assert result["memory_growth_percent_an_hour"] == pytest.approx(0, abs=0.1)


def test_growth_of_an_hour_is_told_where_it_was_long_enough_to_tell() -> None:
    assert judge(look(0.01, 0), 3600)["failures"] == ["memory grows by 18.0 % an hour"]
    short = judge(look(0.01, 0), 100)
    assert short["failures"] == [] and not short["memory_is_judged"]
    assert judge(look(0, 1), 100)["failures"] == ["open files grow from 62 to 117"]
