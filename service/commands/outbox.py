"""Messages to people outside: a job row of the transaction that wants them, sent after it.

What a message says and to whom lies encrypted in the job, and is gone when the job is done. A
message that comes too late to be of use is not sent. One that failed for good is kept where an
operator may want it sent all the same.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, insert, select, update

from service.commands.access_log import record
from service.commands.job_rows import announce_job, job_due, job_row
from service.commands.rooms import Rooms
from service.commands.toolbox import Toolbox
from service.commands.upserts import Row, rows_changed, table
from service.commands.work import ClaimedJob
from service.domain.access_events import AccessKind
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.errors import Forbidden, JiaoyanError
from service.domain.outgoing import Channel, OutgoingMessage
from service.domain.values import Json
from service.store.authorization import holds
from service.store.sealing import DataKeyMissing, SealBroken
from service.store.tables import Job
from service.store.tables.work import HAS_DETAILS, JobKind, JobState

PAUSES = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2))
"""Before each further try of what somebody waits for."""

PATIENT = (
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
)
"""The same, of what may come later."""


LIFE_AGAIN = timedelta(days=1)
"""So long what is sent again is of use."""

KEPT_FAILED = timedelta(days=30)
"""How long an operator may have it sent again."""

MOST_RETRIED = 500
"""Messages a transaction."""


class OutgoingForbidden(Forbidden):
    """重新发送只对负责全部流程的运维人员开放，没有改动。如有需要请联系管理员。"""

    code = "outgoing.forbidden"


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message that a runner holds; None where it is too late for it or it cannot be read."""

    message: OutgoingMessage | None


def enqueue(
    tools: Toolbox, message: OutgoingMessage, *, now: datetime, expires_at: datetime
) -> None:
    """Let a message be sent once this transaction is committed, but not after `expires_at`.

    Raises DataKeyMissing.
    """
    row = message_row(tools, message, now=now, expires_at=expires_at)
    tools.session.execute(insert(table(Job)), [row])


def message_row(
    tools: Toolbox,
    message: OutgoingMessage,
    *,
    now: datetime,
    expires_at: datetime,
    pauses: Sequence[timedelta] = PAUSES,
    kept: bool = False,
) -> Row:
    """Make the job's row, for who sends many. `kept`: so that an operator may have it sent again.

    Raises DataKeyMissing.
    """
    row = job_row(
        tools, JobKind.SEND, instance_key=0, element_instance_key=0, element_id="", now=now
    )
    row["type"] = message.channel
    row["details"] = {
        "sealed": tools.data_keys.seal(json.dumps(asdict(message)), _place(row["key"])),
        "expires_at": expires_at.isoformat(),
        "kept": kept,
    }
    row["backoff"] = [int(pause.total_seconds()) for pause in pauses]
    row["retries"] = len(pauses) + 1
    return row


def take(tools: Toolbox, job: ClaimedJob, *, now: datetime, hold: timedelta) -> Envelope | None:
    """Return what a claimed job is to send, and hold it anew; None where the lock was lost.

    It may have been claimed with others that took their time, and nothing but its lock keeps
    somebody else from sending it too.
    """
    row = tools.session.execute(
        update(table(Job))
        .where(Job.key == job.key, Job.fencing == job.fencing, Job.state == JobState.WAITING)
        .values(lock_expires_at=now + hold)
        .returning(Job.details)
    ).one_or_none()
    if row is None:
        return None
    return Envelope(_opened(tools, job.key, row.details, now))


def settle(
    tools: Toolbox, job: ClaimedJob, *, error: str | None, final: bool = False, now: datetime
) -> None:
    """Write down that a job was sent, or why not; the last try (or a `final` one) fails it.

    Nothing happens where the lock was lost: then somebody else sends it once more.
    """
    row = tools.session.execute(
        select(Job.attempts, Job.retries, Job.backoff, Job.details)
        .where(Job.key == job.key, Job.fencing == job.fencing, Job.state == JobState.WAITING)
        .with_for_update()
    ).one_or_none()
    if row is None:
        return
    changes: dict[str, object] = {"lock_owner": None, "lock_expires_at": None, "last_error": error}
    if error is None:
        changes |= {"state": JobState.DONE, "ended_at": now, "details": None}
    else:
        attempts, left = row.attempts + 1, row.retries - 1
        changes |= {"attempts": attempts, "retries": left}
        if left > 0 and not final:
            due_at = job_due(now, tuple(row.backoff), attempts)
            changes["due_at"] = due_at
            announce_job(tools, due_at)
        else:
            changes |= {"state": JobState.FAILED, "ended_at": now}
            if not row.details.get("kept") or now >= _expiry(row.details):
                changes["details"] = None
    tools.session.execute(update(table(Job)).where(Job.key == job.key).values(changes))


def retry_failed(tools: Toolbox, channel: Channel, *, actor: Actor, now: datetime) -> int:
    """Have sent what failed for good by this channel and was kept; return how many messages.

    By who may act on what runs of all processes. Raises OutgoingForbidden.
    """
    if not holds(tools.session, actor, ObjectKind.RUNNING, Action.ACT):
        raise OutgoingForbidden
    failed = tools.session.execute(
        select(Job.key, Job.details, Job.backoff)
        .where(*_failed(channel), HAS_DETAILS)
        .order_by(Job.key)
        .limit(MOST_RETRIED)
        .with_for_update()
    ).all()
    for row in failed:
        details = {**row.details, "expires_at": (now + LIFE_AGAIN).isoformat()}
        tools.session.execute(
            update(table(Job))
            .where(Job.key == row.key)
            .values(
                state=JobState.WAITING,
                details=details,
                due_at=now,
                attempts=0,
                retries=len(row.backoff) + 1,
                ended_at=None,
            )
        )
    if failed:
        announce_job(tools, now)
        record(
            tools,
            AccessKind.INCIDENT_RETRIED,
            actor=actor,
            reference=f"outgoing/{channel}",
            details={"messages": len(failed)},
            now=now,
        )
    return len(failed)


def clean_up(tools: Toolbox, *, now: datetime) -> int:
    """Forget the messages that failed and that nobody had sent again; return how many."""
    return rows_changed(
        tools.session,
        update(table(Job))
        .where(*_failed(), HAS_DETAILS, Job.ended_at < now - KEPT_FAILED)
        .values(details=None),
    )


def rotate_key(rooms: Rooms) -> int:
    """Seal with the newest key the messages that an older one has sealed; return how many.

    Those that wait and those that failed and may be sent again. As `personal_data.rotate_key`:
    small transactions, to be started again where it stopped. One that no key opens stays as it is:
    it fails when its turn comes.
    """
    sealed, after = 0, 0
    while True:
        with rooms.write() as tools:
            rows = tools.session.execute(
                select(Job.key, Job.details)
                .where(Job.kind == JobKind.SEND, Job.key > after, HAS_DETAILS)
                .order_by(Job.key)
                .limit(MOST_RETRIED)
                .with_for_update()
            ).all()
            for row in rows:
                sealed += _sealed_again(tools, row.key, row.details)
        if not rows:
            return sealed
        after = rows[-1].key


def _sealed_again(tools: Toolbox, key: int, details: Mapping[str, Json]) -> bool:
    before = str(details.get("sealed"))
    if tools.data_keys.is_newest(before):
        return False
    try:
        content = tools.data_keys.open(before, _place(key))
    except (SealBroken, DataKeyMissing):
        return False
    kept = {**details, "sealed": tools.data_keys.seal(content, _place(key))}
    tools.session.execute(update(table(Job)).where(Job.key == key).values(details=kept))
    return True


def _failed(channel: Channel | None = None) -> tuple[ColumnElement[bool], ...]:
    wanted = (Job.kind == JobKind.SEND, Job.state == JobState.FAILED)
    return wanted if channel is None else (*wanted, Job.type == channel)


def _opened(tools: Toolbox, key: int, details: Json, now: datetime) -> OutgoingMessage | None:
    if not isinstance(details, dict):
        return None
    if now >= _expiry(details):
        return None
    try:
        content = tools.data_keys.open(str(details.get("sealed")), _place(key))
    except JiaoyanError:
        return None
    said = json.loads(content)
    said |= {"channel": Channel(said["channel"]), "mentions": tuple(said.get("mentions", ()))}
    return replace(OutgoingMessage(**said), key=str(key))


def _expiry(details: Mapping[str, Json]) -> datetime:
    return datetime.fromisoformat(str(details.get("expires_at")))


def _place(key: object) -> str:
    return f"job:{key}"
