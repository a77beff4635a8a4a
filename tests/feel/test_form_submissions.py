"""What becomes of a whole submission: hidden, read-only, undeclared, in rows."""

import pytest

from service.domain.values import Json
from service.feel import FeelFormInvalid, FeelNameMissing, FeelPool, FeelTooDeep, FeelTooLong
from tests.feel.builders import REQUIRED, field, form, group, hidden_when, rows, text
from tests.feel.conftest import MOMENT, Validate


def test_what_is_not_declared_is_dropped_and_told(submit: Validate) -> None:
    result = submit(form(text("name")), {"name": "张三", "admin": True, "o": {"x": 1}})

    assert result.data == {"name": "张三"}
    assert result.dropped == ("admin", "o")


@pytest.mark.parametrize(
    "key", ["__proto__", "constructor", "typename", "__builtins__", "toString", "prototype"]
)
def test_a_key_of_javascript_or_python_is_dropped_like_any_other(
    submit: Validate, key: str
) -> None:
    schema = form(text("name"), rows("list", text("n")))

    result = submit(schema, {key: {"name": "x"}, "list": [{key: 1, "n": "a"}]}, {key: 5})

    assert result.data == {"name": None, "list": [{"n": "a"}]}
    assert result.dropped == (key, f"list[0].{key}")
    assert submit(schema, {}).data["name"] is None


@pytest.mark.parametrize("key", ["constructor", "toString", "typename"])
def test_a_field_may_have_the_name_of_something_in_javascript(submit: Validate, key: str) -> None:
    schema = form(text(key), text("other"))

    assert submit(schema, {"other": "x"}).data == {key: None, "other": "x"}
    assert submit(schema, {key: "v"}).data == {key: "v", "other": None}


def test_a_field_that_was_not_sent_keeps_what_the_store_has(submit: Validate) -> None:
    schema = form(text("name", validate=REQUIRED), text("remark"))

    result = submit(schema, {"remark": "x"}, {"name": "张三"})

    assert result.data == {"name": "张三", "remark": "x"}
    assert result.errors == {}


def test_a_field_that_was_emptied_is_null(submit: Validate) -> None:
    assert submit(form(text("name")), {"name": ""}, {"name": "张三"}).data == {"name": None}


@pytest.mark.parametrize("lock", [{"readonly": True}, {"disabled": True}, {"readonly": "=locked"}])
def test_a_read_only_field_takes_its_value_from_the_store(
    submit: Validate, lock: dict[str, Json]
) -> None:
    schema = form(text("name", **lock, validate=REQUIRED), text("remark"))

    result = submit(schema, {"name": "forged", "remark": "x"}, {"name": "张三", "locked": True})

    assert result.data == {"name": "张三", "remark": "x"}
    assert result.errors == {}


def test_a_read_only_field_the_store_has_not_is_null_whatever_is_sent(submit: Validate) -> None:
    result = submit(form(text("name", readonly=True, validate=REQUIRED)), {"name": "forged"})

    assert result.data == {"name": None}
    assert result.errors == {}


def test_a_condition_can_open_a_read_only_field(submit: Validate) -> None:
    schema = form(field("checkbox", "ok"), text("name", readonly="=ok = true"))

    assert submit(schema, {"ok": True, "name": "new"}, {"name": "old"}).data["name"] == "old"
    assert submit(schema, {"ok": False, "name": "new"}, {"name": "old"}).data["name"] == "new"


def test_a_hidden_field_is_null_and_asks_for_nothing(submit: Validate) -> None:
    schema = form(
        field("checkbox", "ok"),
        text("reason", validate=REQUIRED, conditional=hidden_when("ok = true")),
    )

    hidden = submit(schema, {"ok": True, "reason": "forged"}, {"reason": "before"})
    shown = submit(schema, {"ok": False, "reason": ""})

    assert hidden.data == {"ok": True, "reason": None}
    assert hidden.errors == {}
    assert shown.errors == {"reason": ["此项必填。"]}


def test_a_hidden_group_hides_what_it_holds(submit: Validate) -> None:
    schema = form(
        field("number", "amount"),
        group(
            "detail",
            text("why", validate=REQUIRED),
            rows("parts", text("name", validate=REQUIRED)),
            conditional=hidden_when("amount < 100"),
        ),
    )

    result = submit(schema, {"amount": 5, "detail": {"why": "x", "parts": [{"name": ""}]}})

    assert result.errors == {}
    assert result.data == {"amount": 5, "detail": {"why": None, "parts": None}}


def test_hiding_goes_on_over_several_fields(submit: Validate) -> None:
    schema = form(
        field("checkbox", "c"),
        text("b", conditional=hidden_when("c = true")),
        text("a", conditional=hidden_when('b = "x"'), validate=REQUIRED),
    )

    assert submit(schema, {"c": False, "b": "x"}).errors == {}
    assert submit(schema, {"c": True, "b": "x"}).errors == {"a": ["此项必填。"]}


def test_fields_that_hide_each_other_end(submit: Validate) -> None:
    schema = form(
        text("a", conditional=hidden_when('b = "x"')),
        text("b", conditional=hidden_when('a = "x"')),
    )

    assert set(submit(schema, {"a": "x", "b": "x"}).data) == {"a", "b"}


def test_a_condition_over_a_name_that_nothing_carries_hides_nothing(submit: Validate) -> None:
    schema = form(text("a", conditional=hidden_when("missing = true")))

    assert submit(schema, {"a": "x"}).data == {"a": "x"}


def test_rows_are_validated_each(submit: Validate) -> None:
    schema = form(rows("items", text("name", validate=REQUIRED), field("number", "amount")))

    result = submit(schema, {"items": [{"name": "a", "amount": "x"}, {"amount": 5, "z": 1}]})

    assert result.errors == {"items[0].amount": ["请输入数字。"], "items[1].name": ["此项必填。"]}
    assert result.dropped == ("items[1].z",)


def test_rows_within_rows_have_their_path(submit: Validate) -> None:
    schema = form(rows("outer", group("g", rows("inner", text("name", validate=REQUIRED)))))

    result = submit(schema, {"outer": [{"g": {"inner": [{"name": "a"}, {}]}}, {}]})

    assert result.errors == {"outer[0].g.inner[1].name": ["此项必填。"]}
    assert result.data == {
        "outer": [{"g": {"inner": [{"name": "a"}, {"name": None}]}}, {"g": {"inner": []}}]
    }


def test_a_condition_in_a_row_sees_the_row_its_number_and_its_parent(submit: Validate) -> None:
    schema = form(
        field("number", "limit"),
        rows(
            "items",
            field("number", "amount"),
            text("own", conditional=hidden_when("this.amount < limit")),
            text("up", conditional=hidden_when("parent.limit > 100")),
            text("first", conditional=hidden_when("i[1] > 1")),
        ),
    )
    row: dict[str, Json] = {"own": "o", "up": "u", "first": "f"}

    result = submit(schema, {"limit": 5, "items": [{**row, "amount": 9}, {**row, "amount": 1}]})

    assert result.data["items"] == [
        {"amount": 9, "own": "o", "up": "u", "first": "f"},
        {"amount": 1, "own": None, "up": "u", "first": None},
    ]


@pytest.mark.parametrize(
    ("sent", "path", "message"),
    [
        (5, "items", "应为多行的列表。"),
        ({}, "items", "应为多行的列表。"),
        ([5], "items[0]", "应为一组填写内容。"),
        ([None], "items[0]", "应为一组填写内容。"),
        ([{"name": "a"}] * 1_001, "items", "最多 1000 行。"),
    ],
)
def test_rows_of_the_wrong_shape_are_refused(
    submit: Validate, sent: Json, path: str, message: str
) -> None:
    result = submit(form(rows("items", text("name"))), {"items": sent})

    assert result.errors == {path: [message]}


def test_rows_not_sent_are_those_of_the_store(submit: Validate) -> None:
    schema = form(rows("items", text("name")))
    before: dict[str, Json] = {"items": [{"name": "a", "more": 1}]}

    assert submit(schema, {}, before).data == {"items": [{"name": "a"}]}
    assert submit(schema, {"items": []}, before).data == {"items": []}
    assert submit(schema, {}).data == {"items": []}


def test_fixed_rows_can_be_neither_added_nor_removed(submit: Validate) -> None:
    schema = form(rows("items", text("name"), allowAddRemove=False, defaultRepetitions=2))
    refused = {"items": ["这里的行不能增加或减少。"]}

    assert submit(schema, {"items": [{}, {}]}).errors == {}
    assert submit(schema, {"items": [{}]}).errors == refused
    assert submit(schema, {"items": [{}, {}]}, {"items": [{}]}).errors == refused


def test_a_read_only_entry_of_a_row_comes_from_the_stored_row(submit: Validate) -> None:
    schema = form(rows("items", text("code", readonly=True), text("mark")))
    before: dict[str, Json] = {"items": [{"code": "A"}, {"code": "B"}]}
    sent: list[Json] = [{"code": "B", "mark": "2"}, {"code": "forged", "mark": "3"}, {"mark": "4"}]

    result = submit(schema, {"items": sent}, before)

    assert result.data["items"] == [
        {"code": "B", "mark": "2"},
        {"code": None, "mark": "3"},
        {"code": None, "mark": "4"},
    ]


def test_a_read_only_entry_of_a_fixed_row_goes_by_its_number(submit: Validate) -> None:
    schema = form(rows("items", text("code", disabled=True), text("mark"), allowAddRemove=False))
    before: dict[str, Json] = {"items": [{"code": "A"}, {"code": "B"}]}

    result = submit(schema, {"items": [{"mark": "1"}, {"code": "A", "mark": "2"}]}, before)

    assert result.data["items"] == [{"code": "A", "mark": "1"}, {"code": "B", "mark": "2"}]


def test_a_group_keeps_what_the_store_has_beside_its_fields(submit: Validate) -> None:
    schema = form(group("person", text("name"), group("address", text("city"))))
    before: dict[str, Json] = {"person": {"birth": "1990", "address": {"zip": "016000"}}}

    result = submit(schema, {"person": {"name": "张三", "address": {"city": "乌海"}}}, before)

    assert result.data == {
        "person": {
            "name": "张三",
            "birth": "1990",
            "address": {"city": "乌海", "zip": "016000"},
        }
    }


def test_a_computed_field_over_rows(submit: Validate) -> None:
    schema = form(
        rows(
            "items", field("number", "n"), field("expression", "double", expression="=this.n * 2")
        ),
        field("expression", "total", expression="=sum(items.double)"),
    )

    result = submit(schema, {"items": [{"n": 1}, {"n": 2}]})

    assert result.data == {"items": [{"n": 1, "double": 2}, {"n": 2, "double": 4}], "total": 6}


def test_a_computed_field_over_a_missing_name_is_never_silently_null(submit: Validate) -> None:
    schema = form(
        field("expression", "total", expression="=amount * rate"), field("number", "amount")
    )

    with pytest.raises(FeelNameMissing) as caught:
        submit(schema, {"amount": 1})

    assert caught.value.name == "rate"
    assert caught.value.expression == "amount * rate"


def test_a_form_that_form_js_cannot_read_says_so(submit: Validate) -> None:
    with pytest.raises(FeelFormInvalid, match="字段键「a」重复"):
        submit(form(text("a", id="x"), text("a", id="y")), {})


def test_a_rule_that_cannot_work_is_told_and_no_crash(submit: Validate) -> None:
    result = submit(form(text(validate={"pattern": "("})), {"answer": "x"})

    assert result.errors == {"answer": ["这一项的校验规则有误，请联系流程设计人员。"]}


def test_a_large_submission_is_refused(feel: FeelPool) -> None:
    with pytest.raises(FeelTooLong):
        feel.validate_form(form(text()), {"answer": "x" * 10_000_000}, {}, now=MOMENT)


@pytest.mark.parametrize("number", [1, float("nan")])
def test_a_submission_nested_too_deep_is_refused(submit: Validate, number: float) -> None:
    deep: Json = number
    for _ in range(2_000):
        deep = [deep]

    with pytest.raises(FeelTooDeep):
        submit(form(text()), {"answer": deep})


def test_the_same_form_serves_many_submissions(submit: Validate) -> None:
    schema = form(text("name", conditional=hidden_when("kind = 2")), field("number", "kind"))

    for kind in (1, 2, 1):
        name = None if kind == 2 else "x"
        assert submit(schema, {"kind": kind, "name": "x"}).data == {"kind": kind, "name": name}
