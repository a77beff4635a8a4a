"""准入资格 from before the register come in by a workbook: with a document, once, by right."""

from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from typing import cast

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from processes.registers import qualification_acts as acts
from processes.registers import qualification_workbook, set_values
from processes.registers.admission_norms import PANEL_DAYS, RULES_VERSION
from processes.registers.days import bureau_day
from processes.registers.qualification_search import Filters, revisions
from processes.registers.qualification_workbook import TITLE
from processes.registers.roster_workbook import Checked, RosterFileChanged, RosterImportRefused
from processes.registers.staffing.norms import STOCK_BEFORE, STOCK_UNTIL
from processes.registers.staffing.rosters import RESEARCHER_ROSTER, SEAT_ROSTER
from processes.registers.tables import QUALIFICATIONS, QualificationRecord
from processes.registers.valid_qualifications import stock_note, valid_qualification
from service.commands import rights, ties
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.domain.import_rows import Cell
from service.domain.recusal import TieKind
from service.procedure import Toolbox
from service.store.database import Database
from service.store.tables import Person
from tests.fixtures_store import migrated_url
from tests.processes.registers.conftest import Office
from tests.processes.registers.entering import newcomer, qualify, seat
from tests.processes.registers.gates import set_to
from tests.processes.registers.stock_books import NOTICE, book, stock
from tests.processes.registers.test_roster_pages import CLERK, STRANGER, Door, door

__all__ = ["door"]
PAGES = "/registers/qualifications"


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Of SQLite alone, for the pages too."""
    yield from migrated_url(request, "sqlite")


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """Rows are added and read, as the register's own tests do on both."""
    return sqlite_database


def check(office: Office, content: bytes, actor: Actor = SYSTEM) -> Checked:
    with office.write() as tools:
        return qualification_workbook.check(tools, content, actor=actor, now=office.now)


def take(office: Office, content: bytes, digest: str = "") -> Checked:
    digest = digest or check(office, content).digest
    with office.write() as tools:
        return qualification_workbook.take(
            tools, content, digest=digest, reason="建册补录", actor=SYSTEM, now=office.now
        )


def export(office: Office) -> bytes:
    with office.database.read() as session:
        content, _rows = qualification_workbook.export(
            session, actor=SYSTEM, filters=Filters(), today=bureau_day(office.now)
        )
    return content


def records(office: Office) -> list[QualificationRecord]:
    with office.database.read() as session:
        return list(session.scalars(select(QualificationRecord)))


def reasons(office: Office, **changes: Cell) -> dict[str, str]:
    """Why a row is refused, by column."""
    return {one.column: one.reason for one in check(office, book(stock() | changes)).refusals}


def test_it_comes_in_as_stock_with_its_document_and_no_case(office: Office) -> None:
    content = book(stock())
    assert check(office, content).entered == 1
    assert records(office) == []
    take(office, content)
    (one,) = records(office)
    assert (one.act, one.state, one.instance_key, one.process_id) == ("stock", "granted", 0, "")
    assert (one.stock_document, one.stock_organ) == (NOTICE, "乌海市教育局")
    assert (one.holder_name, one.valid_until) == ("教研员01", date(2027, 3, 1))
    assert "建册补录" in one.reason
    assert one.rules_version.endswith("/0")


def test_the_same_file_twice_is_one_entry(office: Office) -> None:
    content = book(stock(), stock("researcher02"))
    take(office, content)
    checked = check(office, content)
    assert (checked.rows, checked.is_empty, checked.refusals) == (2, True, ())
    take(office, content)
    assert len(records(office)) == 2


def test_one_bad_row_keeps_all_out_with_column_reason_and_rule(office: Office) -> None:
    content = book(
        stock(),
        stock("researcher02", stock_document="", stock_organ=None),
        stock("researcher03", seat="体操"),
        stock("researcher04", granted_on="2026-01-01", valid_until="2027-12-31"),
        stock("researcher01"),
    )
    checked = check(office, content)
    assert [(one.number, one.column) for one in checked.refusals] == [
        (3, "历史登记的文件和文号"), (3, "发文机关"), (4, "学段学科"), (5, "登记日期"),
        (6, "用户名"),
    ]  # fmt: skip
    assert "（三（三），S-STOCK；《方案》没有规定，为系统默认）" in checked.refusals[0].reason
    assert "请办理准入审核" in checked.refusals[3].reason
    assert "与第 2 行重复" in checked.refusals[4].reason
    with pytest.raises(RosterImportRefused):
        take(office, content, checked.digest)
    assert records(office) == []


def test_only_what_was_checked_is_taken(office: Office) -> None:
    with pytest.raises(RosterFileChanged):
        take(office, book(stock()), check(office, book(stock("researcher02"))).digest)


def test_the_borders_are_the_settings(office: Office) -> None:
    assert reasons(office, granted_on="2025-12-31", valid_until="2026-12-31") == {}
    assert "S-STOCK" in reasons(office, stock_document_on="2026-01-01")["发文日期"]
    set_to(office, STOCK_BEFORE, "2025-03-02")
    assert "2025年3月2日起的" in reasons(office)["登记日期"]
    assert reasons(office, granted_on="2025-03-01") == {}
    set_to(office, STOCK_UNTIL, bureau_day(office.now).isoformat())
    assert reasons(office, granted_on="2025-03-01") == {}
    set_to(office, STOCK_UNTIL, (bureau_day(office.now) - timedelta(1)).isoformat())
    assert "截止" in reasons(office, granted_on="2025-03-01")["登记日期"]


def test_no_document_makes_a_validity_of_ten_years(office: Office) -> None:
    last = bureau_day(office.now).replace(year=bureau_day(office.now).year + 2) - timedelta(1)
    assert reasons(office, valid_until=last) == {}
    assert "R-VALID" in reasons(office, valid_until=last + timedelta(1))["有效期至"]
    assert "早于登记日期" in reasons(office, valid_until="2025-03-01")["有效期至"]


def test_what_is_there_is_changed_on_its_page_alone(office: Office) -> None:
    take(office, book(stock()))
    assert "内容不同" in reasons(office, valid_until="2027-02-01")["登记日期"]
    overlapping = reasons(office, granted_on="2025-04-02")
    assert "同一时间只登记一条" in overlapping["登记日期"]
    (one,) = records(office)
    with office.write() as tools:
        acts.correct(
            cast(Toolbox, tools), one.qualification_key,
            acts.Correction("单位写错", unit="示例小学02"),
            revision=1, actor=SYSTEM, now=office.now,
        )  # fmt: skip
    assert check(office, book(stock())).is_empty
    assert len(records(office)) == 2


def test_who_is_tied_to_the_holder_enters_nobody(office: Office) -> None:
    clerk = Actor(CLERK, "教研员07")
    with office.write() as tools:
        for action in (Action.READ, Action.ACT):
            right = Grant(GranteeKind.PERSON, CLERK, QUALIFICATIONS, ObjectKind.REGISTER, action)
            rights.grant(tools, right, actor=SYSTEM, now=office.now, reason="补录")
        ties.declare(
            cast(Toolbox, tools), username=CLERK, other="researcher01", kind=TieKind.COLLATERAL,
            actor=clerk, now=office.now,
        )  # fmt: skip
    checked = check(office, book(stock(), stock(CLERK), stock("researcher02")), clerk)
    assert [(one.number, one.column) for one in checked.refusals] == [(2, "用户名"), (3, "用户名")]
    assert "R-RECUSE" in checked.refusals[0].reason


def test_what_leaves_comes_back_and_what_a_case_granted_stays_a_cases(office: Office) -> None:
    take(office, book(stock(), stock("researcher02", preferred="是")))
    with office.write() as tools:
        qualify(tools.session, "researcher03", office.now)
    content = export(office)
    checked = check(office, content)
    assert (checked.rows, checked.is_empty, checked.refusals, checked.ignored) == (3, True, (), ())
    with office.database.write() as session:
        rows = list(session.scalars(select(QualificationRecord)))
        kept = [{c.name: getattr(one, c.name) for c in one.__table__.columns} for one in rows]
        for one in rows:
            session.delete(one)
    checked = check(office, content)
    assert checked.entered == 2
    assert {one.number for one in checked.refusals} == {2}, "the one of a case has no document"
    book_ = load_workbook(BytesIO(content))
    book_[TITLE].delete_rows(2)
    alone = BytesIO()
    book_.save(alone)
    take(office, alone.getvalue())
    said = ("holder", "unit", "seat", "granted_on", "valid_until", "preferred", "stock_document")
    before = {tuple(one[key] for key in said) for one in kept if one["stock_document"]}
    assert {tuple(getattr(one, key) for key in said) for one in records(office)} == before


def test_a_revoked_one_comes_in_nowhere(office: Office) -> None:
    take(office, book(stock()))
    (one,) = records(office)
    decision = acts.Revocation("R-REVOKE", "乌教人决〔2026〕3号", "本人申请放弃", "本人没有陈述")
    with office.write() as tools:
        set_values.set_value(
            tools, PANEL_DAYS, "7", register="admission-rules", reason="依据文件",
            effective_from=bureau_day(office.now), revision=0, actor=SYSTEM, now=office.now,
        )  # fmt: skip
        acts.revoke(
            cast(Toolbox, tools),
            one.qualification_key,
            decision,
            revision=1,
            actor=SYSTEM,
            now=office.now,
        )
    content = export(office)
    assert check(office, content).is_empty
    with office.database.read() as session:
        assert valid_qualification(session, "researcher01", "小学语文", one.granted_on) is None
        newest = revisions(session, actor=SYSTEM, qualification_key=one.qualification_key)[0]
        assert (newest.is_stock, newest.state) == (True, "revoked")
        assert (one.rules_version, newest.rules_version) == (
            f"{RULES_VERSION}/0",
            f"{RULES_VERSION}/1",
        )
    with office.database.write() as session:
        for row in session.scalars(select(QualificationRecord)):
            session.delete(row)
    assert "已撤销" in check(office, content).refusals[0].reason


@pytest.mark.parametrize(
    "changes",
    [{"granted_on": "2025-03-03"}, {"seat": "小学数学"},
     {"granted_on": "2020-03-02", "valid_until": "2022-03-01"}],
)  # fmt: skip
def test_who_was_revoked_comes_back_by_no_other_row(
    office: Office, changes: dict[str, Cell]
) -> None:
    take(office, book(stock()))
    (one,) = records(office)
    unworthy = acts.Revocation("R-N3", "乌教人决〔2026〕3号", "师德失范", "本人没有陈述")
    key = one.qualification_key
    with office.write() as tools:
        box = cast(Toolbox, tools)
        acts.revoke(box, key, unworthy, revision=1, actor=SYSTEM, now=office.now)
    refused = reasons(office, **changes)["用户名"]
    assert "教研员01的小学语文准入资格已于2026年3月2日撤销" in refused
    assert "R-REVOKE" in refused
    assert check(office, book(stock("researcher02"))).refusals == ()
    with office.write() as tools:
        for action in (Action.READ, Action.ACT):
            right = Grant(GranteeKind.PERSON, CLERK, QUALIFICATIONS, ObjectKind.REGISTER, action)
            rights.grant(tools, right, actor=SYSTEM, now=office.now, reason="复查")
        box, back = cast(Toolbox, tools), acts.Restoration("乌教人决〔2026〕9号", "撤销决定被撤销")
        acts.restore(box, key, back, revision=2, actor=Actor(CLERK, "教研员07"), now=office.now)
    assert "用户名" not in reasons(office, **changes)


def test_somebody_whose_account_is_closed_keeps_what_they_have_and_gets_nothing(
    office: Office,
) -> None:
    take(office, book(stock()))
    content = export(office)
    with office.database.write() as session:
        session.get_one(Person, "researcher01").active = False
    assert check(office, content).is_empty
    assert (
        "没有这个人" in reasons(office, granted_on="2020-03-02", valid_until="2022-03-01")["用户名"]
    )


def test_it_counts_at_the_register_of_researchers_and_says_what_it_is(office: Office) -> None:
    office.enter(SEAT_ROSTER, seat())
    assert "S-ADMIT" in office.refused(RESEARCHER_ROSTER, newcomer())["seat_code"]
    take(office, book(stock()))
    with office.database.read() as session:
        found = valid_qualification(session, "researcher01", "小学语文", date(2027, 3, 1))
        assert found is not None
        assert stock_note(found) == f"历史登记，依据乌海市教育局2025年2月20日{NOTICE}"
        assert valid_qualification(session, "researcher01", "小学语文", date(2027, 3, 2)) is None


def test_the_pages_take_it_from_who_has_the_right_and_are_not_there_for_a_stranger(
    door: Door,
) -> None:
    with door.rooms.write() as tools:
        for action in (Action.READ, Action.ACT):
            right = Grant(GranteeKind.PERSON, CLERK, QUALIFICATIONS, ObjectKind.REGISTER, action)
            rights.grant(tools, right, actor=SYSTEM, now=door.rooms.clock(), reason="补录")
        reader = Grant(
            GranteeKind.PERSON, "researcher06", QUALIFICATIONS, ObjectKind.REGISTER, Action.READ
        )
        rights.grant(tools, reader, actor=SYSTEM, now=door.rooms.clock(), reason="查看")
    stranger, visitor = door.visit(STRANGER), door.visit(CLERK)
    missing = stranger.client.get(f"{PAGES}/999")
    for path in (f"{PAGES}/import", f"{PAGES}/import/template"):
        answer = stranger.client.get(path)
        assert (answer.status_code, "没有找到这条准入资格" in answer.text) == (404, True)
    assert missing.status_code == 404
    for path in ("import", "import/check", "import/report"):
        assert stranger.post(f"{PAGES}/{path}", reason="试试看")[0] == 404
        assert door.visit("researcher06").post(f"{PAGES}/{path}", reason="试试看")[0] == 403
    assert "从 Excel 导入历史登记" in visitor.get(PAGES)
    assert "从 Excel 导入历史登记" not in door.visit("researcher06").get(PAGES)

    def sent(content: bytes) -> dict[str, object]:
        return {"file": (BytesIO(content), "old.xlsx")}

    content = book(stock())
    status, page = visitor.post(f"{PAGES}/import/check", **sent(content))
    assert (status, "已检查 1 行" in page) == (200, True)
    digest = page.split('name="digest" value="')[1].split('"')[0]
    status, _page = visitor.post(
        f"{PAGES}/import", digest=digest, reason="建册补录", **sent(content)
    )
    assert status == 302
    listing = visitor.get(PAGES)
    assert "历史登记" in listing
    key = listing.split(f'href="{PAGES}/')[-1].split('"')[0]
    detail = visitor.get(f"{PAGES}/{key}")
    for shown in (NOTICE, "乌海市教育局", "2025年2月20日", "没有审核事项"):
        assert shown in detail
    assert "/instances/0" not in detail
    assert "事项编号" not in detail
    event = door.events("register_changed")[-1]
    assert (event.person, event.reference) == (CLERK, "qualifications/import")
    again = visitor.post(f"{PAGES}/import/check", **sent(content))[1]
    assert "不用导入" in again
    bad = visitor.post(f"{PAGES}/import/check", **sent(book(stock(seat="体操"))))[1]
    assert "第 2 行，学段学科" in bad
