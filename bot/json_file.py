"""A JSON file that a command was given: what it holds, or in one line why that cannot be read."""

import json
import sys
from pathlib import Path
from typing import Any


class BadFile(ValueError):
    """A file that cannot be used; the message names it and says why."""


def read_json_file(file: Path) -> Any:
    """Return what a JSON file holds; "-" is standard input. Raises BadFile."""
    try:
        return json.loads(sys.stdin.read() if str(file) == "-" else file.read_text("utf-8"))
    except UnicodeDecodeError as error:
        raise BadFile(f"{file}: not UTF-8 ({error.reason}); save it as UTF-8") from error
    except OSError as error:
        raise BadFile(f"{file}: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise BadFile(f"{file}: not JSON: {error}") from error
