"""Units of the organisation: making, renaming, moving, closing and opening them.

Whoever acts needs the right to administer accounts. A unit is never deleted: tasks, posts and
records name it. Closing takes it out of use.
"""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service.commands.access_log import Ledger, record
from service.commands.accounts import require_administrator
from service.domain.access_events import AccessKind
from service.domain.accounts import is_group_id, sort_name
from service.domain.actors import Actor
from service.domain.errors import Conflict, Invalid
from service.domain.organization import (
    LONGEST_LABEL,
    TreeBroken,
    UnitIsClosed,
    UnitUnknown,
    cleaned,
    tree_fault,
)
from service.domain.values import Json
from service.store.tables import OrganizationUnit, Post

LAST_POSITION = 9999


class UnitIdInvalid(Invalid):
    """机构编号“{unit}”不能用：应为 1 至 64 个字母、数字或汉字，后面的字符还可以是 . _ @ -。"""

    code = "organization.unit-id-invalid"


class UnitIdTaken(Conflict):
    """机构编号“{unit}”已经有机构使用，没有新建机构。请换一个编号。"""

    code = "organization.unit-id-taken"


class NameTaken(Conflict):
    """同一个上级下面已经有叫“{name}”的机构，没有改动。请换一个名称。"""

    code = "organization.name-taken"


class PositionInvalid(Invalid):
    """排序号应为 0 至 {last} 的整数，机构没有改动。请改正后再试。"""

    code = "organization.position-invalid"


class UnitInUse(Conflict):
    """机构“{name}”还有 {what}，没有撤销。请先处理它们，再撤销机构。"""

    code = "organization.unit-in-use"


def create_unit(
    tools: Ledger,
    *,
    unit_id: str,
    name: str,
    kind: str = "",
    parent_id: str | None = None,
    position: int = 0,
    actor: Actor,
    now: datetime,
) -> None:
    """Make a unit under its parent, or a root.

    Raises UnitIdInvalid, UnitIdTaken, TextUnfit, NameTaken, PositionInvalid, UnitUnknown,
    UnitIsClosed, TreeBroken, AccountsForbidden.
    """
    session = tools.session
    require_administrator(session, actor)
    if not is_group_id(unit_id):
        raise UnitIdInvalid(unit=unit_id[:80])
    units = lock_tree(session)
    if unit_id in units:
        raise UnitIdTaken(unit=unit_id)
    shown = cleaned(name, "机构名称")
    _require_place(units, unit_id, shown, parent_id)
    session.add(
        OrganizationUnit(
            id=unit_id,
            name=shown,
            sort_name=sort_name(shown),
            kind=cleaned_kind(kind),
            position=_position(position),
            parent_id=parent_id,
            created_at=now,
            closed_at=None,
        )
    )
    session.flush()
    _record(tools, unit_id, "created", {"name": shown, "parent": parent_id}, actor=actor, now=now)


def change_unit(
    tools: Ledger, *, unit_id: str, name: str, kind: str, position: int, actor: Actor, now: datetime
) -> None:
    """Rename a unit, or say otherwise what it is and where it stands among its siblings.

    Open tasks of groups at the unit stay theirs: they hold its id. Raises as `create_unit`.
    """
    session = tools.session
    require_administrator(session, actor)
    units = lock_tree(session)
    unit = _in_use(units, unit_id)
    shown = cleaned(name, "机构名称")
    _require_name_free(units, unit_id, shown, unit.parent_id)
    _change(
        session,
        unit_id,
        name=shown,
        sort_name=sort_name(shown),
        kind=cleaned_kind(kind),
        position=_position(position),
    )
    names: dict[str, Json] = {"name": shown, "previous": unit.name}
    _record(tools, unit_id, "changed", names, actor=actor, now=now)


def move_unit(
    tools: Ledger, *, unit_id: str, parent_id: str | None, actor: Actor, now: datetime
) -> None:
    """Put a unit with all below it under another parent, or make it a root.

    Raises UnitUnknown, UnitIsClosed, TreeBroken, NameTaken, AccountsForbidden.
    """
    session = tools.session
    require_administrator(session, actor)
    units = lock_tree(session)
    unit = _in_use(units, unit_id)
    _require_place(units, unit_id, unit.name, parent_id)
    parents: dict[str, Json] = {"parent": parent_id, "previous": unit.parent_id}
    _change(session, unit_id, parent_id=parent_id)
    _record(tools, unit_id, "moved", parents, actor=actor, now=now)


def close_unit(tools: Ledger, *, unit_id: str, actor: Actor, now: datetime) -> None:
    """Take a unit out of use that has neither open units below it nor posts in force.

    Raises UnitUnknown, UnitIsClosed, UnitInUse, AccountsForbidden.
    """
    session = tools.session
    require_administrator(session, actor)
    units = lock_tree(session)
    unit = _in_use(units, unit_id)
    if any(one.parent_id == unit_id and one.closed_at is None for one in units.values()):
        raise UnitInUse(name=unit.name, what="在用的下级机构")
    posts = select(Post.key).where(Post.unit_id == unit_id, Post.ended_at.is_(None)).limit(1)
    if session.execute(posts).first() is not None:
        raise UnitInUse(name=unit.name, what="在任的岗位")
    _change(session, unit_id, closed_at=now)
    _record(tools, unit_id, "closed", {"name": unit.name}, actor=actor, now=now)


def reopen_unit(tools: Ledger, *, unit_id: str, actor: Actor, now: datetime) -> None:
    """Take a closed unit into use again; nothing happens where it is.

    Raises UnitUnknown, UnitIsClosed (its parent), NameTaken, AccountsForbidden.
    """
    session = tools.session
    require_administrator(session, actor)
    units = lock_tree(session)
    unit = _known(units, unit_id)
    if unit.closed_at is None:
        return
    _require_place(units, unit_id, unit.name, unit.parent_id)
    _change(session, unit_id, closed_at=None)
    _record(tools, unit_id, "reopened", {"name": unit.name}, actor=actor, now=now)


def lock_unit(session: Session, unit_id: str) -> OrganizationUnit:
    """Lock a unit that is in use, against its closing. Raises UnitUnknown, UnitIsClosed."""
    statement = select(OrganizationUnit).where(OrganizationUnit.id == unit_id)
    unit = session.scalar(statement.with_for_update()) if is_group_id(unit_id) else None
    if unit is None:
        raise UnitUnknown(unit=unit_id[:60])
    if unit.closed_at is not None:
        raise UnitIsClosed(unit=unit.name)
    return unit


def cleaned_kind(kind: str) -> str:
    """Return what the bureau calls such a unit; empty where it does not say."""
    return cleaned(kind, "机构类别", LONGEST_LABEL) if kind.strip() else ""


def lock_tree(session: Session) -> dict[str, OrganizationUnit]:
    """Read the whole tree and keep it as it is: two moves at once must not make a ring."""
    statement = select(OrganizationUnit).order_by(OrganizationUnit.id).with_for_update()
    rows = session.scalars(statement.execution_options(populate_existing=True))
    return {unit.id: unit for unit in rows}


def _require_place(
    units: dict[str, OrganizationUnit], unit_id: str, name: str, parent_id: str | None
) -> None:
    if parent_id is not None:
        parent = _in_use(units, parent_id)
        above = {one.id: one.parent_id for one in units.values()}
        if fault := tree_fault(above, unit_id, parent_id):
            raise TreeBroken(unit=name, parent=parent.name, reason=fault)
    _require_name_free(units, unit_id, name, parent_id)


def _require_name_free(
    units: dict[str, OrganizationUnit], unit_id: str, name: str, parent_id: str | None
) -> None:
    for unit in units.values():
        same = unit.name == name and unit.parent_id == parent_id
        if same and unit.id != unit_id and unit.closed_at is None:
            raise NameTaken(name=name)


def _known(units: dict[str, OrganizationUnit], unit_id: str) -> OrganizationUnit:
    if unit_id not in units:
        raise UnitUnknown(unit=unit_id[:60])
    return units[unit_id]


def _in_use(units: dict[str, OrganizationUnit], unit_id: str) -> OrganizationUnit:
    unit = _known(units, unit_id)
    if unit.closed_at is not None:
        raise UnitIsClosed(unit=unit.name)
    return unit


def _position(position: int) -> int:
    if not 0 <= position <= LAST_POSITION:
        raise PositionInvalid(last=LAST_POSITION)
    return position


def _change(session: Session, unit_id: str, **changes: object) -> None:
    session.execute(
        update(OrganizationUnit).where(OrganizationUnit.id == unit_id).values(**changes)
    )


def _record(
    tools: Ledger,
    unit_id: str,
    change: str,
    details: dict[str, Json],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    record(
        tools,
        AccessKind.ORGANIZATION_CHANGED,
        actor=actor,
        subject=unit_id,
        reference=unit_id,
        details={"change": f"unit-{change}", **details},
        now=now,
    )
