"""The process that parses files for another one: what a hostile file breaks is only this.

Each request has a file's bytes; the reply is the article or the reason why there is none. It opens
no file but those of the program, and the system holds it to its limits of memory and time.
"""

import math
import os
import select
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from ingest.limits import Limits
from ingest.load import FileBytes, UnreadableFile
from ingest.messages import read_message, write_message
from ingest.read import pack_reading, read_article

# Kept for the next files for so long, then it ends by itself.
IDLE_SECONDS = 10
MAX_OPEN_FILES = 64
# What libraries keep of files should not count against later ones.
_MAX_GROWTH = 0.5


def main() -> None:
    """Answer requests from standard input on standard output until there are no more."""
    limits = Limits(*map(int, sys.argv[1:]))
    confine(limits)
    requests, replies = os.fdopen(0, "rb"), os.fdopen(os.dup(1), "wb")
    # What a library prints must not pass for a reply.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    # Ctrl+C is for the process that is asked for; it ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_asker, daemon=True).start()
    # Without a reader there is nobody to tell.
    with suppress(EOFError, BrokenPipeError):
        while _wait(requests):
            head, data = read_message(requests, sys.maxsize)
            _allow_seconds(limits.seconds)
            write_message(replies, answer(head, data, limits))
            if _is_grown(limits):
                return


def answer(head: dict[str, Any], data: bytes, limits: Limits) -> dict[str, Any]:
    """Return the reply to a request: a packed reading, a reason, or that memory ran out."""
    file = FileBytes(Path(head["path"]), data, head["sha256"])
    try:
        reading = read_article(file, head["article_id"], head["words"], head["encoding"], limits)
    except UnreadableFile as error:
        return {"reason": error.reason}
    except MemoryError:
        return {"memory": True}
    # Whatever a parser raises is about this file; the others are read all the same.
    except Exception as error:
        return {"unexpected": f"{type(error).__name__}: {error}"[:300]}
    return pack_reading(reading)


def confine(limits: Limits) -> None:
    """Have the system limit this process, where it can: no core dumps, memory, open files."""
    if sys.platform == "win32":
        return
    import resource

    wanted = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: MAX_OPEN_FILES,
        resource.RLIMIT_AS: limits.memory_mb * 1_000_000,
    }
    for kind, most in wanted.items():
        # macOS refuses a limit of memory; the limit of time remains.
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def _allow_seconds(seconds: int) -> None:
    """Have the system end this process if a file takes that long, even if nobody else does."""
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    most = math.ceil(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _end_with_asker() -> None:
    """Wait until nobody can ask any more, then end this process in the middle of a file."""
    if sys.platform == "win32":
        return
    asking = select.poll()
    asking.register(0, 0)
    asking.poll()
    os._exit(0)


def _wait(requests: IO[bytes]) -> bool:
    """Wait for a request; tell whether there is one before this process has been idle too long."""
    # Windows can wait for sockets only.
    return sys.platform == "win32" or bool(select.select([requests], [], [], IDLE_SECONDS)[0])


def _is_grown(limits: Limits) -> bool:
    if sys.platform != "linux":
        return False
    # Not the most that it ever had: that begins with what the process had that started this one.
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * os.sysconf("SC_PAGE_SIZE") > _MAX_GROWTH * limits.memory_mb * 1_000_000


if __name__ == "__main__":
    main()
