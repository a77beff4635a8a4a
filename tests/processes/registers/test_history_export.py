"""The history of a register leaves as a workbook: by right, with a reason, as the page shows it."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from processes.recruitment import candidacies, rounds
from processes.recruitment.history import Step
from processes.recruitment.rules.channel import Channel
from processes.recruitment.tables import Candidacy, CandidacyState
from processes.recruitment.views import KEPT_OUT
from processes.registers import set_values, told_acts
from processes.registers.bank.tables import SETTERS
from processes.registers.days import bureau_day
from processes.registers.party_group import members
from processes.registers.party_group.members import Term
from processes.registers.party_group.tables import MEMBERS
from processes.registers.rule_books import RECRUITMENT
from processes.registers.seats import SEATS as SEATS_BY_NAME
from processes.registers.staffing.norms import TERM_NOTICE_DAYS
from processes.registers.staffing.rosters import SEAT_ROSTER
from processes.registers.staffing.tables import STAFFING_RULES
from processes.registers.tables import QUALIFICATIONS
from processes.registers.told_acts import PeriodUnfit, period_of
from service.commands import rights
from service.domain.actors import SYSTEM
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.store.database import Database
from tests.fixtures_store import migrated_url
from tests.processes.registers.entering import CITY, DISTRICT, SEAT, qualify, seat
from tests.processes.registers.test_roster_pages import (
    CLERK,
    PEOPLE,
    SEATS,
    STRANGER,
    Door,
    door,
)

__all__ = ["door"]
READER = "researcher06"


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Of SQLite alone: a file is the same on both."""
    yield from migrated_url(request, "sqlite")


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


def allow(door: Door, username: str, register: str, *actions: Action) -> None:
    with door.rooms.write() as tools:
        for action in actions:
            right = Grant(GranteeKind.PERSON, username, register, ObjectKind.REGISTER, action)
            rights.grant(tools, right, actor=SYSTEM, now=door.rooms.clock(), reason="审计")


def lines(content: bytes) -> list[dict[str, str]]:
    sheet = load_workbook(BytesIO(content)).active
    assert sheet is not None
    head, *rows = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert tuple(head) == told_acts.HEADER
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_each_field_of_each_act_says_who_when_what_why_and_by_which_rules(
    door: Door, staffed: tuple[int, int]
) -> None:
    door.office.change(SEAT_ROSTER, staffed[0], reason="编办〔2026〕2号", grade="中级")
    found = lines(door.visit(CLERK).file(f"{SEATS}/history/export", reason="审计抽查"))
    changed = found[-1]
    assert (changed["动作"], changed["内容"], changed["原来"], changed["改为"]) == (
        "更正", "岗位等级", "", "中级",
    )  # fmt: skip
    assert (changed["记录"], changed["第几次"], changed["理由"]) == (
        "SJ-01",
        "2",
        "编办〔2026〕2号",
    )
    assert changed["办理人用户名"] == "system"
    assert changed["时间"].startswith("2026-03-02 ")
    assert changed["规则版本"].startswith("2026-")
    assert len(changed["校验值"]) == 64
    entered = [one for one in found if one["第几次"] == "1"]
    assert {one["改为"] for one in entered} >= {"SJ-01", "小学语文", "本级核定"}
    (event,) = door.events("export")
    assert (event.person, event.reference) == (CLERK, "seats/history")
    assert event.details == {"rows": 2, "reason": "审计抽查"}


def test_what_the_page_of_an_entry_says_is_what_leaves(
    door: Door, staffed: tuple[int, int]
) -> None:
    key = door.office.keys(SEAT_ROSTER)[0]
    door.office.change(SEAT_ROSTER, key, grade="中级", note="核对过")
    page = door.visit(CLERK).get(f"{SEATS}/{key}")
    for one in lines(door.visit(CLERK).file(f"{SEATS}/history/export", reason="审计抽查")):
        if one["第几次"] == "2":
            assert one["内容"] in page
            assert one["改为"] in page


def test_people_are_named_as_they_are_called_now(door: Door, staffed: tuple[int, int]) -> None:
    found = lines(door.visit(CLERK).file(f"{PEOPLE}/history/export", reason="审计抽查"))
    assert {(one["记录"], one["姓名或名称"]) for one in found} == {("researcher01", "教研员01")}


def test_days_narrow_it_and_both_count(door: Door, staffed: tuple[int, int]) -> None:
    clerk, path = door.visit(CLERK), f"{SEATS}/history/export"
    today = {"since": "2026-03-02", "until": "2026-03-02", "reason": "审计抽查"}
    assert lines(clerk.file(path, **today))
    assert lines(clerk.file(path, reason="审计抽查", since="2026-03-03")) == []
    assert lines(clerk.file(path, reason="审计抽查", until="2026-03-01")) == []
    details = door.events("export")[0].details
    assert isinstance(details, dict)
    assert details["reason"] == "审计抽查（2026年3月2日至2026年3月2日）"
    status, page = clerk.post(path, reason="审计抽查", since="2026-03-03", until="2026-03-02")
    assert (status, "止日早于起日" in page) == (400, True)
    with pytest.raises(PeriodUnfit):
        period_of({"since": "昨天"})


def test_too_long_a_history_is_refused_with_the_way_out(
    door: Door, staffed: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(told_acts, "MOST_ACTS", 1)
    path = f"{SEATS}/history/export"
    assert lines(door.visit(CLERK).file(path, reason="审计抽查"))
    door.office.enter(SEAT_ROSTER, seat("SJ-02"))
    status, page = door.visit(CLERK).post(path, reason="审计抽查")
    assert (status, "请填写起止日期，分几次导出" in page) == (400, True)
    assert len(door.events("export")) == 1


def test_without_a_reason_or_a_right_it_stays(door: Door, staffed: tuple[int, int]) -> None:
    allow(door, READER, "seats", Action.READ)
    assert door.visit(CLERK).post(f"{SEATS}/history/export", reason="")[0] == 400
    assert door.visit(READER).post(f"{SEATS}/history/export", reason="看看")[0] == 403
    assert "导出变更历史" not in door.visit(READER).get(SEATS)
    stranger = door.visit(STRANGER)
    paths = [f"{SEATS}/history/export", "/registers/setters/history/export",
             "/registers/qualifications/history/export",
             "/committee/members/history/export"]  # fmt: skip
    assert {stranger.post(path, reason="试试看")[0] for path in paths} == {404}
    assert door.visit(CLERK).post(paths[1], reason="试试看")[0] == 404, "the bank is closed"
    assert door.events("export") == []


def test_an_office_of_a_district_takes_its_own_alone(door: Door, staffed: tuple[int, int]) -> None:
    door.office.enter(SEAT_ROSTER, seat("HB-01", unit_id=DISTRICT))
    allow(door, STRANGER, f"seats@{DISTRICT}", Action.READ, Action.EXPORT)
    found = lines(door.visit(STRANGER).file(f"{SEATS}/history/export", reason="本区核对"))
    assert {one["记录"] for one in found} == {"HB-01"}


def test_the_closed_bank_leaves_with_who_is_named_for_it_and_the_log_names_nobody(
    door: Door,
) -> None:
    allow(door, READER, SETTERS, Action.READ, Action.EXPORT)
    assert lines(door.visit(READER).file("/registers/setters/history/export", reason="换届")) == []
    (event,) = door.events("export")
    assert (event.subject, event.reference) == ("", "setters/history")


def test_qualifications_and_members_leave_as_revisions_that_differ(door: Door) -> None:
    allow(door, READER, QUALIFICATIONS, Action.READ, Action.EXPORT)
    allow(door, READER, MEMBERS, Action.READ, Action.EXPORT)
    begins = date(2024, 1, 1)
    term = Term("researcher02", "教研员02", "成员", 3, begins, None, "乌组干〔2024〕1号")
    with door.rooms.write() as tools:
        qualify(tools.session, "researcher01", door.office.now)
        key = members.enter(tools, term, actor=SYSTEM, now=door.office.now)
        ended = Term(
            "researcher02", "教研员02", "成员", 3, date(2024, 1, 1), date(2026, 3, 1), "免"
        )
        members.change(
            tools, key, ended, reason="调离", revision=1, actor=SYSTEM, now=door.office.now
        )
    visitor = door.visit(READER)
    found = lines(visitor.file("/registers/qualifications/history/export", reason="审计抽查"))
    said = {one["内容"]: one["改为"] for one in found}
    assert (said["学段学科"], said["状态"], said["有效期至"]) == ("小学语文", "准予", "2028-03-02")
    found = lines(visitor.file("/committee/members/history/export", reason="审计抽查"))
    second = {one["内容"]: (one["原来"], one["改为"]) for one in found if one["第几次"] == "2"}
    assert second == {"任期最后一日": ("", "2026-03-01"), "任职依据": ("乌组干〔2024〕1号", "免")}
    assert {one.reference for one in door.events("export")} == {
        "qualifications/history", "committee_members/history",
    }  # fmt: skip


def test_settings_leave_with_what_was_set_before(door: Door) -> None:
    path = "/registers/staffing-rules/history/export"
    day = bureau_day(door.office.now)
    for revision, value in enumerate(("45", "60")):
        with door.rooms.write() as tools:
            set_values.set_value(
                tools, TERM_NOTICE_DAYS, value, register=STAFFING_RULES, reason="局党组会议决定",
                effective_from=day, revision=revision, actor=SYSTEM, now=door.office.now,
            )  # fmt: skip
    found = lines(door.visit(CLERK).file(path, reason="审计抽查"))
    assert [(one["原来"], one["改为"], one["内容"]) for one in found] == [
        ("30", "45", "自2026年3月2日起"), ("45", "60", "自2026年3月2日起"),
    ]  # fmt: skip
    assert {one["姓名或名称"] for one in found} == {TERM_NOTICE_DAYS.label}
    assert "导出变更历史" in door.visit(CLERK).get("/registers/staffing-rules")
    allow(door, READER, STAFFING_RULES, Action.READ)
    assert door.visit(READER).post(path, reason="看看")[0] == 403
    assert "导出变更历史" not in door.visit(READER).get("/registers/staffing-rules")
    assert door.visit(STRANGER).post(path, reason="看看")[0] == 404


def test_rounds_leave_as_their_pages_say_and_hide_what_a_tie_hides(door: Door) -> None:
    path, now = "/recruitment/history/export", door.office.now
    door.office.enter(SEAT_ROSTER, seat())
    with door.rooms.write() as tools:
        step = Step(tools.keys.next(), 5, SYSTEM, now, "2026-11/0")
        need = rounds.Need(Channel.SELECTION, CITY, "市教研机构", (SEATS_BY_NAME[SEAT],), "leave")
        round_ = rounds.open_round(tools.session, need, step)
        key, number = tools.keys.next(), round_.number
        tools.session.add(
            Candidacy(
                key=key, round_key=round_.key, post_code=f"{number}-01", instance_key=5,
                username="researcher01", name="教研员01", unit="学校", title="一级教师",
                honoured=False, qualification_key=None, state=CandidacyState.PROPOSED, reason="",
                applied_at=now,
            )
        )  # fmt: skip
        tools.session.flush()
        candidacies.move(tools.session, key, CandidacyState.FILING, step, reason="等待备案")
    for reader in (READER, "researcher01"):
        allow(door, reader, RECRUITMENT, Action.READ, Action.EXPORT)
    found = lines(door.visit(READER).file(path, reason="审计抽查"))
    assert {one["记录"] for one in found} == {number}
    assert [(one["理由"], one["改为"]) for one in found][-1] == ("等待备案", "教研员01")
    assert [one["第几次"] for one in found] == [str(one + 1) for one in range(len(found))]
    assert "导出变更历史" in door.visit(READER).get("/recruitment")
    themselves = lines(door.visit("researcher01").file(path, reason="看看"))
    assert themselves[-1]["理由"] == KEPT_OUT
    assert not any("教研员01" in str(one.values()) for one in themselves)
    assert door.visit(STRANGER).post(path, reason="看看")[0] == 404
    allow(door, CLERK, RECRUITMENT, Action.READ)
    assert door.visit(CLERK).post(path, reason="看看")[0] == 403
