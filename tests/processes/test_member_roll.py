"""The roll of the Party group: not by oneself, nor by who is tied; each revision is sealed."""

from datetime import date

import pytest
from sqlalchemy import update

from processes.registers.party_group import members, soundness
from processes.registers.party_group.members import MemberUnfit, Term
from processes.registers.party_group.tables import MEMBERS, MemberRecord
from service.commands import ties
from service.domain.access_events import AccessKind
from service.domain.actors import SYSTEM
from service.domain.recusal import TieKind
from service.domain.soundness import Fault
from service.store.tables import AccessEvent
from tests.processes.desk import Desk
from tests.processes.party_group import OTHER_SECRETARY, SECRETARY, settle


def term(username: str) -> Term:
    return Term(username, "某人", "成员", 9, date(2026, 1, 1), None, "任命1号")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_is_tied_enters_and_changes_nobody_and_each_revision_is_sealed(desk: Desk) -> None:
    settle(desk)
    now = desk.clock()
    with desk.rooms.write() as tools, pytest.raises(MemberUnfit, match="另一位会议秘书"):
        members.enter(tools, term(SECRETARY.username), actor=SECRETARY, now=now)
    with desk.rooms.write() as tools:
        key = members.enter(tools, term(SECRETARY.username), actor=OTHER_SECRETARY, now=now)
    with desk.rooms.write() as tools, pytest.raises(MemberUnfit, match="另一位会议秘书"):
        members.change(
            tools, key, term(SECRETARY.username), reason="更正", revision=1, actor=SECRETARY,
            now=now,
        )  # fmt: skip
    # somebody tied
    with desk.rooms.write() as tools:
        ties.declare(
            tools, username=SECRETARY.username, other="researcher01", kind=TieKind.SPOUSE,
            actor=SYSTEM, now=now,
        )  # fmt: skip
    with desk.rooms.write() as tools, pytest.raises(MemberUnfit, match="回避关系"):
        members.enter(tools, term("researcher01"), actor=SECRETARY, now=now)
    # what was entered is in the access log by its digest
    with desk.rooms.read() as session:
        row = session.get_one(MemberRecord, (key, 1))
        details = [
            event.details
            for event in session.query(AccessEvent)
            if event.kind == AccessKind.REGISTER_CHANGED and event.reference == f"{MEMBERS}/{key}"
        ]
        assert [isinstance(one, dict) and one["digest"] for one in details] == [
            members.digest_of(row)
        ]
        assert list(soundness.check(session)) == []
    # and found where a row is rewritten
    with desk.rooms.write() as tools:
        tools.session.execute(
            update(MemberRecord).where(MemberRecord.member_key == key).values(position="书记")
        )
    with desk.rooms.read() as session:
        assert [one.fault for one in soundness.check(session)] == [Fault.REWRITTEN]
