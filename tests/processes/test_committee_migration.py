"""What the migration to procedural records takes over of meetings that were held before."""

from datetime import UTC, datetime

from sqlalchemy import MetaData, Table, create_engine, insert, select

from service.store.migrating import upgrade
from tests.fixtures_store import VERSION_LOCATIONS

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
MEETING = {
    "key": 7, "number": "2026年第1次", "state": "archived", "revision": 3, "changed_by": "clerk",
    "changed_by_name": "秘书", "changed_at": NOON, "planned_at": NOON, "place": "三楼",
    "chair": "head", "recorder": "clerk", "recorder_name": "秘书", "settings": "{}",
    "rules_version": "2026-11", "noticed_at": NOON, "archive_number": "1",
}  # fmt: skip
MEMBER = {
    "meeting_key": 7, "username": "head", "name": "书记", "position": "书记", "rank": 1,
    "due": True, "presence": "present", "note": "",
}  # fmt: skip
CORRECTION = {
    "meeting_key": 7, "number": 1, "text": "地点应为二楼", "reason": "笔误", "recorded_at": NOON,
    "recorded_by": "clerk", "recorded_by_name": "秘书",
}  # fmt: skip


def test_corrections_and_notices_of_before_are_kept(empty_database_url: str) -> None:
    # given an archived meeting with a 更正, by the tables of before
    upgrade(empty_database_url, VERSION_LOCATIONS, target="p0011")
    engine = create_engine(empty_database_url)
    rows = {
        "committee_meeting": MEETING,
        "committee_attendee": MEMBER,
        "committee_correction": CORRECTION,
    }
    with engine.begin() as connection:
        for name, row in rows.items():
            connection.execute(insert(Table(name, MetaData(), autoload_with=connection)), [row])
    # when the later ones run
    upgrade(empty_database_url, VERSION_LOCATIONS)
    # then the 更正 is a record, and who had notice is known to have been told
    with engine.connect() as connection:
        known = MetaData()
        known.reflect(connection, only=["committee_record", "committee_attendee"])
        record = connection.execute(select(known.tables["committee_record"])).mappings().one()
        member = connection.execute(select(known.tables["committee_attendee"])).mappings().one()
    engine.dispose()
    assert (record["kind"], record["text"], record["reason"]) == (
        "correction", "地点应为二楼", "笔误",
    )  # fmt: skip
    assert (record["item_key"], record["figures"]) == (None, "{}")
    assert member["told_at"] is not None
