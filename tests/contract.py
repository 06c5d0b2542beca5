"""What all doors are asked: a few short articles, and the same questions for each door."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from bot.answer import Bot
from bot.page.build import make_server
from bot.reader import Reader
from bot.scope import EVERYTHING, Scope
from ingest.embed import Embedder
from ingest.store import Store
from ingest.sync import sync
from tests.api_server import PLENTY, OpenedLibrary, serve_app
from tests.libraries import write_texts

# A site that may embed the chat.
WIDGET_SITE = "https://blog.example"
TEXTS = {
    "treaty-of-riga.md": """---
title: The treaty of Riga
date: 2021-05-04
topics: [Law, Institutions]
---

The treaty of Riga was signed on 4 May 2021 by Latvia and Norway. It has 12 articles.

## Article 3

Article 3 obliges each party to open its harbours to ships in distress.

## Article 9

Article 9 sets up the Joint Harbour Commission (JHC). The JHC has five members and sits in Oslo.
""",
    "harbour-of-oslo.md": """---
title: The harbour of Oslo
date: 2023-12-31
topics: [Ports]
---

The harbour of Oslo was opened in 1901 by King Haakon. Its lighthouse is 53 metres tall.

## The ferry

The ferry to Nesodden carries 500 passengers. Ice stopped the ferry in February 1987.
""",
    "harbour-of-riga.md": """---
title: The harbour of Riga
date: 2024-06-30
topics: [Ports]
---

The harbour of Riga was dredged in 1931. It is 12 metres deep, against 9 metres in Oslo.

## Trade

Ships carried 34.4 million tonnes through Riga in 2023, up 22 percent. Timber and grain are the \
main exports.
""",
    "storm-of-1987.md": """---
title: The storm of 1987
date: 2025-01-15
topics: [Weather]
---

The storm of February 1987 sank two ships off Oslo. Anna Berg, the harbour master, closed the port.

## What came after

The lighthouse got a second lamp because the first one had failed in the storm. The repair cost \
1.5 million kroner.
""",
    "who-is-who.md": """---
title: Who is who at the harbours
date: 2025-03-01
topics: [People, Institutions]
---

Anna Berg was harbour master of Oslo from 1980 to 1999. She was born in Bergen.

## Latvia

Janis Ozols has led the Joint Harbour Commission since 2022. He was minister of transport before.
""",
}


@dataclass(frozen=True)
class Asking:
    """A question, the ones before it in its conversation, and what it is restricted to."""

    question: str
    before: tuple[str, ...] = ()
    scope: Scope = EVERYTHING


FERRY = "Where does the ferry of Oslo go?"
ASKINGS = (
    Asking("When was the treaty of Riga signed?"),
    Asking("How did Mongolia vote on the resolution?"),
    Asking("What does Article 3 of the treaty oblige the parties to do?"),
    Asking("How many members has the JHC?"),
    Asking("Who leads the Joint Harbour Commission?"),
    Asking("Who opened the harbour of Oslo?"),
    Asking("How tall is the lighthouse of Oslo?"),
    Asking(FERRY),
    Asking("How deep is the harbour of Riga?"),
    Asking("How do the harbours of Riga and Oslo differ in depth?"),
    Asking("How much did ships carry through Riga in 2023?"),
    Asking("What are the main exports of Riga?"),
    Asking("Why did the lighthouse get a second lamp?"),
    Asking("What did the repair cost?"),
    Asking("Where was Anna Berg born?"),
    Asking("When did ice stop it?", before=(FERRY,)),
    Asking("Who closed the port?", scope=Scope(articles=frozenset({"storm-of-1987"}))),
    Asking("When was it opened?", scope=Scope(topics=frozenset({"Ports"}), until="2023")),
    Asking("What is the population of Iceland?"),
    Asking("Кто подписал договор?"),
)


@dataclass(frozen=True)
class House:
    """One library with all its doors open: a bot on it, and the address of a server on it.

    `options` are those of the terminal's commands that make their bot like this one.
    """

    bot: Bot
    path: Path
    address: str
    options: tuple[str, ...] = ()

    def tell_history(self, asking: Asking) -> list[tuple[str, str]]:
        """Return the conversation before a question, as whoever asks has kept it."""
        history: list[tuple[str, str]] = []
        for question in asking.before:
            answer = self.bot.ask(question, history)
            history.append((answer.asked, answer.text))
        return history

    def list_turns(self, asking: Asking) -> list[dict[str, str]]:
        """Return that conversation as JSON types."""
        return [{"question": q, "answer": a} for q, a in self.tell_history(asking)]


@contextmanager
def open_house(folder: Path, embedder: Embedder, reader: Reader, **options: Any) -> Iterator[House]:
    """Make a library of the articles and open its doors; `options` are those of `Bot`.

    Each door that opens a bot of its own does so with the same embedder and reader.
    """
    path = folder / "library"
    sync([write_texts(folder / "articles", TEXTS)], path, embedder)
    with (
        pytest.MonkeyPatch.context() as patch,
        Bot(Store(path), embedder, reader=reader, **options) as bot,
    ):
        patch.setattr("bot.answer.OnnxReader", lambda: reader)
        patch.setattr("bot.answer.load_embedder", lambda *_: embedder)
        rules = replace(PLENTY, widget_origins=frozenset({WIDGET_SITE}))
        server, _ = make_server(OpenedLibrary(path, bot), rules)
        with serve_app(server, lifespan="on") as address:
            yield House(bot, path, address)


@dataclass(frozen=True)
class Told:
    """What a door gave: the answer as JSON types, and the words for people, if it has any."""

    answer: dict[str, Any]
    words: str = ""
