"""A request and its answer as they pass."""

import asyncio
from typing import Any

import pytest
from starlette.types import Message

from bot.web.exchange import Exchange


@pytest.mark.parametrize(("method", "told"), [("GET", "GET"), ("PROPFIND", "other")])
def test_what_an_exchange_tells(method: str, told: str) -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    scope: dict[str, Any] = {"type": "http", "method": method}
    exchange = Exchange(scope, send)
    assert (exchange.status, exchange.method, exchange.route) == (500, told, None)
    begin, end = {"type": "http.response.start", "status": 204}, {"type": "http.response.body"}
    asyncio.run(exchange.send(begin))
    asyncio.run(exchange.send(end))
    assert sent == [begin, end] and exchange.status == 204 and exchange.seconds > 0
