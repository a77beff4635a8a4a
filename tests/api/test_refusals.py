"""Refusals: the right status, the field or the element, who and when; and nothing is lost."""

import json
import re
import threading
from typing import Any

import pytest
from flask import Flask
from werkzeug.exceptions import (
    Gone,
    ImATeapot,
    PreconditionFailed,
    RequestHeaderFieldsTooLarge,
)

from service.domain.values import Json
from service.web.api.problems import http_refusal
from tests.api.conftest import DIAGRAMS, LEAVE, Answer, Call, Caller, Client, deployed
from tests.clocks import Clock
from tests.fixtures_store import Cast

TASKS = "/v2/user-tasks"
BOUNDARY = "a-boundary-of-the-tests"


def sent(caller: Caller, *files: tuple[str, bytes], field: str = "resources") -> Answer:
    """Deploy files as multipart/form-data."""
    parts = b""
    for name, content in files:
        head = f'Content-Disposition: form-data; name="{field}"; filename="{name}"'
        parts += f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode() + content + b"\r\n"
    kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    raw = parts + f"--{BOUNDARY}--\r\n".encode()
    return caller("POST", "/v2/deployments", raw=raw, headers=kind)


@pytest.fixture
def officer(client: Client, call: Call, cast: Cast) -> Caller:
    """The officer, after leave and errand were deployed."""
    deployed(client(cast.officer), *LEAVE, "errand.bpmn")
    return call(cast.officer)


@pytest.fixture
def applicant(officer: Caller, call: Call, cast: Cast) -> Caller:
    return call(cast.applicant)


def started(applicant: Caller, days: Json = 3) -> str:
    """Start a leave and return the key of its review."""
    body: Json = {"processDefinitionId": "leave", "variables": {"reason": "病", "days": days}}
    key = applicant("POST", "/v2/process-instances", body).json["processInstanceKey"]
    return str(key)


def review(officer: Caller, instance_key: str) -> str:
    body: Json = {"filter": {"processInstanceKey": instance_key, "state": "CREATED"}}
    return str(officer("POST", f"{TASKS}/search", body).json["items"][0]["userTaskKey"])


def approved(**more: Json) -> dict[str, Json]:
    return {"variables": {"finding": "属实", **more}, "action": "approve"}


def test_a_diagram_that_would_run_wrongly_is_refused_with_every_problem(
    officer: Caller,
) -> None:
    files = [(name, (DIAGRAMS / name).read_bytes()) for name in ("timer.bpmn", "broken.form")]
    refused = sent(officer, *files)
    assert (refused.status, refused.code) == (400, "deployment.refused")
    timer = next(one for one in refused.json["problems"] if one["resource"] == "timer.bpmn")
    assert (timer["elementId"], timer["elementName"]) == ("wait", "等三天")
    assert timer["rule"] in refused.detail
    assert timer["remedy"] in refused.detail
    assert {one["resource"] for one in refused.json["problems"]} == {"timer.bpmn", "broken.form"}
    listed = officer("POST", "/v2/process-definitions/search").json["items"]
    assert "timer" not in [one["processDefinitionId"] for one in listed]


def test_a_deployment_without_proper_files_is_refused(officer: Caller) -> None:
    for name in ("..", "a" * 300 + ".bpmn", "a\tb.bpmn"):
        refused = sent(officer, (name, b"x"))
        assert (refused.status, refused.code) == (400, "upload-name-invalid"), name
    assert sent(officer).code == "upload-missing"
    assert officer("POST", "/v2/deployments", {}).code == "upload-missing"


def test_a_file_in_another_field_is_refused(officer: Caller) -> None:
    refused = sent(officer, ("a.bpmn", b"x"), field="file")
    assert (refused.status, refused.code) == (400, "upload-field-unknown")


def test_a_path_in_a_file_name_is_no_path(officer: Caller) -> None:
    content = (DIAGRAMS / "errand.bpmn").read_bytes().replace(b"errand", b"trip")
    receipt = sent(officer, ("../../etc/trip.bpmn", content))
    assert receipt.status == 200, receipt.detail
    process = receipt.json["deployments"][0]["processDefinition"]
    assert process["resourceName"] == "trip.bpmn"


def test_a_file_that_is_no_diagram_is_refused_with_its_name(officer: Caller) -> None:
    for content in (
        b"",
        b"not xml",
        b"<a/>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        b"<a>" * 2_000 + b"</a>" * 2_000,
        b"<!--" + b"x" * 5_000_000 + b"--><a/>",
        b"\x00\xff\xfe",
    ):
        refused = sent(officer, ("odd.bpmn", content))
        assert (refused.status, refused.code) == (400, "deployment.refused"), content[:60]
        assert {one["resource"] for one in refused.json["problems"]} == {"odd.bpmn"}


def test_a_form_that_cannot_be_kept_is_refused_with_every_fault(officer: Caller) -> None:
    start = b'{"id": "odd", "type": "default", "components": '
    table = [
        (b"[" * 3_000 + b"]" * 3_000 + b"}", {"form-depth"}),
        (b"[" + b"9" * 5_000 + b"]}", {"form-number"}),
        (b"[NaN, -Infinity, 1e999]}", {"form-number"}),
        (b'[], "id": "other"}', {"form-name-once"}),
        (b'[{"label": "\\ud83d"}]}', {"form-text"}),
        (b'[{"label": "\\u0000"}]}', {"form-text"}),
        (b'[NaN, "\\u0000"], "id": 1}', {"form-number", "form-text", "form-name-once"}),
        (b'[{"type": {}}, 5]}', {"form-schema"}),
    ]
    for rest, rules in table:
        refused = sent(officer, ("odd.form", start + rest))
        assert (refused.status, refused.code) == (400, "deployment.refused"), rest[:60]
        assert {one["rule"] for one in refused.json["problems"]} == rules, rest[:60]
        assert all(one["message"] in refused.detail for one in refused.json["problems"])
        assert all(one["remedy"] in refused.detail for one in refused.json["problems"])


def test_moments_beyond_the_calendar_are_refused_by_every_search(officer: Caller) -> None:
    fields = {
        "user-tasks": ("creationDate", "completionDate", "followUpDate", "dueDate"),
        "process-instances": ("startDate", "endDate"),
        "element-instances": ("startDate", "endDate"),
        "incidents": ("creationTime",),
    }
    for moment in ("0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00"):
        for kind, names in fields.items():
            for name in names:
                body: Json = {"filter": {name: {"$lt": moment}}}
                refused = officer("POST", f"/v2/{kind}/search", body)
                assert (refused.status, refused.code) == (400, "body-invalid"), name
                assert list(refused.json["errors"]) == [f"filter.{name}.$lt"]
    for moment in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z"):
        for kind, names in fields.items():
            for name in names:
                body = {"filter": {name: {"$gte": moment}}}
                assert officer("POST", f"/v2/{kind}/search", body).status == 200, name


def test_a_refusal_of_the_framework_is_told_in_chinese() -> None:
    for refused in (ImATeapot(), PreconditionFailed(), Gone(), RequestHeaderFieldsTooLarge()):
        with Flask("api").test_request_context("/v2/topology"):
            answer = http_refusal(refused)
        assert answer.status_code == refused.code
        assert not re.search("[A-Za-z]", json.loads(answer.data)["detail"])


def test_files_that_are_too_large_together_are_refused(officer: Caller) -> None:
    assert sent(officer, ("large.bpmn", b"x" * 17_000_000)).status == 413


def test_a_form_says_which_field_is_wrong_and_the_task_stays(
    officer: Caller, applicant: Caller
) -> None:
    task = review(officer, started(applicant))
    wrong: Json = {"variables": {"finding": "字" * 21, "days": 0}, "action": "approve"}
    refused = officer("POST", f"{TASKS}/{task}/completion", wrong)
    assert (refused.status, refused.code) == (400, "fields-invalid")
    assert set(refused.json["errors"]) == {"finding", "days"}
    assert "finding" in refused.detail

    ours: Json = {"variables": {"finding": "字" * 21, "days": 0}, "outcome": "approve"}
    refused = officer("POST", f"/api/v1/user-tasks/{task}/complete", ours)
    assert (refused.status, set(refused.json["errors"])) == (422, {"finding", "days"})
    assert officer("GET", f"{TASKS}/{task}").json["state"] == "CREATED"


def test_a_submission_that_does_not_fit_is_refused(officer: Caller, applicant: Caller) -> None:
    task = review(officer, started(applicant))
    good: dict[str, Json] = {"finding": "好"}
    table: list[tuple[Json, str]] = [
        ({"variables": {**good, "extra": 1}, "action": "approve"}, "variables.undeclared"),
        ({"variables": {**good, "review_outcome": "x"}, "action": "approve"}, "variables."),
        ({"variables": good, "action": "maybe"}, "user-task.outcome-unknown"),
        ({"variables": good}, "user-task.outcome-unknown"),
        ({"variables": []}, "body-invalid"),
        ({"variables": "x"}, "body-invalid"),
        ({"action": 1}, "body-invalid"),
        ({"vars": {}}, "body-invalid"),
        ([], "body-invalid"),
        ("x", "body-invalid"),
    ]
    for body, code in table:
        refused = officer("POST", f"{TASKS}/{task}/completion", body)
        assert refused.status == 400, body
        assert refused.code.startswith(code), body
    assert officer("GET", f"{TASKS}/{task}").json["state"] == "CREATED"


def test_json_is_read_strictly(officer: Caller, applicant: Caller) -> None:
    task = review(officer, started(applicant))
    for raw, status in (
        (b'{"variables": {"finding": NaN}}', 400),
        (b'{"variables": {"finding": "' + b"x" * 10_000_000 + b'"}}', 413),
        (b'{"variables": {"finding": "\\ud800"}}', 400),
        (b"{", 400),
        (b'{"variables": ' + b"[" * 5_000 + b"]" * 5_000 + b"}", 400),
    ):
        answer = officer("POST", f"{TASKS}/{task}/completion", raw=raw)
        assert answer.status == status, raw[:60]
        assert officer("GET", f"{TASKS}/{task}").json["state"] == "CREATED"


def test_a_key_given_twice_counts_as_its_last(officer: Caller, applicant: Caller) -> None:
    task = review(officer, started(applicant))
    raw = '{"variables": {"finding": "甲", "finding": "乙"}, "action": "x", "action": "reject"}'
    assert officer("POST", f"{TASKS}/{task}/completion", raw=raw.encode()).status == 204


def test_odd_names_and_values_are_data(applicant: Caller) -> None:
    variables: dict[str, Json] = {
        "typename": "x",
        "__builtins__": {"__class__": [1]},
        "__proto__": {"constructor": 1},
        "说明": "😀" * 1_000,
        "表": [{"名": "<script>alert(1)</script>"}],
        "n": 12345678901234567890,
        "f": 0.1,
        "b": False,
        "none": None,
    }
    body: Json = {"processDefinitionId": "errand", "variables": variables}
    key = applicant("POST", "/v2/process-instances", body).json["processInstanceKey"]
    wanted: Json = {"filter": {"processInstanceKey": key}}
    found = applicant("POST", "/v2/variables/search?truncateValues=false", wanted).json["items"]
    kept = {one["name"]: json.loads(one["value"]) for one in found}
    assert kept.items() >= variables.items()


def test_names_that_no_expression_could_read_are_refused(applicant: Caller) -> None:
    table: list[dict[str, Json]] = [
        {"a-b": 1},
        {"": 1},
        {"1a": 1},
        {"a": {"b c": 1}},
        {"a": [[{"x.y": 1}]]},
        {"initiator": "li.na"},
    ]
    for variables in table:
        body: Json = {"processDefinitionId": "errand", "variables": variables}
        assert applicant("POST", "/v2/process-instances", body).status == 400, variables
    assert applicant("POST", "/v2/process-instances/search").json["page"]["totalItems"] == 0


def test_addresses_that_lead_nowhere(officer: Caller) -> None:
    for method, path, status, code in (
        ("GET", f"{TASKS}/abc", 400, "key-invalid"),
        ("GET", f"{TASKS}/1.5", 400, "key-invalid"),
        ("GET", f"{TASKS}/%2e%2e%2fx", 404, "not-found"),
        ("GET", f"{TASKS}/{10**24}", 404, "not-found"),
        ("GET", f"{TASKS}/-1", 404, "not-found"),
        ("GET", "/v2/nothing", 404, "not-found"),
        ("GET", "/api/v1/nothing", 404, "not-found"),
        ("DELETE", f"{TASKS}/1", 405, "method-not-allowed"),
        ("GET", "/api/v1/inbox?box=secret", 400, "body-invalid"),
        ("GET", "/api/v1/inbox?limit=0", 400, "body-invalid"),
        ("GET", "/api/v1/inbox?limit=x", 400, "body-invalid"),
        ("GET", "/api/v1/inbox?nonsense=1", 400, "body-invalid"),
        ("GET", "/api/v1/inbox?after=x", 400, "bad-cursor"),
        ("POST", "/v2/variables/search?truncateValues=perhaps", 400, "body-invalid"),
    ):
        answer = officer(method, path)
        assert (answer.status, answer.code) == (status, code), path
        assert answer.headers["Content-Type"] == "application/problem+json"
        said = path.partition("?")[0].replace("%2e%2e%2f", "../")
        assert answer.json["instance"] == said


def test_cursors_that_contradict_each_other_are_refused(officer: Caller) -> None:
    page: Json = {"page": {"after": "W10=", "from": 1}}
    assert officer("POST", f"{TASKS}/search", page).code == "page-conflict"
    assert officer("POST", f"{TASKS}/search", {"page": {"after": "x"}}).code == "cursor-invalid"


def test_a_task_is_completed_once_and_the_second_learns_by_whom(
    officer: Caller, applicant: Caller, clock: Clock
) -> None:
    task = review(officer, started(applicant))
    assert officer("POST", f"{TASKS}/{task}/completion", approved()).status == 204
    clock.forward(minutes=5)
    second = officer("POST", f"{TASKS}/{task}/completion", approved())
    assert (second.status, second.code) == (409, "user-task.already-completed")
    assert (second.json["who"], second.json["when"]) == ("李娜", "2026-03-02T01:30:00.000Z")


def test_of_many_at_once_one_completes(officer: Caller, applicant: Caller) -> None:
    instance = started(applicant)
    task = review(officer, instance)
    answers: list[Answer] = []
    tries = [
        threading.Thread(
            target=lambda: answers.append(officer("POST", f"{TASKS}/{task}/completion", approved()))
        )
        for _ in range(6)
    ]
    for one in tries:
        one.start()
    for one in tries:
        one.join()
    assert sorted(answer.status for answer in answers) == [204, *[409] * 5]
    found: Any = applicant(
        "POST", f"{TASKS}/search", {"filter": {"processInstanceKey": instance, "elementId": "read"}}
    ).json
    assert found["page"]["totalItems"] == 1


def test_a_task_that_another_holds_is_not_taken_away(
    officer: Caller, applicant: Caller, cast: Cast
) -> None:
    task = review(officer, started(applicant))
    mine: Json = {"assignee": cast.officer.username}
    assert officer("POST", f"{TASKS}/{task}/assignment", mine).status == 204
    other: Json = {"assignee": cast.applicant.username, "allowOverride": False}
    refused = officer("POST", f"{TASKS}/{task}/assignment", other)
    assert (refused.status, refused.code) == (409, "user-task.held-by-other")
    assert (refused.json["who"], refused.json["when"]) == ("李娜", "2026-03-02T01:30:00.000Z")
    assert officer("DELETE", f"{TASKS}/{task}/assignee").status == 204
    assert officer("GET", f"{TASKS}/{task}").json["assignee"] is None
    nobody: Json = {"assignee": "no.body"}
    assert officer("POST", f"{TASKS}/{task}/assignment", nobody).status == 400
