"""Importing the organisation: all or nothing, each refused row with its reason."""

import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from service.commands import organization_files, organization_import, rights, ties
from service.commands.accounts import AccountsForbidden
from service.commands.organization_files import ExportForbidden
from service.commands.organization_import import Checked, ImportRefused
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.domain.recusal import TieKind
from service.queries import organization
from service.store.access_check import verify
from service.store.tables import AccessEvent, OrganizationUnit, Person, PersonalDatum, Post
from tests.books import UNITS, Rows, book
from tests.fixtures_commands import Stage
from tests.fixtures_organization import Bureau
from tests.fixtures_store import AUDIT_KEY

ID_NUMBER = "150303199003078815"


def check(stage: Stage, content: bytes, actor: Actor = SYSTEM) -> Checked:
    with stage.rooms.write() as tools:
        return organization_import.check(tools, content, actor=actor, now=stage.clock.now)


def take(stage: Stage, content: bytes, actor: Actor = SYSTEM) -> Checked:
    with stage.rooms.write() as tools:
        return organization_import.apply(tools, content, actor=actor, now=stage.clock.now)


def reasons(stage: Stage, content: bytes) -> list[tuple[str, int, str, str]]:
    """Sheet, row, column and reason of what is refused; an import must keep nothing of it."""
    before = counted(stage)
    found = check(stage, content).refusals
    with pytest.raises(ImportRefused) as refused:
        take(stage, content)
    assert refused.value.checked.refusals == found
    assert counted(stage) == before
    return [(one.sheet, one.number, one.column, one.reason) for one in found]


def counted(stage: Stage) -> list[int]:
    entities = (OrganizationUnit, Person, Post, PersonalDatum, AccessEvent)
    with stage.rooms.read() as session:
        return [session.scalar(select(func.count()).select_from(one)) or 0 for one in entities]


PEOPLE: Rows = [
    ["teacher001", "教师001", "示例小学01", "教师", "数学、小学", "", ID_NUMBER, 13812345678, None],
    ["teacher001", "教师001", "wuda", "教研员", "数学", "是", None, None, None],
    ["teacher002", "教师002", "乌达区教研室/办公室", "科员", None, "否", None, None, "a@b.cn"],
    ["li.na", "李娜", None, None, None, None, None, None, None],
]


def test_units_people_and_posts_come_in_together(stage: Stage, bureau: Bureau) -> None:
    done = take(stage, book(UNITS, PEOPLE))

    assert done.units.new == ("school01", "grade")
    assert done.people.new == {"teacher001": "教师001", "teacher002": "教师002"}
    with stage.rooms.read() as session:
        page = organization.unit(session, actor=stage.cast.officer, unit_id="wuda")
        posts = organization.posts_of(session, actor=stage.cast.officer, username="teacher001")
        assert session.get_one(OrganizationUnit, "grade").parent_id == "school01"
        assert session.get_one(Person, "teacher001").password_hash is None
        sealed = session.scalars(select(PersonalDatum.sealed)).all()
    assert [post.name for post in page.posts if post.heads_unit] == ["教师001"]
    assert {(post.unit, post.labels) for post in posts} == {
        ("示例小学01", ("小学", "数学")),
        ("乌达区教研室", ("数学",)),
    }
    assert len(sealed) == 3
    assert not any(ID_NUMBER in one for one in sealed)


def test_the_same_again_changes_nothing(stage: Stage, bureau: Bureau) -> None:
    content = book(UNITS, [row[:6] for row in PEOPLE])
    take(stage, content)
    again = check(stage, content)

    assert again.is_empty
    assert again.refusals == ()


def test_what_changed_is_changed(stage: Stage, bureau: Bureau) -> None:
    take(stage, book(UNITS, PEOPLE))
    changed = take(
        stage,
        book(
            [["school01", "示例小学一", "", "海勃湾区教研室", ""]],
            [["teacher001", "教师一", "wuda", "教研员", "数学", "否"]],
        ),
    )

    assert changed.units.changed == ("school01",)
    assert changed.people.renamed == {"teacher001": "教师一"}
    assert (len(changed.people.begun), len(changed.people.ended)) == (1, 1)
    with stage.rooms.read() as session:
        school = session.get_one(OrganizationUnit, "school01")
    assert (school.kind, school.position, school.parent_id) == ("学校", 5, "haibowan")


def test_each_change_is_recorded_in_a_chain_that_holds(stage: Stage, bureau: Bureau) -> None:
    take(stage, book(UNITS, PEOPLE))
    with stage.rooms.read() as session:
        found = session.scalars(select(AccessEvent).order_by(AccessEvent.key)).all()
        assert list(verify(session, AUDIT_KEY)) == []
    said = [one.details["change"] for one in found if isinstance(one.details, dict)]
    assert said.count("imported") == 3
    assert said.count("post-begun") == 3
    assert said[-1] == "imported"


@pytest.mark.parametrize(
    ("units", "people", "expected"),
    [
        (
            [["a", "甲", "", "b", ""], ["b", "乙", "", "a", ""]],
            [],
            [("机构", 2, "上级机构", "环"), ("机构", 3, "上级机构", "环")],
        ),
        ([["a", "甲", "", "nowhere", ""]], [], [("机构", 2, "上级机构", "没有这个机构")]),
        ([["a", "甲", "", "办公室", ""]], [], [("机构", 2, "上级机构", "不止一个")]),
        ([["a", "甲"], ["a", "乙"]], [], [("机构", 3, "机构编号", "与第 2 行重复")]),
        ([["a b", "甲"]], [], [("机构", 2, "机构编号", "应为 1 至 64 个")]),
        ([["a", "甲/乙"]], [], [("机构", 2, "机构名称", "不能用")]),
        ([["a", "甲", "", "", "x"]], [], [("机构", 2, "排序", "整数")]),
        ([["a", "人事科", "", "bureau"]], [], [("机构", 2, "机构名称", "还有一个机构")]),
        (
            [],
            [["a", "甲", "wuda", "主任", "", "是"], ["b", "乙", "wuda", "副主任", "", "是"]],
            [("人员", 3, "负责本机构", "已经写在第 2 行")],
        ),
        (
            [],
            [["a", "甲", "personnel", "主任", "", "是"]],
            [("人员", 2, "负责本机构", "现在的负责人是李娜")],
        ),
        (
            [],
            [["a", "甲", "wuda", "教研员", "数学"], ["a", "甲", "wuda", "教研员", "数学"]],
            [("人员", 3, "岗位", "与第 2 行是同一个人的同一个岗位")],
        ),
        ([], [["a", "甲"], ["a", "乙"]], [("人员", 3, "姓名", "姓名不一样")]),
        ([], [["a", "甲", "办公室", "科员"]], [("人员", 2, "机构", "有 2 个")]),
        ([], [["a", "甲", "", "科员"]], [("人员", 2, "机构", "没有写机构")]),
        ([], [["a", "甲", "wuda"]], [("人员", 2, "岗位", "没有写岗位")]),
        ([], [["a", "甲", "wuda", "负责人"]], [("人员", 2, "岗位", "不能写“负责人”")]),
        ([], [["a", "甲", "wuda", "科员", "", "也许"]], [("人员", 2, "负责本机构", "是”或“否")]),
        ([], [["system", "甲"]], [("人员", 2, "用户名", "应为")]),
        ([], [["a", "=1+1"]], [("人员", 2, "姓名", "公式")]),
        (
            [],
            [["a", "甲", "", "", "", "", 150303199003078812]],
            [("人员", 2, "身份证号", "数字格式")],
        ),
        (
            [],
            [["a", "甲", "", "", "", "", "150303209903078812"]],
            [("人员", 2, "身份证号", "")],
        ),
        (
            [],
            [
                ["a", "甲", "", "", "", "", "", "13812345678"],
                ["b", "乙", "", "", "", "", "", "13812345678"],
            ],
            [("人员", 3, "手机号", "与第 2 行另一个人的相同")],
        ),
    ],
)
def test_what_cannot_be_taken_is_told_row_by_row(
    stage: Stage, bureau: Bureau, units: Rows, people: Rows, expected: Rows
) -> None:
    bureau.begin("li.na", "personnel", "科长", heads_unit=True)

    found = reasons(stage, book(units, people))

    assert [one[:3] for one in found] == [one[:3] for one in expected]
    for (*_place, reason), wanted in zip(found, expected, strict=True):
        assert str(wanted[3]) in reason


def test_personal_data_of_another_account_is_refused(stage: Stage, bureau: Bureau) -> None:
    take(stage, book(UNITS, PEOPLE))
    other = [["teacher009", "教师009", "", "", "", "", ID_NUMBER]]
    assert "teacher001" in reasons(stage, book([], other))[0][3]


def test_a_date_in_a_text_column_is_refused(stage: Stage, bureau: Bureau) -> None:
    content = book([], [["a", stage.clock.now.replace(tzinfo=None)]])
    assert "日期" in reasons(stage, content)[0][3]


def test_the_report_names_row_and_reason_and_masks_numbers(stage: Stage, bureau: Bureau) -> None:
    checked = check(stage, book([], [["a", "甲", "", "", "", "", "150303199003078811"]]))

    sheet = load_workbook(io.BytesIO(organization_files.report(checked.refusals))).active
    assert sheet is not None
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert rows[0] == ["工作表", "行", "列", "内容", "不能导入的原因"]
    assert rows[1][:3] == ["人员", "2", "身份证号"]
    assert "15030319900307" not in str(rows)


def test_unknown_columns_are_named(stage: Stage, bureau: Bureau) -> None:
    content = book([["a", "甲", "x"]], columns={"机构": ["机构编号", "机构名称", "电话"]})
    assert check(stage, content).ignored == ("机构：电话",)


def test_a_stranger_imports_and_exports_nothing(stage: Stage, bureau: Bureau) -> None:
    content = book(UNITS)
    for act in (check, take):
        with pytest.raises(AccountsForbidden):
            act(stage, content, stage.cast.officer)
    with stage.rooms.write() as tools, pytest.raises(ExportForbidden):
        organization_files.export(tools, actor=stage.cast.officer, now=stage.clock.now)


def test_what_was_exported_can_be_imported_again(stage: Stage, bureau: Bureau) -> None:
    take(stage, book(UNITS, PEOPLE))
    with stage.rooms.write() as tools:
        content = organization_files.export(tools, actor=SYSTEM, now=stage.clock.now)

    checked = check(stage, content)

    assert checked.is_empty, checked
    assert checked.refusals == ()
    assert ID_NUMBER.encode() not in content
    assert stage.rows(AccessEvent, kind="export") != []


def test_a_name_never_becomes_a_formula(stage: Stage, bureau: Bureau) -> None:
    with stage.rooms.write() as tools:
        person = tools.session.get_one(Person, "li.na")
        person.display_name = "=HYPERLINK(1)"
        tools.session.flush()
        content = organization_files.export(tools, actor=SYSTEM, now=stage.clock.now)
    sheet = load_workbook(io.BytesIO(content))["人员"]
    [cell] = [cell for row in sheet.iter_rows() for cell in row if "HYPER" in str(cell.value)]
    assert cell.data_type == "s"
    assert cell.quotePrefix


def test_who_has_the_right_exports(stage: Stage, bureau: Bureau) -> None:
    right = Grant(GranteeKind.PERSON, "li.na", "*", ObjectKind.ACCOUNT, Action.EXPORT)
    with stage.rooms.write() as tools:
        rights.grant(tools, right, actor=SYSTEM, now=stage.clock.now)
        assert organization_files.export(tools, actor=stage.cast.officer, now=stage.clock.now)


def test_relatives_get_no_posts_of_which_one_directs_the_other(
    stage: Stage, bureau: Bureau
) -> None:
    with stage.rooms.write() as tools:
        ties.declare(
            tools,
            username="li.na",
            other="wang.wei",
            kind=TieKind.SPOUSE,
            actor=SYSTEM,
            now=stage.clock.now,
        )
    bureau.begin("wang.wei", "bureau", "局长", heads_unit=True)
    directed: Rows = [["li.na", "李娜", "personnel", "科长", None, "是", None, None, None]]
    beside: Rows = [["li.na", "李娜", "personnel", "科员", None, "否", None, None, None]]

    [(sheet, row, column, reason)] = reasons(stage, book(people=directed))

    assert (sheet, row, column) == ("人员", 2, "岗位")
    assert reason.startswith("与王伟有亲属关系（夫妻）")
    assert len(take(stage, book(people=beside)).people.begun) == 1
