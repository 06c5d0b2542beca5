"""The row of damaged files: found, answered around, repaired."""

import pytest

from benchmarks.reliability import damage
from ingest.schema import FILE_NAME
from ingest.spare import SPARE_NAME


def test_damage_is_found_and_repaired(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(damage, "_ARTICLES", 6)
    monkeypatch.setattr(damage, "_QUICK", 3)
    kinds = {str(variant): variant for variant in damage.VARIANTS}
    assert len(damage.VARIANTS) >= 40
    wanted = (f"{FILE_NAME} truncated", f"{FILE_NAME} with a bit flipped in a text",
              f"{SPARE_NAME} missing")  # fmt: skip
    monkeypatch.setattr(damage, "VARIANTS", [kinds[name] for name in wanted])
    monkeypatch.setattr(damage, "indexed_if_small", lambda: pytest.MonkeyPatch().context())
    monkeypatch.setattr("ingest.store.Store.wait_for_index", lambda store: True)
    result = damage.run(True, 0)
    assert result["failures"] == []
    assert (result["found"], result["repaired_to_all_texts_and_vectors"]) == (3, 3)
