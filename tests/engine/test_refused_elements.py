"""Flow nodes, events and extensions that do not run are refused by their names."""

import pytest

from service.feel import FeelPool
from tests.engine.builders import element, user
from tests.engine.checking import around, check, errors

NOT_RUN_EXTENSIONS = {
    "taskListeners": '<zeebe:taskListeners><zeebe:taskListener type="x" /></zeebe:taskListeners>',
    "executionListeners": "<zeebe:executionListeners />",
    "linkedResources": "<zeebe:linkedResources />",
    "userTaskForm": "<zeebe:userTaskForm />",
    "publishMessage": "<zeebe:publishMessage />",
}

ELSEWHERE = {
    "loopCharacteristics": '<zeebe:loopCharacteristics inputCollection="=x" />',
    "calledElement": '<zeebe:calledElement processId="x" />',
    "taskDefinition": '<zeebe:taskDefinition type="x" />',
    "subscription": '<zeebe:subscription correlationKey="=x" />',
    "adHoc": "<zeebe:adHoc />",
}


def test_an_event_that_is_only_implied_is_refused(feel: FeelPool) -> None:
    problems = check(around(element("implicitThrowEvent", "it")), feel)

    assert ("element-supported", "it") in errors(problems)
    assert "隐式抛出事件" in problems[0].message


@pytest.mark.parametrize("name", NOT_RUN_EXTENSIONS)
def test_an_extension_of_camunda_8_that_does_not_run_here(feel: FeelPool, name: str) -> None:
    problems = check(around(user("it", extensions=NOT_RUN_EXTENSIONS[name])), feel)

    assert errors(problems) == {("extension-supported", "it")}
    assert name in problems[0].message


@pytest.mark.parametrize("name", ELSEWHERE)
def test_an_extension_that_belongs_elsewhere(feel: FeelPool, name: str) -> None:
    problems = check(around(user("it", extensions=ELSEWHERE[name])), feel)

    assert errors(problems) == {("extension-place", "it")}
