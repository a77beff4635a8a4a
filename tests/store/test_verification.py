"""Whatever is changed in the record by hand is found, in each column of each of its tables."""

from collections.abc import Sequence
from datetime import datetime

import pytest
from sqlalchemy import Delete, Update, delete, func, insert, select, update
from sqlalchemy.orm import Session

from service.commands import groups, rights
from service.commands.access_log import record
from service.domain.access_events import AccessKind
from service.domain.actors import SYSTEM
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.domain.soundness import (
    Fault,
    Finding,
    Head,
    HeadsForged,
    HeadsUnreadable,
    access_chain,
    read_heads,
    write_heads,
)
from service.store import heads, history
from service.store.base import Base
from service.store.database import Database
from service.store.history import ChainHead, NewEntry
from service.store.tables import (
    AccessEvent,
    AccessHead,
    AuthorizationGrant,
    HistoryEntry,
    HistoryValue,
    Membership,
    ProcessInstance,
)
from service.store.verification import verify
from tests.fixtures_store import AUDIT_KEY, OFFICE, Book, Cast, Write
from tests.recorded import record_cast
from tests.store.worlds import World
from tests.tampering import let_everything_be_written, other

CASES = Grant(GranteeKind.GROUP, OFFICE, "admission", ObjectKind.CASE, Action.READ)
TASKS = Grant(GranteeKind.GROUP, OFFICE, "admission", ObjectKind.TASK, Action.ACT)
NOT_THE_RECORDS = {"authorization_grant.key"}
"""Says nothing: a right is what it is under any key."""


@pytest.fixture
def day(database: Database, cast: Cast, write: Write, now: datetime) -> str:
    """A day with a case, with what two people did, and with rights and members given and taken."""
    with write() as tools:
        record_cast(tools, now)
        groups.add_member(tools, group_id=OFFICE, username="wang.wei", actor=SYSTEM, now=now)
        groups.remove_member(tools, group_id=OFFICE, username="wang.wei", actor=SYSTEM, now=now)
        for right in (CASES, TASKS):
            rights.grant(tools, right, actor=SYSTEM, now=now)
        rights.revoke(tools, TASKS, actor=SYSTEM, now=now)
        for username in ("li.na", "zhang.min"):
            for kind in (AccessKind.SIGN_IN, AccessKind.EXPORT, AccessKind.SIGN_OUT):
                event(tools, username, kind, now)
        case(tools, now)
    return "2026-03-02"


def event(tools: Book, username: str, kind: AccessKind, now: datetime) -> None:
    actor = next(one for one in (*_people(), SYSTEM) if one.username == username)
    record(
        tools,
        kind,
        actor=actor,
        subject="zhang.min",
        reference="qualifications/1",
        details={"reason": "核对"},
        now=now,
        address="10.0.0.1",
    )


def _people() -> Cast:
    from tests.fixtures_store import CAST

    return CAST


def case(tools: Book, now: datetime) -> int:
    """An instance with three entries; the second has no value."""
    key = World(tools.session, tools.keys, now).instance("admission", started_by="zhang.min")
    entries = [
        NewEntry(now, "zhang.min", "started", value={"姓名": "张敏"}),
        NewEntry(now, "system", "looked-up", element_id="Task_1", element_instance_key=7),
        NewEntry(now, "li.na", "decided", value="同意"),
    ]
    head = history.append(tools.session, ChainHead(key), entries, AUDIT_KEY)
    tools.session.execute(
        update(ProcessInstance)
        .where(ProcessInstance.key == key)
        .values(history_length=head.length, history_head=head.state)
    )
    return key


def found(database: Database, outside: list[Head] | None = None) -> set[Fault]:
    with database.read() as session:
        done = verify(session, AUDIT_KEY, outside or ())
    return {finding.fault for finding in done.findings}


def exported(database: Database) -> list[Head]:
    with database.read() as session:
        return list(heads.current(session))


def test_an_untouched_record_is_sound(database: Database, day: str) -> None:
    assert found(database, exported(database)) == set()


CHAINED: dict[type[Base], tuple[str, ...]] = {
    HistoryEntry: (),
    HistoryValue: (),
    AccessEvent: (),
    AccessHead: (),
    AuthorizationGrant: (),
    ProcessInstance: ("history_length", "history_head"),
}
"""The tables of the record, and the columns that count where the others are not the record's."""


def tampered(session: Session, statement: Update | Delete) -> Sequence[Finding]:
    """What is found after this; it is undone again."""
    with session.begin_nested() as savepoint:
        session.execute(statement)
        findings = verify(session, AUDIT_KEY).findings
        savepoint.rollback()
    return findings


@pytest.mark.parametrize("entity", CHAINED)
def test_each_column_of_each_row_tells_when_it_was_changed(
    database: Database, day: str, entity: type[Base]
) -> None:
    columns = [
        column
        for column in entity.__table__.columns
        if column.name in (CHAINED[entity] or entity.__table__.columns)
        and str(column) not in NOT_THE_RECORDS
    ]
    assert columns
    with database.write() as session:
        let_everything_be_written(session)
        for row in session.execute(select(entity.__table__)).mappings().all():
            its = [key == row[key.name] for key in entity.__table__.primary_key]
            for column in columns:
                changed = {column.name: other(column, row[column.name])}
                assert tampered(session, update(entity).where(*its).values(changed)), (row, changed)
        assert verify(session, AUDIT_KEY).findings == ()


@pytest.mark.parametrize(
    "entity", [HistoryEntry, HistoryValue, AccessEvent, AccessHead, AuthorizationGrant, Membership]
)
def test_each_row_tells_when_it_was_removed(
    database: Database, day: str, entity: type[Base]
) -> None:
    with database.write() as session:
        let_everything_be_written(session)
        for row in session.execute(select(entity.__table__)).mappings().all():
            its = [key == row[key.name] for key in entity.__table__.primary_key]
            assert tampered(session, delete(entity).where(*its)), row


def test_a_right_and_a_member_that_nobody_gave_are_found(
    database: Database, day: str, now: datetime
) -> None:
    with database.write() as session:
        session.execute(
            insert(AuthorizationGrant).values(
                key=1,
                grantee_kind="person",
                grantee="wang.wei",
                process_id="*",
                object="case",
                action="read",
                granted_at=now,
                granted_by="system",
            )
        )
        session.execute(insert(Membership).values(group_id=OFFICE, username="wang.wei"))
    assert found(database) == {Fault.NOT_RECORDED}


def test_the_newest_event_is_missed_though_the_head_is_made_to_fit(
    database: Database, day: str
) -> None:
    with database.write() as session:
        session.execute(
            delete(AccessEvent).where(AccessEvent.person == "li.na", AccessEvent.number == 3)
        )
        last = session.scalars(
            select(AccessEvent.mac).where(AccessEvent.person == "li.na", AccessEvent.number == 2)
        ).one()
        session.execute(
            update(AccessHead).where(AccessHead.person == "li.na").values(length=2, state=last)
        )
    assert found(database) == {Fault.CUT_OFF}


class TestWithHeadsFromOutside:
    """What nothing inside the database can tell."""

    def test_more_entries_are_no_fault(
        self, database: Database, write: Write, day: str, now: datetime
    ) -> None:
        before = exported(database)
        with write() as tools:
            event(tools, "li.na", AccessKind.EXPORT, now)
            event(tools, "wang.wei", AccessKind.SIGN_IN, now)
        assert found(database, before) == set()

    def test_a_whole_day_that_is_gone(self, database: Database, day: str) -> None:
        before = exported(database)
        with database.write() as session:
            for entity in (AccessEvent, AccessHead):
                session.execute(delete(entity).where(entity.person == "li.na"))
        assert found(database) == set()
        assert found(database, before) == {Fault.CHAIN_GONE}

    def test_a_whole_case_that_is_gone(self, database: Database, day: str) -> None:
        before = exported(database)
        with database.write() as session:
            for entity in (HistoryValue, HistoryEntry, ProcessInstance):
                session.execute(delete(entity))
        assert found(database) == set()
        assert found(database, before) == {Fault.CHAIN_GONE}

    def test_an_old_backup_that_was_put_back(
        self, database: Database, write: Write, day: str, now: datetime
    ) -> None:
        with database.read() as session:
            kept = session.execute(
                select(AccessHead.length, AccessHead.state).where(AccessHead.person == "li.na")
            ).one()
        with write() as tools:
            event(tools, "li.na", AccessKind.PERSONAL_DATA_READ, now)
        before = exported(database)
        with database.write() as session:
            session.execute(
                delete(AccessEvent).where(AccessEvent.person == "li.na", AccessEvent.number == 4)
            )
            session.execute(
                update(AccessHead)
                .where(AccessHead.person == "li.na")
                .values(length=kept.length, state=kept.state)
            )
        assert found(database) == set()
        assert found(database, before) == {Fault.SHORTENED}

    def test_a_chain_written_anew_by_somebody_who_has_the_key(
        self, database: Database, write: Write, day: str, now: datetime
    ) -> None:
        before = exported(database)
        with write() as tools:
            for entity in (AccessEvent, AccessHead):
                tools.session.execute(delete(entity).where(entity.person == "li.na"))
            for _ in range(3):
                event(tools, "li.na", AccessKind.SIGN_IN, now)
        assert found(database) == set()
        assert found(database, before) == {Fault.REWRITTEN}

    def test_there_is_a_head_for_each_chain(self, database: Database, day: str) -> None:
        with database.read() as session:
            chains = session.scalar(select(func.count()).select_from(AccessHead)) or 0
        names = [head.chain for head in exported(database)]
        assert len(names) == len(set(names)) == chains + 1
        assert access_chain(day, "access", "li.na") in names


class TestHeadsFile:
    """It is signed: whoever changes it must have the key."""

    @pytest.fixture
    def lines(self, database: Database, day: str, now: datetime) -> list[str]:
        return list(write_heads(exported(database), at=now, key=AUDIT_KEY))

    def test_it_is_read_as_it_was_written(
        self, database: Database, lines: list[str], now: datetime
    ) -> None:
        file = read_heads(lines, key=AUDIT_KEY)
        assert (file.at, list(file.heads)) == (now, exported(database))

    def test_a_changed_line_or_another_key_does_not_fit(self, lines: list[str]) -> None:
        with pytest.raises(HeadsForged):
            read_heads([lines[0], lines[1].replace("3", "2"), *lines[2:]], key=AUDIT_KEY)
        with pytest.raises(HeadsForged):
            read_heads([*lines[:1], *lines[2:]], key=AUDIT_KEY)
        with pytest.raises(HeadsForged):
            read_heads(lines, key=b"another")

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "x\n",
            "[]\n",
            '{"hmac": "x"}\n',
            '{"format": "jiaoyan-heads-2", "at": "2026-03-02T00:00:00+00:00"}\n',
            "[" * 100_000,
        ],
    )
    def test_anything_else_is_none(self, text: str) -> None:
        with pytest.raises(HeadsUnreadable):
            read_heads(text.splitlines(keepends=True), key=AUDIT_KEY)

    def test_half_a_file_is_none(self, lines: list[str]) -> None:
        with pytest.raises(HeadsUnreadable):
            read_heads(lines[:-1], key=AUDIT_KEY)
        with pytest.raises(HeadsUnreadable):
            read_heads([*lines, lines[1]], key=AUDIT_KEY)
