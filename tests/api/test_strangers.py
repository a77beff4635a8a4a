"""Operations called by nobody, and by people who may not: what docs/access.md does not say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic.alias_generators import to_camel
from sqlalchemy import select

from service.commands.rooms import Rooms
from service.domain.values import Json
from service.store.tables import AccessEvent
from service.web.api.operations import Operation
from service.web.api.routes import all_operations
from tests.api.conftest import LEAVE, Call, Caller, Client, deployed
from tests.fixtures_store import Cast

OPERATIONS = {operation.id: operation for operation in all_operations()}

FORBIDDEN = {
    "createDeployment", "publishMessage", "correlateMessage", "broadcastSignal",
    "evaluateConditionals", "activateJobs", "pinClock", "resetClock",
}  # fmt: skip
"""Say that the right is missing: there is nothing to learn from it."""

PUBLISHED = {
    "searchProcessDefinitions", "getProcessDefinition", "getProcessDefinitionXml",
    "getStartProcessForm", "getProcessDefinitionStatistics", "createProcessInstance",
    "searchUsers",
}  # fmt: skip
"""Here everybody may start the procedure, and finds themselves among the accounts."""

BODIES: Mapping[str, Json] = {
    "assignUserTask": {"assignee": "wang.wei"},
    "createProcessInstance": {
        "processDefinitionId": "leave",
        "variables": {"reason": "病", "days": 1},
    },
    "evaluateDecision": {"decisionDefinitionId": "leave_kind"},
    "publishMessage": {"name": "paid"},
    "correlateMessage": {"name": "paid"},
    "broadcastSignal": {"signalName": "term"},
    "evaluateConditionals": {"variables": {}},
    "activateJobs": {"type": "pay", "timeout": 1_000, "maxJobsToActivate": 1},
    "pinClock": {"timestamp": 1_780_000_000_000},
    "throwJobError": {"errorCode": "E"},
    "updateJob": {"changeset": {"retries": 1}},
    "createElementInstanceVariables": {"variables": {"reason": "病"}},
    "activateAdHocSubProcessActivities": {"elements": [{"elementId": "review"}]},
}


@dataclass(frozen=True, slots=True)
class Case:
    """What there is to see, by the names of path parts."""

    keys: Mapping[str, str]

    def path(self, operation: Operation) -> str:
        path = operation.path
        for name in operation.path_parts:
            path = path.replace(f"{{{to_camel(name)}}}", self.keys[name])
        return path


@pytest.fixture
def case(client: Client, call: Call, cast: Cast) -> Case:
    deployment = deployed(client(cast.officer), *LEAVE).to_dict()["deployments"]
    officer, applicant = call(cast.officer), call(cast.applicant)
    started = applicant("POST", "/v2/process-instances", BODIES["createProcessInstance"]).json

    def first(caller: Caller, kind: str) -> Any:
        return caller("POST", f"/v2/{kind}/search").json["items"][0]

    decision = first(officer, "decision-definitions")
    keys = {
        "process_instance_key": started["processInstanceKey"],
        "process_definition_key": started["processDefinitionKey"],
        "user_task_key": first(officer, "user-tasks")["userTaskKey"],
        "variable_key": first(applicant, "variables")["variableKey"],
        "element_instance_key": first(applicant, "element-instances")["elementInstanceKey"],
        "ad_hoc_sub_process_instance_key": first(applicant, "element-instances")[
            "elementInstanceKey"
        ],
        "incident_key": "1",
        "job_key": "1",
        "decision_definition_key": decision["decisionDefinitionKey"],
        "decision_requirements_key": decision["decisionRequirementsKey"],
        "resource_key": started["processDefinitionKey"],
        "username": cast.officer.username,
        "group_id": "personnel-office",
    }
    assert len(deployment) == 5
    return Case(keys)


def test_nobody_is_answered_at_all(case: Case, call: Call) -> None:
    nobody = call(None)
    for operation in OPERATIONS.values():
        answer = nobody(operation.method, case.path(operation), BODIES.get(operation.id))
        assert (answer.status, answer.code) == (401, "credentials-missing"), operation.id
        assert answer.headers.get_all("WWW-Authenticate") == [
            'Basic realm="Jiaoyan", charset="UTF-8"',
            'Bearer realm="Jiaoyan"',
        ]


def test_a_stranger_may_start_but_deploys_nothing(case: Case, call: Call, cast: Cast) -> None:
    stranger = call(cast.stranger)
    for name in sorted(PUBLISHED):
        operation = OPERATIONS[name]
        answer = stranger(operation.method, case.path(operation), BODIES.get(name))
        assert answer.status == 200, name
    (found,) = stranger("POST", "/v2/users/search").json["items"]
    assert found["username"] == cast.stranger.username


def test_who_oversees_the_running_sees_no_values(case: Case, call: Call, cast: Cast) -> None:
    officer = call(cast.officer)
    path = f"/v2/user-tasks/{case.keys['user_task_key']}/completion"
    assert officer("POST", path, {"variables": {"finding": "好"}, "action": "reject"}).status == 204
    started = call(cast.stranger)(
        "POST", "/v2/process-instances", BODIES["createProcessInstance"]
    ).json["processInstanceKey"]
    task = officer(
        "POST", "/v2/user-tasks/search", {"filter": {"processInstanceKey": started}}
    ).json["items"][0]["userTaskKey"]
    call(cast.stranger)
    officer("POST", f"/v2/process-instances/{started}/cancellation")
    assert officer("GET", f"/v2/process-instances/{started}").json["state"] == "TERMINATED"
    assert officer("GET", f"/v2/user-tasks/{task}").status == 404
    values: Json = {"filter": {"processInstanceKey": started}}
    assert officer("POST", "/v2/variables/search", values).json["items"] == []
    asked: Json = {"filter": {"variables": [{"name": "days", "value": "1"}]}}
    found = officer("POST", "/v2/process-instances/search", asked).json["items"]
    assert started not in [instance["processInstanceKey"] for instance in found]


def test_a_stranger_sends_no_message_and_no_signal(case: Case, call: Call, cast: Cast) -> None:
    stranger = call(cast.stranger)
    for name in sorted(FORBIDDEN - {"createDeployment", "activateJobs", "pinClock", "resetClock"}):
        operation = OPERATIONS[name]
        answer = stranger(operation.method, case.path(operation), BODIES[name])
        assert (answer.status, answer.code) == (403, "events.forbidden"), name


def test_who_reads_values_of_somebodys_case_is_recorded(
    case: Case, call: Call, cast: Cast, rooms: Rooms
) -> None:
    officer, task = call(cast.officer), case.keys["user_task_key"]
    found = officer("POST", f"/v2/user-tasks/{task}/variables/search", {}).json["items"]
    assert found
    officer("GET", f"/v2/variables/{found[0]['variableKey']}")
    officer("POST", "/v2/variables/search", {})
    call(cast.applicant)("POST", "/v2/variables/search", {})
    with rooms.read() as session:
        readings = session.execute(
            select(AccessEvent.person, AccessEvent.reference).where(
                AccessEvent.kind == "personal_data_read"
            )
        ).all()
    assert readings == [("li.na", f"instance/{found[0]['processInstanceKey']}")]
