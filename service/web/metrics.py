"""/metrics: the service's numbers as Prometheus reads them.

They come from the database and not from this process, so it does not matter which of the processes
of `serve` answers. Whoever asks shows the token of the settings; without one the page is not there.
"""

import hmac
from collections.abc import Iterator
from http import HTTPStatus

from flask import Blueprint, Flask, Response, current_app, request
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from service.domain.errors import NotFound
from service.queries import metrics
from service.queries.metrics import MOST, WINDOW, Figures
from service.web.desk import rooms
from service.web.kept import Kept
from service.web.web_settings import WebSettings, web_settings

KEPT_SECONDS = 10.0
"""So long one process gives the same answer."""

_METRICS = "jiaoyan.metrics"

pages = Blueprint("metrics", __name__)


def install(app: Flask, _settings: WebSettings) -> None:
    """Give the application its numbers."""
    app.extensions[_METRICS] = Kept(_written, seconds=KEPT_SECONDS)
    app.register_blueprint(pages)


@pages.get("/metrics")
def show() -> Response:
    """The numbers, for who shows the token."""
    wanted = web_settings().metrics_token
    if not wanted:
        raise NotFound
    given = request.authorization
    token = given.token if given is not None and given.type == "bearer" else None
    if not hmac.compare_digest((token or "").encode(), wanted.encode()):
        said = Response("metrics.token-wrong\n", HTTPStatus.UNAUTHORIZED, mimetype="text/plain")
        said.headers["WWW-Authenticate"] = "Bearer"
        return said
    kept: Kept[bytes] = current_app.extensions[_METRICS]
    return Response(kept.get(), content_type=CONTENT_TYPE_LATEST)


def _written() -> bytes:
    registry = CollectorRegistry()
    with rooms().read() as session:
        figures = metrics.measure(session, now=rooms().clock())
    registry.register(_Figures(figures))
    return generate_latest(registry)


class _Figures(Collector):
    """One reading of the numbers, as the library wants them."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        """Yield each family of numbers."""
        yield from self._jobs()
        yield from self._instances()
        for name, text, value in (
            ("tasks_open", "Tasks that wait for a person", self._figures.tasks_open),
            ("tasks_overdue", "Open tasks behind their due date", self._figures.tasks_overdue),
            ("tasks_completed_recently", _recent("Tasks completed"), self._figures.tasks_completed),
            (
                "instances_started_recently",
                _recent("Instances started"),
                self._figures.instances_started,
            ),
        ):
            yield GaugeMetricFamily(f"jiaoyan_{name}", f"{text}; at most {MOST}", value=value)

    def _jobs(self) -> Iterator[Metric]:
        jobs = GaugeMetricFamily(
            "jiaoyan_jobs",
            f"Jobs by kind and state (due: waiting and due); at most {MOST} each",
            labels=("kind", "state"),
        )
        done = GaugeMetricFamily(
            "jiaoyan_jobs_done_recently",
            _recent("Jobs that were due and are done"),
            labels=("kind",),
        )
        late = GaugeMetricFamily(
            "jiaoyan_job_lateness_seconds",
            "Seconds since the job was due that waits longest; outside: for an outside worker",
            labels=("kind",),
        )
        for one in self._figures.jobs:
            for state in ("due", "later", "suspended", "failed"):
                jobs.add_metric((one.kind, state), getattr(one, state))
            done.add_metric((one.kind,), one.done)
            late.add_metric((one.kind,), one.lateness)
        yield from (jobs, done, late)

    def _instances(self) -> Iterator[Metric]:
        instances = GaugeMetricFamily(
            "jiaoyan_instances",
            f"Instances that have not ended, by process and state; at most {MOST} each",
            labels=("process", "state"),
        )
        incidents = GaugeMetricFamily(
            "jiaoyan_incidents_open",
            f"Open incidents by process, of the first {MOST}",
            labels=("process",),
        )
        for one in self._figures.instances:
            instances.add_metric((one.process_id, "active"), one.active)
            instances.add_metric((one.process_id, "suspended"), one.suspended)
            incidents.add_metric((one.process_id,), one.incidents)
        yield from (instances, incidents)


def _recent(text: str) -> str:
    return f"{text} in the last {WINDOW.total_seconds():.0f} seconds"
