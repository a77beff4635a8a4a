"""Why a form cannot be deployed, in the words of its designer."""

import math

import pytest

from service.domain.values import Json
from service.feel import PLAIN_NAME, FeelPool, FormProblem, accepted_files, file_fields, form_fields
from tests.feel.builders import REQUIRED, choice, field, form, group, hidden_when, rows, text


def refusing(key: str, **changes: Json) -> dict[str, Json]:
    """A text that refuses a submission at a field while it is shown."""
    said: dict[str, Json] = {
        "type": "text",
        "id": "warning",
        "text": "⚠ 不能这样填。",
        "conditional": hidden_when("a = null"),
        "properties": {"jiaoyan.refuses": key},
    }
    return said | changes


GOOD = form(
    text("姓名", label="姓名", validate=REQUIRED, conditional=hidden_when("年龄 < 18")),
    field("number", "年龄", validate={"min": 0, "max": "=limit"}),
    choice("radio", "a", "b"),
    field("select", "place", valuesKey="places"),
    field("filepicker", "scan", accept=".pdf,.docx, image/*", multiple=True),
    field("expression", "total", expression="=sum(items.n)"),
    refusing("年龄"),
    group("person", text("phone"), text("mail.home")),
    rows("items", field("number", "n"), rows("parts", field("filepicker", "photo"))),
    {"type": "text", "id": "hint", "text": "您好 {{姓名}}，{{#if 年龄 > 60}}请坐{{/if}}"},
    {"type": "group", "id": "plain", "components": [text("inner")]},
    {"type": "button", "id": "send", "key": "submit", "label": "提交"},
)

BAD: list[tuple[Json, str, str]] = [
    (5, "not-a-form", "不是 form-js 表单"),
    ([], "not-a-form", "不是 form-js 表单"),
    ({"type": "default"}, "not-a-form", "components"),
    ({"type": "default", "schemaVersion": 99, "components": []}, "schema-too-new", "99"),
    (form(field("signature", "a")), "unknown-type", "「signature」"),
    (form({"id": "a", "key": "a"}), "type-missing", "没有写明组件类型"),
    (form({"id": "a", "type": {}}), "type-missing", "没有写明组件类型"),
    (form(field("__proto__", "a")), "unknown-type", "「__proto__」"),
    (form(group("g", 5, text("a"))), "components-invalid", "不是组件"),
    (form(None), "components-invalid", "不是组件"),
    (form({"type": "group", "id": "g", "components": 5}), "components-invalid", "应为列表"),
    (form(text("a", validate=None)), "validate-invalid", "应为对象"),
    (form(text("a-b")), "key-not-plain", "「a-b」"),
    (form(text("a b")), "key-not-plain", "「a b」"),
    (form(text("1a")), "key-not-plain", "「1a」"),
    (form(text("true")), "key-not-plain", "保留字"),
    (form(text("a.null")), "key-not-plain", "「a.null」"),
    (form(text("a..b")), "key-not-plain", "「a..b」"),
    (form(group("x-y", text("a"))), "key-not-plain", "路径「x-y」"),
    (form({"type": "textfield", "id": "a"}), "key-missing", "字段键"),
    (form({"type": "dynamiclist", "id": "a", "components": []}), "key-missing", "路径"),
    (form(text("a", id="x", label="甲"), text("a", id="y")), "key-duplicate", "「甲」"),
    (form(group("g", text("a", id="x")), text("g.a", id="y")), "key-duplicate", "「g.a」"),
    (form(rows("g", text("a", id="x")), rows("g", text("b"), id="y")), "key-duplicate", "「g」"),
    (form(text("a"), text("a.b")), "import-failed", "字段键「a.b」重复了"),
    (form(text("a", id="x"), text("b", id="x")), "id-duplicate", "「x」"),
    (form(text("a", conditional=hidden_when("b >"))), "feel-invalid", "「conditional.hide」"),
    (form(text("a", readonly="=b >")), "feel-invalid", "「readonly」"),
    (form(text("a", label="=b +")), "feel-invalid", "「label」"),
    (form(text("a", description="共 {{n +}} 份")), "feel-invalid", "「description」"),
    (form(text("a", validate={"maxLength": "=b +"})), "feel-invalid", "「validate.maxLength」"),
    (form(field("expression", "a", expression="=b +")), "feel-invalid", "第 4 个字符处没有写完"),
    (form(field("select", "a", valuesExpression="=[")), "feel-invalid", "「valuesExpression」"),
    (form(field("expression", "a")), "expression-missing", "表达式"),
    (form(refusing("b"), text("a")), "refusal-field-unknown", "「b」"),
    (form(refusing("a", conditional={}), text("a")), "refusal-invalid", "隐藏条件"),
    (form(text("a", properties={"jiaoyan.refuses": "a"})), "refusal-invalid", "文本"),
    (form(field("select", "a")), "options-missing", "可选项"),
    (form(field("select", "a", values="x")), "options-invalid", "列表"),
    (form(text("a", validate={"pattern": "("})), "pattern-invalid", "「(」"),
    (form(field("number", "a", validate={"min": "x"})), "limit-invalid", "「min」"),
    (form(field("filepicker", "a", accept="pdf")), "accept-invalid", "「pdf」"),
]


def test_a_good_form_has_no_problem(feel: FeelPool) -> None:
    assert feel.check_form(GOOD) == []


@pytest.mark.parametrize(("schema", "rule", "words"), BAD)
def test_a_bad_form_has_its_problem(feel: FeelPool, schema: Json, rule: str, words: str) -> None:
    problems = feel.check_form(schema)

    assert [problem.rule for problem in problems] == [rule]
    assert words in problems[0].message


def test_a_problem_names_its_component(feel: FeelPool) -> None:
    schema = form(group("g", rows("r", text("a-b", label="备注"))))

    [problem] = feel.check_form(schema)

    assert problem == FormProblem("id_a-b", "备注", "key-not-plain", problem.message)


def test_all_problems_are_told_at_once(feel: FeelPool) -> None:
    schema = form(text("a-b", readonly="=1 +"), field("nothing", "c"), text("d", id="id_a-b"))

    rules = [problem.rule for problem in feel.check_form(schema)]

    assert sorted(rules) == ["feel-invalid", "id-duplicate", "key-not-plain", "unknown-type"]


@pytest.mark.parametrize(
    "word", ["true", "null", "and", "not", "if", "for", "in", "of", "function"]
)
def test_a_word_of_feel_is_neither_key_nor_variable(feel: FeelPool, word: str) -> None:
    assert not PLAIN_NAME.fullmatch(word)
    assert [problem.rule for problem in feel.check_form(form(text(word)))] == ["key-not-plain"]


@pytest.mark.parametrize("key", ["x" * 255, "日期", "_1", "date"])
def test_a_plain_name_is_key_and_variable(feel: FeelPool, key: str) -> None:
    assert PLAIN_NAME.fullmatch(key)
    assert feel.check_form(form(text(key))) == []


def deep_form() -> Json:
    schema = form(text())
    for level in range(2_000):
        schema = form(group(f"g{level}", schema))
    return schema


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        (form(text(order=math.nan)), "不是有限数"),
        (deep_form(), "嵌套"),
        (form(text(label="x" * 2_000_000)), "太大"),
    ],
)
def test_a_form_that_cannot_be_sent_is_refused(feel: FeelPool, schema: Json, words: str) -> None:
    [problem] = feel.check_form(schema)

    assert problem.rule == "not-a-form"
    assert words in problem.message


def test_a_form_of_many_components_is_refused(feel: FeelPool) -> None:
    schema = form(*[text(f"f{number}") for number in range(1_001)])

    [problem] = feel.check_form(schema)

    assert problem.rule == "too-many-components"


def test_the_fields_of_a_form() -> None:
    assert form_fields(GOOD) == {
        *("姓名", "年龄", "answer", "place", "scan", "total", "person", "items", "inner"),
    }


def test_the_file_fields_of_a_form() -> None:
    assert file_fields(GOOD) == {"scan", "items[].parts[].photo"}


def test_what_a_file_field_takes() -> None:
    fields: list[Json] = [
        {"type": "filepicker", "key": "scan", "accept": ".pdf,image/*"},
        {"type": "filepicker", "key": "proof", "accept": "=kinds"},
        {"type": "filepicker", "key": "other"},
    ]
    assert accepted_files({"components": fields}) == {
        "scan": ".pdf,image/*",
        "proof": "",
        "other": "",
    }


@pytest.mark.parametrize("schema", [None, 5, [], {}, {"components": 5}, {"components": [5, None]},
     {"components": [{"type": {}, "key": "a"}, {"type": [], "key": "b"}]}])  # fmt: skip
def test_what_is_no_form_has_no_fields(schema: Json) -> None:
    assert form_fields(schema) == file_fields(schema) == frozenset()
