"""Every rule of a diagram has a diagram that breaks it: a fixture each."""

import re

import pytest

from service.domain.problems import Severity
from service.engine import RULES
from service.feel import FeelPool
from tests.engine import (
    faults_combined,
    faults_elements,
    faults_events,
    faults_flows,
    faults_named,
    faults_timers,
    faults_work,
)
from tests.engine.checking import check, errors, found
from tests.engine.faults_elements import Fault
from tests.engine.test_feel_check import EVERYWHERE
from tests.engine.test_flow_check import FLOWS
from tests.engine.test_refused_constructs import REFUSED
from tests.engine.test_settings_check import SETTINGS

FAULTS: dict[str, Fault] = {
    **faults_named.BY_NAME,
    **faults_elements.ELEMENTS,
    **faults_flows.LEVELS,
    **faults_flows.FLOWS,
    **faults_flows.COMPENSATION,
    **faults_events.PLACES,
    **faults_combined.COMBINED,
    **faults_events.LINKS,
    **faults_events.DEFINITIONS,
    **faults_timers.TIMERS,
    **faults_work.LOOPS,
    **faults_work.WORK,
}
DOUBTS: dict[str, Fault] = {
    **faults_flows.WARNINGS,
    **faults_events.WARNINGS,
    **faults_timers.WARNINGS,
    **faults_work.WARNINGS,
}

ELSEWHERE = {
    # of the file as a whole: test_xml_check, test_flow_check
    *("xml-size", "xml-doctype", "xml-well-formed", "xml-depth", "bpmn-definitions"),
    *("bpmn-schema", "size-nodes", "size-expressions", "process-executable", "process-ignored"),
    # beside what is deployed: tests/commands/test_closed_procedures
    "process-closed-kept",
    # the same: tests/commands/test_sealed
    "process-sealed-kept",
    # beside what is deployed with it: tests/commands/test_called_only
    "process-called-only-missing",
    # about expressions and the names in them: test_feel_check
    *("feel-syntax", "feel-function", "feel-name"),
    # decisions that may be changed: test_guards
    *("guard", "guard-reason"),
    # jobs: test_settings_check; notices and drawings: test_accepted_documents
    *("service-task-type", "service-task-handler", "service-task-retry"),
    *("documentation-only", "reference-drawing"),
}
"""Rules whose fixtures are in other tables."""


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_refused_where_it_is_in_chinese(feel: FeelPool, name: str) -> None:
    source, rule, element_id = FAULTS[name]

    problems = check(source, feel)

    assert (rule, element_id) in errors(problems), problems
    for problem in problems:
        assert re.search(r"[\u4e00-\u9fff].*。$", problem.message), problem
        assert re.search(r"[\u4e00-\u9fff].*。$", problem.remedy), problem


@pytest.mark.parametrize("name", faults_named.BY_NAME)
def test_what_is_refused_by_its_name_is_so_for_that_alone(feel: FeelPool, name: str) -> None:
    source, rule, element_id = FAULTS[name]
    own = errors(check(source, feel)) - {(rule, element_id)}

    assert own <= ALSO.get(name, set()), own


@pytest.mark.parametrize("name", DOUBTS)
def test_a_doubt_is_a_warning(feel: FeelPool, name: str) -> None:
    source, rule, element_id = DOUBTS[name]

    problems = check(source, feel)

    assert errors(problems) == set()
    assert (rule, element_id) in found(problems, Severity.WARNING)


def test_every_rule_of_a_diagram_has_a_fixture() -> None:
    tables = [*FAULTS.values(), *DOUBTS.values()]
    shown = {rule for _, rule, _ in tables}
    shown |= {rule for _, (rule, _) in REFUSED.values()} | {rule for _, rule in SETTINGS.values()}
    shown |= {rule for _, expected in FLOWS.values() for rule, _ in expected}
    of_diagrams = {rule for rule in RULES if not rule.startswith(("dmn-", "form-json", "form-"))}

    assert of_diagrams - shown - ELSEWHERE == set()
    assert EVERYWHERE


ALSO = {
    "choreography task": {("flow-dead-end", "c"), ("flow-unreachable", "c")},
    "items of data": {("multi-instance-items", "it")},
}
"""What else such a diagram cannot help to break."""
