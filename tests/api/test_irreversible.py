"""The API ends no case behind an irreversible step either."""

import pytest
from camunda_orchestration_sdk.errors import ConflictError
from camunda_orchestration_sdk.models import CancelProcessInstanceRequest
from camunda_orchestration_sdk.semantic_types import ProcessInstanceKey

from service.store.tables import ProcessInstance
from tests.api.conftest import Client
from tests.commands.test_irreversible import DECIDES
from tests.fixtures_commands import Stage
from tests.fixtures_events import begin_with, bring_in
from tests.fixtures_store import Cast


@pytest.mark.usefixtures("office")
def test_a_cancellation_is_refused_with_its_code(client: Client, cast: Cast, stage: Stage) -> None:
    bring_in(stage.rooms, DECIDES)
    key = begin_with(stage, "decides")
    stage.complete(stage.task(key, "ask"), cast.applicant)
    with pytest.raises(ConflictError) as refusal:
        client(cast.officer).cancel_process_instance(
            ProcessInstanceKey(str(key)), data=CancelProcessInstanceRequest()
        )
    assert "process-instance.irreversible" in str(refusal.value)
    assert stage.row(ProcessInstance)["state"] == "ACTIVE"
