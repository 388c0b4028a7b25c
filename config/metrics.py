"""Figures for a monitoring that speaks Prometheus, served by the worker on a port of its own. Off unless METRICS_PORT
is set, and on this host alone unless METRICS_ADDRESS says otherwise (docs/decisions/0101)."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone
from prometheus_client import REGISTRY, CollectorRegistry, Counter, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from complaints.models import Complaint, Message
from config.watch import holds, watched

JOB_SECONDS = Counter("tuntas_job_seconds", "Seconds that a job of this worker took", ["job"])
JOB_FAILURES = Counter("tuntas_job_failures", "How often a job of this worker failed", ["job"])


class Behind(Collector):
    """What /health/worker/ watches, asked of the database each time somebody looks. `let_go` afterwards: who looks has
    a thread of their own, with a connection of its own."""

    def __init__(self, let_go: Callable[[], object] = lambda: None) -> None:
        self.let_go = let_go

    def collect(self) -> Iterable[Metric]:
        try:
            yield from self._asked()
        except DatabaseError:
            yield GaugeMetricFamily("tuntas_database_up", "Whether the database answers", value=0)
        finally:
            self.let_go()

    def _asked(self) -> Iterable[Metric]:
        now = timezone.now()
        age = GaugeMetricFamily("tuntas_age_seconds", "How old it is, or how long it waits", labels=["what"])
        limit = GaugeMetricFamily("tuntas_age_limit_seconds", "How old it may be", labels=["what"])
        late = GaugeMetricFamily("tuntas_late", "Whether it is over its limit, or was never", labels=["what"])
        for each in watched(now):
            age.add_metric([each.code], each.age(now).total_seconds())
            limit.add_metric([each.code], each.limit.total_seconds())
            late.add_metric([each.code], each.is_late(now))
        held = GaugeMetricFamily(
            "tuntas_worker_waits", "Why the worker waits for a person", labels=["reason"]
        )
        for code in holds():
            held.add_metric([code], 1)
        mails = Message.objects.filter(sent_at=None, dropped_at=None, due_at__lte=now).count()
        cases = Complaint.objects.open().count()
        yield from (age, limit, late, held)
        yield GaugeMetricFamily("tuntas_mails_waiting", "Mails that are due and not sent", value=mails)
        yield GaugeMetricFamily("tuntas_cases_open", "Open cases", value=cases)
        yield GaugeMetricFamily("tuntas_database_up", "Whether the database answers", value=1)

    def describe(self) -> Iterable[Metric]:
        """Nothing is asked of the database before somebody looks."""
        return ()


def serve_metrics(registry: CollectorRegistry = REGISTRY) -> int:
    """The port, in a thread of this process; 0 where it is off."""
    if not settings.METRICS_PORT:
        return 0
    registry.register(Behind(lambda: connection.close()))  # that of the thread that looks
    server, _thread = start_http_server(
        settings.METRICS_PORT, addr=settings.METRICS_ADDRESS, registry=registry
    )
    return int(server.server_port)
