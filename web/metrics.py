"""Metrics (指标数据) of one process, as Prometheus reads them, at an address of their own.

Labels are templates of addresses, methods and statuses: never a case, never an account. Each
process counts for itself and from nothing; a server of Prometheus adds them up.
"""

from collections.abc import Callable, Iterator
from time import perf_counter
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ledger.problem import Problem
from ledger.values import Invalid
from web.desk import Office

SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
NO_ROUTE: Final = "none"
"""The template of addresses that there are not: what somebody makes up is no label."""
METHODS: Final = frozenset({"GET", "HEAD", "POST"})


class Metrics:
    """What one process counts."""

    def __init__(self, office: Office) -> None:
        """Begin to count.

        Args:
            office: the ledger and what is next to it.
        """
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "scoretrail_requests",
            "Requests by template of the address, method and status.",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "scoretrail_request_seconds",
            "Seconds until the answer is complete, by template of the address.",
            ("route",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self.registry.register(_OfTheLedger(office))

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request."""
        known = method if method in METHODS else "other"
        self._requests.labels(route, known, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def serve(self, port: int) -> Callable[[], None]:
        """Let this machine, and no other, read them at a port; what ends it.

        Raises:
            Invalid: the port cannot be had.
        """
        try:
            server, thread = start_http_server(port, "127.0.0.1", self.registry)
        except (OSError, OverflowError):
            raise Invalid(
                f"端口 {port} 不可用：不存在或已被占用。请更换端口",
                f"port {port} cannot be used: it does not exist or is in use. Choose another",
                rule="port",
            ) from None

        def end() -> None:
            server.shutdown()
            server.server_close()
            thread.join()

        return end


class Measured:
    """Counts every request, outside of all else."""

    def __init__(
        self, app: ASGIApp, metrics: Metrics, clock: Callable[[], float] = perf_counter
    ) -> None:
        """Be outside of an application."""
        self._app, self._metrics, self._clock = app, metrics, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and count it when it is answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = self._clock(), 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            route = scope.get("state", {}).get("route", NO_ROUTE)
            self._metrics.count(route, scope["method"], status, self._clock() - began)


class _OfTheLedger(Collector):
    """What is looked up when somebody reads: nothing is kept of it."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def collect(self) -> Iterator[Metric]:
        """The state of the ledger and of what is next to it; nothing of a part that is away."""
        office = self._office
        try:
            with office.place.open() as store:  # in a thread of its own, which ends with this
                size, pending = store.size(), store.pending()
        except Problem:
            yield GaugeMetricFamily("scoretrail_ledger_up", "Whether the ledger answers.", 0)
        else:
            yield GaugeMetricFamily("scoretrail_ledger_up", "Whether the ledger answers.", 1)
            yield GaugeMetricFamily("scoretrail_sealed_entries", "Entries in the log.", size)
            yield GaugeMetricFamily(
                "scoretrail_pending_entries", "Entries that wait for the seal.", pending
            )
        up = office.kept.answers()
        yield GaugeMetricFamily("scoretrail_logins_up", "Whether the login data answer.", int(up))
        if up:
            yield GaugeMetricFamily(
                "scoretrail_waiting_deliveries",
                "Deliveries to web hooks that were not taken yet.",
                office.kept.hooks.waiting(),
            )
            yield GaugeMetricFamily(
                "scoretrail_halted_hooks",
                "Web hooks that are off for another reason than somebody's wish.",
                office.kept.hooks.halted(),
            )
