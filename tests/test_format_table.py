"""Tables of values: rows as lines, whatever stands between the values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats.table import UnreadableTable, parse_table


def rows(text: str) -> list[str]:
    return [block.text for block in parse_table(text).blocks]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_rows_are_lines(separator: str) -> None:
    text = "Boat,Length,Price\n\nDinghy,4 m,\n,,\nKetch,12 m,35 €\n".replace(",", separator)
    assert rows(text) == ["Boat | Length | Price", "Dinghy | 4 m | –", "Ketch | 12 m | 35 €"]


def test_quoted_values_may_hold_anything() -> None:
    text = 'Boat;"Price, in euros, a night; all in"\n"A ""big""\none";35'
    assert rows(text) == ["Boat | Price, in euros, a night; all in", 'A "big" one | 35']


def test_a_list_is_a_table_of_one_column() -> None:
    assert rows("Boats\nDinghy\nKetch") == ["Boats", "Dinghy", "Ketch"]


def test_a_table_that_cannot_be_read_is_named_with_its_line() -> None:
    with pytest.raises(UnreadableTable, match="no table at its line 2"):
        parse_table(f"a,b\n{'x' * 200_000},1")


@given(st.text(alphabet="ab,;\t|\"'\n ", max_size=200))
def test_any_text_is_read(text: str) -> None:
    parse_table(text)
