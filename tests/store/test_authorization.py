"""Who sees which row: each filter, asked by each kind of person, on both databases."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlalchemy import ColumnElement, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, GranteeKind, ObjectKind
from service.domain.keys import KeySource
from service.store import authorization
from service.store.database import Database
from service.store.tables import (
    Document,
    Incident,
    Person,
    ProcessDefinition,
    ProcessInstance,
    UserTask,
)
from service.store.tables.tasks import EntryState, HolderKind
from tests.fixtures_store import Cast, CountStatements
from tests.store.worlds import World

OFFICE = frozenset({"office"})

INITIATOR = Actor("initiator")
HOLDER = Actor("holder")
CANDIDATE = Actor("candidate")
MEMBER = Actor("member", groups=OFFICE)
FORMER_MEMBER = Actor("former-member")
PASSED_OVER = Actor("passed-over")
READER = Actor("reader")
OPERATOR = Actor("operator", groups=frozenset({"operators"}))
ADMIN = Actor("admin", groups=frozenset({"administrators"}))
STRANGER = Actor("stranger", groups=frozenset({"another-office"}))

PEOPLE = [
    INITIATOR,
    HOLDER,
    CANDIDATE,
    MEMBER,
    FORMER_MEMBER,
    PASSED_OVER,
    READER,
    OPERATOR,
    ADMIN,
    STRANGER,
]


@dataclass(frozen=True)
class Rows:
    """One admission on its way; beside it a case of a process in which nobody has any part."""

    task: int
    document: int
    draft_document: int
    instance: int
    incident: int
    definition: int


@pytest.fixture
def rows(database: Database, keys: KeySource, now: datetime) -> Rows:
    with database.write() as session:
        world = World(session, keys, now)
        instance = world.instance("admission", started_by="initiator")
        task = world.task(
            instance,
            [
                (HolderKind.PERSON, "holder", EntryState.OPEN),
                (HolderKind.CANDIDATE, "candidate", EntryState.TAKEN),
                (HolderKind.GROUP, "office", EntryState.TAKEN),
                (HolderKind.CANDIDATE, "passed-over", EntryState.CLOSED),
            ],
        )
        found = Rows(
            task=task,
            document=world.document(instance, uploaded_by="initiator"),
            draft_document=world.document(None, uploaded_by="stranger"),
            instance=instance,
            incident=world.incident(instance),
            definition=world.definition("admission"),
        )
        give_rights(world)
        other = world.instance("elsewhere", started_by="nobody")
        world.task(other, [(HolderKind.PERSON, "nobody", EntryState.OPEN)])
        world.document(other, uploaded_by="nobody")
        world.incident(other)
    return found


def give_rights(world: World) -> None:
    person, group = GranteeKind.PERSON, GranteeKind.GROUP
    world.allow(person, "reader", ObjectKind.CASE, Action.READ, "admission")
    world.allow(group, "operators", ObjectKind.RUNNING, Action.READ)
    world.allow(group, "operators", ObjectKind.RUNNING, Action.ACT)
    world.allow(group, "operators", ObjectKind.TASK, Action.ACT)
    world.allow(group, "administrators", ObjectKind.ACCOUNT, Action.ACT)
    world.allow(group, "administrators", ObjectKind.DEPLOYMENT, Action.READ)
    world.allow(group, "administrators", ObjectKind.PROCEDURE, Action.ACT)


Filter = Callable[[Actor], ColumnElement[bool]]


def who(database: Database, column: InstrumentedAttribute[int], key: int, see: Filter) -> set[str]:
    """The people to whom the filter shows the row of this key."""
    with database.read() as session:
        return {
            actor.username
            for actor in PEOPLE
            if session.scalar(select(column).where(column == key, see(actor))) is not None
        }


TAKES_PART = {"holder", "candidate", "member"}


def test_an_instance_is_seen_by_who_started_holds_or_held_it_and_by_overseers(
    database: Database, rows: Rows
) -> None:
    seen = who(database, ProcessInstance.key, rows.instance, authorization.visible_instances)
    assert seen == TAKES_PART | {"initiator", "reader", "operator"}


def test_its_values_are_not_for_operators(database: Database, rows: Rows) -> None:
    seen = who(database, ProcessInstance.key, rows.instance, authorization.readable_values)
    assert seen == TAKES_PART | {"initiator", "reader"}


def test_a_task_is_opened_by_who_holds_it_and_not_by_who_started_the_instance(
    database: Database, rows: Rows
) -> None:
    seen = who(database, UserTask.key, rows.task, authorization.visible_tasks)
    assert seen == TAKES_PART | {"reader"}


def test_a_task_is_given_to_others_by_who_has_the_right(database: Database, rows: Rows) -> None:
    assert who(database, UserTask.key, rows.task, authorization.assignable_tasks) == {"operator"}


def test_a_submitted_file_is_seen_by_who_reads_the_values(database: Database, rows: Rows) -> None:
    seen = who(database, Document.key, rows.document, authorization.visible_documents)
    assert seen == TAKES_PART | {"initiator", "reader"}


def test_a_file_not_yet_submitted_is_seen_by_who_uploaded_it(
    database: Database, rows: Rows
) -> None:
    seen = who(database, Document.key, rows.draft_document, authorization.visible_documents)
    assert seen == {"stranger"}


def test_an_incident_is_seen_by_who_oversees_the_procedure(database: Database, rows: Rows) -> None:
    seen = who(database, Incident.key, rows.incident, authorization.visible_incidents)
    assert seen == {"operator", "reader"}


def test_a_definition_is_seen_by_who_may_start_or_read_it_or_is_in_a_case_of_it(
    database: Database, rows: Rows
) -> None:
    seen = who(database, ProcessDefinition.key, rows.definition, authorization.visible_definitions)
    assert seen == TAKES_PART | {"initiator", "reader", "operator", "admin"}


def test_a_procedure_is_started_by_who_has_the_right(database: Database, rows: Rows) -> None:
    seen = who(database, ProcessDefinition.key, rows.definition, authorization.may_start)
    assert seen == {"admin"}


@pytest.mark.parametrize(
    ("column", "see"),
    [
        (ProcessInstance.key, authorization.visible_instances),
        (ProcessInstance.key, authorization.readable_values),
        (UserTask.key, authorization.visible_tasks),
        (Document.key, authorization.visible_documents),
        (Incident.key, authorization.visible_incidents),
        (ProcessDefinition.key, authorization.visible_definitions),
    ],
)
def test_a_right_to_one_procedure_shows_nothing_of_another(
    database: Database, rows: Rows, column: InstrumentedAttribute[int], see: Filter
) -> None:
    with database.read() as session:
        shown = session.scalars(select(column).where(see(READER))).all()
        everything = session.scalars(select(column)).all()
    assert 1 <= len(shown) < len(everything)


def test_the_system_sees_and_may_do_everything(database: Database, rows: Rows) -> None:
    with database.read() as session:
        assert (
            len(session.scalars(select(UserTask).where(authorization.visible_tasks(SYSTEM))).all())
            == 2
        )
        assert authorization.holds(session, SYSTEM, ObjectKind.ACCOUNT, Action.ACT)


def test_a_right_of_everyone_is_a_strangers_too(
    database: Database, rows: Rows, keys: KeySource, now: datetime
) -> None:
    with database.write() as session:
        World(session, keys, now).allow(
            GranteeKind.EVERYONE, "*", ObjectKind.PROCEDURE, Action.ACT, "admission"
        )
    seen = who(database, ProcessDefinition.key, rows.definition, authorization.may_start)
    assert seen == {actor.username for actor in PEOPLE}


def holds(session: Session, actor: Actor, process_id: str) -> bool:
    return authorization.holds(session, actor, ObjectKind.CASE, Action.READ, process_id)


def test_one_right_is_asked_for_by_one_statement(
    database: Database, rows: Rows, count_statements: CountStatements
) -> None:
    with database.read() as session, count_statements() as statements:
        assert holds(session, READER, "admission")
        assert not holds(session, READER, "elsewhere")
        assert not holds(session, READER, "*")
        assert not holds(session, STRANGER, "admission")
    assert len(statements) == 4


def test_a_right_of_whom_a_column_names_is_theirs_and_nobody_else_s(
    database: Database, keys: KeySource, cast: Cast, now: datetime
) -> None:
    person = aliased(Person)
    with database.write() as session:
        world = World(session, keys, now)
        world.allow(GranteeKind.GROUP, "personnel-office", ObjectKind.RUNNING, Action.ACT)
        world.allow(GranteeKind.PERSON, "wang.wei", ObjectKind.RUNNING, Action.ACT, "leave")

        def named(right: ColumnElement[bool]) -> set[str]:
            return set(session.scalars(select(person.username).where(right)))

        acts = (person.username, ObjectKind.RUNNING, Action.ACT)
        assert named(authorization.granted_to(*acts, literal("leave"))) == {"li.na", "wang.wei"}
        assert named(authorization.granted_to(*acts, literal("other"))) == {"li.na"}
        assert named(authorization.granted_somewhere_to(*acts)) == {"li.na", "wang.wei"}
