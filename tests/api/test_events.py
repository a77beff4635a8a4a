"""Messages, signals, variables and ad-hoc activities by Camunda's client and by plain HTTP."""

from collections.abc import Callable
from typing import Any

import pytest
from camunda_orchestration_sdk.models import (
    ConditionalEvaluationInstruction,
    MessageCorrelationRequest,
    MessagePublicationRequest,
    SetVariableRequest,
    SignalBroadcastRequest,
)

from service.commands.rooms import Rooms
from service.domain.values import Json
from service.engine import kernel
from service.jobs.runner import JobRunner
from tests.api.conftest import Call, Caller, Client
from tests.engine.builders import (
    declare,
    diagram,
    element,
    end,
    flows,
    message,
    on,
    start,
    sub,
    user,
)
from tests.fixtures_events import CALLED, CALLS, bring_in
from tests.fixtures_store import Cast

WAITS = diagram(
    start(), element("intermediateCatchEvent", "wait", inside=on("message", "paid")),
    element("intermediateCatchEvent", "hear", inside=on("signal", "term")),
    element("intermediateCatchEvent", "watch", inside=on("conditional", "=days > 3")), end(),
    flows("start", "wait", "hear", "watch", "end"), process_id="waits",
    declared=message("paid") + declare("signal", "term"),
)  # fmt: skip
AD_HOC = diagram(
    start(), sub("choose", user("a"), user("b"), tag="adHocSubProcess"), end(),
    flows("start", "choose", "end"), process_id="picks",
)  # fmt: skip
Run = Callable[[], int]


@pytest.fixture
def run(rooms: Rooms) -> Run:
    return JobRunner(rooms, owner="worker").run_due


def started(caller: Caller, process_id: str, **variables: Json) -> str:
    body: Json = {"processDefinitionId": process_id, "variables": variables}
    return str(caller("POST", "/v2/process-instances", body).json["processInstanceKey"])


def at(caller: Caller, key: str, element_id: str) -> dict[str, Any]:
    body: Json = {"filter": {"processInstanceKey": key, "elementId": element_id}}
    found: dict[str, Any] = caller("POST", "/v2/element-instances/search", body).json["items"][-1]
    return found


def test_camundas_client_moves_an_instance_on(
    rooms: Rooms, client: Client, call: Call, cast: Cast, run: Run
) -> None:
    bring_in(rooms, WAITS)
    key = started(call(cast.applicant), "waits", id="7", days=1)
    officer, operator = client(cast.officer), call(cast.officer)

    reached = officer.correlate_message(
        data=MessageCorrelationRequest(name="paid", correlation_key="7")
    )
    assert reached.process_instance_key == key
    run()
    officer.broadcast_signal(data=SignalBroadcastRequest(signal_name="term"))
    run()
    assert at(operator, key, "watch")["state"] == "ACTIVE"
    request = SetVariableRequest.from_dict({"variables": {"days": 4}})
    officer.create_element_instance_variables(key, data=request)  # type: ignore[arg-type]

    instance = operator("GET", f"/v2/process-instances/{key}").json
    assert instance["state"] == "COMPLETED"
    acts = [one["act"] for one in history(call(cast.applicant), key)]
    assert acts == [
        "instance.started", "message.received", "signal.received", "variables.set",
        "instance.completed",
    ]  # fmt: skip


def history(caller: Caller, key: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = caller("GET", f"/api/v1/process-instances/{key}/history").json[
        "items"
    ]
    return items


WHEN = diagram(
    element("startEvent", "shortage", inside=on("conditional", "=vacancies > 2")), user("plan"),
    end(), flows("shortage", "plan", "end"), process_id="recruit",
)  # fmt: skip


def test_camundas_client_asks_the_conditions_of_start_events(
    rooms: Rooms, client: Client, call: Call, cast: Cast, run: Run
) -> None:
    bring_in(rooms, WHEN)
    officer = client(cast.officer)
    few, many = (
        officer.evaluate_conditionals(
            data=ConditionalEvaluationInstruction.from_dict({"variables": {"vacancies": number}})
        )
        for number in (2, 3)
    )
    run()

    assert few.process_instances == []
    [begun] = many.process_instances
    assert at(call(cast.officer), begun.process_instance_key, "plan")["state"] == "ACTIVE"


def test_an_early_message_is_kept(
    rooms: Rooms, client: Client, call: Call, cast: Cast, run: Run
) -> None:
    bring_in(rooms, WAITS)
    request = MessagePublicationRequest(
        name="paid", correlation_key="7", time_to_live=60_000, message_id="a"
    )
    published = client(cast.officer).publish_message(data=request)
    assert int(published.message_key) > 0

    key = started(call(cast.applicant), "waits", id="7", days=1)
    run()

    assert at(call(cast.officer), key, "hear")["state"] == "ACTIVE"


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/v2/messages/publication", {}, "body-invalid"),
        ("/v2/messages/publication", {"name": "a", "timeToLive": -1}, "body-invalid"),
        ("/v2/messages/publication", {"name": "a" * 201}, "events.name-invalid"),
        ("/v2/messages/publication", {"name": " "}, "events.name-invalid"),
        (
            "/v2/messages/publication",
            {"name": "a", "correlationKey": "k" * 401},
            "messages.correlation-key-invalid",
        ),
        ("/v2/messages/publication", {"name": "a", "messageId": "i" * 201}, "messages.id-invalid"),
        (
            "/v2/messages/publication",
            {"name": "a", "timeToLive": 2**50},
            "messages.time-to-live-invalid",
        ),
        (
            "/v2/messages/publication",
            {"name": "a", "variables": {"initiator": "x"}},
            "variables.reserved",
        ),
        ("/v2/messages/correlation", {"name": "a", "timeToLive": 1}, "body-invalid"),
        ("/v2/signals/broadcast", {"signalName": 7}, "body-invalid"),
        ("/v2/conditionals/evaluation", {}, "body-invalid"),
        ("/v2/conditionals/evaluation", {"variables": {"initiator": "x"}}, "variables.reserved"),
        ("/v2/signals/broadcast", {"signalName": "a", "variables": []}, "body-invalid"),
    ],
)
def test_what_is_wrong_is_said_in_chinese(
    call: Call, cast: Cast, path: str, body: Json, code: str
) -> None:
    answer = call(cast.officer)("POST", path, body)
    assert (answer.status, answer.code) == (400, code)
    assert "请" in answer.detail


def test_a_message_for_nobody_is_not_found(call: Call, cast: Cast) -> None:
    answer = call(cast.officer)("POST", "/v2/messages/correlation", {"name": "paid"})
    assert (answer.status, answer.code) == (404, "messages.not-correlated")


def test_an_id_that_is_in_use_is_a_conflict(call: Call, cast: Cast) -> None:
    officer = call(cast.officer)
    body: Json = {"name": "paid", "timeToLive": 60_000, "messageId": "a"}
    assert officer("POST", "/v2/messages/publication", body).status == 200
    answer = officer("POST", "/v2/messages/publication", body)
    assert (answer.status, answer.code) == (409, "messages.published-already")


def test_activities_of_an_ad_hoc_subprocess_begin(
    rooms: Rooms, call: Call, cast: Cast, run: Run
) -> None:
    bring_in(rooms, AD_HOC)
    key = started(call(cast.applicant), "picks")
    officer = call(cast.officer)
    open_one = at(officer, key, "choose")["elementInstanceKey"]
    path = f"/v2/element-instances/ad-hoc-activities/{open_one}/activation"

    assert officer("POST", path, {"elements": [{"elementId": "a"}]}).status == 204
    assert at(officer, key, "a")["state"] == "ACTIVE"
    unknown = officer("POST", path, {"elements": [{"elementId": "start"}]})
    assert (unknown.status, unknown.code) == (400, "element-instance.activity-not-inside")
    more: Json = {"elements": [{"elementId": "b"}], "cancelRemainingInstances": True}
    assert officer("POST", path, more).status == 204
    assert at(officer, key, "a")["state"] == "TERMINATED"
    assert at(officer, key, "b")["state"] == "ACTIVE"


def test_activities_for_which_there_is_no_room_are_a_conflict(
    rooms: Rooms, call: Call, cast: Cast, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit is lowered, so that a second activity is too much."""
    monkeypatch.setattr(kernel, "TOKEN_LIMIT", 4)
    bring_in(rooms, AD_HOC)
    key = started(call(cast.applicant), "picks")
    officer = call(cast.officer)
    open_one = at(officer, key, "choose")["elementInstanceKey"]
    path = f"/v2/element-instances/ad-hoc-activities/{open_one}/activation"
    assert officer("POST", path, {"elements": [{"elementId": "a"}]}).status == 204

    refused = officer("POST", path, {"elements": [{"elementId": "b"}]})

    assert (refused.status, refused.code) == (409, "instance-full")
    assert "choose" in refused.detail
    assert at(officer, key, "a")["state"] == "ACTIVE"


def test_activities_of_what_is_none_or_is_over_are_a_conflict(
    rooms: Rooms, call: Call, cast: Cast, run: Run
) -> None:
    bring_in(rooms, AD_HOC)
    key = started(call(cast.applicant), "picks")
    officer = call(cast.officer)
    path = f"/v2/element-instances/ad-hoc-activities/{key}/activation"

    wrong = officer("POST", path, {"elements": [{"elementId": "a"}]})
    assert (wrong.status, wrong.code) == (409, "not-waiting")
    path = "/v2/element-instances/ad-hoc-activities/1/activation"
    assert officer("POST", path, {"elements": [{"elementId": "a"}]}).status == 404


def test_who_started_it_writes_no_variables_from_outside(
    rooms: Rooms, call: Call, cast: Cast
) -> None:
    bring_in(rooms, WAITS)
    applicant = call(cast.applicant)
    key = started(applicant, "waits", id="7")
    path = f"/v2/element-instances/{key}/variables"
    assert applicant("PUT", path, {"variables": {"days": 4}}).status == 403


def test_a_called_instance_names_its_caller_to_who_may_see_it(
    rooms: Rooms, call: Call, cast: Cast, run: Run
) -> None:
    bring_in(rooms, CALLS, CALLED)
    key = started(call(cast.applicant), "calls")
    run()
    find: Json = {"filter": {"processDefinitionId": "called"}}

    [child] = call(cast.officer)("POST", "/v2/process-instances/search", find).json["items"]
    assert (child["parentProcessInstanceKey"], child["rootProcessInstanceKey"]) == (key, key)
    calling = at(call(cast.officer), key, "call")
    assert child["parentElementInstanceKey"] == calling["elementInstanceKey"]
    by_parent: Json = {"filter": {"parentProcessInstanceKey": key}}
    stranger = call(cast.stranger)  # here the one who has the child's task
    [seen] = stranger("POST", "/v2/process-instances/search", find).json["items"]
    assert seen["parentProcessInstanceKey"] is None
    assert seen["rootProcessInstanceKey"] == seen["processInstanceKey"]
    assert stranger("POST", "/v2/process-instances/search", by_parent).json["items"] == []
    answer = call(cast.officer)(
        "POST", f"/v2/process-instances/{child['processInstanceKey']}/cancellation"
    )
    assert (answer.status, answer.code) == (409, "process-instance.called")
    assert key in answer.detail
