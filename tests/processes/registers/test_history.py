"""Every change is kept with old and new values, and what was changed behind its back shows."""

import pytest
from sqlalchemy import Delete, Update, delete, select, update

from processes.registers import changes, roster_soundness
from processes.registers.roster import RegisterChange
from processes.registers.staffing.norms import RULES_VERSION
from processes.registers.staffing.rosters import RESEARCHER_ROSTER, SEAT_ROSTER
from processes.registers.staffing.tables import Researcher
from processes.rosters import procedure
from service.domain.access_events import AccessKind
from service.store import verification
from service.store.access_check import verify
from service.store.tables import AccessEvent
from tests.fixtures_store import AUDIT_KEY
from tests.processes.registers.conftest import Office


def soundness(office: Office, key: int) -> str:
    with office.database.read() as session:
        entry = session.get_one(Researcher, key)
        history = changes.history(session, RESEARCHER_ROSTER, key)
        return changes.soundness(RESEARCHER_ROSTER, entry, history)


def test_a_change_says_who_when_why_and_what_was(office: Office, staffed: tuple[int, int]) -> None:
    office.change(RESEARCHER_ROSTER, staffed[1], reason="批文〔2026〕7号", note="学科带头人")
    with office.database.read() as session:
        newest, first = changes.history(session, RESEARCHER_ROSTER, staffed[1])
    assert (newest.by, newest.at, newest.reason) == ("system", office.now, "批文〔2026〕7号")
    assert newest.changes == {"note": ["", "学科带头人"]}
    assert isinstance(first.changes, dict)
    assert first.changes["seat_code"] == ["", "SJ-01"]
    assert newest.rules == f"{RULES_VERSION}/0"
    assert soundness(office, staffed[1]) == ""


def test_it_is_recorded_in_the_access_log_without_values(
    office: Office, staffed: tuple[int, int]
) -> None:
    office.change(RESEARCHER_ROSTER, staffed[1], note="学科带头人")
    with office.database.read() as session:
        event = session.scalars(
            select(AccessEvent)
            .where(AccessEvent.kind == AccessKind.REGISTER_CHANGED)
            .order_by(AccessEvent.key.desc())
        ).first()
        newest = changes.history(session, RESEARCHER_ROSTER, staffed[1])[0]
        assert verify(session, AUDIT_KEY) == []
    assert event is not None
    assert isinstance(event.details, dict)
    assert (event.subject, event.reference) == ("researcher01", f"researchers/{staffed[1]}")
    assert event.details["digest"] == newest.digest
    assert event.details["changed"] == ["备注"]
    assert "学科带头人" not in str(event.details)


@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        (update(Researcher).values(seat_code="SJ-77"), "不符"),
        (update(Researcher).values(revision=3), "次数"),
        (update(RegisterChange).where(RegisterChange.register == "researchers",
                                      RegisterChange.revision == 1).values(reason="别的"),
         "第1次变更的记录被改动过"),
        (update(RegisterChange).where(RegisterChange.register == "researchers",
                                      RegisterChange.revision == 2)
         .values(at=RegisterChange.at), ""),
    ],
)  # fmt: skip
def test_what_is_changed_behind_its_back_shows(
    office: Office, staffed: tuple[int, int], tamper: Update, found: str
) -> None:
    office.change(RESEARCHER_ROSTER, staffed[1], note="一")
    with office.database.write() as session:
        session.execute(tamper)
    assert found in soundness(office, staffed[1])
    assert bool(soundness(office, staffed[1])) is bool(found)


def test_an_ended_entry_keeps_its_history(office: Office, staffed: tuple[int, int]) -> None:
    office.end(RESEARCHER_ROSTER, staffed[1], "退休", "2026-03-01")
    assert soundness(office, staffed[1]) == ""
    assert office.keys(RESEARCHER_ROSTER) == []
    assert office.keys(SEAT_ROSTER) == [staffed[0]]


CHECKS = [procedure.soundness] if procedure.soundness else []


def findings(office: Office) -> list[str]:
    with office.database.read() as session:
        return [one.label for one in roster_soundness.check(session, [RESEARCHER_ROSTER])]


def rewritten(office: Office, key: int) -> None:
    """Somebody puts entry, changes and digests so that they fit each other."""
    with office.database.write() as session:
        session.execute(update(Researcher).where(Researcher.key == key).values(note="改写"))
        digest = ""
        for change in changes.history(session, RESEARCHER_ROSTER, key)[::-1]:
            if change.revision == 2:
                change.changes = {"note": ["", "改写"]}
            change.digest = digest = changes.digest_of(change, digest)


@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        (update(Researcher).values(note="别的"), "现在的内容与变更记录不符"),
        (update(RegisterChange).where(RegisterChange.revision == 1).values(reason="别的"),
         "第1次变更的记录被改动过"),
        (delete(Researcher), "登记过这一条，但名册里没有了"),
        (delete(RegisterChange).where(RegisterChange.revision == 2), "变更的次数与记录不符"),
        (None, "与访问日志里的校验值不符"),
    ],
)  # fmt: skip
def test_the_verification_of_the_record_finds_it_too(
    office: Office, staffed: tuple[int, int], tamper: Update | Delete | None, found: str
) -> None:
    office.change(RESEARCHER_ROSTER, staffed[1], note="一")
    assert findings(office) == []
    if tamper is None:
        rewritten(office, staffed[1])
    else:
        with office.database.write() as session:
            session.execute(tamper)
    [first, *_] = findings(office)
    assert first.startswith(f"名册记录 researchers/{staffed[1]}：")
    assert found in first
    with office.database.read() as session:
        verified = verification.verify(session, AUDIT_KEY, (), CHECKS)
    assert [one.label for one in verified.findings if found in one.label] != []


def test_an_entry_taken_away_with_its_changes_is_missed(
    office: Office, staffed: tuple[int, int]
) -> None:
    with office.database.write() as session:
        session.execute(delete(Researcher))
        session.execute(delete(RegisterChange).where(RegisterChange.register == "researchers"))
    assert findings(office) == [f"名册记录 researchers/{staffed[1]}：登记过这一条，但名册里没有了"]
