"""The long-running programs: pages under gunicorn, the job worker, the demonstration.

Part of the composition root. Pages and jobs never share a process but in the demonstration.
"""

import sys
from collections.abc import Callable
from datetime import timedelta

import click
import gunicorn.app.base
from flask import Flask

from service import app
from service.channels import senders
from service.end_signals import end_signals
from service.jobs.calendar import with_digest
from service.jobs.scheduler import JobScheduler
from service.settings import Settings
from service.store.job_signal import JobListener, knows_signals


class Pages(gunicorn.app.base.BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn, told what to do by the settings instead of by a file."""

    def __init__(self, settings: Settings, make: Callable[[], Flask]) -> None:
        self._settings = settings
        self._make = make
        super().__init__()

    def load_config(self) -> None:
        """Give gunicorn its settings."""
        settings = self._settings
        values: dict[str, object] = {
            "bind": f"{settings.host}:{settings.port}",
            "workers": settings.web_workers,
            "worker_class": "gthread",
            "threads": settings.web_threads,
            "timeout": 60,
            "graceful_timeout": 30,
            "keepalive": 15,
            "max_requests": 100_000,
            "max_requests_jitter": 10_000,
            "worker_tmp_dir": "/dev/shm" if sys.platform == "linux" else None,  # noqa: S108 - memory, for the heartbeat file only
            "control_socket_disable": True,
            # The parent loads everything once and forks: connections and helpers open after it.
            "preload_app": True,
        }
        for name, value in values.items():
            if name in self.cfg.settings and value is not None:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the application, in the parent, before the workers are forked."""
        return self._make()


def serve(settings: Settings, bureau: app.Bureau | None = None) -> None:
    """Serve the pages and the API until told to stop; runs no jobs.

    `bureau` is what `processes/` declares, unless given.
    """
    settings.require_secrets()
    bureau = bureau or app.discover()

    def make() -> Flask:
        return app.web_application(settings, bureau, app.assemble(settings, bureau))

    Pages(settings, make).run()


def work(settings: Settings, bureau: app.Bureau | None = None) -> None:
    """Run due jobs until told to stop."""
    settings.require_secrets()
    bureau = bureau or app.discover()
    rooms = app.assemble(settings, bureau)
    ways_out = senders(settings, app.TITLE, rooms.clock)
    calendar = with_digest(settings.digest_hour, frozenset(ways_out))
    calendar = (*calendar, *app.daily_works(bureau))
    hold = timedelta(seconds=settings.takeover_seconds)
    told = knows_signals(rooms.database)
    scheduler = JobScheduler(
        rooms,
        untold=not told,
        senders=ways_out,
        calendar=calendar,
        hold=hold,
    )
    listener: JobListener | None = None
    if told:
        listener = JobListener(rooms.database, scheduler.wake, rooms.clock)
    with end_signals() as wait:
        scheduler.start()
        if listener is not None:
            listener.start()
        click.echo("作业程序已启动，等待到期的作业。")
        wait()
        if listener is not None:
            listener.stop()
        scheduler.stop()
