"""What is done to a qualification in the register: 更正, 撤销, 恢复, and the notice of its end."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from processes.registers import admission_norms as norms
from processes.registers import qualification_acts as acts
from processes.registers.qualification_acts import (
    ActRefused,
    ActUnfit,
    Correction,
    QualificationChanged,
    Restoration,
    Revocation,
)
from processes.registers.qualification_expiry import tell_holders
from processes.registers.qualification_search import revisions, validity_of
from processes.registers.qualifications import QualificationNotFound
from processes.registers.roster import RegisterSetting
from processes.registers.tables import QUALIFICATIONS, QualificationRecord
from service.commands import ties
from service.commands.rooms import Rooms
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.errors import Forbidden
from service.domain.recusal import TieKind
from service.feel import FeelPool
from service.jobs.runner import JobRunner
from service.settings import Settings
from service.store.tables import AccessEvent, Notification
from tests.fixtures_store import CAST, OFFICE, Cast, migrated_url
from tests.processes.conftest import GrantRight, open_house
from tests.processes.test_qualification_register import enter

TODAY = date(2026, 3, 2)
DECISION = Revocation(
    "R-PROOF", "乌教人决〔2026〕3号", "任教证明经学校核实为涂改", "2月27日告知，本人没有陈述"
)
PUT_BACK = Restoration("乌教人决〔2026〕9号", "经复查，任教证明属实")
COLLEAGUE = Actor("zhao.lei", "赵磊", frozenset({OFFICE}))


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Of SQLite alone: rows are added and read, as the register's own tests do on both."""
    yield from migrated_url(request, "sqlite")


@pytest.fixture
def rooms(settings: Settings, feel: FeelPool, now: datetime, cast: Cast) -> Iterator[Rooms]:
    with open_house(settings, feel, now) as house:
        yield house.rooms


@pytest.fixture
def office(rooms: Rooms, grant_right: GrantRight, now: datetime) -> Actor:
    """Who may read the register and act on it, with one qualification in it."""
    for action in (Action.READ, Action.ACT):
        grant_right(OFFICE, QUALIFICATIONS, ObjectKind.REGISTER, action)
    with rooms.database.write() as session:
        enter(session, now)
    return CAST.officer


def revoke(
    rooms: Rooms,
    now: datetime,
    decision: Revocation = DECISION,
    *,
    actor: Actor = CAST.officer,
    revision: int = 1,
) -> None:
    with rooms.write() as tools:
        acts.revoke(tools, 1, decision, revision=revision, actor=actor, now=now)


def restore(rooms: Rooms, now: datetime, actor: Actor, *, revision: int = 2) -> None:
    with rooms.write() as tools:
        acts.restore(tools, 1, PUT_BACK, revision=revision, actor=actor, now=now)


def correct(
    rooms: Rooms, now: datetime, correction: Correction, *, actor: Actor = CAST.officer
) -> None:
    with rooms.write() as tools:
        acts.correct(tools, 1, correction, revision=1, actor=actor, now=now)


def latest(rooms: Rooms) -> QualificationRecord:
    with rooms.read() as session:
        return revisions(session, actor=CAST.officer, qualification_key=1)[0]


def told(rooms: Rooms, username: str) -> list[str]:
    """What this person finds among their notifications, once the jobs are done."""
    JobRunner(rooms, owner="worker-1").run_due()
    with rooms.read() as session:
        statement = select(Notification.text).where(Notification.username == username)
        return list(session.scalars(statement.order_by(Notification.key)))


def set_notice_days(rooms: Rooms, now: datetime, days: int) -> None:
    with rooms.database.write() as session:
        session.add(
            RegisterSetting(
                revision=1, setting=norms.EXPIRY_NOTICE_DAYS.id, value=str(days),
                effective_from=TODAY, reason="试点", at=now, by="li.na", by_name="李娜",
            )
        )  # fmt: skip


def test_a_revocation_is_an_act_with_ground_facts_paper_and_what_was_said(
    rooms: Rooms, office: Actor, now: datetime
) -> None:
    revoke(rooms, now)
    record = latest(rooms)
    assert (record.act, record.state, record.revision) == ("revoked", "revoked", 2)
    assert validity_of(record, TODAY).value == "revoked"
    assert record.basis.startswith("以虚假材料取得（")
    assert "规则 R-PROOF" in record.basis
    assert (record.document, record.reason) == (DECISION.document, DECISION.reason)
    assert (record.heard, record.recorded_by) == (DECISION.heard, office.username)


def test_the_holder_is_told_and_the_log_keeps_it(
    rooms: Rooms, office: Actor, now: datetime
) -> None:
    revoke(rooms, now)
    (text,) = told(rooms, CAST.applicant.username)
    assert text == "“准入资格名册”里你的登记有新的决定，请在名册里查看。"
    with rooms.read() as session:
        kind = AccessEvent.kind == "register_changed"
        (event,) = session.scalars(select(AccessEvent).where(kind))
    assert (event.person, event.subject) == (office.username, CAST.applicant.username)
    assert event.reference == "qualifications/1"


@pytest.mark.parametrize(
    ("decision", "missing"),
    [
        (Revocation("", "3号", "涂改", "没有陈述"), "依据"),
        (Revocation("R-E5a", "3号", "涂改", "没有陈述"), "依据"),
        (Revocation("R-PROOF", " ", "涂改", "没有陈述"), "文号"),
        (Revocation("R-PROOF", "3号", "", "没有陈述"), "事实和理由"),
        (Revocation("R-PROOF", "3号", "涂改", "\0"), "陈述申辩"),
    ],
)
def test_a_revocation_without_one_of_its_parts_is_refused_with_the_rule(
    rooms: Rooms, office: Actor, now: datetime, decision: Revocation, missing: str
) -> None:
    with pytest.raises(ActUnfit, match=f"{missing}.*R-REVOKE"):
        revoke(rooms, now, decision)
    assert latest(rooms).revision == 1


def test_a_revocation_is_not_taken_back_by_who_made_it_but_restored_by_another(
    rooms: Rooms, office: Actor, now: datetime
) -> None:
    revoke(rooms, now)
    with pytest.raises(ActRefused, match="由他人复查后恢复"):
        restore(rooms, now, office)
    restore(rooms, now, COLLEAGUE)
    record = latest(rooms)
    assert (record.act, record.state, record.document) == (
        "restored", "granted", PUT_BACK.document,
    )  # fmt: skip
    assert record.valid_until == date(2028, 3, 1)
    with rooms.read() as session:
        acts_done = [row.act for row in revisions(session, actor=office, qualification_key=1)]
    assert acts_done == ["restored", "revoked", "granted"]


def test_nothing_is_revoked_twice_nor_restored_unless_revoked(
    rooms: Rooms, office: Actor, now: datetime
) -> None:
    with pytest.raises(ActRefused, match="没有撤销"):
        restore(rooms, now, COLLEAGUE, revision=1)
    revoke(rooms, now)
    with pytest.raises(ActRefused, match="已经撤销"):
        revoke(rooms, now, revision=2)


def test_a_cousin_of_the_holder_may_not_revoke(rooms: Rooms, office: Actor, now: datetime) -> None:
    with rooms.write() as tools:
        ties.declare(
            tools, username=office.username, other=CAST.applicant.username,
            kind=TieKind.COLLATERAL, actor=office, now=now,
        )  # fmt: skip
    with pytest.raises(ActRefused, match=r"三代以内旁系血亲.*人社部规〔2019〕1号.*R-RECUSE"):
        revoke(rooms, now)
    assert latest(rooms).revision == 1


def test_a_correction_is_a_new_row_and_the_old_one_stays(
    rooms: Rooms, office: Actor, now: datetime
) -> None:
    later = now + timedelta(days=3)
    correct(rooms, later, Correction("单位已更名", unit="新名小学"))
    with rooms.read() as session:
        newest, first = revisions(session, actor=office, qualification_key=1)
    assert (newest.unit, newest.reason, newest.act) == ("新名小学", "单位已更名", "corrected")
    assert (newest.recorded_at, newest.granted_on) == (later, first.granted_on)
    assert (first.unit, first.reason, first.recorded_at) == ("某某小学", "", now)


@pytest.mark.parametrize(
    "correction",
    [
        Correction("  ", unit="新名小学"),
        Correction("更名", unit="某某小学"),
        Correction("更名", unit=" "),
        Correction("改期", valid_until=date(2026, 3, 1)),
        Correction("延期", valid_until=date(2028, 3, 2)),
    ],
)
def test_a_correction_without_reason_or_change_is_refused(
    rooms: Rooms, office: Actor, now: datetime, correction: Correction
) -> None:
    with pytest.raises(ActUnfit):
        correct(rooms, now, correction)
    assert latest(rooms).revision == 1


def test_two_at_once_do_not_overwrite_each_other(
    rooms: Rooms, office: Actor, now: datetime
) -> None:
    correct(rooms, now, Correction("更名", unit="新名小学"))
    with pytest.raises(QualificationChanged, match="已被李娜变更（第2次记录）"):
        revoke(rooms, now)


def test_only_who_has_the_right_acts(rooms: Rooms, grant_right: GrantRight, now: datetime) -> None:
    with rooms.database.write() as session:
        enter(session, now)
    with pytest.raises(QualificationNotFound):
        revoke(rooms, now)
    grant_right(OFFICE, QUALIFICATIONS, ObjectKind.REGISTER, Action.READ)
    for actor in (CAST.officer, CAST.applicant):
        with pytest.raises(Forbidden):
            revoke(rooms, now, actor=actor)
    with pytest.raises(QualificationNotFound):
        revoke(rooms, now, actor=CAST.stranger)


@pytest.mark.parametrize(
    ("days", "before", "told_of_it"), [(90, 90, 1), (90, 91, 0), (30, 30, 1), (30, 31, 0)]
)
def test_the_holder_is_told_once_when_the_last_day_is_near(
    rooms: Rooms, now: datetime, days: int, before: int, told_of_it: int
) -> None:
    # given a qualification that ends in so many days
    with rooms.database.write() as session:
        enter(session, now, valid_until=TODAY + timedelta(days=before))
    set_notice_days(rooms, now, days)
    # when the daily work is done on two days
    for day in (0, 0):
        with rooms.write() as tools:
            tell_holders(tools, now + timedelta(days=day))
    texts = told(rooms, CAST.applicant.username)
    assert len(texts) == told_of_it
    assert all("到期自动失效" in text for text in texts)


def test_nobody_is_told_of_what_is_over_or_revoked(
    rooms: Rooms, office: Actor, now: datetime
) -> None:
    with rooms.database.write() as session:
        enter(session, now, key=2, valid_until=TODAY - timedelta(days=1))
    correct(rooms, now, Correction("改期", valid_until=TODAY + timedelta(days=5)))
    revoke(rooms, now, revision=2)
    with rooms.write() as tools:
        tell_holders(tools, now)
    assert all("到期" not in text for text in told(rooms, CAST.applicant.username))
