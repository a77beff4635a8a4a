"""The pages of the calendar: a year to look at, its days, file, hours and periods to change."""

import io
import re
from datetime import UTC, date, datetime, time

import pytest

from service.commands import calendar_files, calendars, rights
from service.commands.calendar_estimates import bring_up_to_date
from service.commands.rooms import Rooms
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.domain.working_days import CalendarYear, SpecialDay, SpecialKind, WorkingDays
from tests.clocks import Clock
from tests.commands.administering import administrator_of
from tests.commands.test_calendars import NEXT_YEAR
from tests.fixtures_store import Cast
from tests.web.conftest import Visit, Visitor

NOVEMBER = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def now(clock: Clock) -> datetime:
    return NOVEMBER


@pytest.fixture
def clock() -> Clock:
    return Clock(NOVEMBER)


@pytest.fixture
def admin(visit: Visit, rooms: Rooms, cast: Cast) -> Visitor:
    bring_up_to_date(rooms, now=NOVEMBER)
    return visit(administrator_of(rooms, NOVEMBER))


@pytest.fixture
def reader(visit: Visit, rooms: Rooms, cast: Cast) -> Visitor:
    right = Grant(GranteeKind.PERSON, "wang.wei", "*", ObjectKind.ACCOUNT, Action.READ)
    with rooms.write() as tools:
        rights.grant(tools, right, actor=SYSTEM, now=NOVEMBER)
    return visit(Actor("wang.wei", "王伟"))


def calendar(rooms: Rooms) -> WorkingDays:
    with rooms.read() as session:
        return calendars.table_of_days(session)


def workbook(days: tuple[SpecialDay, ...] = NEXT_YEAR) -> dict[str, object]:
    content = calendar_files.write(CalendarYear(2027, days))
    return {"file": (io.BytesIO(content), "2027.xlsx")}


def revision(page: str) -> str:
    found: list[str] = re.findall(r'name="revision" value="(\d+)"', page)
    return found[0]


def test_the_calendar_begins_with_this_year(admin: Visitor) -> None:
    assert admin.get("/admin/calendar").location == "/admin/calendar/2026"
    page = admin.get("/admin/calendar/2026").text
    assert "2026 年工作日历" in page
    assert "全年 248 个工作日" in page
    assert 'aria-current="date"' in page
    assert "春节 调休上班" in page
    assert "暂估" not in page


def test_a_year_not_announced_says_so_and_what_to_do(admin: Visitor) -> None:
    page = admin.get("/admin/calendar/2027").text
    assert "暂估" in page
    assert "请在下面导入文件" in page
    later = admin.get("/admin/calendar/2030").text
    assert "暂估" in later
    assert "请在下面导入文件" not in later
    assert 'name="file"' not in later


@pytest.mark.parametrize("year", ["2003", "2037", "9999", "0", "99999999999999999999"])
def test_a_year_that_is_not_there_is_no_page(admin: Visitor, year: str) -> None:
    assert admin.get(f"/admin/calendar/{year}").status_code == 404
    assert admin.get(f"/admin/calendar/{year}/file").status_code == 404


def test_a_day_is_chosen_and_arranged_otherwise(admin: Visitor, rooms: Rooms) -> None:
    page = admin.get("/admin/calendar/2026", day="2026-12-31").text
    assert "2026年12月31日（周四）" in page
    sent = {"day": "2026-12-31", "kind": "half-day", "name": "跨年", "revision": revision(page)}
    done = admin.post("/admin/calendar/2026/day", sent)
    assert done.location == "/admin/calendar/2026"
    assert "已保存 2026年12月31日（周四）的安排" in admin.get(done.location).text
    special = calendar(rooms).special(date(2026, 12, 31))
    assert special == SpecialDay(date(2026, 12, 31), SpecialKind.HALF_DAY, "跨年")


def test_what_is_refused_of_a_day_stays_filled_in(admin: Visitor, rooms: Rooms) -> None:
    sent = {"day": "2026-12-30", "kind": "swapped", "name": "我写的名称", "revision": "0"}
    page = admin.post("/admin/calendar/2026/day", sent)
    assert page.status_code == 400
    assert "不是周末" in page.text
    assert 'value="我写的名称"' in page.text
    assert '<option value="swapped" selected>' in page.text
    stale = admin.post("/admin/calendar/2027/day", {**sent, "day": "2027-12-30", "kind": ""})
    assert stale.status_code == 409
    assert calendar(rooms).special(date(2026, 12, 30)) is None


@pytest.mark.parametrize("day", ["", "heute", "2026-02-30", "9999-12-31", "<script>"])
def test_a_day_that_is_none_is_refused(admin: Visitor, day: str) -> None:
    sent = {"day": day, "kind": "holiday", "name": "x", "revision": "0"}
    page = admin.post("/admin/calendar/2026/day", sent)
    assert page.status_code == 400
    assert "<script>" not in page.text.split("<h1")[1].split("</section>")[0]


def test_a_file_replaces_a_year(admin: Visitor, rooms: Rooms) -> None:
    done = admin.post("/admin/calendar/2027/import", workbook())
    assert done.location == "/admin/calendar/2027"
    assert not calendar(rooms).provisional_years & {2027}
    page = admin.get("/admin/calendar/2027").text
    assert "天有变化" in page
    assert "从文件导入，管理员" in page
    again = admin.post("/admin/calendar/2027/import", workbook())
    assert "没有改动" in admin.get(again.location or "").text


def test_the_file_of_a_year_can_be_imported_again(admin: Visitor, rooms: Rooms) -> None:
    before = calendar(rooms)
    answer = admin.get("/admin/calendar/2026/file")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="calendar-2026.xlsx"'
    sent = {"file": (io.BytesIO(answer.data), "2026.xlsx")}
    assert admin.post("/admin/calendar/2026/import", sent).status_code == 302
    assert calendar(rooms) == before


def test_a_file_with_the_wrong_year_is_refused_with_every_day(admin: Visitor, rooms: Rooms) -> None:
    page = admin.post("/admin/calendar/2026/import", workbook())
    assert page.status_code == 400
    assert "2027年1月1日（周五）不在 2026 年内" in page.text
    assert "2027年10月9日（周六）不在 2026 年内" in page.text
    assert calendar(rooms).is_working(date(2026, 2, 14))


def test_a_doubtful_file_is_confirmed_without_choosing_it_again(
    admin: Visitor, rooms: Rooms
) -> None:
    without_spring = tuple(each for each in NEXT_YEAR if each.name != "春节")
    page = admin.post("/admin/calendar/2027/import", workbook(without_spring))
    assert page.status_code == 400
    assert "按法律应放春节假" in page.text
    rows = re.findall(r'name="rows" value="([^"]+)"', page.text)[0]
    refused = admin.post("/admin/calendar/2027/import", {"rows": rows})
    assert refused.status_code == 400
    done = admin.post("/admin/calendar/2027/import", {"rows": rows, "confirmed": "on"})
    assert done.status_code == 302
    assert calendar(rooms).is_working(date(2027, 2, 8))


@pytest.mark.parametrize("rows", ["x", "2027-01-01", "\t\t\t", "2027-01-01\t\t上天\t元旦"])
def test_rows_that_were_tampered_with_are_refused(admin: Visitor, rows: str) -> None:
    sent = {"rows": rows, "confirmed": "on"}
    assert admin.post("/admin/calendar/2027/import", sent).status_code == 400


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04broken"])
def test_what_is_no_workbook_is_refused(admin: Visitor, content: bytes) -> None:
    sent = {"file": (io.BytesIO(content), "a.xlsx")}
    assert admin.post("/admin/calendar/2027/import", sent).status_code == 400
    assert "没有选择文件" in admin.post("/admin/calendar/2027/import", {}).text


def test_an_estimated_year_is_confirmed(admin: Visitor, rooms: Rooms) -> None:
    sent = {"revision": revision(admin.get("/admin/calendar/2027").text)}
    page = admin.post("/admin/calendar/2027/announce", sent)
    assert page.status_code == 400
    assert "没有一天调休上班" in page.text
    done = admin.post("/admin/calendar/2027/announce", {**sent, "confirmed": "on"})
    assert done.status_code == 302
    assert 2027 not in calendar(rooms).provisional_years


def test_office_hours_are_set(admin: Visitor, rooms: Rooms) -> None:
    sent = {"closing": "18:00", "half_day_closing": "12:30"}
    assert admin.post("/admin/calendar/2026/hours", sent).status_code == 302
    assert calendar(rooms).hours.closing == time(18, 0)
    assert not calendar(rooms).hours.half_days_count
    for wrong in ("25:00", "", "noon"):
        page = admin.post("/admin/calendar/2026/hours", {**sent, "closing": wrong})
        assert page.status_code == 400
        assert "不是时刻" in page.text


def test_terms_are_kept_beside_the_working_days(admin: Visitor) -> None:
    term = {
        "kind": "学期", "name": "2026—2027学年第一学期",
        "begins_on": "2026-09-01", "ends_on": "2027-01-22",
    }  # fmt: skip
    assert "还没有登记学期和假期" in admin.get("/admin/calendar/2026").text
    assert admin.post("/admin/calendar/2026/periods", term).status_code == 302
    pages = [admin.get(f"/admin/calendar/{year}").text for year in ("2026", "2027")]
    assert all("2026—2027学年第一学期" in page for page in pages)
    key = re.findall(r"/periods/(\d+)", pages[0])[0]
    overlapping = admin.post("/admin/calendar/2026/periods", {**term, "name": "又一个"})
    assert overlapping.status_code == 400
    assert "重叠" in overlapping.text
    assert 'value="又一个"' in overlapping.text
    longer = {**term, "ends_on": "2027-01-29"}
    assert admin.post(f"/admin/calendar/2026/periods/{key}", longer).status_code == 302
    assert "2027-01-29" in admin.get("/admin/calendar/2026").text
    removed = admin.post(f"/admin/calendar/2026/periods/{key}", {**term, "remove": "1"})
    assert removed.status_code == 302
    assert admin.post(f"/admin/calendar/2026/periods/{key}", longer).status_code == 404


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"ends_on": "2026-08-31"}, "早于"),
        ({"ends_on": "2062-01-22"}, "年份"),
        ({"begins_on": "0206-09-01"}, "年份"),
        ({"begins_on": "9月1日"}, "不是日期"),
        ({"name": ""}, "名称"),
        ({"kind": "x" * 41}, "名称"),
    ],
)
def test_a_period_that_cannot_be_is_refused(
    admin: Visitor, changed: dict[str, str], why: str
) -> None:
    term = {"kind": "学期", "name": "秋", "begins_on": "2026-09-01", "ends_on": "2027-01-22"}
    page = admin.post("/admin/calendar/2026/periods", {**term, **changed})
    assert page.status_code == 400
    assert why in page.text


def test_a_reader_sees_the_year_and_changes_nothing(reader: Visitor, rooms: Rooms) -> None:
    page = reader.get("/admin/calendar/2026", day="2026-12-31").text
    assert "全年 248 个工作日" in page
    assert 'method="post" action="/admin' not in page
    assert reader.get("/admin/calendar/2026/file").status_code == 200
    for path, sent in (
        ("day", {"day": "2026-12-31", "kind": "", "revision": "0"}),
        ("import", {"rows": "2026-01-01\t\t放假\t元旦", "confirmed": "on"}),
        ("announce", {"revision": "0"}),
        ("hours", {"closing": "18:00", "half_day_closing": "12:00"}),
        ("periods", {}),
        ("periods/1", {"remove": "1"}),
    ):
        assert reader.post(f"/admin/calendar/2026/{path}", sent).status_code == 403, path
    assert calendar(rooms).hours.closing == time(17, 30)


def test_every_form_wants_its_token(admin: Visitor) -> None:
    sent = {"closing": "18:00", "half_day_closing": "12:30"}
    assert admin.client.post("/admin/calendar/2026/hours", data=sent).status_code == 400
