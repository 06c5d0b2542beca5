"""`python -m ingest PATH...` is `footnote ingest PATH...`."""

import typer

from ingest.cli import ingest

if __name__ == "__main__":
    typer.run(ingest)
