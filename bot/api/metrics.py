"""What Prometheus is told: requests by route and status, how long they took, answers, articles."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.answer import Bot
from bot.cite import Answer
from bot.web.exchange import Exchange


class Metrics:
    """The counters of one API."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        registry = self._registry
        self.requests = Counter(
            "footnote_requests",
            "Requests answered",
            ["method", "route", "status"],
            registry=registry,
        )
        self.seconds = Histogram(
            "footnote_request_seconds", "Seconds until all is sent", ["route"], registry=registry
        )
        self.running = Gauge(
            "footnote_requests_running", "Requests being answered", registry=registry
        )
        self.answers = Counter(
            "footnote_answers", "Questions answered", ["outcome"], registry=registry
        )
        self.articles = Gauge("footnote_articles", "Articles in the library", registry=registry)
        self.revision = Gauge(
            "footnote_library_revision", "Revision that is shown", registry=registry
        )

    def count_answer(self, answer: Answer) -> None:
        """Count an answer that was given, or the refusal."""
        self.answers.labels("refused" if answer.refused else "answered").inc()

    def write(self, bot: Bot | None) -> bytes:
        """Return all counters in Prometheus' text form 0.0.4."""
        self.articles.set(bot.store.count_articles() if bot else 0)
        self.revision.set(bot.store.revision if bot else 0)
        return generate_latest(self._registry)


class Meter:
    """ASGI middleware that counts requests; the labels' values are few, whatever is asked.

    `prefix` goes before the paths of routes, to tell them from those of another application.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, prefix: str = "") -> None:
        self.app = app
        self._metrics = metrics
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and count how it was answered."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        exchange = Exchange(scope, send)
        with self._metrics.running.track_inprogress():
            try:
                await self.app(scope, receive, exchange.send)
            finally:
                route = "none" if exchange.route is None else f"{self._prefix}{exchange.route}"
                status = str(exchange.status)
                self._metrics.requests.labels(exchange.method, route, status).inc()
                self._metrics.seconds.labels(route).observe(exchange.seconds)
