"""Deployments: send files, take them out of use."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Literal

from typing_extensions import TypedDict

from service.commands import deployments
from service.commands.deployments import (
    DeployedDecision,
    DeployedForm,
    DeployedProcess,
    Upload,
)
from service.queries import decision_search, resource_search
from service.web.api.answers import TENANT, ChangeRequest
from service.web.api.operations import Call, Operations
from service.web.api.problems import ResourceProblem, problem_of

operations = Operations("部署")


class DeploymentProcessResult(TypedDict):
    """部署的一个流程定义。"""

    processDefinitionId: str
    processDefinitionVersion: int
    resourceName: str
    tenantId: str
    processDefinitionKey: str


class DeploymentDecisionResult(TypedDict):
    """部署的一个决策。"""

    decisionDefinitionId: str
    version: int
    name: str
    tenantId: str
    decisionRequirementsId: str
    decisionDefinitionKey: str
    decisionRequirementsKey: str


class DeploymentDecisionRequirementsResult(TypedDict):
    """部署的一个决策文件。"""

    decisionRequirementsId: str
    decisionRequirementsName: str
    version: int
    resourceName: str
    tenantId: str
    decisionRequirementsKey: str


class DeploymentFormResult(TypedDict):
    """部署的一个表单。"""

    formId: str
    version: int
    resourceName: str
    tenantId: str
    formKey: str


class DeploymentMetadataResult(TypedDict):
    """部署里的一件东西；五个字段里只有一个有值。"""

    processDefinition: DeploymentProcessResult | None
    decisionDefinition: DeploymentDecisionResult | None
    decisionRequirements: DeploymentDecisionRequirementsResult | None
    form: DeploymentFormResult | None
    resource: None


class DeploymentResult(TypedDict):
    """部署的结果；没有变的文件保留原来的版本。`problems` 是不妨碍部署的提醒。"""

    deploymentKey: str
    tenantId: str
    deployments: list[DeploymentMetadataResult]
    problems: list[ResourceProblem]


class DeleteResourceRequest(ChangeRequest):
    """历史总是保留：`deleteHistory` 只能是 false。"""

    delete_history: Literal[False] | None = None


class DeleteResourceResponse(TypedDict):
    """已经停用的文件。"""

    resourceKey: str
    batchOperation: None


@operations.post(
    "/v2/deployments",
    "部署流程图、决策表和表单",
    HTTPStatus.FORBIDDEN,
    HTTPStatus.CONFLICT,
    description=(
        "文件（.bpmn、.dmn、.form）放在 multipart/form-data 的 resources 字段里，"
        "要么全部部署，要么都不部署。有问题时回答 400，`problems` 列出全部问题。"
    ),
)
def create_deployment(call: Call, uploads: list[Upload]) -> DeploymentResult:
    """Deploy files together or none of them."""
    receipt = deployments.deploy(call.rooms, uploads, actor=call.actor, now=call.now)
    versions: Mapping[int, int] = {}
    if files := {decision.resource_key for decision in receipt.decisions}:
        with call.rooms.read() as session:
            versions = decision_search.requirements_versions(session, files)
    return {
        "deploymentKey": str(receipt.key),
        "tenantId": TENANT,
        "deployments": [
            *(_metadata(process=_process(one)) for one in receipt.processes),
            *(_metadata(decision=_decision(one)) for one in receipt.decisions),
            *(
                _metadata(requirements=_requirements(one, versions))
                for one in {one.resource_key: one for one in receipt.decisions}.values()
            ),
            *(_metadata(form=_form(one)) for one in receipt.forms),
        ],
        "problems": [problem_of(problem) for problem in receipt.problems],
    }


@operations.post(
    "/v2/resources/<resource_key>/deletion",
    "停用一个部署的文件",
    HTTPStatus.NOT_FOUND,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.CONFLICT,
    description="键可以是流程定义、决策、决策文件或表单的键。已经发起的流程会按原来的版本办完。",
)
def delete_resource(
    call: Call, resource_key: int, body: DeleteResourceRequest
) -> DeleteResourceResponse:
    """Take a file out of use: nothing new starts with it."""
    with call.rooms.write() as tools:
        file_key = resource_search.resource_of(tools.session, key=resource_key)
        deployments.delete_resource(tools, file_key, actor=call.actor, now=call.now)
    return {"resourceKey": str(resource_key), "batchOperation": None}


def _metadata(
    *,
    process: DeploymentProcessResult | None = None,
    decision: DeploymentDecisionResult | None = None,
    requirements: DeploymentDecisionRequirementsResult | None = None,
    form: DeploymentFormResult | None = None,
) -> DeploymentMetadataResult:
    return {
        "processDefinition": process,
        "decisionDefinition": decision,
        "decisionRequirements": requirements,
        "form": form,
        "resource": None,
    }


def _process(one: DeployedProcess) -> DeploymentProcessResult:
    return {
        "processDefinitionId": one.process_id,
        "processDefinitionVersion": one.version,
        "resourceName": one.resource_name,
        "tenantId": TENANT,
        "processDefinitionKey": str(one.key),
    }


def _decision(one: DeployedDecision) -> DeploymentDecisionResult:
    return {
        "decisionDefinitionId": one.decision_id,
        "version": one.version,
        "name": one.name,
        "tenantId": TENANT,
        "decisionRequirementsId": one.requirements_id,
        "decisionDefinitionKey": str(one.key),
        "decisionRequirementsKey": str(one.resource_key),
    }


def _requirements(
    one: DeployedDecision, versions: Mapping[int, int]
) -> DeploymentDecisionRequirementsResult:
    return {
        "decisionRequirementsId": one.requirements_id,
        "decisionRequirementsName": one.requirements_name,
        "version": versions[one.resource_key],
        "resourceName": one.resource_name,
        "tenantId": TENANT,
        "decisionRequirementsKey": str(one.resource_key),
    }


def _form(one: DeployedForm) -> DeploymentFormResult:
    return {
        "formId": one.form_id,
        "version": one.version,
        "resourceName": one.resource_name,
        "tenantId": TENANT,
        "formKey": str(one.key),
    }
