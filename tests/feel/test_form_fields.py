"""What each component of a form accepts, and what it says otherwise."""

import math

import pytest

from service.domain.values import Json
from tests.feel.builders import REQUIRED, choice, field, form, text
from tests.feel.conftest import Validate

ACCEPTED: list[tuple[Json, Json, Json]] = [
    (text(), "北京", "北京"),
    (text(), "一行\n两行", "一行 两行"),
    (text(), "", None),
    (text(), None, None),
    (text(), "😀" * 10_000, "😀" * 10_000),
    (text(), "<script>alert(1)</script>", "<script>alert(1)</script>"),
    (field("textarea", "answer"), "一行\n两行", "一行\n两行"),
    (field("number", "answer"), 5, 5),
    (field("number", "answer"), 0, 0),
    (field("number", "answer"), -2.5, -2.5),
    (field("number", "answer"), "12.50", 12.5),
    (field("number", "answer"), "", None),
    (field("number", "answer", serializeToString=True), "12.50", "12.50"),
    (field("number", "answer", serializeToString=True), 7, "7"),
    (field("number", "answer", serializeToString=True), "9" * 30, "9" * 30),
    (field("checkbox", "answer"), True, True),
    (field("checkbox", "answer"), False, False),
    (field("checkbox", "answer"), None, False),
    (choice("select", "a", "b"), "a", "a"),
    (choice("select", "a", "b"), "", None),
    (choice("select", 1, 2), 2, 2),
    (choice("radio", "a", "b"), "b", "b"),
    (choice("radio", True, False), False, False),
    (choice("checklist", "a", "b"), ["b", "a"], ["b", "a"]),
    (choice("checklist", "a", "b"), [], None),
    (choice("taglist", "a", "b"), ["b"], ["b"]),
    (field("datetime", "answer", subtype="date"), "2026-02-28", "2026-02-28"),
    (field("datetime", "answer", subtype="time"), "09:30", "09:30"),
    (field("datetime", "answer", subtype="time"), "09:30+08:00", "09:30+08:00"),
    (field("datetime", "answer", subtype="datetime"), "2026-02-28T09:30", "2026-02-28T09:30"),
    (field("datetime", "answer", subtype="datetime"), "2026-02-28T09:30Z", "2026-02-28T09:30Z"),
    (field("datetime", "answer"), "2026-02-28", "2026-02-28"),
    (field("datetime", "answer", subtype="date"), None, None),
    (field("filepicker", "answer"), ["17"], ["17"]),
    (
        field("filepicker", "answer"),
        [{"documentKey": "17", "size": 5}],
        [{"documentKey": "17", "size": 5}],
    ),
    (field("filepicker", "answer", multiple=True), ["17", "18"], ["17", "18"]),
    (field("filepicker", "answer", multiple="=2 > 1"), ["17", "18"], ["17", "18"]),
    (field("filepicker", "answer"), [], None),
]

REFUSED: list[tuple[Json, Json, str]] = [
    (text(), 5, "应为文字"),
    (text(), True, "应为文字"),
    (text(), ["a"], "应为文字"),
    (text(), {"a": 1}, "应为文字"),
    (text(), math.nan, "应为文字"),
    (text(validate=REQUIRED), "", "必填"),
    (text(validate=REQUIRED), None, "必填"),
    (text(validate={"minLength": 2}), "甲", "至少需要 2 个字"),
    (text(validate={"maxLength": 2}), "甲乙丙", "最多 2 个字"),
    (text(validate={"maxLength": "=limit"}), "甲乙丙", "最多 2 个字"),
    (text(validate={"pattern": "^\\d+$"}), "12a", "格式不正确（^\\d+$）"),
    (text(validate={"pattern": "^\\d+$", "patternErrorMessage": "只填数字"}), "a", "只填数字"),
    (text(validate={"validationType": "email"}), "a@", "邮箱"),
    (text(validate={"validationType": "phone"}), "12345", "电话"),
    (field("textarea", "answer"), 5, "应为文字"),
    (field("textarea", "answer", validate=REQUIRED), "", "必填"),
    (field("number", "answer"), "12a", "请输入数字"),
    (field("number", "answer"), "0x10", "请输入数字"),
    (field("number", "answer"), "Infinity", "请输入数字"),
    (field("number", "answer"), "1e999", "请输入数字"),
    (field("number", "answer"), True, "请输入数字"),
    (field("number", "answer"), [1], "请输入数字"),
    (field("number", "answer"), math.nan, "请输入数字"),
    (field("number", "answer"), math.inf, "请输入数字"),
    (field("number", "answer"), 2**60, "请输入数字"),
    (field("number", "answer"), "9" * 30, "数字太大"),
    (field("number", "answer", validate=REQUIRED), None, "必填"),
    (field("number", "answer", validate={"min": 1}), 0, "不能小于 1"),
    (field("number", "answer", validate={"max": 5}), 5.5, "不能大于 5"),
    (field("number", "answer", validate={"max": "=limit"}), 3, "不能大于 2"),
    (field("number", "answer", decimalDigits=0), 1.5, "整数"),
    (field("number", "answer", decimalDigits=1), 1.25, "最多 1 位小数"),
    (field("number", "answer", decimalDigits=2), 1.255, "最多 2 位小数"),
    (field("number", "answer", increment=0.5), 1.3, "最接近的有效值是 1 和 1.5"),
    (field("checkbox", "answer"), "true", "应为“是”或“否”"),
    (field("checkbox", "answer"), 1, "应为“是”或“否”"),
    (field("checkbox", "answer", validate=REQUIRED), False, "必填"),
    (choice("select", "a", "b"), "c", "不在可选范围"),
    (choice("select", 1, 2), "1", "不在可选范围"),
    (choice("select", "a", "b"), ["a"], "不在可选范围"),
    (choice("select", "a", validate=REQUIRED), None, "必填"),
    (choice("radio", "a", "b"), {"a": 1}, "不在可选范围"),
    (choice("checklist", "a", "b"), "a", "列表"),
    (choice("checklist", "a", "b"), ["a", "c"], "不在可选范围"),
    (choice("checklist", "a", "b"), ["a", "a"], "重复"),
    (choice("checklist", "a", validate=REQUIRED), [], "必填"),
    (choice("taglist", "a"), ["b"], "不在可选范围"),
    (field("datetime", "answer", subtype="date"), "2026-02-30", "有效的日期"),
    (field("datetime", "answer", subtype="date"), "23.11.2026", "有效的日期"),
    (field("datetime", "answer", subtype="date"), "2026-02-28T10:00", "有效的日期"),
    (field("datetime", "answer", subtype="date"), 20261123, "有效的日期"),
    (field("datetime", "answer", subtype="time"), "25:00", "有效的时间"),
    (field("datetime", "answer", subtype="time"), "9点", "有效的时间"),
    (field("datetime", "answer", subtype="datetime"), "2026-02-28", "有效的日期和时间"),
    (field("datetime", "answer", subtype="date", validate=REQUIRED), "", "必填"),
    (
        field("datetime", "answer", subtype="date", disallowPassedDates=True),
        "2026-11-22",
        "今天以前",
    ),
    (field("filepicker", "answer"), "17", "文件的列表"),
    (field("filepicker", "answer"), [17], "文件的列表"),
    (field("filepicker", "answer"), [""], "文件的列表"),
    (field("filepicker", "answer"), ["17", "18"], "只能上传一个文件"),
    (field("filepicker", "answer", multiple="=limit > 5"), ["17", "18"], "只能上传一个文件"),
    (field("filepicker", "answer", validate=REQUIRED), [], "必填"),
    (field("filepicker", "answer", validate=REQUIRED), None, "必填"),
]


@pytest.mark.parametrize(("component", "sent", "accepted"), ACCEPTED)
def test_a_value_is_accepted(submit: Validate, component: Json, sent: Json, accepted: Json) -> None:
    result = submit(form(component), {"answer": sent})

    assert result.errors == {}
    assert result.data == {"answer": accepted}
    assert type(result.data["answer"]) is type(accepted)


@pytest.mark.parametrize(("component", "sent", "message"), REFUSED)
def test_a_value_is_refused_in_chinese_at_its_path(
    submit: Validate, component: Json, sent: Json, message: str
) -> None:
    result = submit(form(component), {"answer": sent}, {"limit": 2})

    assert list(result.errors) == ["answer"]
    assert message in result.errors["answer"][0]


def test_a_date_in_the_past_may_stay_when_it_was_there_before(submit: Validate) -> None:
    schema = form(field("datetime", "answer", subtype="date", disallowPassedDates=True))
    before: dict[str, Json] = {"answer": "2026-01-01"}

    assert submit(schema, before, before).errors == {}
    assert submit(schema, {"answer": "2026-11-23"}).errors == {}


def test_today_is_the_day_here(submit: Validate) -> None:
    schema = form(
        field("datetime", "answer", subtype="datetime", disallowPassedDates=True),
    )

    assert submit(schema, {"answer": "2026-11-22T17:00Z"}).errors == {}
    assert submit(schema, {"answer": "2026-11-22T15:00Z"}).errors


def test_options_come_from_the_store_and_never_from_the_submission(submit: Validate) -> None:
    schema = form(field("select", "answer", valuesKey="places"))
    context: dict[str, Json] = {"places": ["呼和浩特", {"label": "乌海", "value": "wuhai"}]}

    assert submit(schema, {"answer": "wuhai"}, context).data == {"answer": "wuhai"}
    forged = submit(schema, {"answer": "x", "places": ["x"]}, context)
    assert forged.errors
    assert forged.dropped == ("places",)


def test_options_can_be_computed_from_other_answers(submit: Validate) -> None:
    schema = form(
        choice("select", "小学", "初中") | {"key": "stage", "id": "stage"},  # type: ignore[operator]
        field("checklist", "grades", valuesExpression='=if stage = "小学" then ["一"] else ["七"]'),
    )

    assert submit(schema, {"stage": "初中", "grades": ["七"]}).errors == {}
    assert submit(schema, {"stage": "小学", "grades": ["七"]}).errors == {
        "grades": ["所选内容不在可选范围内。"]
    }


def test_options_that_are_gone_from_the_store_are_no_value(submit: Validate) -> None:
    schema = form(field("select", "answer", valuesKey="places", validate=REQUIRED))

    result = submit(schema, {}, {"places": ["a"], "answer": "b"})

    assert result.errors == {"answer": ["此项必填。"]}


def test_a_computed_field_is_computed_here(submit: Validate) -> None:
    schema = form(
        field("expression", "twice", expression="=sum * 2"),
        field("expression", "sum", expression="=a + b"),
        field("number", "a"),
        field("number", "b"),
        field("expression", "day", expression="=today()"),
    )

    result = submit(schema, {"a": 1, "b": 2, "sum": 99, "twice": 99})

    assert result.data == {"a": 1, "b": 2, "sum": 3, "twice": 6, "day": "2026-11-23"}


def test_a_computed_field_is_null_while_its_parts_are_empty(submit: Validate) -> None:
    schema = form(field("number", "a"), field("expression", "more", expression="=a + 1"))

    assert submit(schema, {"a": None}).data == {"a": None, "more": None}


def test_a_group_holds_its_fields_under_its_path(submit: Validate) -> None:
    schema = form(text("person.name", validate=REQUIRED), text("person.phone"))

    result = submit(schema, {"person": {"name": "张三", "other": 1}})

    assert result.data == {"person": {"name": "张三", "phone": None}}
    assert result.dropped == ("person.other",)
    assert submit(schema, {"person": 5}).errors["person"] == ["应为一组填写内容。"]
    assert submit(schema, {}).errors == {"person.name": ["此项必填。"]}


def test_presentation_submits_nothing(submit: Validate) -> None:
    schema = form(
        {"type": "text", "id": "t", "text": "您好 {{name}}"},
        {"type": "button", "id": "b", "key": "go", "label": "提交"},
        {"type": "html", "id": "h", "content": "<b>x</b>"},
        {"type": "separator", "id": "s"},
    )

    result = submit(schema, {"t": 1, "go": 2})

    assert result.data == {}
    assert result.dropped == ("t", "go")
