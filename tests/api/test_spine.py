"""The whole way of a case, driven by Camunda's own client over a real server."""

import json
import re
from typing import Any

import pytest
from camunda_orchestration_sdk import CamundaClient
from camunda_orchestration_sdk.errors import ApiError, ConflictError, NotFoundError
from camunda_orchestration_sdk.models import (
    CancelProcessInstanceRequest,
    CursorBasedForwardPagination,
    DecisionDefinitionSearchQuery,
    DecisionRequirementsSearchQuery,
    DeleteResourceRequest,
    ElementInstanceSearchQuery,
    ElementInstanceSearchQueryFilter,
    GroupSearchQueryRequest,
    LimitBasedPagination,
    ProcessCreationById,
    ProcessCreationByKey,
    ProcessDefinitionElementStatisticsQuery,
    ProcessDefinitionSearchQuery,
    ProcessInstanceCreationInstructionBaseVariables,
    ProcessInstanceSearchQuery,
    ProcessInstanceSearchQueryFilter,
    UserSearchQueryRequest,
    UserTaskAssignmentRequest,
    UserTaskCompletionRequest,
    UserTaskCompletionRequestVariables,
    UserTaskEffectiveVariableSearchQueryRequest,
    UserTaskResult,
    UserTaskSearchQuery,
    UserTaskSearchQueryFilter,
    UserTaskSearchQuerySortRequest,
    UserTaskVariableSearchQueryRequest,
    VariableSearchQuery,
    VariableSearchQueryFilter,
)
from camunda_orchestration_sdk.semantic_types import (
    GroupId,
    ProcessDefinitionId,
    Username,
)

from service.app import ROOT
from tests.api.conftest import LEAVE, Client, deployed
from tests.fixtures_store import Cast

LEAVE_ID = ProcessDefinitionId("leave")


def variables(**given: object) -> ProcessInstanceCreationInstructionBaseVariables:
    return ProcessInstanceCreationInstructionBaseVariables.from_dict(given)


def completion(action: str | None = None, **given: object) -> UserTaskCompletionRequest:
    sent = UserTaskCompletionRequestVariables.from_dict(given)
    return UserTaskCompletionRequest(variables=sent, action=action)


def waiting(client: CamundaClient) -> UserTaskResult:
    (task,) = client.search_user_tasks(
        data=UserTaskSearchQuery(filter_=UserTaskSearchQueryFilter.from_dict({"state": "CREATED"}))
    ).items
    return task


def test_a_case_from_diagram_to_end(client: Client, cast: Cast) -> None:
    office, applicant = client(cast.officer), client(cast.applicant)
    deployed(office, *LEAVE)
    started = applicant.create_process_instance(
        data=ProcessCreationById(LEAVE_ID, variables=variables(reason="进修", days=5))
    )
    task = waiting(office)
    assert (task.name, task.assignee, task.candidate_groups) == ("审核", None, ["personnel-office"])

    office.assign_user_task(
        task.user_task_key, data=UserTaskAssignmentRequest(cast.officer.username)
    )
    form = office.get_user_task_form(task.user_task_key)
    assert json.loads(form.schema)["id"] == form.form_id == "leave_review"
    office.complete_user_task(
        task.user_task_key, data=completion("approve", finding="属实", days=4)
    )

    read = waiting(applicant)
    assert (read.element_id, read.assignee) == ("read", cast.applicant.username)
    applicant.complete_user_task(read.user_task_key)

    instance = applicant.get_process_instance(started.process_instance_key)
    assert instance.state.value == "COMPLETED"
    found = applicant.search_variables(
        data=VariableSearchQuery(
            filter_=VariableSearchQueryFilter(process_instance_key=started.process_instance_key)
        )
    )
    values = {variable.name: json.loads(variable.value) for variable in found.items}
    assert values["kind"] == "长假"
    assert values["days"] == 4
    assert values["review_outcome"] == "approve"


def test_what_was_deployed_can_be_read_back(client: Client, cast: Cast) -> None:
    office = client(cast.officer)
    deployment = deployed(office, *LEAVE)
    process = next(
        one.process_definition for one in deployment.deployments if one.process_definition
    )
    decision = next(
        one.decision_definition for one in deployment.deployments if one.decision_definition
    )
    requirements = next(
        one.decision_requirements for one in deployment.deployments if one.decision_requirements
    )

    (listed,) = office.search_process_definitions(data=ProcessDefinitionSearchQuery()).items
    assert listed.process_definition_key == process.process_definition_key
    assert (listed.version_tag, listed.has_start_form) == ("2026春", True)
    assert "<bpmn:userTask" in office.get_process_definition_xml(process.process_definition_key)
    form = office.get_start_process_form(process.process_definition_key)
    assert form.form_id == "leave_request"

    (one,) = office.search_decision_definitions(data=DecisionDefinitionSearchQuery()).items
    assert one.decision_definition_key == decision.decision_definition_key
    assert office.get_decision_definition(one.decision_definition_key) == one
    assert "<decisionTable" in office.get_decision_definition_xml(one.decision_definition_key)
    file = office.get_decision_requirements(requirements.decision_requirements_key)
    assert (file.decision_requirements_id, file.version) == ("leave_rules", 1)
    assert "<decisionTable" in office.get_decision_requirements_xml(file.decision_requirements_key)


def test_the_same_files_again_keep_their_versions(client: Client, cast: Cast) -> None:
    office = client(cast.officer)
    first, second = deployed(office, *LEAVE), deployed(office, *LEAVE)
    assert first.deployment_key != second.deployment_key
    assert [one.to_dict() for one in first.deployments] == [
        one.to_dict() for one in second.deployments
    ]


def test_a_case_is_cancelled_once(client: Client, cast: Cast) -> None:
    office, applicant = client(cast.officer), client(cast.applicant)
    deployment = deployed(office, *LEAVE)
    process = deployment.deployments[0].process_definition
    assert process is not None
    started = applicant.create_process_instance(
        data=ProcessCreationByKey(
            process.process_definition_key, variables=variables(reason="进修", days=1)
        )
    )

    office.cancel_process_instance(
        started.process_instance_key, data=CancelProcessInstanceRequest()
    )

    assert office.get_process_instance(started.process_instance_key).state.value == "TERMINATED"
    assert not office.search_user_tasks(
        data=UserTaskSearchQuery(filter_=UserTaskSearchQueryFilter.from_dict({"state": "CREATED"}))
    ).items
    with pytest.raises(ConflictError):
        office.cancel_process_instance(
            started.process_instance_key, data=CancelProcessInstanceRequest()
        )


def test_the_passages_of_a_case_are_listed_and_counted(client: Client, cast: Cast) -> None:
    office, applicant = client(cast.officer), client(cast.applicant)
    deployed(office, *LEAVE)
    started = applicant.create_process_instance(
        data=ProcessCreationById(LEAVE_ID, variables=variables(reason="进修", days=1))
    )
    passages = applicant.search_element_instances(
        data=ElementInstanceSearchQuery(
            filter_=ElementInstanceSearchQueryFilter(
                process_instance_key=started.process_instance_key
            )
        )
    )
    states = {str(one.element_id): one.state.value for one in passages.items}
    assert (states["applied"], states["review"]) == ("COMPLETED", "ACTIVE")
    one = applicant.get_element_instance(passages.items[-1].element_instance_key)
    assert one == passages.items[-1]

    counted = applicant.get_process_instance_statistics(started.process_instance_key)
    by_step = {str(count.element_id): count for count in counted.items}
    assert (by_step["review"].active, by_step["applied"].completed) == (1, 1)

    flows = applicant.get_process_instance_sequence_flows(started.process_instance_key)
    assert {str(one.element_id) for one in flows.items} == {"to_review"}
    assert flows.items[0].sequence_flow_id == f"{started.process_instance_key}_to_review"


def test_instances_are_found_by_what_they_hold(client: Client, cast: Cast) -> None:
    office, applicant = client(cast.officer), client(cast.applicant)
    deployed(office, *LEAVE)
    for days in (1, 5):
        applicant.create_process_instance(
            data=ProcessCreationById(LEAVE_ID, variables=variables(reason="进修", days=days))
        )

    def found(client: CamundaClient, **wanted: object) -> int:
        filter_ = ProcessInstanceSearchQueryFilter.from_dict(wanted)
        query = ProcessInstanceSearchQuery(filter_=filter_)
        return client.search_process_instances(data=query).page.total_items

    assert found(applicant) == found(office) == 2
    assert found(applicant, variables=[{"name": "days", "value": "5"}]) == 1
    assert found(applicant, variables=[{"name": "days", "value": {"$neq": "5"}}]) == 1
    assert found(applicant, processDefinitionId={"$in": ["leave", "other"]}) == 2
    assert found(applicant, elementId="read") == 0
    assert found(applicant, state="COMPLETED") == 0


def test_who_am_i_and_whom_do_i_talk_to(client: Client, cast: Cast) -> None:
    office = client(cast.officer)
    me = office.get_authentication()
    assert (me.username, me.display_name, me.groups) == ("li.na", "李娜", ["personnel-office"])
    assert office.get_user(Username("li.na")).name == "李娜"
    assert office.get_group(GroupId("personnel-office")).name == "人事科"
    assert [
        user.username for user in office.search_users_for_group(GroupId("personnel-office")).items
    ] == ["li.na"]
    topology = office.get_topology()
    assert topology.partitions_count == 1
    [said] = re.findall(
        r'^version = "([\d.]+)"$', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE
    )
    assert topology.gateway_version == topology.brokers[0].version == said
    assert office.get_license().valid_license


def test_a_file_taken_out_of_use_starts_nothing_more(client: Client, cast: Cast) -> None:
    office, applicant = client(cast.officer), client(cast.applicant)
    process = deployed(office, "errand.bpmn").deployments[0].process_definition
    assert process is not None
    deleted = office.delete_resource(process.process_definition_key, data=DeleteResourceRequest())
    assert deleted.resource_key == process.process_definition_key
    with pytest.raises(NotFoundError):
        office.delete_resource(process.process_definition_key, data=DeleteResourceRequest())
    with pytest.raises(ApiError) as refused:
        applicant.create_process_instance(data=ProcessCreationById(ProcessDefinitionId("errand")))
    assert refused.value.status_code == 404
    (kept,) = office.search_process_definitions(data=ProcessDefinitionSearchQuery()).items
    assert kept.state.value == "DELETED"


def test_pages_are_turned_by_cursor(client: Client, cast: Cast) -> None:
    office, applicant = client(cast.officer), client(cast.applicant)
    deployed(office, *LEAVE)
    for days in (1, 2, 3):
        applicant.create_process_instance(
            data=ProcessCreationById(LEAVE_ID, variables=variables(reason="进修", days=days))
        )
    sort = [UserTaskSearchQuerySortRequest.from_dict({"field": "creationDate", "order": "DESC"})]
    first = office.search_user_tasks(
        data=UserTaskSearchQuery(sort=sort, page=LimitBasedPagination(limit=2))
    )
    assert first.page.end_cursor is not None
    rest = office.search_user_tasks(
        data=UserTaskSearchQuery(
            sort=sort, page=CursorBasedForwardPagination(after=first.page.end_cursor, limit=2)
        )
    )
    keys = [task.user_task_key for task in (*first.items, *rest.items)]
    assert (first.page.total_items, rest.page.total_items) == (3, 3)
    assert keys == sorted(keys, reverse=True)
    assert len(set(keys)) == 3
    assert office.get_user_task(keys[0]) == first.items[0]


def test_the_client_reads_every_other_answer(client: Client, cast: Cast) -> None:
    office, applicant = client(cast.officer), client(cast.applicant)
    deployed(office, *LEAVE)
    applicant.create_process_instance(
        data=ProcessCreationById(LEAVE_ID, variables=variables(reason="进修", days=1))
    )
    task = waiting(office)
    seen = office.search_user_task_variables(
        task.user_task_key, data=UserTaskVariableSearchQueryRequest()
    ).items
    assert {one.name for one in seen} >= {"reason", "days", "initiator"}
    assert (
        office.search_user_task_effective_variables(
            task.user_task_key, data=UserTaskEffectiveVariableSearchQueryRequest()
        ).items
        == seen
    )
    assert office.get_variable(seen[0].variable_key).value == seen[0].value
    (definition,) = office.search_process_definitions(data=ProcessDefinitionSearchQuery()).items
    assert office.get_process_definition(definition.process_definition_key) == definition
    counted = office.get_process_definition_statistics(
        definition.process_definition_key, data=ProcessDefinitionElementStatisticsQuery()
    )
    assert {str(count.element_id): count.active for count in counted.items}["review"] == 1
    (file,) = office.search_decision_requirements(data=DecisionRequirementsSearchQuery()).items
    assert file.resource_name == "leave_kind.dmn"
    assert [one.username for one in office.search_users(data=UserSearchQueryRequest()).items] == [
        "li.na"
    ]
    assert [one.name for one in office.search_groups(data=GroupSearchQueryRequest()).items] == [
        "人事科"
    ]
    with pytest.raises(NotFoundError) as refused:
        applicant.get_user_task(task.user_task_key)
    problem: Any = refused.value.parsed
    assert problem.detail
    assert problem.additional_properties["code"]
