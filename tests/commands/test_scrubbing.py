"""Error texts for operators hold no value of the case."""

import pytest
from sqlalchemy.exc import IntegrityError

from service.commands.handlers import BpmnError
from service.commands.scrubbing import LIMIT, MASK, mask, safe_text
from service.domain.errors import NotFound
from service.domain.values import Json, Variables

CASE: Variables = {
    "姓名": "王小明",
    "身份证号": "150302199001011234",
    "成果": [{"名称": "论《学记》", "字数": 12345}],
    "性别": "男",
    "合格": True,
    "备注": None,
}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("王小明已有资格", f"{MASK}已有资格"),
        ("key 150302199001011234 exists", f"key {MASK} exists"),
        ("'论《学记》' 有 12345 字", f"'{MASK}' 有 {MASK} 字"),
        ("性别应为男", f"性别应为{MASK}"),
        ("姓名没有填", "姓名没有填"),
        ("True is not None", "True is not None"),
    ],
)
def test_values_are_masked_and_names_stay(text: str, kept: str) -> None:
    assert mask(text, CASE) == kept


def test_short_latin_values_are_masked_where_they_stand_alone() -> None:
    assert mask("a: bad value a at line 12", {"x": "a", "n": 1}) == (
        f"{MASK}: bad value {MASK} at line 12"
    )


def test_a_value_with_line_breaks_is_found_as_python_quotes_it() -> None:
    value: Json = "第一行\n第二行"

    assert mask(f"bad: {value!r}", {"x": value}) == f"bad: '{MASK}'"


def test_a_database_error_keeps_its_kind_alone() -> None:
    error = IntegrityError("INSERT … VALUES (?)", {"name": "王小明"}, ValueError("王小明"))

    assert safe_text(error, {}) == "IntegrityError（ValueError）"


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ValueError(), "ValueError"),
        (KeyError("姓名"), "KeyError：'姓名'"),
        (BpmnError("CODE", "不符合条件"), "BpmnError：不符合条件"),
        (NotFound(), "NotFound：没有找到，或者你没有查看的权限。"),
    ],
)
def test_errors_are_told_by_type_and_text(error: Exception, text: str) -> None:
    assert safe_text(error, CASE) == text


def test_an_endless_text_is_cut() -> None:
    assert len(mask("长" * 100_000, {})) == LIMIT + 1


def test_a_pattern_in_a_value_is_a_text() -> None:
    assert mask("a.*b and axxb", {"x": "a.*b"}) == f"{MASK} and axxb"
