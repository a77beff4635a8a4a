"""`/api/v1`: complete with an opinion, claim, release, drafts, the inbox, the history."""

from typing import Any

import pytest

from service.domain.values import Json
from tests.api.conftest import LEAVE, Call, Caller, Client, deployed
from tests.clocks import Clock
from tests.fixtures_store import Cast

OURS = "/api/v1/user-tasks"


@pytest.fixture
def officer(client: Client, call: Call, cast: Cast) -> Caller:
    deployed(client(cast.officer), *LEAVE)
    return call(cast.officer)


@pytest.fixture
def applicant(officer: Caller, call: Call, cast: Cast) -> Caller:
    return call(cast.applicant)


@pytest.fixture
def instance(applicant: Caller) -> str:
    body: Json = {"processDefinitionId": "leave", "variables": {"reason": "病", "days": 2}}
    return str(applicant("POST", "/v2/process-instances", body).json["processInstanceKey"])


@pytest.fixture
def task(officer: Caller, instance: str) -> str:
    return str(inbox(officer, "claimable")[0]["userTaskKey"])


def inbox(caller: Caller, box: str, more: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = caller("GET", f"/api/v1/inbox?box={box}{more}").json["items"]
    return found


def test_the_initiator_urges_the_candidates(
    officer: Caller, applicant: Caller, call: Call, task: str, instance: str, cast: Cast
) -> None:
    done = applicant("POST", f"{OURS}/{task}/urge", {"comment": "请尽快"})
    assert (done.status, done.json["userTaskKey"]) == (200, task)
    assert done.json["againFromDate"] == "2026-03-02T05:30:00.000Z"
    again = applicant("POST", f"{OURS}/{task}/urge", {})
    assert (again.status, again.code) == (429, "user-task.urged-just-now")
    assert int(again.headers["Retry-After"]) == 4 * 3600
    assert "2026年3月2日 13:30" in again.detail
    assert applicant("POST", f"{OURS}/{task}/urge", {"comment": "长" * 201}).status == 400
    assert call(cast.stranger)("POST", f"{OURS}/{task}/urge", {}).status == 404
    assert officer("POST", f"{OURS}/{task}/urge", {}).status == 403
    history = applicant("GET", f"/api/v1/process-instances/{instance}/history").json["items"]
    assert [(one["act"], one["comment"]) for one in history][-1] == ("user-task.urged", "请尽快")
    (waiting,) = inbox(officer, "claimable")
    assert waiting["escalatedDate"] is None
    assert inbox(officer, "escalated") == []


def test_a_task_moves_through_the_lists(
    officer: Caller, applicant: Caller, task: str, instance: str
) -> None:
    assert officer("POST", f"{OURS}/{task}/claim").status == 204
    assert [one["userTaskKey"] for one in inbox(officer, "todo")] == [task]
    assert inbox(officer, "claimable") == []
    assert officer("POST", f"{OURS}/{task}/release", {}).status == 204
    (offered,) = inbox(officer, "claimable")
    assert (offered["title"], offered["startedBy"], offered["steps"]) == (
        "病请假",
        "张敏",
        ["审核"],
    )

    body: Json = {"outcome": "approve", "variables": {"finding": "属实"}, "comment": "请好好休息"}
    completed = officer("POST", f"{OURS}/{task}/complete", body)
    assert completed.json == {
        "userTaskKey": task,
        "processInstanceKey": instance,
        "nextUserTaskKeys": [],
        "hasIncident": False,
    }
    assert [one["userTaskKey"] for one in inbox(officer, "done")] == [task]
    (mine,) = inbox(applicant, "started")
    assert (mine["userTaskKey"], mine["processInstanceKey"]) == (None, instance)
    assert mine["steps"] == ["阅知"]


def test_the_history_tells_who_did_what_with_which_opinion(
    officer: Caller, applicant: Caller, task: str, instance: str, clock: Clock
) -> None:
    clock.forward(hours=1)
    body: Json = {"outcome": "reject", "variables": {"finding": "不实"}, "comment": "<b>请重写</b>"}
    officer("POST", f"{OURS}/{task}/complete", body)
    history = applicant("GET", f"/api/v1/process-instances/{instance}/history").json["items"]
    acts = [one["act"] for one in history]
    assert acts == ["instance.started", "user-task.claimed", "user-task.completed"]
    assert history[2] == {
        "number": history[2]["number"],
        "date": "2026-03-02T02:30:00.000Z",
        "actor": "李娜",
        "act": "user-task.completed",
        "elementName": "审核",
        "outcome": "不同意",
        "comment": "<b>请重写</b>",
        "reason": None,
        "assignee": None,
        "detail": None,
        "linkedProcessInstanceKey": None,
    }


def test_a_page_of_the_inbox_leads_to_the_next(officer: Caller, applicant: Caller) -> None:
    for days in range(1, 4):
        body: Json = {"processDefinitionId": "leave", "variables": {"reason": "病", "days": days}}
        applicant("POST", "/v2/process-instances", body)
    first = officer("GET", "/api/v1/inbox?box=claimable&limit=2").json
    assert len(first["items"]) == 2
    rest = officer("GET", f"/api/v1/inbox?box=claimable&limit=2&after={first['endCursor']}").json
    assert (len(rest["items"]), rest["endCursor"]) == (1, None)
    assert len(inbox(officer, "claimable", "&q=%E7%97%85&processDefinitionId=leave")) == 3
    assert inbox(officer, "claimable", "&q=%E6%B2%A1%E6%9C%89") == []


def test_a_stale_revision_is_a_conflict(officer: Caller, task: str) -> None:
    seen = officer("GET", f"/v2/user-tasks/{task}").json["revision"]
    officer("POST", f"{OURS}/{task}/claim", {"revision": seen})
    body: Json = {"outcome": "approve", "variables": {"finding": "属实"}, "revision": seen}
    stale = officer("POST", f"{OURS}/{task}/complete", body)
    assert (stale.status, stale.code) == (409, "user-task.changed")
    assert stale.json["who"] == "李娜"


def test_drafts_are_saved_and_refused_submissions_stay_as_drafts(
    officer: Caller, task: str, applicant: Caller
) -> None:
    draft: Json = {"variables": {"finding": "写到一半"}, "comment": "待补"}
    assert officer("PUT", f"{OURS}/{task}/draft", draft).status == 204
    assert applicant("PUT", f"{OURS}/{task}/draft", draft).status == 404
    wrong: Json = {"outcome": "approve", "variables": {"finding": "字" * 21}}
    refused = officer("POST", f"{OURS}/{task}/complete", wrong)
    assert (refused.status, list(refused.json["errors"])) == (422, ["finding"])


def test_what_the_form_does_not_declare_is_refused(officer: Caller, task: str) -> None:
    body: Json = {"outcome": "approve", "variables": {"finding": "属实", "extra": 1}}
    refused = officer("POST", f"{OURS}/{task}/complete", body)
    assert (refused.status, refused.code) == (422, "variables.undeclared")
    assert "extra" in refused.detail
