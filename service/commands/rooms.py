"""What the composition root gives the entry points: the shared parts, and the transactions."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from service.commands.file_room import FileRoom
from service.commands.handlers import HandlerRegistry
from service.commands.models import ModelCache
from service.commands.toolbox import OnTies, Toolbox
from service.domain.access_events import DEFAULT_DAYS
from service.domain.keys import KeySource
from service.engine import Engine
from service.feel import FeelPool
from service.store.database import Database
from service.store.sealing import DataKeys
from service.store.verification import SoundnessCheck

JOB_DUE = "jiaoyan.job-due"
"""Key in `Session.info` of the earliest moment a job row of this transaction is due."""


def _nobody_waits(due_at: datetime) -> None:
    """Jobs run elsewhere: the worker finds the row by itself."""


@dataclass(frozen=True, slots=True)
class Rooms:
    """One a process of the program; threads share it.

    `clock` gives the present moment, aware and in UTC, and is read by entry points only.
    `access_log_days` is how long access logs are kept. `job_written` is called after each commit
    that wrote a job, with the moment it is due. `soundness_checks` are what procedures add to a
    verification of the record, `on_ties` what they do where people turn out to be tied.
    """

    database: Database
    engine: Engine
    feel: FeelPool
    handlers: HandlerRegistry
    keys: KeySource
    files: FileRoom
    models: ModelCache
    clock: Callable[[], datetime]
    audit_key: bytes
    data_keys: DataKeys
    access_log_days: int = DEFAULT_DAYS
    job_written: Callable[[datetime], None] = _nobody_waits
    soundness_checks: tuple[SoundnessCheck, ...] = ()
    on_ties: tuple[OnTies, ...] = ()

    def read(self) -> AbstractContextManager[Session]:
        """Open a reading session; nothing written in it is kept."""
        return self.database.read()

    @contextmanager
    def reading(self) -> Iterator[Toolbox]:
        """Open a reading session with its tools, for the checks before a transaction."""
        with self.database.read() as session:
            yield self.toolbox(session)

    @contextmanager
    def write(self) -> Iterator[Toolbox]:
        """Open a transaction: committed once at the end of the block, nothing kept on an error."""
        with self.database.write() as session:
            yield self.toolbox(session)
        due_at = session.info.pop(JOB_DUE, None)
        if due_at is not None:
            self.job_written(due_at)

    def toolbox(self, session: Session) -> Toolbox:
        """Return the tools of a transaction that is open already."""
        return Toolbox(
            session=session,
            engine=self.engine,
            feel=self.feel,
            keys=self.keys,
            handlers=self.handlers,
            files=self.files,
            models=self.models,
            audit_key=self.audit_key,
            data_keys=self.data_keys,
            on_ties=self.on_ties,
        )
