"""The limit of questions at the page: the one too many is refused at once, and nothing else."""

import asyncio

import httpx
from starlette.types import Receive, Scope, Send

from bot.page.crowd import LimitQuestions

QUESTION, OTHER, LIMIT = 4, 5, 3


class Page:
    """What takes events in, one when it is told to, and knows how many it has taken."""

    def __init__(self) -> None:
        self.taken = 0
        self.inside = 0
        self.go_on = asyncio.Event()

    def count(self, events: frozenset[int]) -> int:
        assert events == {QUESTION}
        return self.taken

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_question = scope["state"]["event"] == QUESTION
        self.inside += is_question
        assert self.inside <= 1
        if is_question:
            await self.go_on.wait()
            self.taken += 1
            self.inside -= 1
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


async def ask_in_a_crowd() -> tuple[list[int], httpx.Response, int, int]:
    page = Page()
    limited = LimitQuestions(page, LIMIT, frozenset({QUESTION}), page.count)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        # What the guard leaves; a stranger may send any type of number.
        number = scope["path"].strip("/")
        scope["state"] = {"event": int(number) if number.isdigit() else [number]}
        await limited(scope, receive, send)

    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://here"
    ) as client:
        first = [asyncio.create_task(client.post(f"/{QUESTION}")) for _ in range(LIMIT)]
        await asyncio.sleep(0.05)
        refused = await client.post(f"/{QUESTION}")
        others = [(await client.post(path)).status_code for path in (f"/{OTHER}", "/x")]
        page.go_on.set()
        served = [(await item).status_code for item in first]
        full = (await client.post(f"/{QUESTION}")).status_code
        page.taken -= 1
        again = (await client.post(f"/{QUESTION}")).status_code
    return served + others, refused, full, again


def test_the_one_too_many_is_refused_while_the_others_are_taken_one_by_one() -> None:
    passed, refused, full, again = asyncio.run(ask_in_a_crowd())
    assert passed == [200] * (LIMIT + 2)
    assert refused.status_code == full == 503 and refused.headers["retry-after"] == "1"
    assert "at once" in refused.json()["detail"]
    assert again == 200
