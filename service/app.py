"""The composition root: discovers the bureau's half and puts the rooms together.

With `cli.py` and `settings.py` the only module that knows the environment, the clock and where
things lie.
"""

import importlib
import importlib.util
import pkgutil
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from service import procedure
from service.channels import senders
from service.commands import deployments
from service.commands.file_room import FileRoom
from service.commands.handlers import HandlerRegistry
from service.commands.job_rows import LOOKS_EVERY
from service.commands.models import ModelCache
from service.commands.rooms import Rooms
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.keys import KeySource
from service.domain.outgoing import Channel
from service.engine import Engine
from service.feel import FeelPool
from service.jobs.calendar import CalendarWork
from service.procedure import Procedure, Sample
from service.settings import Settings
from service.store import migrating
from service.store.authorization import granted_by_name, holds
from service.store.base import Base
from service.store.calendars import calendar_of
from service.store.database import Database
from service.store.job_signal import knows_signals, tell
from service.store.register_parts import granted_parts
from service.store.sealing import DataKeys
from service.store.tables import Deployment

if TYPE_CHECKING:
    from flask import Flask

    from service.web.app_factory import CaseLink, DemoAccount, DemoFile, MenuEntry, TaskReading

TITLE = "教研业务系统"
ROOT = Path(__file__).resolve().parent.parent
RESOURCE_SUFFIXES = {".bpmn", ".dmn", ".form"}


def utc_now() -> datetime:
    """Return the present moment, aware and in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Bureau:
    """What `processes/` declares; empty where there is no such folder."""

    procedures: Sequence[Procedure] = ()
    sample: Sample = field(default_factory=Sample)
    version_locations: Sequence[Path] = ()


def discover() -> Bureau:
    """Import every package of `processes/` and collect the procedures they declare."""
    if importlib.util.find_spec("processes") is None:
        return Bureau()
    package = importlib.import_module("processes")
    modules = [
        importlib.import_module(f"processes.{found.name}")
        for found in pkgutil.iter_modules(package.__path__)
        if found.name != "migrations"
    ]
    return Bureau(
        procedures=[m.procedure for m in modules if hasattr(m, "procedure")],
        sample=next((m.sample for m in modules if hasattr(m, "sample")), Sample()),
        version_locations=[Path(path) / "migrations" / "versions" for path in package.__path__],
    )


def assemble(
    settings: Settings,
    bureau: Bureau,
    *,
    clock: Callable[[], datetime] = utc_now,
    job_written: Callable[[datetime], None] | None = None,
) -> Rooms:
    """Put the rooms together; nothing is opened or started yet."""
    database = Database(
        settings.database,
        pool_size=settings.web_threads,
        # Its locks are free before others look for what it held.
        idle_seconds=settings.takeover_seconds * 2 / 3,
    )
    feel = FeelPool().with_calendar(partial(calendar_of, database))
    handlers = HandlerRegistry()
    for each in bureau.procedures:
        for task_type, handler in each.handlers.items():
            handlers.register(task_type, handler)
    handlers.guards = tuple(guard for each in bureau.procedures for guard in each.guards)
    rooms = Rooms(
        database=database,
        engine=Engine(feel),
        feel=feel,
        handlers=handlers,
        keys=KeySource(),
        files=FileRoom(settings.data_dir / "files", settings.upload_megabytes * 1024 * 1024),
        models=ModelCache(),
        clock=clock,
        audit_key=settings.audit_key.encode(),
        access_log_days=settings.access_log_days,
        data_keys=DataKeys(settings.data_keys),
        soundness_checks=tuple(one.soundness for one in bureau.procedures if one.soundness),
        on_ties=tuple(one.on_ties for one in bureau.procedures if one.on_ties),
    )
    if job_written is None and knows_signals(rooms.database):
        job_written = _teller(rooms.database, clock)
    return rooms if job_written is None else replace(rooms, job_written=job_written)


def _teller(database: Database, clock: Callable[[], datetime]) -> Callable[[datetime], None]:
    """Tells workers of jobs that are due before they would look by themselves."""

    def tell_of(due_at: datetime) -> None:
        if due_at <= clock() + LOOKS_EVERY:
            tell(database, due_at)

    return tell_of


def web_application(
    settings: Settings,
    bureau: Bureau,
    rooms: Rooms,
    *,
    channels: Collection[Channel] | None = None,
    demo_inbox: Path | None = None,
    demo_accounts: "Sequence[DemoAccount]" = (),
    demo_password: str = "",
    demo_files: "Sequence[DemoFile]" = (),
) -> "Flask":
    """Make the Flask application of these rooms; what only the pages need is loaded here.

    `channels` are those by which codes are sent: those that the settings give, unless said.
    """
    from service.web.app_factory import WebSettings, create_app

    procedures = bureau.procedures
    return create_app(
        rooms,
        WebSettings(
            secret_key=settings.secret_key,
            title=TITLE,
            https=settings.https,
            idle=timedelta(minutes=settings.idle_minutes),
            link_hours=settings.link_hours,
            base_url=settings.base_url.rstrip("/"),
            upload_bytes=settings.upload_megabytes * 1024 * 1024,
            # Half of the threads stay for people.
            long_polls=settings.web_threads // 2,
            trusted_proxies=settings.trusted_proxies,
            metrics_token=settings.metrics_token,
            channels=frozenset(
                senders(settings, TITLE, rooms.clock) if channels is None else channels
            ),
            demo_inbox=demo_inbox,
            demo_accounts=tuple(demo_accounts),
            demo_password=demo_password,
            demo_files=tuple(demo_files),
            registers={one.id: one.title for each in procedures for one in each.registers},
            closed_registers=_closed(procedures),
            register_parts=partial(_register_parts, procedures),
            case_link=partial(_case_link, procedures),
            task_reading=partial(_task_reading, procedures),
            openers={name: one for each in procedures for name, one in each.openings.items()},
        ),
        page_makers=[each.pages for each in procedures if each.pages is not None],
        schema_current=partial(migrating.serves, rooms.database, bureau.version_locations),
        menu_entries=[
            _menu_line(rooms, entry, _closed(procedures))
            for each in procedures
            for entry in each.menu
        ],
    )


def _register_parts(procedures: Sequence[Procedure], session: Session) -> dict[str, str]:
    return {
        part: title
        for each in procedures
        if each.register_parts is not None
        for part, title in each.register_parts(session).items()
    }


def _case_link(
    procedures: Sequence[Procedure], session: Session, actor: Actor, process_id: str, root_key: int
) -> "CaseLink | None":
    from service.web.app_factory import CaseLink

    for each in procedures:
        for page in each.case_pages:
            if process_id in page.processes and (url := page.address(session, actor, root_key)):
                return CaseLink(page.label, url)
    return None


def _task_reading(
    procedures: Sequence[Procedure],
    session: Session,
    actor: Actor,
    step: tuple[str, str],
    case_key: int,
) -> "TaskReading | None":
    from service.web.app_factory import TaskReading

    for each in procedures:
        for one in each.task_readings:
            if step == (one.process_id, one.element_id):
                shown = one.read(session, actor, case_key)
                return None if shown is None else TaskReading(one.template, shown)
    return None


def _closed(procedures: Sequence[Procedure]) -> frozenset[str]:
    return frozenset(one.id for each in procedures for one in each.registers if one.closed)


def _menu_line(rooms: Rooms, entry: procedure.MenuEntry, closed: Collection[str]) -> "MenuEntry":
    from service.web.app_factory import MenuEntry

    register = entry.register
    if register is None:
        return MenuEntry(entry.label, entry.url)
    right = (ObjectKind.REGISTER, Action.READ)

    def visible_for(actor: Actor) -> bool:
        with rooms.read() as session:
            if register in closed:
                return bool(session.scalar(select(granted_by_name(actor, *right, register))))
            part = granted_parts(actor, *right, register).exists()
            return holds(session, actor, *right, register) or bool(session.scalar(select(part)))

    return MenuEntry(entry.label, entry.url, visible_for, ObjectKind.REGISTER)


def daily_works(bureau: Bureau) -> tuple[CalendarWork, ...]:
    """Return what the bureau's procedures do each day, each in a transaction of its own."""

    def in_a_transaction(work: procedure.DailyWork) -> Callable[[Rooms, datetime], object]:
        def run(rooms: Rooms, now: datetime) -> None:
            with rooms.write() as tools:
                work.run(tools, now)

        return run

    return tuple(
        CalendarWork(one.key, one.name, one.at, in_a_transaction(one))
        for each in bureau.procedures
        for one in each.daily
    )


def upgrade_database(settings: Settings, bureau: Bureau) -> None:
    """Bring the database to the newest form; does nothing when it is there already."""
    if settings.database.startswith("sqlite:///"):
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not migrating.heads_current(settings.database, bureau.version_locations):
        migrating.upgrade(settings.database, bureau.version_locations)


def table_names() -> list[str]:
    """Return all tables of the service and of the bureau, in an order in which they can be filled.

    Complete once `discover` has imported the bureau.
    """
    return [
        table.name
        for metadata in (Base.metadata, procedure.ProcessesBase.metadata)
        for table in metadata.sorted_tables
    ]


def shipped_resources(root: Path = ROOT) -> list[deployments.Upload]:
    """Return the files of `bpmn/` and `forms/`."""
    folders = (root / "bpmn", root / "forms")
    paths = sorted(p for folder in folders if folder.is_dir() for p in folder.iterdir())
    return [
        deployments.Upload(path.name, path.read_bytes())
        for path in paths
        if path.suffix in RESOURCE_SUFFIXES
    ]


def deploy_on_empty(rooms: Rooms, *, beside: Sequence[deployments.Upload] = ()) -> None:
    """Deploy the shipped resources where nothing was ever deployed; never over what is there.

    `beside`: what the demonstration has of its own.
    """
    with rooms.read() as session:
        if session.scalar(select(Deployment.key).limit(1)) is not None:
            return
    uploads = [*shipped_resources(), *beside]
    deployments.deploy(rooms, uploads, actor=SYSTEM, now=rooms.clock())
