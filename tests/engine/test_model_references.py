"""What a diagram refers to is read whether or not it could run."""

import pytest

from service.engine import ModelReferences, model_references

ZEEBE = 'xmlns:z="http://camunda.org/schema/zeebe/1.0"'


def test_forms_decisions_and_processes_are_named_wherever_they_stand() -> None:
    content = f"""<a {ZEEBE}><z:formDefinition formId=" leave "/><b><z:calledDecision
        decisionId="days"/><z:calledElement processId="trip"/></b>
        <z:calledElement processId="=which"/><z:calledDecision/><formDefinition formId="x"/></a>"""
    found = model_references(content.encode())
    assert found == ModelReferences(frozenset({"leave"}), frozenset({"days"}), frozenset({"trip"}))


@pytest.mark.parametrize(
    "content", ["", "<a", '<!DOCTYPE a [<!ENTITY b "c">]><a/>', "<a>" * 100_000, "{}"]
)
def test_what_is_no_diagram_refers_to_nothing(content: str) -> None:
    assert model_references(content.encode()) == ModelReferences()
