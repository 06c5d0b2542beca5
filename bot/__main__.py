"""`python -m bot "question"` is `footnote ask "question"`."""

import typer

from bot.cli import ask

if __name__ == "__main__":
    typer.run(ask)
