"""Plays the cases of the sample bureau: each act by the account whose it is, by the real commands.

Days are working days before the demonstration's first start, so that terms run and are missed as
in an office. What the cases do is played in the order of time, whichever procedure it is of: a
meeting takes up what was put up before it, and numbers follow days. The pages are served meanwhile;
the demonstration's own runner begins afterwards, and finds what is due by then.
"""

import logging
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from heapq import merge
from io import BytesIO

from sqlalchemy import or_, select

from service.commands import calendar_estimates, completion, documents, starting, verification
from service.commands.rooms import Rooms
from service.commands.work import MESSAGES
from service.domain.access_events import BUREAU_TIME, bureau_day
from service.domain.actors import Actor
from service.domain.errors import JiaoyanError
from service.domain.outgoing import Channel, OutgoingMessage
from service.domain.values import Variables
from service.jobs.runner import JobRunner
from service.procedure import FormValue, Paper, Procedure, SampleScript, Toolbox
from service.queries import definitions
from service.store import calendars
from service.store.actors import AT, actor_of, with_groups
from service.store.tables import InboxEntry, Person, ProcessInstance, UserTask
from service.store.tables.tasks import EntryState, TaskState

_log = logging.getLogger(__name__)

_HERE = "127.0.0.1"


class Stopped(Exception):
    """The demonstration ends before its cases are played."""


def play(
    rooms: Rooms, procedures: Sequence[Procedure], *, stopped: threading.Event | None = None
) -> None:
    """Play the procedures' cases where there is no case yet. Raises Stopped between two acts.

    A script that is refused something ends there, and the others are played on; then the first
    refusal is raised.
    """
    with rooms.read() as session:
        if session.scalar(select(ProcessInstance.key).limit(1)) is not None:
            return
    stage = Stage(rooms, rooms.clock(), stopped or threading.Event())
    scripts = [
        script
        for each in procedures
        if each.sample_cases is not None
        for script in each.sample_cases(stage)
    ]
    refusals: list[JiaoyanError] = []
    for _moment in merge(*(_until_refused(script, refusals) for script in scripts)):
        pass
    if refusals:
        raise refusals[0]


def _until_refused(script: SampleScript, refusals: list[JiaoyanError]) -> SampleScript:
    try:
        yield from script
    except JiaoyanError as refusal:
        refusals.append(refusal)


def play_beside(
    rooms: Rooms, procedures: Sequence[Procedure], then: Callable[[], None]
) -> Callable[[], None]:
    """Play in a thread of its own, and do `then`, whatever came of it.

    Returns what ends it: it waits for one act at most, and for `then` where that has begun.
    """
    stopped = threading.Event()

    def work() -> None:
        try:
            # Terms may end in a year that is not announced yet.
            calendar_estimates.bring_up_to_date(rooms, now=rooms.clock())
            play(rooms, procedures, stopped=stopped)
        except Stopped:
            return
        except JiaoyanError:
            _log.exception("the sample's cases were not played to their end")
        then()

    thread = threading.Thread(target=work, name="sample", daemon=True)
    thread.start()

    def stop() -> None:
        stopped.set()
        thread.join()

    return stop


@dataclass(slots=True)
class _PostBox:
    """Where somebody from outside gets their mail."""

    received: list[OutgoingMessage] = field(default_factory=list)

    def send(self, message: OutgoingMessage) -> None:
        self.received.append(message)

    def code_for(self, mail: str) -> str:
        """The code of the newest message to this address."""
        text = [one.text for one in self.received if one.to == mail][-1]
        found = re.search(r"\d{6}", text)
        return found[0] if found else ""


@dataclass(slots=True)
class Stage:
    """The running demonstration, as the sample's cases are played on it."""

    rooms: Rooms
    now: datetime
    """When it was started first; every act is at this moment or before."""
    stopped: threading.Event
    _actors: dict[str, Actor] = field(default_factory=dict)

    def moment(self, working_days: int, hour: int, minute: int = 0) -> datetime:
        """Return an hour of the bureau's day so many working days ago (ahead: negative).

        Of today never more than now.
        """
        today = bureau_day(self.now)
        if working_days == 0:
            day = today
        else:
            with self.rooms.read() as session:
                day = calendars.working_days(session).after(today, -working_days).date
        at = datetime.combine(day, time(hour, minute), BUREAU_TIME)
        return at if working_days < 0 else min(at, self.now)

    def start(
        self, process_id: str, username: str, variables: Mapping[str, FormValue], *, at: datetime
    ) -> int:
        """Fill in and submit a start form; return the case's key."""
        actor = self._enter(username)
        with self.rooms.read() as session:
            definition = definitions.to_start(session, actor=actor, process_id=process_id)
        started = starting.start(
            self.rooms,
            definition_key=definition.key,
            variables=self._submitted(definition.key, variables, actor, at),
            actor=actor,
            now=at,
            through_form=True,
        )
        return started.instance_key

    def complete(
        self,
        case: int,
        step: str,
        username: str,
        outcome: str,
        variables: Mapping[str, FormValue] | None = None,
        *,
        comment: str = "",
        at: datetime,
    ) -> None:
        """Do the open task of a step, an element's id, that this person holds or may claim.

        It is a task of the case or of what it has called.
        """
        actor = self._enter(username)
        found = self._task(case, step, actor)
        if found is None:
            # The group that a diagram has named since counts for who has such a post.
            self._actors.pop(username)
            actor = self._enter(username)
            found = self._task(case, step, actor)
        if found is None:
            raise LookupError(f"{username} has no task of the step {step}")
        task_key, revision = found
        completion.complete(
            self.rooms,
            task_key,
            submission=self._submitted(task_key, variables or {}, actor, at),
            outcome=outcome,
            comment=comment,
            revision=revision,
            actor=actor,
            now=at,
        )

    @contextmanager
    def act(self, username: str) -> Iterator[tuple[Toolbox, Actor]]:
        """Open a transaction for what this person does on a page of a procedure."""
        actor = self._enter(username)
        with self.rooms.write() as tools:
            yield tools, actor

    def come_in(self, mail: str, *, at: datetime) -> str:
        """Come in on the public side by the code sent to this address; return the account.

        The first time makes the account.
        """
        if self.stopped.is_set():
            raise Stopped
        post_box = _PostBox()
        verification.request_code(
            self.rooms, mail, channels=[Channel.MAIL], title="教研系统", address=_HERE, now=at
        )
        there = replace(self.rooms, clock=lambda: at)
        senders = {Channel.MAIL: post_box}
        JobRunner(there, owner="sample", senders=senders, kinds=MESSAGES).run_due()
        code = post_box.code_for(mail)
        return verification.admit(self.rooms, mail, code, address=_HERE, now=at).signed_in.username

    def run_jobs(self, *, at: datetime) -> None:
        """Let what is due by this moment happen."""
        if self.stopped.is_set():
            raise Stopped
        there = replace(self.rooms, clock=lambda: at)
        JobRunner(there, owner="sample").run_due()

    def _enter(self, username: str) -> Actor:
        """Return an account as a request finds it."""
        if self.stopped.is_set():
            raise Stopped
        if username not in self._actors:
            person = select(
                Person.username, Person.display_name, Person.kind, Person.must_change_password
            ).where(Person.username == username)
            with self.rooms.read() as session:
                rows = session.execute(with_groups(person), {AT: self.now}).all()
                self._actors[username] = actor_of(session, rows, self.now)
        return self._actors[username]

    def _task(self, case: int, step: str, actor: Actor) -> tuple[int, int] | None:
        holders = [actor.username, *sorted(actor.groups)]
        entry = select(InboxEntry.task_key).where(
            InboxEntry.task_key == UserTask.key,
            InboxEntry.state == EntryState.OPEN,
            InboxEntry.holder.in_(holders),
        )
        called = select(ProcessInstance.key).where(ProcessInstance.key == case)
        family = called.cte("family", recursive=True)
        family = family.union_all(
            select(ProcessInstance.key).join(family, ProcessInstance.parent_key == family.c.key)
        )
        wanted = select(UserTask.key, UserTask.revision).where(
            UserTask.instance_key.in_(select(family.c.key)),
            UserTask.element_id == step,
            UserTask.state == TaskState.CREATED,
            or_(UserTask.assignee == actor.username, entry.exists()),
        )
        with self.rooms.read() as session:
            row = session.execute(wanted).one_or_none()
            return None if row is None else (row[0], row[1])

    def _submitted(
        self, subject: int, variables: Mapping[str, FormValue], actor: Actor, at: datetime
    ) -> Variables:
        """Upload the papers of a form; what is submitted names them by their keys."""
        return {
            name: [self._upload(subject, name, value, actor, at)]
            if isinstance(value, Paper)
            else value
            for name, value in variables.items()
        }

    def _upload(self, subject: int, name: str, paper: Paper, actor: Actor, at: datetime) -> str:
        receipt = documents.upload(
            self.rooms,
            subject,
            field=name,
            file_name=paper.file_name,
            stream=BytesIO(paper.content),
            actor=actor,
            now=at,
        )
        return str(receipt.key)
