"""The register of the Party group's members as a workbook: template, check, import, export.

A row is a term, known by the member and its first day: one that is there gets a revision where the
row says otherwise, another one is entered. Terms that end sooner come first, so that one file may
say who follows whom, in whatever order.
"""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from processes.registers.editing import reason_of
from processes.registers.fields import Fault, Field, FieldKind, Value, plain, read
from processes.registers.names import Names
from processes.registers.party_group import members
from processes.registers.party_group.members import POSITIONS, MemberUnfit, Term
from processes.registers.party_group.tables import MEMBERS, MemberRecord
from processes.registers.roster_workbook import (
    CHECKED_ONLY,
    Checked,
    explained,
    record_taken,
)
from service.domain.actors import Actor
from service.domain.import_rows import Refusals, SheetForm, SheetRow
from service.procedure import Ledger, read_workbook, staff_named, write_workbook

FIELDS = (
    Field("username", "用户名", FieldKind.PERSON, True, "本单位人员；同名的填用户名"),
    Field("position", "职务", FieldKind.CHOICE, True, choices=POSITIONS),
    Field("rank", "排序", FieldKind.NUMBER, True, "1至99，小的在前"),
    Field("begins_on", "任职日期", FieldKind.DATE, True, "如 2026年3月2日"),
    Field("ends_on", "任期最后一日", FieldKind.DATE, False, "在任的不填"),
    Field("basis", "任职依据", FieldKind.TEXT, True, "文件和文号", limit=200),
)
TITLE = "党组成员"
SHEET = SheetForm(TITLE, tuple(one.column for one in FIELDS))
_NAME_COLUMN = f"姓名{CHECKED_ONLY}"


def template() -> bytes:
    """Return an empty workbook to fill in, with a sheet that explains the columns."""
    head = [one.label for one in FIELDS]
    return write_workbook([(TITLE, head, ()), explained(FIELDS)])


def export(rows: Sequence[MemberRecord]) -> bytes:
    """Return records as a workbook that can be imported again. Who exports, the caller asks."""
    head = [*(one.label for one in FIELDS), _NAME_COLUMN]
    lines = [[*(plain(getattr(row, one.key)) for one in FIELDS), row.name] for row in rows]
    return write_workbook([(TITLE, head, lines)])


def check(tools: Ledger, content: bytes, *, actor: Actor, now: datetime) -> Checked:
    """Say what an import would do and which rows it cannot take; nothing is kept.

    Raises MemberNotFound, MembersForbidden, WorkbookUnreadable, SheetsUnfit, RowsTooMany.
    """
    members.require(tools.session, actor)
    savepoint = tools.session.begin_nested()
    try:
        return _write(tools, content, "检查", actor, now)
    finally:
        savepoint.rollback()


def take(
    tools: Ledger, content: bytes, *, digest: str, reason: str, actor: Actor, now: datetime
) -> Checked:
    """Take the whole workbook, if it is the one that was checked; return what was done.

    Raises RosterImportRefused, RosterFileChanged, ReasonMissing, and as `check`.
    """
    members.require(tools.session, actor)
    said = reason_of(reason)
    checked = _write(tools, content, said, actor, now)
    record_taken(tools, MEMBERS, checked, seen=digest, reason=said, actor=actor, now=now)
    return checked


def _write(tools: Ledger, content: bytes, reason: str, actor: Actor, now: datetime) -> Checked:
    found = read_workbook(content, [SHEET])
    refusals, names = Refusals(), Names(tools.session, actor)
    known = {
        (one.username, one.begins_on): one for one in members.listed(tools.session, actor=actor)
    }
    wanted: dict[tuple[str, date], tuple[SheetRow, Term]] = {}
    for row in found.rows:
        term = _term(tools.session, row, names, refusals, actor)
        if term is None:
            continue
        place = (term.username, term.begins_on)
        if place in wanted:
            refusals.add(row, "username", f"与第 {wanted[place][0].number} 行重复")
        else:
            wanted[place] = (row, term)
    entered = changed = 0
    for place in sorted(wanted, key=lambda one: _turn(known.get(one), wanted[one][1])):
        row, term = wanted[place]
        before = known.get(place)
        try:
            if before is None:
                members.enter(tools, term, actor=actor, now=now)
                entered += 1
            elif _says(before) != _says(term):
                members.change(
                    tools, before.member_key, term, reason=reason, revision=before.revision,
                    actor=actor, now=now,
                )  # fmt: skip
                changed += 1
        except MemberUnfit as refusal:
            refusals.add(row, "username", str(refusal.fields["reason"]))
    ignored = tuple(one for one in found.ignored if not one.endswith(CHECKED_ONLY))
    return Checked(
        hashlib.sha256(content).hexdigest(), len(found.rows), ignored, refusals.sorted(),
        len(refusals.rows()), entered, changed,
    )  # fmt: skip


def _term(
    session: Session, row: SheetRow, names: Names, refusals: Refusals, actor: Actor
) -> Term | None:
    values: dict[str, Value] = {}
    for field in FIELDS:
        value = names.resolved(field, read(field, row.cells.get(field.key)))
        if isinstance(value, Fault):
            refusals.add(row, field.key, value.text)
        else:
            values[field.key] = value
    if len(values) < len(FIELDS):
        return None
    username, rank, begins_on, ends_on = (
        values[key] for key in ("username", "rank", "begins_on", "ends_on")
    )
    assert isinstance(username, str) and isinstance(rank, int) and isinstance(begins_on, date)  # noqa: S101, PT018 - required fields of these kinds
    (person,) = staff_named(session, actor=actor, text=username)
    return Term(
        username=username,
        name=person.name,
        position=str(values["position"]),
        rank=rank,
        begins_on=begins_on,
        ends_on=ends_on if isinstance(ends_on, date) else None,
        basis=str(values["basis"]),
    )


def _turn(before: MemberRecord | None, term: Term) -> int:
    """What ends sooner than it did comes first, then other changes, then what is new."""
    if before is None:
        return 2
    last = date.max
    return 0 if (term.ends_on or last) < (before.ends_on or last) else 1


def _says(term: Term | MemberRecord) -> tuple[str, int, date | None, str]:
    return (term.position, term.rank, term.ends_on, term.basis.strip())
