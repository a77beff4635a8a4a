"""Deploying diagrams, decisions and forms together; a version never changes."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.commands import closing, start_events, versions
from service.commands.access_log import record
from service.commands.deployment_check import (
    Checked,
    Contents,
    ResourceKind,
    Upload,
    check_again,
    check_files,
)
from service.commands.deployment_receipt import (
    DeployedDecision,
    DeployedForm,
    DeployedProcess,
    DeploymentReceipt,
)
from service.commands.resource_deletion import delete_resource
from service.commands.rooms import Rooms
from service.commands.toolbox import Toolbox
from service.commands.versions import Definition, Version
from service.domain.access_events import AccessKind
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.deployments import (
    DeploymentCollided,
    DeploymentForbidden,
    DeploymentRefused,
)
from service.domain.problems import Problem, Severity
from service.store.authorization import granted, holds
from service.store.tables import (
    AuthorizationGrant,
    DecisionDefinition,
    Deployment,
    FormDefinition,
    ProcessDefinition,
    Resource,
)

__all__ = [
    "DeployedDecision",
    "DeployedForm",
    "DeployedProcess",
    "DeploymentReceipt",
    "DeploymentRefused",
    "Upload",
    "check",
    "delete_resource",
    "deploy",
    "deploy_checked",
    "prepare",
]


def check(rooms: Rooms, uploads: Sequence[Upload]) -> list[Problem]:
    """Return everything that is wrong or doubtful about these files, together and in the store."""
    return list(check_files(rooms, uploads).problems)


def deploy(
    rooms: Rooms, uploads: Sequence[Upload], *, actor: Actor, now: datetime
) -> DeploymentReceipt:
    """Deploy the files together or none of them, committed when this returns.

    Unchanged content makes no new version. Needs DEPLOYMENT act on each process, decision and form
    by its id, or on all. Raises DeploymentForbidden, DeploymentRefused (with all problems),
    DeploymentCollided, StartUnclear, and FeelUnavailable when no helper was free.
    """
    checked = prepare(rooms, uploads, actor=actor)
    with rooms.write() as tools:
        return deploy_checked(tools, checked, actor=actor, now=now)


def prepare(rooms: Rooms, uploads: Sequence[Upload], *, actor: Actor) -> Checked:
    """Check the files before the transaction that deploys them by `deploy_checked`.

    Raises DeploymentForbidden for who may deploy nothing at all, DeploymentRefused,
    FeelUnavailable.
    """
    with rooms.read() as session:
        _require_some_right(session, actor)
    checked = check_files(rooms, uploads)
    _require_no_error(checked)
    return checked


def deploy_checked(
    tools: Toolbox, checked: Checked, *, actor: Actor, now: datetime, note: str | None = None
) -> DeploymentReceipt:
    """Deploy what was checked, in the caller's transaction; `note` says what changed.

    Raises DeploymentForbidden, DeploymentRefused where what else is deployed has changed meanwhile,
    DeploymentCollided.
    """
    _require_rights(tools.session, actor, [one for c in checked.contents for one in c.ids])
    checked = check_again(tools, checked)
    _require_no_error(checked)
    return bring_in(tools, checked, actor=actor, now=now, note=note)


def bring_in(
    tools: Toolbox, checked: Checked, *, actor: Actor, now: datetime, note: str | None = None
) -> DeploymentReceipt:
    """Give files that were checked their versions; the newest ones' start events count from now.

    Raises DeploymentCollided, StartUnclear.
    """
    deployment = Deployment(
        key=tools.keys.next(), deployed_at=now, deployed_by=actor.username, note=note
    )
    try:
        tools.session.add(deployment)
        tools.session.flush()
        files = [_deploy_file(tools, content, deployment) for content in checked.contents]
        tools.session.flush()
        new = [one.process_id for file in files for one in file.processes if not one.duplicate]
        start_events.renew(tools, new, now)
        models = [one for content in checked.contents for one in content.processes]
        closing.close_marked(
            tools, [one for one in models if one.process_id in new], actor=actor, now=now
        )
    except IntegrityError as error:
        raise DeploymentCollided from error
    receipt = DeploymentReceipt(
        key=deployment.key,
        deployed_at=now,
        processes=tuple(one for file in files for one in file.processes),
        decisions=tuple(one for file in files for one in file.decisions),
        forms=tuple(one for file in files for one in file.forms),
        problems=checked.problems,
    )
    record(
        tools,
        AccessKind.DEPLOYED,
        actor=actor,
        reference=f"deployment/{receipt.key}",
        details={"versions": [*receipt.new_versions()], "note": note or ""},
        now=now,
    )
    return receipt


def _require_no_error(checked: Checked) -> None:
    if any(problem.severity is Severity.ERROR for problem in checked.problems):
        raise DeploymentRefused(checked.problems)


def _require_some_right(session: Session, actor: Actor) -> None:
    """Whoever may deploy nothing learns nothing of what is deployed, by the check's findings."""
    if actor == SYSTEM:
        return
    right = granted(actor, ObjectKind.DEPLOYMENT, Action.ACT, AuthorizationGrant.process_id)
    if session.execute(select(AuthorizationGrant.key).where(right).limit(1)).first() is None:
        raise DeploymentForbidden(process="流程")


def _require_rights(session: Session, actor: Actor, ids: Sequence[str]) -> None:
    for one in dict.fromkeys(ids):
        if not holds(session, actor, ObjectKind.DEPLOYMENT, Action.ACT, one):
            raise DeploymentForbidden(process=one)


@dataclass(frozen=True, slots=True)
class _DeployedFile:
    processes: tuple[DeployedProcess, ...] = ()
    decisions: tuple[DeployedDecision, ...] = ()
    forms: tuple[DeployedForm, ...] = ()


def _deploy_file(tools: Toolbox, contents: Contents, deployment: Deployment) -> _DeployedFile:
    """Give the file's definitions their versions: those they have, or new ones of a new file."""
    known = versions.find(tools.session, _definition_of(contents), contents.ids)
    checksum = hashlib.sha256(contents.upload.content).hexdigest()
    current = {one: known.current(one) for one in contents.ids}
    unchanged = {one: v for one, v in current.items() if v is not None and v.checksum == checksum}
    if len(unchanged) == len(current):
        return _described(contents, unchanged, duplicate=True)
    resource = _resource(tools, contents, checksum, deployment)
    fresh = {
        one: Version(
            id=one,
            key=tools.keys.next(),
            version=known.next_number(one),
            resource_key=resource.key,
            checksum=checksum,
            deleted=False,
        )
        for one in contents.ids
    }
    _insert(tools.session, contents, fresh, deployment.deployed_at)
    return _described(contents, fresh, duplicate=False)


def _definition_of(contents: Contents) -> Definition:
    match contents.upload.kind:
        case ResourceKind.BPMN:
            return ProcessDefinition
        case ResourceKind.DMN:
            return DecisionDefinition
        case _:
            return FormDefinition


def _resource(
    tools: Toolbox, contents: Contents, checksum: str, deployment: Deployment
) -> Resource:
    resource = Resource(
        key=tools.keys.next(),
        deployment_key=deployment.key,
        name=contents.upload.name,
        kind=str(contents.upload.kind),
        content=contents.upload.content.decode(),
        checksum=checksum,
        deleted_at=None,
    )
    tools.session.add(resource)
    tools.session.flush()
    return resource


def _insert(
    session: Session, contents: Contents, fresh: Mapping[str, Version], now: datetime
) -> None:
    for process in contents.processes:
        new = fresh[process.process_id]
        session.add(
            ProcessDefinition(
                key=new.key,
                resource_key=new.resource_key,
                process_id=process.process_id,
                name=process.name,
                version=new.version,
                version_tag=process.version_tag or None,
                start_form_id=process.start_form_id,
                sealed=process.is_sealed,
                called_only=process.is_called_only,
                deployed_at=now,
            )
        )
    for decision in contents.decisions:
        new = fresh[decision.decision_id]
        session.add(
            DecisionDefinition(
                key=new.key,
                resource_key=new.resource_key,
                decision_id=decision.decision_id,
                name=decision.name,
                version=new.version,
                requirements_id=decision.requirements_id,
                requirements_name=decision.requirements_name,
                deployed_at=now,
            )
        )
    if contents.form is not None:
        new = fresh[contents.form.form_id]
        session.add(
            FormDefinition(
                key=new.key,
                resource_key=new.resource_key,
                form_id=contents.form.form_id,
                name=contents.form.name or None,
                version=new.version,
                deployed_at=now,
            )
        )


def _described(
    contents: Contents, given: Mapping[str, Version], *, duplicate: bool
) -> _DeployedFile:
    name, form = contents.upload.name, contents.form
    return _DeployedFile(
        processes=tuple(
            DeployedProcess(
                key=given[process.process_id].key,
                process_id=process.process_id,
                name=process.name,
                version=given[process.process_id].version,
                resource_name=name,
                resource_key=given[process.process_id].resource_key,
                duplicate=duplicate,
            )
            for process in contents.processes
        ),
        decisions=tuple(
            DeployedDecision(
                key=given[decision.decision_id].key,
                decision_id=decision.decision_id,
                name=decision.name,
                version=given[decision.decision_id].version,
                requirements_id=decision.requirements_id,
                requirements_name=decision.requirements_name,
                resource_name=name,
                resource_key=given[decision.decision_id].resource_key,
                duplicate=duplicate,
            )
            for decision in contents.decisions
        ),
        forms=()
        if form is None
        else (
            DeployedForm(
                key=given[form.form_id].key,
                form_id=form.form_id,
                version=given[form.form_id].version,
                resource_name=name,
                resource_key=given[form.form_id].resource_key,
                duplicate=duplicate,
            ),
        ),
    )
