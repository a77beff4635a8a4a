"""Incidents over the API: what stops is seen, retried, and seen to be over."""

import pytest
from camunda_orchestration_sdk import CamundaClient
from camunda_orchestration_sdk.errors import ConflictError, ForbiddenError, UnexpectedStatus
from camunda_orchestration_sdk.models import (
    IncidentResolutionRequest,
    IncidentResult,
    IncidentSearchQuery,
    IncidentSearchQueryFilter,
    ProcessCreationById,
    UserTaskSearchQuery,
)
from camunda_orchestration_sdk.semantic_types import ProcessDefinitionId, ProcessInstanceKey

from service.commands import rights
from service.commands.handlers import BpmnError
from service.commands.rooms import Rooms
from service.domain.actors import SYSTEM
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from tests.api.conftest import Client, deployed
from tests.clocks import Clock
from tests.fixtures_commands import (
    Desk,
)
from tests.fixtures_store import Cast


@pytest.fixture
def stuck(client: Client, cast: Cast, desk: Desk) -> ProcessInstanceKey:
    """An errand of the applicant's whose record could not be made."""
    deployed(client(cast.officer), "errand.bpmn")
    applicant = client(cast.applicant)
    started = applicant.create_process_instance(
        data=ProcessCreationById(ProcessDefinitionId("errand"))
    )
    desk.fails(BpmnError("BOOK_LOCKED", "登记本锁着"), times=2)
    (task,) = applicant.search_user_tasks(data=UserTaskSearchQuery()).items
    applicant.complete_user_task(task.user_task_key)
    return started.process_instance_key


def open_incidents(client: CamundaClient) -> list[IncidentResult]:
    wanted = IncidentSearchQueryFilter.from_dict({"state": "ACTIVE"})
    return client.search_incidents(data=IncidentSearchQuery(filter_=wanted)).items


def test_what_stops_behind_a_task_never_undoes_it(
    client: Client, cast: Cast, stuck: ProcessInstanceKey
) -> None:
    office, applicant = client(cast.officer), client(cast.applicant)
    instance = applicant.get_process_instance(stuck)
    assert (instance.state.value, instance.has_incident) == ("ACTIVE", True)
    (task,) = applicant.search_user_tasks(data=UserTaskSearchQuery()).items
    assert task.state.value == "COMPLETED"
    (incident,) = open_incidents(office)
    assert (incident.element_id, incident.process_instance_key) == ("record", stuck)
    assert incident.error_type.value == "UNHANDLED_ERROR_EVENT"
    assert office.get_incident(incident.incident_key) == incident
    of_instance = office.search_process_instance_incidents(stuck, data=IncidentSearchQuery())
    of_element = office.search_element_instance_incidents(
        incident.element_instance_key, data=IncidentSearchQuery()
    )
    assert of_instance.items == of_element.items == [incident]


def test_an_incident_is_resolved_when_its_cause_is_gone(
    client: Client, cast: Cast, desk: Desk, stuck: ProcessInstanceKey
) -> None:
    office = client(cast.officer)
    (incident,) = open_incidents(office)

    desk.acts.clear()
    office.resolve_incident(incident.incident_key, data=IncidentResolutionRequest())

    assert office.get_process_instance(stuck).state.value == "COMPLETED"
    assert office.get_incident(incident.incident_key).state.value == "RESOLVED"
    first, second = desk.asked
    assert first.element_instance_key == second.element_instance_key
    with pytest.raises(ConflictError):
        office.resolve_incident(incident.incident_key, data=IncidentResolutionRequest())


def test_a_retry_in_vain_leaves_an_incident(
    client: Client, cast: Cast, stuck: ProcessInstanceKey
) -> None:
    office = client(cast.officer)
    (incident,) = open_incidents(office)
    office.resolve_incident(incident.incident_key, data=IncidentResolutionRequest())
    (after,) = open_incidents(office)
    assert after.element_id == incident.element_id


def test_who_only_looks_may_not_retry(
    client: Client, cast: Cast, rooms: Rooms, clock: Clock, stuck: ProcessInstanceKey
) -> None:
    looks = Grant(
        GranteeKind.PERSON, cast.stranger.username, "errand", ObjectKind.RUNNING, Action.READ
    )
    with rooms.write() as tools:
        rights.grant(tools, looks, actor=SYSTEM, now=clock.now)
    onlooker = client(cast.stranger)
    (incident,) = open_incidents(onlooker)
    with pytest.raises((ForbiddenError, UnexpectedStatus)) as refused:
        onlooker.resolve_incident(incident.incident_key, data=IncidentResolutionRequest())
    assert refused.value.status_code == 403
