"""Mounts the operations, the OpenAPI document and its page."""

from collections.abc import Iterator
from http import HTTPStatus

from flask import Blueprint, Flask, Response, request

from service.commands.password_check import SignInRefused
from service.domain.errors import FieldsInvalid, JiaoyanError
from service.domain.submissions import VariablesUndeclared
from service.web import errors
from service.web.api import (
    approval,
    clock,
    cluster,
    decision_requirements,
    decisions,
    deployments,
    document,
    element_instances,
    events,
    incidents,
    jobs,
    people,
    process_definitions,
    process_instances,
    sequence_flows,
    suspension,
    user_tasks,
    variables,
)
from service.web.api.authentication import Gate, challenge
from service.web.api.operations import Operation, view_of
from service.web.api.problems import refusal
from service.web.desk import NotSignedIn
from service.web.web_settings import WebSettings

_SUBJECTS = (
    user_tasks,
    process_instances,
    suspension,
    sequence_flows,
    process_definitions,
    deployments,
    variables,
    incidents,
    element_instances,
    events,
    jobs,
    decisions,
    decision_requirements,
    people,
    cluster,
    clock,
    approval,
)


def install(app: Flask, settings: WebSettings) -> None:
    """Answer `/v2`, `/api/v1`, `/openapi.json` and `/docs` in this application."""
    gate = Gate()
    api = Blueprint("api", __name__)
    for operation in all_operations():
        api.add_url_rule(
            operation.rule,
            endpoint=operation.id,
            view_func=view_of(operation, gate.begin),
            methods=[operation.method],
        )
    api.register_error_handler(JiaoyanError, _refused)
    app.register_blueprint(api)
    app.register_blueprint(document.pages(all_operations, settings.title))


def all_operations() -> Iterator[Operation]:
    """Yield every operation, subject by subject."""
    for subject in _SUBJECTS:
        yield from subject.operations


def _refused(error: JiaoyanError) -> Response:
    status = errors.status_of(error)
    # The Camunda 8 API has no 422: there, what is wrong with a submission is 400.
    if isinstance(error, FieldsInvalid | VariablesUndeclared):
        camundas = request.path.startswith("/v2/")
        status = HTTPStatus.BAD_REQUEST if camundas else HTTPStatus.UNPROCESSABLE_ENTITY
    response = refusal(error, status)
    if isinstance(error, NotSignedIn | SignInRefused):
        challenge(response)
    return response
