"""The filters in SQL mean what the rules say, in any small world."""

from dataclasses import dataclass
from datetime import datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind, allows
from service.domain.keys import KeySource
from service.store import authorization
from service.store.database import Database
from service.store.tables import Document, Incident, ProcessDefinition, ProcessInstance, UserTask
from service.store.tables.tasks import EntryState, HolderKind
from tests.store.worlds import World

PROCESSES = ["admission", "leave"]

Holder = tuple[HolderKind, str, EntryState]

holders = st.builds(
    lambda who, state: (*who, state),
    st.sampled_from(
        [
            (HolderKind.PERSON, "someone"),
            (HolderKind.PERSON, "anna"),
            (HolderKind.CANDIDATE, "anna"),
            (HolderKind.GROUP, "office"),
            # A group named like a person must not be taken for one, nor the other way round.
            (HolderKind.GROUP, "anna"),
            (HolderKind.PERSON, "office"),
        ]
    ),
    st.sampled_from(EntryState),
)
rights = st.sampled_from(
    [
        (ObjectKind.CASE, Action.READ),
        (ObjectKind.RUNNING, Action.READ),
        (ObjectKind.DEPLOYMENT, Action.READ),
        (ObjectKind.PROCEDURE, Action.ACT),
        # Of no use here, whatever they are to others.
        (ObjectKind.CASE, Action.EXPORT),
        (ObjectKind.REGISTER, Action.READ),
    ]
)
grants = st.builds(
    lambda grantee, process_id, right: Grant(grantee[0], grantee[1], process_id, *right),
    st.sampled_from(
        [
            (GranteeKind.EVERYONE, "*"),
            *((GranteeKind.PERSON, name) for name in ["anna", "office"]),
            *((GranteeKind.GROUP, name) for name in ["office", "anna"]),
        ]
    ),
    st.sampled_from(["admission", "*", "leave"]),
    rights,
)


@dataclass(frozen=True)
class Case:
    process_id: str
    started_by: str
    tasks: list[list[Holder]]
    uploaders: list[str]


cases = st.builds(
    Case,
    process_id=st.sampled_from(PROCESSES),
    started_by=st.sampled_from(["someone", "anna"]),
    tasks=st.lists(
        st.lists(holders, min_size=1, max_size=2, unique_by=lambda holder: holder[:2]), max_size=2
    ),
    uploaders=st.lists(st.sampled_from(["anna", "someone"]), max_size=2),
)
actors = st.builds(
    Actor, st.just("anna"), groups=st.frozensets(st.just("office")), public=st.booleans()
)


@dataclass(frozen=True)
class Reading:
    """The rules in plain Python."""

    actor: Actor
    grants: list[Grant]
    closed: frozenset[str] = frozenset()

    def may(self, object: ObjectKind, action: Action, process_id: str) -> bool:
        return allows(self.grants, self.actor, object, action, process_id, self.closed)

    def is_mine(self, holder: Holder) -> bool:
        kind, name, state = holder
        mine = (
            name in self.actor.groups if kind is HolderKind.GROUP else name == self.actor.username
        )
        return mine and state is not EntryState.CLOSED

    def takes_part(self, case: Case) -> bool:
        return any(self.is_mine(holder) for task in case.tasks for holder in task)

    def values(self, case: Case) -> bool:
        return (
            case.started_by == self.actor.username
            or self.takes_part(case)
            or self.may(ObjectKind.CASE, Action.READ, case.process_id)
        )

    def instance(self, case: Case) -> bool:
        return self.values(case) or self.may(ObjectKind.RUNNING, Action.READ, case.process_id)

    def incident(self, case: Case) -> bool:
        return any(
            self.may(object, Action.READ, case.process_id)
            for object in (ObjectKind.CASE, ObjectKind.RUNNING)
        )

    def task(self, case: Case, task: list[Holder]) -> bool:
        mine = any(self.is_mine(holder) for holder in task)
        return mine or self.may(ObjectKind.CASE, Action.READ, case.process_id)

    def definition(self, process_id: str, of_it: list[Case]) -> bool:
        return (
            self.may(ObjectKind.PROCEDURE, Action.ACT, process_id)
            or self.may(ObjectKind.DEPLOYMENT, Action.READ, process_id)
            or self.incident(Case(process_id, "", [], []))
            or any(self.instance(case) for case in of_it)
        )


def expected(world: World, worlds_cases: list[Case], reading: Reading) -> dict[str, set[int]]:
    """Make the rows, and say which of them the rules show."""
    seen: dict[str, set[int]] = {
        name: set() for name in ("instance", "values", "task", "document", "incident")
    }
    for case in worlds_cases:
        instance = world.instance(case.process_id, started_by=case.started_by)
        made = {"incident": [(world.incident(instance), reading.incident(case))]}
        made["instance"] = [(instance, reading.instance(case))]
        made["values"] = [(instance, reading.values(case))]
        made["task"] = [(world.task(instance, t), reading.task(case, t)) for t in case.tasks]
        made["document"] = [
            (world.document(instance, uploaded_by=name), by_me or reading.values(case))
            for name in case.uploaders
            for by_me in [name == reading.actor.username]
        ]
        for kind, found in made.items():
            seen[kind] |= {key for key, is_shown in found if is_shown}
    seen["definition"] = {
        world.definition(process_id)
        for process_id in PROCESSES
        if reading.definition(process_id, [c for c in worlds_cases if c.process_id == process_id])
    }
    return seen


def shown(session: Session, actor: Actor) -> dict[str, set[int]]:
    """What the filters show."""
    filters = {
        "instance": (ProcessInstance.key, authorization.visible_instances),
        "values": (ProcessInstance.key, authorization.readable_values),
        "task": (UserTask.key, authorization.visible_tasks),
        "document": (Document.key, authorization.visible_documents),
        "incident": (Incident.key, authorization.visible_incidents),
        "definition": (ProcessDefinition.key, authorization.visible_definitions),
    }
    return {
        name: set(session.scalars(select(column).where(see(actor))))
        for name, (column, see) in filters.items()
    }


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    actor=actors,
    granted=st.lists(grants, max_size=2, unique=True),
    world_cases=st.lists(cases, min_size=1, max_size=3),
    closed=st.frozensets(st.just("admission")),
)
def test_every_filter_shows_what_the_rules_show(
    database: Database,
    keys: KeySource,
    now: datetime,
    actor: Actor,
    granted: list[Grant],
    world_cases: list[Case],
    closed: frozenset[str],
) -> None:
    with database.write() as session:
        world = World(session, keys, now)
        for right in granted:
            world.allow(
                right.grantee_kind, right.grantee, right.object, right.action, right.process_id
            )
        for process_id in closed:
            world.close(process_id)
        by_rule = expected(world, world_cases, Reading(actor, granted, closed))
        assert shown(session, actor) == by_rule
        session.rollback()
