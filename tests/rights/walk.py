"""Asks one address as one role, as the pages and their scripts do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.domain.values import Json
from service.web.identity import COOKIE
from tests.rights.roles import ROLES
from tests.rights.table import Call
from tests.rights.world import World

SAFE = frozenset({"GET", "HEAD"})

PAGE = "jiaoyan_page"
"""The cookie in which a browser keeps the secret of its CSRF token."""

FILE = "FILE"
"""In a form: a small diagram as a file."""

JSON: Mapping[str, Json] = {
    "POST /tasks/{task}/complete": {"revision": 0, "data": {}},
    "PUT /tasks/{task}/draft": {"data": {}},
    "PUT /start/{process}/draft": {"data": {}},
    "PUT /public/tasks/{outside_task}/draft": {"data": {}},
    "POST /public/tasks/{own_task}/complete": {"revision": 0, "data": {}},
    "PUT /public/tasks/{own_task}/draft": {"data": {}},
    "PUT /public/apply/{process}/draft": {"data": {}},
    "POST /designer/form/draft/publish": {"revision": 1, "note": "初稿"},
    "POST /v2/user-tasks/{task}/assignment": {"assignee": "staff"},
    "POST /v2/process-instances": {
        "processDefinitionId": "leave", "variables": {"reason": "病", "days": 1},
    },
    "POST /v2/decision-definitions/evaluation": {
        "decisionDefinitionId": "leave_kind", "variables": {"days": 1},
    },
    "PUT /v2/clock": {"timestamp": 1_780_000_000_000},
    "POST /v2/messages/publication": {"name": "paid"},
    "POST /v2/messages/correlation": {"name": "paid"},
    "POST /v2/signals/broadcast": {"signalName": "term"},
    "POST /v2/conditionals/evaluation": {"variables": {}},
    "PUT /v2/element-instances/{element}/variables": {"variables": {"reason": "病"}},
    "POST /v2/element-instances/ad-hoc-activities/{element}/activation": {
        "elements": [{"elementId": "review"}],
    },
    "POST /v2/jobs/activation": {
        "type": "weigh", "timeout": 60_000, "maxJobsToActivate": 1, "requestTimeout": -1,
    },
    "POST /v2/jobs/{job}/error": {"errorCode": "TOO_HEAVY"},
    "PATCH /v2/jobs/{job}": {"changeset": {"retries": 3}},
}  # fmt: skip
"""What scripts and programs send; to other addresses an empty object."""

FORMS: Mapping[str, Mapping[str, str]] = {
    "POST /admin/erasure": {"person": "zhang.min", "reason": "本人申请删除"},
    "POST /admin/people/{person}/groups": {"group": "committee"},
    "POST /admin/people/{person}/groups/leave": {"group": "committee"},
    "POST /admin/organization/import/check": {"file": FILE},
    "POST /designer/form/draft/discard": {"revision": "1"},
    "POST /designer/form/leave_request/take-up": {"version": "1"},
    "POST /designer/import": {"file": FILE},
    "POST /designer/new": {"kind": "form", "resource_id": "fresh", "name": "新表单"},
    "POST /documents": {"subject": "{own_task}", "field": "证明", "file": FILE},
    "POST /instances/{case}/cancel": {"reason": "不再需要"},
    "POST /instances/{case}/suspend": {"reason": "等上级答复"},
    "POST /operations/incidents/retry": {
        "process": "breaks", "element": "breaks", "type": "JOB_NO_RETRIES",
    },
    "POST /notifications/read": {"up_to": "{notification}"},
    "POST /public/documents": {"subject": "{outside_task}", "field": "证明", "file": FILE},
    "POST /public/tasks/{outside_task}/documents": {
        "subject": "{outside_task}", "field": "证明", "file": FILE,
    },
    "POST /public/tasks/{own_task}/documents": {
        "subject": "{own_task}", "field": "证明", "file": FILE,
    },
    "POST /v2/deployments": {"resources": FILE},
}  # fmt: skip
"""What forms send; others are sent empty, so that who may act is told what is missing."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The status, and what a browser shows."""

    status: int
    text: str


@dataclass(slots=True)
class Walker:
    """Browsers of all roles; what a request changed is put back."""

    world: World
    _clients: dict[str, FlaskClient] = field(default_factory=dict)
    _tokens: dict[str, str] = field(default_factory=dict)
    _pages: dict[str, str] = field(default_factory=dict)

    def path(self, call: Call) -> str:
        """The address with the objects of the world in place of their names."""
        return call.address.format_map(self.world.objects)

    def answer(self, call: Call, role: str) -> Answer:
        """What this role is answered."""
        sent = self.ask(call.method, self.path(call), role, body=f"{call.method} {call.address}")
        answer = Answer(sent.status_code, sent.get_data().decode("utf-8", "replace"))
        sent.close()
        if call.method not in SAFE and answer.status < 400:
            self.world.restore()
            self._clients.pop(role, None)  # its cookies may have gone with its session
        return answer

    def ask(
        self, method: str, path: str, role: str, *, body: str = "", json: bool = False
    ) -> TestResponse:
        """Send a request as a page or a script of ours would; `json`: and be refused as one.

        `body` names what is sent: a key of `JSON` or `FORMS`.
        """
        client = self._client(role)
        headers = {"Accept": "application/json"} if json else {}
        if method in SAFE:
            return client.get(path, headers=headers)
        headers["X-CSRFToken"] = self._tokens[role]
        if body in FORMS or (body not in JSON and _is_form(method, path)):
            return client.open(path, method=method, data=self._form(body), headers=headers)
        headers["Accept"] = "application/json"
        return client.open(path, method=method, json=JSON.get(body, {}), headers=headers)

    def _form(self, body: str) -> dict[str, object]:
        def sent(text: str) -> object:
            if text is FILE:
                return BytesIO(b"%PDF-1.7\n1 0 obj"), "x.pdf"
            return text.format_map(self.world.objects)

        return {name: sent(text) for name, text in FORMS.get(body, {}).items()}

    def _client(self, role: str) -> FlaskClient:
        if role not in self._clients:
            client = self.world.web.test_client()
            if ROLES[role] is not None:
                client.set_cookie(COOKIE, self.world.sessions[role])
            if role in self._pages:
                client.set_cookie(PAGE, self._pages[role])
            else:
                self._meet(client, role)
            self._clients[role] = client
        return self._clients[role]

    def _meet(self, client: FlaskClient, role: str) -> None:
        """Let the server give a browser its CSRF token, which serves the next ones of the role."""
        page = client.get("/sign-in?resume=1").get_data(as_text=True)
        self._tokens[role] = page.split('name="csrf-token" content="')[1].split('"')[0]
        given = client.get_cookie(PAGE)
        assert given is not None
        self._pages[role] = given.value


def endpoint_of(world: World, path: str, method: str) -> str:
    """The endpoint that answers this address."""
    endpoint, _values = world.web.url_map.bind("localhost").match(path.split("?")[0], method)
    return str(endpoint)


def _is_form(method: str, path: str) -> bool:
    return method == "POST" and not path.startswith(("/v2/", "/api/", "/designer/"))
