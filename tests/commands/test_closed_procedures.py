"""A closed procedure: begun by a mark, ended by two people, and let slip by nothing beside."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, update

from service.commands import (
    closing,
    deputies,
    erasure,
    handing_over,
    personal_data,
    rights,
)
from service.commands.closing import (
    OpeningReasonMissing,
    ProcedureNotClosed,
    ProcedureStillMarked,
)
from service.commands.deployments import Upload, check, delete_resource, deploy
from service.commands.deputies import DeputyRefused
from service.commands.handing_over import HandedOver
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import ALL, Action, Grant, GranteeKind, ObjectKind
from service.domain.handing_over import Destination, HandoverPlan
from service.domain.notifications import OF_CLOSED
from service.domain.outgoing import Channel
from service.domain.personal_data import PersonalKind
from service.domain.problems import Severity
from service.domain.soundness import Fault
from service.jobs.runner import JobRunner
from service.queries import held_tasks, instances, metrics, process_instance_search, timeline
from service.queries.keyset_search import Search
from service.store import record_check
from service.store.authorization import visible_tasks
from service.store.tables import (
    AccessEvent,
    ClosedProcedure,
    Notification,
    NotificationChoice,
    Resource,
    UserTask,
)
from tests.commands.administering import administrator_of
from tests.commands.test_notification_messages import Post
from tests.engine.builders import diagram, end, flows, properties, start, user
from tests.fixtures_commands import Stage
from tests.fixtures_events import CALLED, CALLS, Bring
from tests.fixtures_organization import actor_now

READS = (ObjectKind.CASE, Action.READ)


def exits(note: str = "", *, closed: bool) -> bytes:
    """A procedure that gives its one task to the officer; `note` makes another version."""
    mark = properties(closed="true") if closed else ""
    task = user("decide", assignee="li.na").replace('id="decide"', f'id="decide" name="决定{note}"')
    return diagram(
        start(), task, end(), flows("start", "decide", "end"), process_id="exit", extensions=mark
    )


def publish(stage: Stage, content: bytes) -> None:
    deploy(stage.rooms, [Upload("exit.bpmn", content)], actor=SYSTEM, now=stage.clock.now)


def give(stage: Stage, person: Actor, *right: ObjectKind | Action, to: str = ALL) -> None:
    kind, action = right
    assert isinstance(kind, ObjectKind)
    assert isinstance(action, Action)
    given = Grant(GranteeKind.PERSON, person.username, to, kind, action)
    with stage.rooms.write() as tools:
        rights.grant(tools, given, actor=SYSTEM, now=stage.clock.now)


def sees(stage: Stage, actor: Actor, process_id: str = "exit") -> int:
    """How many cases of the procedure a search shows."""
    with stage.rooms.read() as session:
        found = process_instance_search.search(session, actor=actor, search=Search())
    return sum(row.process_id == process_id for row in found.items)


def faults(stage: Stage) -> list[tuple[str, Fault]]:
    with stage.rooms.read() as session:
        found = record_check.verify(session)
    return [(one.chain.id.split(" ")[0], one.fault) for one in found if one.chain.kind == "closed"]


@pytest.fixture
def reader(stage: Stage) -> Actor:
    """The stranger, with a right to the cases of all procedures."""
    give(stage, stage.cast.stranger, *READS)
    return stage.cast.stranger


def begin(stage: Stage, process_id: str = "exit", by: Actor = SYSTEM) -> int:
    """Start a case; the applicant is named for that."""
    if by == stage.cast.applicant:
        give(stage, by, ObjectKind.PROCEDURE, Action.ACT, to=process_id)
    return stage.start(process_id, by).instance_key


def test_no_version_without_the_mark_opens_anything(stage: Stage, reader: Actor) -> None:
    publish(stage, exits(closed=False))
    begin(stage)
    assert sees(stage, reader) == 1
    publish(stage, exits("", closed=True))
    begin(stage)
    assert sees(stage, reader) == 0  # those of the version before too
    unmarked = exits("二", closed=False)
    [warned] = check(stage.rooms, [Upload("exit.bpmn", unmarked)])
    assert (warned.rule, warned.severity) == ("process-closed-kept", Severity.WARNING)
    publish(stage, unmarked)
    begin(stage)
    assert sees(stage, reader) == 0
    give(stage, reader, *READS, to="exit")
    assert sees(stage, reader) == 3


def test_opening_takes_a_version_and_a_reason(stage: Stage, reader: Actor) -> None:
    def opened(reason: str = "机构改革后不再涉密") -> None:
        with stage.rooms.write() as tools:
            closing.open_procedure(tools, "exit", reason=reason, now=stage.clock.now)

    publish(stage, exits(closed=True))
    begin(stage)
    with pytest.raises(ProcedureStillMarked):
        opened()
    publish(stage, exits("二", closed=False))
    with pytest.raises(OpeningReasonMissing):
        opened(" ")
    assert sees(stage, reader) == 0
    opened()
    assert sees(stage, reader) == 1
    with pytest.raises(ProcedureNotClosed):
        opened()
    kinds = [row["kind"] for row in stage.rows(AccessEvent, subject="exit")]
    assert kinds == ["procedure_closed", "procedure_opened"]
    assert faults(stage) == []
    with stage.rooms.write() as tools:  # the version before, with the mark, counts again
        newest = max(int(str(row["key"])) for row in stage.rows(Resource, name="exit.bpmn"))
        delete_resource(tools, newest, actor=SYSTEM, now=stage.clock.now)
    assert sees(stage, reader) == 0


def test_whoever_opens_by_hand_is_found(stage: Stage) -> None:
    publish(stage, exits(closed=True))
    assert faults(stage) == []
    with stage.rooms.database.write() as session:
        session.execute(delete(ClosedProcedure))
    assert faults(stage) == [("exit", Fault.NOT_THERE)]


def test_a_child_and_its_caller_are_closed_each_by_itself(stage: Stage, bring: Bring) -> None:
    bring(CALLS, CALLED)
    reader = stage.cast.officer
    give(stage, reader, *READS)
    parent = begin(stage, "calls")
    JobRunner(stage.rooms, owner="w").run_due()
    child = int(str(stage.row(UserTask)["instance_key"]))

    def seen() -> tuple[int, int]:
        return sees(stage, reader, "calls"), sees(stage, reader, "called")

    def linked(key: int) -> list[int | None]:
        with stage.rooms.read() as session:
            entries = timeline.of_instance(
                session, instance_key=key, with_values=True, links_for=reader
            )
        return [one.linked_key for one in entries if one.linked_key is not None]

    assert seen() == (1, 1)
    assert linked(parent) == [child]
    assert linked(child) == [parent]
    _close(stage, "called")
    assert seen() == (1, 0)
    assert linked(parent) == []
    with stage.rooms.database.write() as session:
        session.execute(update(ClosedProcedure).values(process_id="calls"))
    assert seen() == (0, 1)
    assert linked(child) == []
    with stage.rooms.read() as session:
        assert instances.get(session, actor=reader, key=child).parent_key is None
        found = process_instance_search.get(session, actor=reader, key=child)
    assert (found.parent_key, found.root_key) == (None, child)


def _close(stage: Stage, process_id: str) -> None:
    row = {"process_id": process_id, "closed_at": stage.clock.now, "closed_by": "system"}
    with stage.rooms.database.write() as session:
        session.execute(insert(ClosedProcedure), [row])


def test_a_deputy_for_all_procedures_is_one_for_no_closed_one(stage: Stage) -> None:
    publish(stage, exits(closed=True))
    begin(stage)

    def appoint(principal: str, deputy: str, *processes: str, by: str = "") -> None:
        now = stage.clock.now
        with stage.rooms.write() as tools:
            deputies.appoint(
                tools, principal=principal, deputy=deputy, starts_at=now - timedelta(days=1),
                ends_at=now + timedelta(days=1), process_ids=processes,
                actor=Actor(by or principal), now=now,
            )  # fmt: skip

    def sees_task(username: str) -> bool:
        with stage.rooms.read() as session:
            actor = actor_now(session, username, stage.clock.now)
            return session.scalar(select(UserTask.key).where(visible_tasks(actor))) is not None

    admin = administrator_of(stage.rooms, stage.clock.now)
    appoint("li.na", "wang.wei")
    assert not sees_task("wang.wei")
    with pytest.raises(DeputyRefused, match="只能由本人"):
        appoint("li.na", "zhang.min", "exit", by=admin.username)
    appoint("li.na", "zhang.min", "exit")  # beside the one for all others
    assert sees_task("zhang.min")
    appoint("zhang.min", admin.username)  # hands on what is open alone
    assert not sees_task(admin.username)


def test_an_administrator_lets_nobody_take_over(stage: Stage) -> None:
    publish(stage, exits(closed=True))
    task = stage.task(begin(stage), "decide")
    admin = administrator_of(stage.rooms, stage.clock.now)
    with stage.rooms.read() as session:
        [held] = held_tasks.of_person(session, actor=admin, username="li.na").rows
    assert (held.name, held.process_name, held.closed) == ("", "", True)
    plan = HandoverPlan("wang.wei", {task: Destination.SUCCESSOR})

    def leave() -> HandedOver:
        return handing_over.leave(
            stage.rooms, username="li.na", plan=plan, actor=admin, now=stage.clock.now
        )

    assert leave() == HandedOver(to_nobody=1)
    give(stage, admin, ObjectKind.TASK, Action.ACT, to="exit")
    done = handing_over.hand_over(
        stage.rooms, username="li.na", plan=plan, actor=admin, now=stage.clock.now
    )
    assert done == HandedOver(to_successor=1)


def test_what_leaves_the_house_says_nothing_of_it(stage: Stage) -> None:
    publish(stage, exits(closed=True))
    kinds = ("task-arrived",)
    with stage.rooms.write() as tools:
        personal_data.write(
            tools, username="li.na", kind=PersonalKind.MAIL, text="li.na@example.cn",
            now=stage.clock.now,
        )  # fmt: skip
        wanted = [
            {"username": "li.na", "kind": kind, "channel": channel, "wanted": True}
            for kind in kinds
            for channel in (Channel.MAIL, Channel.WECOM, Channel.HOOK)
        ]
        tools.session.execute(insert(NotificationChoice), wanted)
    begin(stage, by=stage.cast.applicant)
    post = Post()
    senders = dict.fromkeys((Channel.MAIL, Channel.WECOM, Channel.HOOK), post)
    JobRunner(stage.rooms, owner="w", senders=senders).run_due()
    assert [(one.channel, one.text) for one in post.messages] == [(Channel.MAIL, OF_CLOSED)]
    assert "决定" in str(stage.row(Notification, username="li.na")["text"])


def test_numbers_and_erasure_name_no_closed_procedure(stage: Stage, bring: Bring) -> None:
    publish(stage, exits(closed=True))
    case = begin(stage, by=stage.cast.applicant)
    bring(CALLED)
    begin(stage, "called")
    with stage.rooms.read() as session:
        figures = metrics.measure(session, now=stage.clock.now).instances
    assert [(one.process_id, one.active) for one in figures] == [("called", 1), ("(closed)", 1)]
    stage.complete(stage.task(case, "decide"), stage.cast.officer)
    admin = administrator_of(stage.rooms, stage.clock.now)

    def named() -> list[str]:
        with stage.rooms.read() as session:
            found = erasure.holdings(session, stage.rooms.models, "zhang.min", actor=admin)
        return [one.process_name for one in found.cases]

    assert named() == [""]
    give(stage, admin, *READS, to="exit")
    assert named() == ["exit"]


def test_all_members_of_staff_may_start_and_no_more(stage: Stage) -> None:
    publish(stage, exits(closed=True))
    begin(stage)
    everybody = (GranteeKind.EVERYONE, ALL, "exit")
    with stage.rooms.write() as tools:
        for right in ((ObjectKind.PROCEDURE, Action.ACT), (ObjectKind.RUNNING, Action.READ)):
            rights.grant(tools, Grant(*everybody, *right), actor=SYSTEM, now=stage.clock.now)
    own = begin(stage, by=stage.cast.stranger)
    assert own
    assert sees(stage, stage.cast.stranger) == 1
