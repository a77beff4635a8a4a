"""Workbooks that leave: the organisation as it is, the template, the report of an import."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.commands import workbooks
from service.commands.access_log import Ledger, record
from service.commands.posts import SCOPE_SIGN
from service.domain.access_events import AccessKind
from service.domain.accounts import PersonKind
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.errors import Forbidden
from service.domain.import_rows import PEOPLE, SHEETS, UNITS, Refusal, SheetForm
from service.domain.personal_data import PersonalKind
from service.store.authorization import holds
from service.store.tables import OrganizationUnit, Person, Post

_PERSONAL = {kind.value for kind in PersonalKind}
_OPEN_COLUMNS = [column for column in PEOPLE.columns if column.key not in _PERSONAL]

UnitRow: TypeAlias = tuple[str, str, str, str, str]
"""Id, name, kind, parent's id, position, as texts."""
PersonRow: TypeAlias = tuple[str, str, str, str, str, str]
"""User name, name, unit's id, title, labels, 是 where they head the unit; one row a post."""


class ExportForbidden(Forbidden):
    """你没有导出人员和机构的权限。如确有需要，请联系系统管理员。"""

    code = "organization.export-forbidden"


def export(tools: Ledger, *, actor: Actor, now: datetime) -> bytes:
    """Return the units, people and posts in force as a workbook that can be imported again.

    Personal data stays here. It is an event of the access log. Raises ExportForbidden.
    """
    if not holds(tools.session, actor, ObjectKind.ACCOUNT, Action.EXPORT):
        raise ExportForbidden
    units, people = list(_units(tools.session)), list(_people(tools.session))
    content = workbook(units, people)
    record(
        tools,
        AccessKind.EXPORT,
        actor=actor,
        subject="organization",
        reference="organization",
        details={"units": len(units), "rows": len(people)},
        now=now,
    )
    return content


def workbook(units: Iterable[UnitRow], people: Iterable[PersonRow]) -> bytes:
    """Write units and posts as a workbook that can be imported."""
    return workbooks.write(
        [
            (UNITS.name, _names(UNITS), units),
            (PEOPLE.name, [column.name for column in _OPEN_COLUMNS], people),
        ]
    )


def template() -> bytes:
    """Return an empty workbook to fill in, with a sheet that explains the columns."""
    explained = [
        (sheet.name, column.name, "必填" if column.required else "", column.hint)
        for sheet in SHEETS
        for column in sheet.columns
    ]
    return workbooks.write(
        [
            *((sheet.name, _names(sheet), ()) for sheet in SHEETS),
            ("填写说明", ("工作表", "列", "", "说明"), explained),
        ]
    )


def report(refusals: Iterable[Refusal]) -> bytes:
    """Return each refused row with the reason, as a workbook."""
    header = ("工作表", "行", "列", "内容", "不能导入的原因")
    rows = [(one.sheet, str(one.number), one.column, one.value, one.reason) for one in refusals]
    return workbooks.write([("不能导入的行", header, rows)])


def _names(sheet: SheetForm) -> list[str]:
    return [column.name for column in sheet.columns]


def person_row(
    username: str, name: str, unit: str, title: str, labels: Iterable[str], *, heads_unit: bool
) -> PersonRow:
    """Return a post as the sheet has it."""
    return username, name, unit, title, "、".join(labels), "是" if heads_unit else ""


def _units(session: Session) -> Iterable[UnitRow]:
    unit = OrganizationUnit
    rows = session.scalars(
        select(unit).where(unit.closed_at.is_(None)).order_by(unit.position, unit.sort_name)
    )
    for row in rows:
        yield row.id, row.name, row.kind, row.parent_id or "", str(row.position)


def _people(session: Session) -> Iterable[PersonRow]:
    rows = session.execute(
        select(
            Person.username,
            Person.display_name,
            Post.unit_id,
            Post.title,
            Post.scope,
            Post.heads_unit,
        )
        .outerjoin(Post, (Post.username == Person.username) & Post.ended_at.is_(None))
        .where(Person.active, Person.kind == PersonKind.STAFF)
        .order_by(Person.sort_name, Person.username, Post.key)
    )
    for row in rows:
        yield person_row(
            row.username,
            row.display_name,
            row.unit_id or "",
            row.title or "",
            (row.scope or "").split(SCOPE_SIGN),
            heads_unit=bool(row.heads_unit),
        )
