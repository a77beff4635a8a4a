"""Suspending and resuming by Camunda's own client."""

import pytest
from camunda_orchestration_sdk.errors import ConflictError
from camunda_orchestration_sdk.models import (
    ProcessCreationById,
    ProcessInstanceSearchQuery,
    ProcessInstanceSearchQueryFilter,
    ResumeProcessInstanceRequest,
    SuspendProcessInstanceRequest,
    UserTaskCompletionRequest,
    UserTaskSearchQuery,
)
from camunda_orchestration_sdk.semantic_types import ProcessDefinitionId

from service.commands.rooms import Rooms
from tests.api.conftest import Call, Client
from tests.clocks import Clock
from tests.engine.builders import diagram, end, flows, start, user
from tests.fixtures_events import bring_in
from tests.fixtures_store import Cast

WORK = diagram(
    start(), user("work", assignee="zhang.min"), end(), flows("start", "work", "end"),
    process_id="work",
)  # fmt: skip


def test_a_suspended_instance_is_told_as_such_and_goes_on(
    rooms: Rooms, client: Client, call: Call, cast: Cast, clock: Clock
) -> None:
    bring_in(rooms, WORK)
    applicant, office = client(cast.applicant), client(cast.officer)
    begun = applicant.create_process_instance(data=ProcessCreationById(ProcessDefinitionId("work")))
    key = begun.process_instance_key
    (task,) = applicant.search_user_tasks(data=UserTaskSearchQuery()).items

    office.suspend_process_instance(key, data=SuspendProcessInstanceRequest())

    instance = office.get_process_instance(key)
    assert (instance.state.value, instance.suspended_date) == ("SUSPENDED", clock.now)
    found = {}
    for state in ("ACTIVE", "SUSPENDED"):
        wanted = ProcessInstanceSearchQueryFilter.from_dict({"state": state})
        query = ProcessInstanceSearchQuery(filter_=wanted)
        found[state] = len(office.search_process_instances(data=query).items)
    assert found == {"ACTIVE": 0, "SUSPENDED": 1}
    with pytest.raises(ConflictError):
        office.suspend_process_instance(key, data=SuspendProcessInstanceRequest())
    refused = call(cast.applicant)("POST", f"/v2/user-tasks/{task.user_task_key}/completion", {})
    assert (refused.status, refused.code) == (409, "process-instance.suspended")
    assert (refused.json["who"], refused.json["draftKept"]) == ("李娜", True)

    office.resume_process_instance(key, data=ResumeProcessInstanceRequest())

    assert office.get_process_instance(key).suspended_date is None
    with pytest.raises(ConflictError):
        office.resume_process_instance(key, data=ResumeProcessInstanceRequest())
    applicant.complete_user_task(task.user_task_key, data=UserTaskCompletionRequest())
    assert office.get_process_instance(key).state.value == "COMPLETED"
