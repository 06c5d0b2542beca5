"""The tests of Footnote: `pytest` from the repository root, offline."""
