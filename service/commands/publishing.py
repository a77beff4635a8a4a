"""Checking a design, and publishing its working copy, alone or with those it refers to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from service.commands import deployments, designs, working_copies
from service.commands.companions import Companion, companions_of
from service.commands.deployment_check import Contents, Upload
from service.commands.deployments import DeploymentReceipt
from service.commands.rooms import Rooms
from service.domain.actors import Actor
from service.domain.designs import (
    ENDINGS,
    NOTE_LIMIT,
    CompanionChanged,
    DesignKind,
    VersionOvertaken,
    WorkingCopyChanged,
    WorkingCopyGone,
)
from service.domain.errors import FieldsInvalid
from service.domain.problems import Problem, Severity
from service.store.tables import WorkingCopy


@dataclass(frozen=True, slots=True)
class Chosen:
    """A working copy that is to be published as it was seen: at this revision, after this version.

    `replaces` is the newest version the designer knows of, None for none.
    """

    kind: DesignKind
    resource_id: str
    revision: int
    replaces: int | None


@dataclass(frozen=True, slots=True)
class Published:
    """What a working copy has become; `duplicate`: its content was that of the newest version."""

    kind: DesignKind
    resource_id: str
    name: str
    version: int
    duplicate: bool


@dataclass(frozen=True, slots=True)
class Checkup:
    """All that is wrong or doubtful about a design and the working copies it refers to.

    `places` says of which companion a problem's `resource` is the file; any other is the design's.
    """

    problems: tuple[Problem, ...]
    companions: tuple[Companion, ...]
    places: Mapping[str, Companion]


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
) -> Checkup:
    """Check this content as if it were published together with the working copies it refers to.

    Raises DesignNotFound, FeelUnavailable.
    """
    with rooms.read() as session:
        designs.require_design(session, actor, resource_id)
        newest = designs.version_file(session, kind, resource_id)
        beside = companions_of(session, actor, kind, resource_id, content)
    name = designs.file_name(kind, resource_id, newest)
    names = _distinct([(name, resource_id, kind), *((c.file_name, *_place(c)) for c in beside)])
    uploads = [Upload(names[0], content.encode())]
    uploads += [Upload(name, c.content.encode()) for name, c in zip(names[1:], beside, strict=True)]
    places = dict(zip(names[1:], beside, strict=True))
    problems = [
        *deployments.check(rooms, uploads),
        *_renamed(names[0], resource_id, designs.contents(names[0], content)),
        *_outdated(names[0], base_version, None if newest is None else newest.version),
    ]
    for file_name, one in places.items():
        problems += _outdated(file_name, one.base_version, one.newest)
    return Checkup(tuple(problems), beside, places)


def publish(
    rooms: Rooms, chosen: Sequence[Chosen], *, note: str, actor: Actor, now: datetime
) -> tuple[Published, ...]:
    """Deploy working copies together as new versions; they go in the same transaction.

    The first is the one the designer has open. Raises DesignNotFound, NoteMissing, of the first
    WorkingCopyGone, WorkingCopyChanged and VersionOvertaken, of the others CompanionChanged,
    DeploymentRefused with all problems, DeploymentForbidden for what else the files define,
    DeploymentCollided.
    """
    with rooms.read() as session:
        for one in chosen:
            designs.require_design(session, actor, one.resource_id)
        if not 0 < len(note.strip()) <= NOTE_LIMIT:
            raise NoteMissing
        copies = _as_seen(session, chosen)
    names = _distinct([(c.file_name, c.resource_id, DesignKind(c.kind)) for c in copies])
    uploads = [Upload(name, c.content.encode()) for name, c in zip(names, copies, strict=True)]
    checked = deployments.prepare(rooms, uploads, actor=actor)
    with rooms.write() as tools:
        # At the same revisions it is the content that was checked.
        copies = _as_seen(tools.session, chosen, lock=True)
        receipt = deployments.deploy_checked(
            tools, checked, actor=actor, now=now, note=note.strip()
        )
        for copy in copies:
            tools.session.delete(copy)
    return tuple(_published(copy, name, receipt) for copy, name in zip(copies, names, strict=True))


def _as_seen(
    session: Session, chosen: Sequence[Chosen], *, lock: bool = False
) -> list[WorkingCopy]:
    """The working copies in the order they were chosen; locked in one order by everybody."""
    found: dict[Chosen, WorkingCopy] = {}
    for one in sorted(chosen, key=lambda one: (one.kind, one.resource_id)):
        try:
            found[one] = working_copies.at(
                session, one.kind, one.resource_id, one.revision, lock=lock
            )
            _require_newest(session, one)
        except (WorkingCopyGone, WorkingCopyChanged, VersionOvertaken) as changed:
            if one == chosen[0]:
                raise
            copy = designs.working_copy(session, one.kind, one.resource_id)
            name = one.resource_id if copy is None else copy.name
            raise CompanionChanged(name=name) from changed
    return [found[one] for one in chosen]


def _require_newest(session: Session, one: Chosen) -> None:
    newest = designs.version_file(session, one.kind, one.resource_id)
    if newest is not None and newest.version != one.replaces:
        raise VersionOvertaken(newest.version, newest.who, newest.when)


def _place(companion: Companion) -> tuple[str, DesignKind]:
    return companion.resource_id, companion.kind


def _distinct(files: Iterable[tuple[str, str, DesignKind]]) -> list[str]:
    """File names that differ, of name, id and kind: two designs may have come from one name."""
    names: list[str] = []
    for name, resource_id, kind in files:
        ending = f".{ENDINGS[kind]}"
        made = (f"{resource_id[:150]}-{number}{ending}" for number in range(1, len(names) + 2))
        candidates = [name, *made]
        names.append(next(one for one in candidates if one not in names))
    return names


def _published(copy: WorkingCopy, file_name: str, receipt: DeploymentReceipt) -> Published:
    given = [
        *((o.resource_name, o.process_id, o.version, o.duplicate) for o in receipt.processes),
        *((o.resource_name, o.decision_id, o.version, o.duplicate) for o in receipt.decisions),
        *((o.resource_name, o.form_id, o.version, o.duplicate) for o in receipt.forms),
    ]
    own = [one[1:] for one in given if one[0] == file_name]
    # An id that was changed is another design's: the first of the file stands for it.
    found = next((one for one in own if one[0] == copy.resource_id), own[0])
    return Published(DesignKind(copy.kind), found[0], copy.name, *found[1:])


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


def _outdated(file_name: str, base_version: int | None, newest: int | None) -> Iterator[Problem]:
    if newest is not None and base_version != newest:
        began = "工作副本不是从现有版本开始的"
        if base_version is not None:
            began = f"工作副本是从第 {base_version} 版开始的"
        yield Problem(
            file_name,
            "",
            "",
            "design-base-outdated",
            f"{began}，现在最新的是第 {newest} 版；发布后以工作副本为准。",
            "请在版本列表里看看新版本改了什么，需要的改动请补到工作副本里。",
            Severity.WARNING,
        )
