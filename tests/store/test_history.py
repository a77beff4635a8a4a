"""What is changed in the history behind its back is found; what the law erases is not missed."""

from datetime import datetime

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm import Session

from service.domain.keys import KeySource
from service.domain.soundness import Fault, Finding, history_chain
from service.store.database import Database
from service.store.history import ChainHead, NewEntry, append, erase_values, values_of
from service.store.history_check import verify
from service.store.tables import HistoryEntry, HistoryValue, ProcessInstance
from tests.fixtures_store import CountStatements
from tests.store.worlds import World

KEY = b"a key that lies outside the database"


@pytest.fixture
def case(database: Database, keys: KeySource, now: datetime) -> int:
    """An instance with three entries: applied, looked up, decided."""
    with database.write() as session:
        world = World(session, keys, now)
        other = world.instance("leave", started_by="li.na")
        record(session, other, NewEntry(now, "li.na", "started"))
        instance = world.instance("admission", started_by="zhang.min")
        record(
            session,
            instance,
            NewEntry(now, "zhang.min", "started", value={"姓名": "张敏", "分数": 88.5}),
            NewEntry(now, "system", "looked-up", element_id="Task_1", element_instance_key=7),
            NewEntry(now, "li.na", "decided", value={"outcome": "approve", "comment": "同意"}),
        )
    return instance


def record(session: Session, instance: int, *entries: NewEntry) -> None:
    keep(session, append(session, head_of(session, instance), entries, KEY))


def head_of(session: Session, instance: int) -> ChainHead:
    row = session.get_one(ProcessInstance, instance, populate_existing=True)
    return ChainHead(row.key, row.history_length, row.history_head)


def keep(session: Session, head: ChainHead) -> None:
    session.execute(
        update(ProcessInstance)
        .where(ProcessInstance.key == head.instance_key)
        .values(history_length=head.length, history_head=head.state)
    )


def tamper(database: Database, statement: str, **values: object) -> None:
    with database.write() as session:
        session.execute(text(statement), values)


def found(database: Database, key: bytes = KEY) -> list[Finding]:
    with database.read() as session:
        return verify(session, key)


def broken(instance: int, number: int, fault: Fault) -> Finding:
    return Finding(history_chain(instance), number, fault)


def test_an_untouched_history_is_sound(database: Database, case: int) -> None:
    assert found(database) == []


def test_it_takes_one_statement_for_entries_and_one_for_values(
    database: Database, case: int, now: datetime, count_statements: CountStatements
) -> None:
    entries = [NewEntry(now, "li.na", "noted", value=number) for number in range(20)]
    with database.write() as session:
        head = head_of(session, case)
        with count_statements() as statements:
            append(session, head, entries, KEY)
    assert len(statements) == 2


def test_values_are_read_back_by_entry(database: Database, case: int) -> None:
    with database.read() as session:
        values = values_of(session, case)
    assert values == {
        1: {"姓名": "张敏", "分数": 88.5},
        3: {"outcome": "approve", "comment": "同意"},
    }


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'li.na'",
        "act = 'refused'",
        "at = '2026-03-02 01:30:01+00:00'",
        "element_id = NULL",
        "element_instance_key = 8",
        "digest = 'abc'",
        "mac = 'abc'",
    ],
)
def test_a_changed_entry_is_found(database: Database, case: int, change: str) -> None:
    tamper(database, f"UPDATE history_entry SET {change} WHERE number = 2")  # noqa: S608
    assert found(database) == [broken(case, 2, Fault.CHANGED)]


def test_a_removed_entry_is_found(database: Database, case: int) -> None:
    tamper(database, "DELETE FROM history_entry WHERE number = 2")
    assert found(database) == [broken(case, 2, Fault.MISSING)]


def test_a_removed_entry_is_found_when_the_others_move_up(database: Database, case: int) -> None:
    tamper(database, "DELETE FROM history_entry WHERE number = 2")
    tamper(database, "DELETE FROM history_value WHERE number = 3")
    tamper(database, "UPDATE history_entry SET number = 2 WHERE number = 3")
    assert found(database) == [broken(case, 2, Fault.CHANGED)]


def test_entries_in_another_order_are_found(database: Database, case: int) -> None:
    tamper(database, "DELETE FROM history_value")
    for old, new in ((1, 9), (2, 1), (9, 2)):
        tamper(
            database,
            "UPDATE history_entry SET number = :new WHERE number = :old AND instance_key = :key",
            old=old,
            new=new,
            key=case,
        )
    assert found(database)[0] == broken(case, 1, Fault.CHANGED)


def test_a_cut_off_end_is_found(database: Database, case: int) -> None:
    tamper(database, "DELETE FROM history_value WHERE number = 3")
    tamper(database, "DELETE FROM history_entry WHERE number = 3")
    assert found(database) == [broken(case, 3, Fault.CUT_OFF)]


def test_a_cut_off_end_is_found_though_the_instance_is_made_to_fit(
    database: Database, case: int
) -> None:
    with database.write() as session:
        session.execute(delete(HistoryValue).where(HistoryValue.number == 3))
        session.execute(delete(HistoryEntry).where(HistoryEntry.number == 3))
        last_mac = session.scalars(
            select(HistoryEntry.mac).where(
                HistoryEntry.instance_key == case, HistoryEntry.number == 2
            )
        ).one()
        keep(session, ChainHead(case, 2, last_mac))
    assert found(database) == [broken(case, 2, Fault.CUT_OFF)]


def test_a_history_that_is_gone_altogether_is_found(database: Database, case: int) -> None:
    with database.write() as session:
        session.execute(delete(HistoryValue))
        session.execute(delete(HistoryEntry).where(HistoryEntry.instance_key == case))
        keep(session, ChainHead(case))
    assert found(database) == [broken(case, 0, Fault.CUT_OFF)]


def test_an_entry_forged_without_the_key_is_found(
    database: Database, case: int, now: datetime
) -> None:
    with database.write() as session:
        forged = NewEntry(now, "li.na", "decided", value={"outcome": "reject"})
        keep(session, append(session, head_of(session, case), [forged], b"another key"))
    assert found(database) == [broken(case, 4, Fault.CHANGED)]


def test_entries_taken_from_another_instance_are_found(database: Database, case: int) -> None:
    with database.write() as session:
        columns = HistoryEntry.__table__.columns
        entries = [dict(row) for row in session.execute(select(*columns)).mappings()]
        taken = [row | {"instance_key": case + 1} for row in entries if row["instance_key"] == case]
        session.execute(insert(HistoryEntry), taken)
    assert found(database) == [broken(case + 1, 0, Fault.UNKNOWN_INSTANCE)]


def test_another_key_fits_nothing(database: Database, case: int) -> None:
    assert [finding.fault for finding in found(database, b"not the key")] == [Fault.CHANGED] * 2


def test_a_changed_value_is_found(database: Database, case: int) -> None:
    tamper(database, "UPDATE history_value SET value = :v WHERE number = 3", v='"不同意"')
    assert found(database) == [broken(case, 3, Fault.VALUE_CHANGED)]


def test_a_value_added_behind_the_back_is_found(database: Database, case: int) -> None:
    tamper(
        database,
        "INSERT INTO history_value (instance_key, number, salt, value) VALUES (:key, 2, 's', '1')",
        key=case,
    )
    assert found(database) == [broken(case, 2, Fault.VALUE_CHANGED)]


def test_a_value_that_vanished_is_found(database: Database, case: int) -> None:
    tamper(database, "DELETE FROM history_value WHERE number = 3")
    assert found(database) == [broken(case, 3, Fault.VALUE_GONE)]


def erase(database: Database, case: int, now: datetime) -> None:
    with database.write() as session:
        head = head_of(session, case)
        keep(
            session,
            erase_values(
                session, head, [1, 3], reason="保存期满", actor="auditor", now=now, key=KEY
            ),
        )


def test_the_chain_holds_when_values_were_erased(
    database: Database, case: int, now: datetime
) -> None:
    erase(database, case, now)
    assert found(database) == []
    with database.read() as session:
        assert values_of(session, case) == {4: {"numbers": [1, 3], "reason": "保存期满"}}


def test_a_change_is_found_though_values_were_erased(
    database: Database, case: int, now: datetime
) -> None:
    erase(database, case, now)
    tamper(database, "UPDATE history_entry SET actor = 'system' WHERE number = 3")
    assert found(database) == [broken(case, 3, Fault.CHANGED)]


def test_an_erasure_cannot_itself_be_erased(database: Database, case: int, now: datetime) -> None:
    erase(database, case, now)
    tamper(database, "DELETE FROM history_value WHERE number = 4")
    assert {finding.number for finding in found(database)} == {1, 3, 4}
