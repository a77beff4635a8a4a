"""Checking a design and publishing its working copy as a new version."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from service.commands import deployments, designs, working_copies
from service.commands.deployment_check import Contents, Upload
from service.commands.deployments import DeploymentReceipt
from service.commands.designs import VersionFile
from service.commands.rooms import Rooms
from service.domain.actors import Actor
from service.domain.designs import NOTE_LIMIT, DesignKind, VersionOvertaken
from service.domain.errors import FieldsInvalid
from service.domain.problems import Problem, Severity


@dataclass(frozen=True, slots=True)
class Published:
    """What a working copy has become; `duplicate`: its content was that of the newest version."""

    kind: DesignKind
    resource_id: str
    version: int
    duplicate: bool


class NoteMissing(FieldsInvalid):
    """还没有写修改说明，或者超过 500 个字。没有发布，工作副本还在。请补充后再发布。"""

    code = "design.note-missing"

    def __init__(self) -> None:
        super().__init__({"note": ["请用一两句话写明改了什么，不超过 500 个字。"]})


def check(
    rooms: Rooms,
    kind: DesignKind,
    resource_id: str,
    *,
    content: str,
    base_version: int | None,
    actor: Actor,
) -> list[Problem]:
    """Return all that is wrong or doubtful about this content, and what publishing would replace.

    Raises DesignNotFound, FeelUnavailable.
    """
    with rooms.read() as session:
        designs.require_design(session, actor, resource_id)
        newest = designs.version_file(session, kind, resource_id)
    name = designs.file_name(kind, resource_id, newest)
    upload = Upload(name, content.encode())
    found = designs.contents(name, content)
    return [
        *deployments.check(rooms, [upload]),
        *_renamed(name, resource_id, found),
        *_outdated(name, base_version, newest),
    ]


def publish(
    rooms: Rooms,
    kind: DesignKind,
    resource_id: str,
    *,
    revision: int,
    replaces: int | None,
    note: str,
    actor: Actor,
    now: datetime,
) -> Published:
    """Deploy the working copy as a new version; the working copy goes in the same transaction.

    `replaces` is the newest version the designer knows of, None for none. Raises DesignNotFound,
    NoteMissing, WorkingCopyGone, WorkingCopyChanged, VersionOvertaken, DeploymentRefused with all
    problems, DeploymentForbidden for what else the file defines, DeploymentCollided.
    """
    with rooms.read() as session:
        designs.require_design(session, actor, resource_id)
        if not 0 < len(note.strip()) <= NOTE_LIMIT:
            raise NoteMissing
        copy = working_copies.at(session, kind, resource_id, revision)
        upload = Upload(copy.file_name, copy.content.encode())
        _require_newest(session, kind, resource_id, replaces)
    checked = deployments.prepare(rooms, [upload], actor=actor)
    with rooms.write() as tools:
        # At the same revision it is the content that was checked.
        copy = working_copies.at(tools.session, kind, resource_id, revision, lock=True)
        _require_newest(tools.session, kind, resource_id, replaces)
        receipt = deployments.deploy_checked(
            tools, checked, actor=actor, now=now, note=note.strip()
        )
        tools.session.delete(copy)
    return _published(kind, resource_id, receipt)


def _require_newest(
    session: Session, kind: DesignKind, resource_id: str, replaces: int | None
) -> None:
    newest = designs.version_file(session, kind, resource_id)
    if newest is not None and newest.version != replaces:
        raise VersionOvertaken(newest.version, newest.who, newest.when)


def _published(kind: DesignKind, resource_id: str, receipt: DeploymentReceipt) -> Published:
    given = [
        *((one.process_id, one.version, one.duplicate) for one in receipt.processes),
        *((one.decision_id, one.version, one.duplicate) for one in receipt.decisions),
        *((one.form_id, one.version, one.duplicate) for one in receipt.forms),
    ]
    return Published(kind, *next((one for one in given if one[0] == resource_id), given[0]))


def _renamed(file_name: str, resource_id: str, found: Contents) -> Iterator[Problem]:
    if found.ids and resource_id not in found.ids:
        now_called = found.ids[0]
        yield Problem(
            file_name,
            now_called,
            "",
            "design-id-changed",
            f"编号由“{resource_id}”改成了“{now_called}”：发布后是另一个设计的版本，原来的不变。",
            "如果不是有意的，请把编号改回来。",
            Severity.WARNING,
        )


def _outdated(
    file_name: str, base_version: int | None, newest: VersionFile | None
) -> Iterator[Problem]:
    if newest is not None and base_version != newest.version:
        began = "工作副本不是从现有版本开始的"
        if base_version is not None:
            began = f"工作副本是从第 {base_version} 版开始的"
        yield Problem(
            file_name,
            "",
            "",
            "design-base-outdated",
            f"{began}，现在最新的是第 {newest.version} 版；发布后以工作副本为准。",
            "请在版本列表里看看新版本改了什么，需要的改动请补到工作副本里。",
            Severity.WARNING,
        )
