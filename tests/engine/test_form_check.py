"""Rules about form files."""

import json

import pytest

from service.engine import check_form
from service.feel import FeelPool


def form(*components: dict[str, object], **more: object) -> bytes:
    """A form file."""
    schema = {"id": "application", "type": "default", "components": list(components), **more}
    return json.dumps(schema).encode()


def field(key: str, kind: str = "textfield", **more: object) -> dict[str, object]:
    """One component."""
    return {"id": f"Field_{key}", "key": key, "type": kind, "label": key, **more}


def rules(content: bytes, feel: FeelPool) -> set[str]:
    """The rules a form breaks."""
    return {problem.rule for problem in check_form(content, resource="x.form", feel=feel)}


def test_a_form_that_can_be_shown_is_fine(feel: FeelPool) -> None:
    assert rules(form(field("姓名"), field("score", "number")), feel) == set()


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff\xfe", b'{"components": 1}', b" " * 6_000_000,
     form(field("a"), id=""), form(field("a"), id=5), b"\xef\xbb\xbf" + form(field("a"))],
    ids=range(9),
)  # fmt: skip
def test_a_file_that_is_no_form_is_refused(feel: FeelPool, content: bytes) -> None:
    assert rules(content, feel) == {"form-json"}


def groups(levels: int) -> dict[str, object]:
    """A group in a group, and so on."""
    component = field("a")
    for level in range(levels):
        component = {"type": "group", "id": f"Group_{level}", "components": [component]}
    return component


@pytest.mark.parametrize(
    ("content", "rule", "said"),
    [
        (form(groups(200)), "form-depth", "嵌套超过 100 层"),
        (b'{"components":' + b"[" * 100_000, "form-depth", "嵌套"),
        (form(field("a"), version=10**400), "form-number", "位数太多"),
        (form(field("a"), version=float("nan")), "form-number", "NaN"),
        (form(field("a", label="半个字\ud83d")), "form-text", "components[0].label"),
        (form(field("a", label="零\x00")), "form-text", "components[0].label"),
        (b'{"id": "a", "id": "b", "components": []}', "form-name-once", "“id”写了 2 次"),
        (form(field("a"), id="长" * 10_000), "text-length", "10000 个字"),
    ],
)  # fmt: skip
def test_what_no_reader_could_keep_is_a_problem_of_its_own(
    feel: FeelPool, content: bytes, rule: str, said: str
) -> None:
    [problem] = check_form(content, resource="x.form", feel=feel)

    assert problem.rule == rule
    assert said in problem.message
    assert problem.remedy


def test_every_fault_of_a_form_is_told_at_once(feel: FeelPool) -> None:
    content = form(field("a", label="\x00"), n=float("inf")).replace(b'"n"', b'"id": "b", "n"')

    assert rules(content, feel) == {"form-number", "form-text", "form-name-once"}


def test_a_component_in_many_groups_is_checked_like_any_other(feel: FeelPool) -> None:
    assert rules(form(groups(40)), feel) == set()
    content = form(groups(40)).replace(b'"key": "a"', b'"key": "a-b"')
    assert rules(content, feel) == {"form-schema"}


@pytest.mark.parametrize("key", ["initiator", "check_outcome", "initiator.name"])
def test_a_field_may_not_write_what_the_service_sets(feel: FeelPool, key: str) -> None:
    assert "name-reserved" in rules(form(field(key)), feel)


def test_what_form_js_cannot_use_is_told_at_its_component(feel: FeelPool) -> None:
    problems = check_form(form(field("a-b")), resource="x.form", feel=feel)

    assert {(p.rule, p.element_id, p.element_name) for p in problems} == {
        ("form-schema", "Field_a-b", "a-b")
    }
