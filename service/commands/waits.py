"""What a step waits for and throws, written in the order in which it happened."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, insert, or_, update

from service.commands import correlation, failed_jobs, message_lock, signals
from service.commands.correlation import NewMessage, Taker
from service.commands.instance_lock import LockedInstance
from service.commands.job_rows import job_row
from service.commands.message_lock import Address
from service.commands.onward import Act
from service.commands.outcome import Applied
from service.commands.step_input import Delivered, Step
from service.commands.toolbox import Toolbox
from service.commands.upserts import Row, table
from service.domain.actors import SYSTEM
from service.domain.events import EventKind, MessageThrown, SignalThrown, Subscribed
from service.engine import is_reserved
from service.store.tables import EventSubscription, Job, MessageCorrelation
from service.store.tables.instances import InstanceState
from service.store.tables.work import JobKind, JobState


def write(
    tools: Toolbox, instance: LockedInstance, applied: Applied, step: Step, now: datetime
) -> None:
    """Write who waits no longer, who waits now, and to whom messages and signals go.

    The names of messages are locked first, then nothing is waited for but rows of subscriptions.
    """
    acts, left = applied.onward.acts, applied.onward.left
    freed = None if applied.state is InstanceState.ACTIVE else instance.start_key
    if not (acts or left or step.delivered or freed):
        return
    addresses = set(_addresses(acts, step.delivered))
    if freed is not None:
        names = correlation.start_names(tools.session, instance.process_id)
        addresses |= {(name, freed) for name in names}
    message_lock.lock(tools.session, addresses)
    if left:
        _leave(tools, instance, left, now)
    desk = _Desk(tools, instance, now)
    if step.delivered is not None:
        desk.receive(step.delivered)
    desk.work(acts)
    if freed is not None:
        correlation.start_next(tools, instance.process_id, freed, now)


def _addresses(acts: Iterable[Act], delivered: Delivered | None) -> Iterable[Address]:
    for act in acts:
        is_message = isinstance(act, MessageThrown) or (
            isinstance(act, Subscribed) and act.kind is EventKind.MESSAGE
        )
        if is_message and not isinstance(act, SignalThrown):
            yield act.name, act.correlation_key
    if delivered is not None:
        yield delivered.name, delivered.correlation_key


def _leave(
    tools: Toolbox, instance: LockedInstance, left: list[tuple[int, tuple[str, ...]]], now: datetime
) -> None:
    """Take back what earlier steps wrote; a message that is on its way is correlated anew."""
    waiting, jobs, session = table(EventSubscription), table(Job), tools.session
    whole = [owner for owner, ids in left if not ids]
    of_waiting: list[ColumnElement[bool]] = [waiting.c.element_instance_key.in_(whole)]
    of_jobs: list[ColumnElement[bool]] = [jobs.c.element_instance_key.in_(whole)]
    for owner, ids in left:
        if ids:
            for rows, conditions in ((waiting, of_waiting), (jobs, of_jobs)):
                same = rows.c.element_instance_key == owner
                conditions.append(and_(same, rows.c.element_id.in_(ids)))
    session.execute(delete(waiting).where(or_(*of_waiting)))
    session.execute(
        update(jobs)
        .where(or_(*of_jobs), jobs.c.kind == JobKind.TIMER, jobs.c.state == JobState.WAITING)
        .values(state=JobState.CANCELLED, ended_at=now)
    )
    if instance.open_incidents:
        failed_jobs.withdraw(tools, instance, or_(*of_jobs), now=now)


@dataclass(slots=True)
class _Desk:
    """Works through the acts of one step; the rows of its own subscriptions are written last."""

    tools: Toolbox
    instance: LockedInstance
    now: datetime
    opened: list[Row] = field(default_factory=list)
    jobs: list[Row] = field(default_factory=list)
    on_their_way: list[tuple[int, Taker]] = field(default_factory=list)
    kept: dict[Address, list[int]] = field(default_factory=dict)

    def work(self, acts: list[Act]) -> None:
        """Work through all of them."""
        wanted = [a for a in acts if isinstance(a, Subscribed) and a.kind is EventKind.MESSAGE]
        if wanted:
            self._look_for({(one.name, one.correlation_key) for one in wanted}, len(wanted))
        for act in acts:
            match act:
                case Subscribed(kind=EventKind.TIMER):
                    self.jobs.append(self._timer(act))
                case Subscribed():
                    self._open(act)
                case MessageThrown():
                    self._send(act)
                case SignalThrown():
                    own = self._waiting_for_signal(act.name)
                    signals.reach(self.tools, act.name, act.variables, SYSTEM, self.now, own)
        session = self.tools.session
        if self.opened:
            session.execute(insert(table(EventSubscription)), self.opened)
        if self.jobs:
            session.execute(insert(table(Job)), self.jobs)
        for message_key, taker in self.on_their_way:
            correlation.deliver(self.tools, message_key, [taker], self.now)

    def receive(self, delivered: Delivered) -> None:
        """A message has arrived; a subscription that is still there takes the next one."""
        session = self.tools.session
        session.execute(
            update(table(MessageCorrelation))
            .where(
                MessageCorrelation.message_key == delivered.message_key,
                MessageCorrelation.process_id == self.instance.process_id,
            )
            .values(delivered_at=self.now)
        )
        if delivered.subscription_key:
            correlation.free(
                self.tools,
                delivered.subscription_key,
                (delivered.name, delivered.correlation_key),
                self.now,
            )

    def _look_for(self, addresses: set[Address], most: int) -> None:
        process_id, session = self.instance.process_id, self.tools.session
        self.kept = correlation.kept(session, process_id, addresses, self.now, most=most)

    def _open(self, event: Subscribed) -> None:
        row: Row = {
            "key": self.tools.keys.next(),
            "element_instance_key": event.element_instance_key,
            "element_id": event.element_id,
            "number": event.number,
            "kind": event.kind,
            "name": event.name,
            "correlation_key": event.correlation_key,
            "instance_key": self.instance.key,
            "definition_key": self.instance.definition_key,
            "process_id": self.instance.process_id,
            "message_key": None,
        }
        self.opened.append(row)
        waiting = self.kept.get((event.name, event.correlation_key))
        if event.kind is EventKind.MESSAGE and waiting:
            self._give(row, waiting.pop(0))

    def _give(self, row: Row, message_key: int) -> None:
        """A subscription of this step takes a message."""
        row["message_key"] = message_key
        taker = Taker(
            process_id=self.instance.process_id,
            instance_key=self.instance.key,
            element_instance_key=_whole(row["element_instance_key"]),
            element_id=str(row["element_id"]),
            number=_whole(row["number"]),
            subscription_key=_whole(row["key"]),
        )
        self.on_their_way.append((message_key, taker))

    def _send(self, event: MessageThrown) -> None:
        message = NewMessage(
            key=self.tools.keys.next(),
            name=event.name,
            correlation_key=event.correlation_key,
            variables={n: value for n, value in event.variables.items() if not is_reserved(n)},
            published_by=SYSTEM.username,
            expires_at=self.now + timedelta(seconds=event.time_to_live),
        )
        own = self._free(message.address)
        process_id = self.instance.process_id
        unstarted = () if own is None else (process_id,)
        chosen = correlation.takers(self.tools, message, self.now, unstarted=unstarted)
        by_own = own is not None and process_id not in {one.process_id for one in chosen}
        if not (chosen or by_own or event.time_to_live):
            return
        correlation.insert_message(self.tools.session, message, self.now)
        correlation.deliver(self.tools, message.key, chosen, self.now)
        if own is not None and by_own:
            self._give(own, message.key)
        elif process_id not in {one.process_id for one in chosen}:
            self.kept.setdefault(message.address, []).append(message.key)

    def _free(self, address: Address) -> "Row | None":
        """The first subscription of this step that waits for such a message."""
        for row in self.opened:
            is_free = row["kind"] == EventKind.MESSAGE and row["message_key"] is None
            if is_free and (row["name"], row["correlation_key"]) == address:
                return row
        return None

    def _waiting_for_signal(self, name: str) -> list[Taker]:
        return [
            Taker(
                process_id=self.instance.process_id,
                instance_key=self.instance.key,
                element_instance_key=_whole(row["element_instance_key"]),
                element_id=str(row["element_id"]),
                number=_whole(row["number"]),
            )
            for row in self.opened
            if row["kind"] == EventKind.SIGNAL and row["name"] == name
        ]

    def _timer(self, event: Subscribed) -> Row:
        due_at = event.due_at or self.now
        return job_row(
            self.tools,
            JobKind.TIMER,
            instance_key=self.instance.key,
            element_instance_key=event.element_instance_key,
            element_id=event.element_id,
            now=self.now,
            due_at=due_at,
            details={
                "number": event.number,
                "due": due_at.isoformat(),
                "cycle": event.cycle,
                "left": event.left,
            },
        )


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
