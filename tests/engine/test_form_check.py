"""Rules about form files."""

import json

import pytest

from service.engine import check_form
from service.feel import FeelPool


def form(*components: dict[str, object], **more: object) -> bytes:
    """A form file."""
    schema = {"id": "application", "type": "default", "components": list(components), **more}
    return json.dumps(schema, ensure_ascii=False).encode()


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
    [b"", b"{", b"[]", b"\xff\xfe", b'{"components": 1}', b"[" * 100_000, b" " * 6_000_000,
     form(field("a"), id=""), form(field("a"), id=5)],
    ids=range(9),
)  # fmt: skip
def test_a_file_that_is_no_form_is_refused(feel: FeelPool, content: bytes) -> None:
    assert rules(content, feel) == {"form-json"}


@pytest.mark.parametrize("key", ["initiator", "check_outcome", "initiator.name"])
def test_a_field_may_not_write_what_the_service_sets(feel: FeelPool, key: str) -> None:
    assert "name-reserved" in rules(form(field(key)), feel)


def test_what_form_js_cannot_use_is_told_at_its_component(feel: FeelPool) -> None:
    problems = check_form(form(field("a-b")), resource="x.form", feel=feel)

    assert {(p.rule, p.element_id, p.element_name) for p in problems} == {
        ("form-schema", "Field_a-b", "a-b")
    }
