"""Refusals as application/problem+json (RFC 9457), in the fields of the Camunda 8 API.

`title` is the API's own word for the kind of refusal, `detail` the message for a person, `code`
ours for programs. What else a refusal knows stands beside them: the fields that are wrong, the
problems of a deployment, who was quicker and when.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import NotRequired

from flask import Response, request
from typing_extensions import TypedDict
from werkzeug.exceptions import HTTPException

from service.domain.deployments import DeploymentRefused
from service.domain.errors import FieldsInvalid, JiaoyanError
from service.domain.problems import Problem, Severity
from service.web.api.bodies import BodyInvalid

MEDIA_TYPE = "application/problem+json"

PREFIXES = ("/v2/", "/api/v1/")
"""Paths under these are answered by this package, what does not exist there too."""

_SHOWN_PROBLEMS = 200
_RETRY_SECONDS = 5

_TITLES: Mapping[int, str] = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    406: "NOT_ACCEPTABLE",
    409: "INVALID_STATE",
    413: "PAYLOAD_TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
    422: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL_ERROR",
    503: "RESOURCE_EXHAUSTED",
}

_DETAILS: Mapping[int, tuple[str, str]] = {
    400: ("bad-request", "请求看不懂。没有做任何改动，请检查后再试。"),
    404: ("not-found", "没有找到，或者你没有查看的权限。"),
    405: ("method-not-allowed", "这个地址不接受 {method} 请求。"),
    413: ("payload-too-large", "请求内容太大。没有做任何改动，请分开或缩小后再试。"),
    415: ("unsupported-media-type", "请求内容的类型不对。没有做任何改动。"),
    500: ("internal-error", "系统出了意外的错误，已记录。没有完成的操作不会生效，请联系管理员。"),
}

_OTHERWISE = ("http-error", "请求没有成功，没有做任何改动。请检查后再试。")
"""The framework's own descriptions are English."""


class ResourceProblem(TypedDict):
    """部署检查发现的一处问题：在哪里，违反哪条规则，怎么改。"""

    resource: str
    elementId: str
    elementName: str
    rule: str
    message: str
    remedy: str
    severity: str


class ProblemDetail(TypedDict):
    """拒绝的原因：`detail` 给人看，`code` 给程序用，其余字段视情况而有。"""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    errors: NotRequired[dict[str, list[str]]]
    problems: NotRequired[list[ResourceProblem]]
    who: NotRequired[str]
    when: NotRequired[str]
    draftKept: NotRequired[bool]


def is_api(path: str) -> bool:
    """Tell whether a path belongs to the API."""
    return path.startswith(PREFIXES)


def refusal(error: JiaoyanError, status: int) -> Response:
    """Answer an error of ours."""
    body = _body(status, error.code, _detail(error))
    if isinstance(error, DeploymentRefused):
        body["problems"] = [problem_of(problem) for problem in error.problems[:_SHOWN_PROBLEMS]]
    if isinstance(error, FieldsInvalid | BodyInvalid):
        body["errors"] = error.errors
    if isinstance(who := getattr(error, "who", None), str):
        body["who"] = who
    if isinstance(when := getattr(error, "when", None), datetime):
        body["when"] = moment(when)
    if error.draft_kept is not None:
        body["draftKept"] = error.draft_kept
    response = _response(body)
    seconds = getattr(error, "retry_after", _RETRY_SECONDS if status == 503 else None)
    if seconds is not None:
        response.headers["Retry-After"] = str(seconds)
    return response


def http_refusal(error: HTTPException) -> Response:
    """Answer what werkzeug or Flask refused: no such path, wrong method, too large."""
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    code, detail = _DETAILS.get(status, _OTHERWISE)
    response = _response(_body(status, code, detail.format(method=request.method)))
    for name, value in error.get_headers(request.environ):
        if name.lower() in {"allow", "retry-after", "www-authenticate"}:
            response.headers[name] = value
    return response


def moment(value: datetime) -> str:
    """Write a moment as the API does: UTC, milliseconds, Z."""
    return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _body(status: int, code: str, detail: str) -> ProblemDetail:
    return {
        "type": "about:blank",
        "title": _TITLES.get(status, HTTPStatus(status).name),
        "status": status,
        "detail": detail,
        "instance": request.path,
        "code": code,
    }


def _response(body: ProblemDetail) -> Response:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status=body["status"], content_type=MEDIA_TYPE)


def _detail(error: JiaoyanError) -> str:
    if isinstance(error, DeploymentRefused):
        shown = [_sentence(problem) for problem in error.problems[:_SHOWN_PROBLEMS]]
        return "\n".join([error.message, *shown])
    if isinstance(error, FieldsInvalid):
        return "\n".join([error.message, *_field_sentences(error.errors)])
    return error.message


def _sentence(problem: Problem) -> str:
    name = f"「{problem.element_name}」" if problem.element_name else ""
    where = f"{problem.resource} {problem.element_id}{name}".strip()
    doubt = "" if problem.severity is Severity.ERROR else "（不妨碍部署）"
    return f"{where}（{problem.rule}）{doubt}：{problem.message} {problem.remedy}".rstrip()


def _field_sentences(errors: Mapping[str, list[str]]) -> list[str]:
    return [f"{path}：{message}" for path, messages in errors.items() for message in messages]


def problem_of(problem: Problem) -> ResourceProblem:
    """Write a finding of the deploy check for a program."""
    return {
        "resource": problem.resource,
        "elementId": problem.element_id,
        "elementName": problem.element_name,
        "rule": problem.rule,
        "message": problem.message,
        "remedy": problem.remedy,
        "severity": problem.severity.value,
    }
