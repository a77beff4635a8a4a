"""The application's form through the real validator: what it takes, what it says to bad input."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

import pytest

from processes.admission.application import DOCUMENT_LABELS
from processes.registers.seats import SEATS
from processes.registers.titles import TITLES
from service.domain.values import Json
from service.feel import FeelPool, FormResult, file_fields
from tests.processes.builders import application, components, period, schema

FORM = "admission_application"
Validate: TypeAlias = "Callable[[dict[str, Json]], FormResult]"


@pytest.fixture
def validate(feel: FeelPool, now: datetime) -> Validate:
    def run(submission: dict[str, Json]) -> FormResult:
        return feel.validate_form(schema(FORM), submission, {}, now=now)

    return run


def test_a_right_application_is_taken_as_it_is(validate: Validate) -> None:
    result = validate(application())
    assert result.errors == {}
    assert result.data["teaching_periods"] == [period("2016-02-01")]


def test_an_empty_application_names_every_field_that_is_missing(validate: Validate) -> None:
    errors = validate({}).errors
    assert set(errors) == {
        "applicant_name",
        "born_on",
        "unit",
        "seat",
        "title",
        "title_appointed",
        "achievements",
        "evidence_teaching",
        "evidence_licence",
        "evidence_title",
        "evidence_appraisal",
        "truth_declared",
    }
    assert all(messages == ["此项必填。"] for messages in errors.values())


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("applicant_name", "教师🙂", "姓名为2至50个字，只能用汉字、蒙古文、字母和间隔号“·”。"),
        ("applicant_name", "<b>教师</b>", "姓名为2至50个字，只能用汉字、蒙古文、字母和间隔号“·”。"),
        ("applicant_name", "\ud83d教师", "姓名为2至50个字，只能用汉字、蒙古文、字母和间隔号“·”。"),
        ("applicant_name", "教" * 10_000, "最多 50 个字。"),
        ("applicant_name", "", "此项必填。"),
        ("applicant_name", {"typename": "str"}, "应为文字。"),
        ("applicant_name", 7, "应为文字。"),
        ("unit", "学校\x00", "不能含有控制字符或残缺的字符。"),
        ("unit", "学校" * 50, "最多 60 个字。"),
        ("seat", "小学物理", "所选内容不在可选范围内。"),
        ("seat", {"__class__": "Seat"}, "所选内容不在可选范围内。"),
        ("title", "一级", "所选内容不在可选范围内。"),
        ("title", ["一级教师"], "所选内容不在可选范围内。"),
        ("honours", "名师", "应为多个选项的列表。"),
        ("honours", ["名师", "名师"], "有重复的选项。"),
        ("honours", ["校级名师"], "所选内容不在可选范围内。"),
        ("achievements", "好" * 2001, "最多 2000 个字。"),
        ("achievements", "好", "至少需要 10 个字。"),
        ("evidence_teaching", "1001", "应为文件的列表。"),
        ("evidence_teaching", [], "此项必填。"),
        ("truth_declared", "是", "应为“是”或“否”。"),
        ("truth_declared", False, "此项必填。"),
        ("teaching_periods", ["2016"], "应为一组填写内容。"),
    ],
)
def test_bad_input_is_answered_at_its_field(
    validate: Validate, field: str, value: Json, message: str
) -> None:
    errors = validate(application(**{field: value})).errors
    path = next(path for path in errors if path.startswith(field))
    assert message in errors[path]


@pytest.mark.parametrize("name", ["教师甲", "阿·乌兰巴托", "ᠣᠶᠤᠨ ᠪᠢᠯᠢᠭ", "𬭎𫖯", "Anna B."])
def test_names_of_all_who_live_here_are_names(validate: Validate, name: str) -> None:
    assert validate(application(applicant_name=name)).errors == {}


@pytest.mark.parametrize(
    ("row", "path", "message"),
    [
        (period("2016-02-30"), "starts_on", "请填写有效的日期，例如 2026-09-01。"),
        (period("2016"), "starts_on", "请填写有效的日期，例如 2026-09-01。"),
        (period("2016-02-01", "昨天"), "ends_on", "请填写有效的日期，例如 2026-09-01。"),
        (period("2016-02-01", post="校长"), "post", "所选内容不在可选范围内。"),
        (period("2016-02-01", school=""), "school", "此项必填。"),
    ],
)
def test_a_wrong_period_is_answered_at_its_row(
    validate: Validate, row: Json, path: str, message: str
) -> None:
    earlier = period("2010-01-01", "2015-12-31")
    errors = validate(application(teaching_periods=[earlier, row])).errors
    assert errors == {f"teaching_periods[1].{path}": [message]}


def test_what_the_form_does_not_declare_is_dropped(validate: Validate) -> None:
    intruders: dict[str, Json] = {
        "typename": "x",
        "__builtins__": {},
        "initiator": "zhang.min",
        "cutoff_date": "2099-01-01",
        "assessment": {"teaching_years": 40},
        "office_check_outcome": "approve",
    }
    result = validate(application(**intruders))
    assert set(result.dropped) >= set(intruders)
    assert not set(result.data) & set(intruders)


def test_who_has_no_title_needs_no_certificate(validate: Validate) -> None:
    result = validate(application(title="没有职称", evidence_title=None, title_appointed=None))
    assert result.errors == {}
    assert result.data["evidence_title"] is None


def test_a_certificate_of_an_honour_can_only_be_sent_with_the_honour(validate: Validate) -> None:
    with_honour = validate(application(honours=["名师"], evidence_honours=["1005"]))
    without = validate(application(evidence_honours=["1005"]))
    assert with_honour.data["evidence_honours"] == ["1005"]
    assert without.data["evidence_honours"] is None


def choices(field: str) -> list[Json]:
    (component,) = [c for c in components(schema(FORM)) if c.get("key") == field]
    values = component["values"]
    assert isinstance(values, list)
    return [value["value"] for value in values if isinstance(value, dict)]


def test_the_form_offers_every_seat_and_every_title() -> None:
    assert choices("seat") == list(SEATS)
    assert sorted(map(str, choices("title"))) == sorted(TITLES)


def test_the_form_takes_the_files_that_the_register_keeps() -> None:
    assert file_fields(schema(FORM)) == frozenset(DOCUMENT_LABELS)


def test_the_form_asks_for_no_more_personal_data_than_it_needs() -> None:
    asked = {str(c.get("label")) for c in components(schema(FORM)) if "key" in c}
    assert not [label for label in asked if any(w in label for w in ("身份证", "电话", "住址"))]


def test_why_periods_overlap_is_asked_where_they_do(validate: Validate) -> None:
    rows: Json = [period("2016-02-01"), period("2018-02-01", school="另一小学")]
    asked = validate(application(teaching_periods=rows, overlap_reason="两校兼课"))
    assert asked.data["overlap_reason"] == "两校兼课"
    rows = [period("2016-02-01", "2018-01-31"), period("2018-02-01", school="另一小学")]
    apart = validate(application(teaching_periods=rows, overlap_reason="两校兼课"))
    assert not apart.data.get("overlap_reason")
