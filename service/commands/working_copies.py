"""Working copies: what a designer has changed and not published, kept whatever it says."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.commands import designs
from service.commands.blank_designs import blank
from service.commands.deployment_check import Contents, Upload
from service.commands.toolbox import Toolbox
from service.domain.actors import Actor
from service.domain.designs import (
    ENDINGS,
    ID_LIMIT,
    NAME_LIMIT,
    SIZE_LIMIT,
    ContentUnsuitable,
    DesignExists,
    DesignIdInvalid,
    DesignKind,
    DesignNameMissing,
    DesignNotFound,
    FileUnsuitable,
    WorkingCopyChanged,
    WorkingCopyExists,
    WorkingCopyGone,
    is_design_id,
)
from service.store.tables import WorkingCopy


@dataclass(frozen=True, slots=True)
class Saved:
    """A working copy as it is kept now; `readable`: it defines something, so it may be drawn."""

    kind: DesignKind
    resource_id: str
    name: str
    readable: bool
    revision: int
    edited_at: datetime


def save(
    tools: Toolbox,
    kind: DesignKind,
    resource_id: str,
    *,
    content: str,
    revision: int,
    base_version: int | None,
    actor: Actor,
    now: datetime,
) -> Saved:
    """Keep the content as it is, readable or not.

    `revision` is the one the designer changed; 0 where a version was opened, `base_version`.
    Raises DesignNotFound, ContentUnsuitable (what no text column holds, or more than 5 MB),
    WorkingCopyChanged, WorkingCopyGone.
    """
    session = tools.session
    _require_storable(content)
    # Read before the first statement: nobody waits for a lock meanwhile.
    found = designs.contents(f"{resource_id}.{ENDINGS[kind]}", content)
    designs.require_design(session, actor, resource_id)
    copy = designs.working_copy(session, kind, resource_id, lock=True)
    if copy is None:
        if revision:
            raise WorkingCopyGone
        return _begin(tools, kind, resource_id, content, base_version, actor, now)
    if copy.revision != revision:
        raise _changed(session, copy)
    copy.content = content
    copy.name = designs.name_in(found, copy.name)
    copy.revision += 1
    copy.edited_at, copy.edited_by = now, actor.username
    session.flush()
    return _saved(copy, found)


def create(
    tools: Toolbox, kind: DesignKind, *, resource_id: str, name: str, actor: Actor, now: datetime
) -> Saved:
    """Begin a new process, decision or form under an id that nothing has yet.

    Raises DesignIdInvalid, DesignNameMissing, DesignNotFound, DesignExists.
    """
    if not is_design_id(resource_id):
        raise DesignIdInvalid(id=resource_id[:60])
    if not 0 < len(name.strip()) <= NAME_LIMIT or not name.isprintable():
        raise DesignNameMissing
    session = tools.session
    designs.require_design(session, actor, resource_id)
    if (
        designs.version_file(session, kind, resource_id) is not None
        or designs.working_copy(session, kind, resource_id) is not None
    ):
        raise DesignExists(id=resource_id)
    content = blank(kind, resource_id, name.strip())
    copy = _row(tools, kind, resource_id, content, None, actor, now)
    copy.name = name.strip()
    return _inserted(tools, copy)


def import_file(tools: Toolbox, upload: Upload, *, actor: Actor, now: datetime) -> Saved:
    """Begin a working copy with a file's content, of the first id in it.

    A file that cannot be read is kept too, under its own name, to be mended. Raises
    FileUnsuitable, DesignNotFound, WorkingCopyExists.
    """
    kind = next((k for k, end in ENDINGS.items() if upload.kind and end == upload.kind.value), None)
    if kind is None:
        raise FileUnsuitable(name=upload.name[:60], reason="只能导入 .bpmn、.dmn 和 .form 文件")
    if len(upload.content) > SIZE_LIMIT:
        raise FileUnsuitable(name=upload.name[:60], reason="文件超过 5 MB")
    try:
        content = upload.content.decode("utf-8-sig")
        _require_storable(content)
    except (UnicodeDecodeError, ContentUnsuitable):
        raise FileUnsuitable(name=upload.name[:60], reason="它不是 UTF-8 编码的文本") from None
    found = designs.contents(upload.name, content)
    resource_id = next(iter(found.ids), PurePath(upload.name).stem).strip()
    if not 0 < len(resource_id) <= ID_LIMIT or not resource_id.isprintable():
        raise FileUnsuitable(name=upload.name[:60], reason="其中的编号不能用，请先改正编号")
    session = tools.session
    designs.require_design(session, actor, resource_id)
    _require_none(session, kind, resource_id)
    newest = designs.version_file(session, kind, resource_id)
    base = None if newest is None else newest.version
    return _inserted(tools, _row(tools, kind, resource_id, content, base, actor, now))


def begin_from(
    tools: Toolbox,
    kind: DesignKind,
    resource_id: str,
    *,
    version: int,
    actor: Actor,
    now: datetime,
) -> Saved:
    """Take any version as a working copy. Raises DesignNotFound, WorkingCopyExists."""
    session = tools.session
    designs.require_design(session, actor, resource_id)
    found = designs.version_file(session, kind, resource_id, version)
    if found is None:
        raise DesignNotFound
    _require_none(session, kind, resource_id)
    return _inserted(tools, _row(tools, kind, resource_id, found.content, version, actor, now))


def discard(
    tools: Toolbox, kind: DesignKind, resource_id: str, *, revision: int, actor: Actor
) -> None:
    """Forget a working copy; the versions stay.

    Raises DesignNotFound, WorkingCopyGone, WorkingCopyChanged.
    """
    designs.require_design(tools.session, actor, resource_id)
    tools.session.delete(at(tools.session, kind, resource_id, revision, lock=True))
    tools.session.flush()


def at(
    session: Session, kind: DesignKind, resource_id: str, revision: int, *, lock: bool = False
) -> WorkingCopy:
    """Return the working copy if it is still at this revision.

    Raises WorkingCopyGone, WorkingCopyChanged.
    """
    copy = designs.working_copy(session, kind, resource_id, lock=lock)
    if copy is None:
        raise WorkingCopyGone
    if copy.revision != revision:
        raise _changed(session, copy)
    return copy


def _begin(
    tools: Toolbox,
    kind: DesignKind,
    resource_id: str,
    content: str,
    base_version: int | None,
    actor: Actor,
    now: datetime,
) -> Saved:
    """Begin a working copy by its first saving; somebody may do so at the same moment."""
    base = designs.version_file(tools.session, kind, resource_id, base_version)
    if base is None:
        raise DesignNotFound
    copy = _row(tools, kind, resource_id, content, base.version, actor, now)
    try:
        return _inserted(tools, copy)
    except WorkingCopyExists as exists:
        raise WorkingCopyChanged(exists.who, exists.when) from exists


def _row(
    tools: Toolbox,
    kind: DesignKind,
    resource_id: str,
    content: str,
    base_version: int | None,
    actor: Actor,
    now: datetime,
) -> WorkingCopy:
    newest = designs.version_file(tools.session, kind, resource_id)
    name = designs.file_name(kind, resource_id, newest)
    return WorkingCopy(
        key=tools.keys.next(),
        kind=kind.value,
        resource_id=resource_id,
        name=designs.name_in(designs.contents(name, content), resource_id),
        file_name=name,
        content=content,
        base_version=base_version,
        revision=1,
        edited_at=now,
        edited_by=actor.username,
    )


def _inserted(tools: Toolbox, copy: WorkingCopy) -> Saved:
    kind, resource_id = DesignKind(copy.kind), copy.resource_id
    try:
        with tools.session.begin_nested():
            tools.session.add(copy)
            tools.session.flush()
    except IntegrityError:
        _require_none(tools.session, kind, resource_id)
        raise
    return _saved(copy, designs.contents(copy.file_name, copy.content))


def _require_none(session: Session, kind: DesignKind, resource_id: str) -> None:
    copy = designs.working_copy(session, kind, resource_id)
    if copy is not None:
        who = designs.person_name(session, copy.edited_by)
        raise WorkingCopyExists(resource_id, who, copy.edited_at)


def _require_storable(content: str) -> None:
    try:
        size = len(content.encode())
    except UnicodeEncodeError:
        raise ContentUnsuitable(reason="其中有无法保存的字符") from None
    if size > SIZE_LIMIT:
        raise ContentUnsuitable(reason="内容超过 5 MB")
    if "\x00" in content:
        raise ContentUnsuitable(reason="其中有无法保存的字符")


def _changed(session: Session, copy: WorkingCopy) -> WorkingCopyChanged:
    return WorkingCopyChanged(designs.person_name(session, copy.edited_by), copy.edited_at)


def _saved(copy: WorkingCopy, found: Contents) -> Saved:
    return Saved(
        kind=DesignKind(copy.kind),
        resource_id=copy.resource_id,
        name=copy.name,
        readable=bool(found.ids),
        revision=copy.revision,
        edited_at=copy.edited_at,
    )
