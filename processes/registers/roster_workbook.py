"""A roster as a workbook: the template, the export, and an import that takes all rows or none.

An import writes each row as a form would, one behind the other, and what it wrote is given up when
one is refused. So a check is the import itself, undone at its end.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import IO

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.registers.changes import Cause
from processes.registers.days import bureau_day
from processes.registers.editing import kept_out, outside, read_cells, reason_of, require
from processes.registers.entries import (
    EntryRefused,
    applied,
    current,
    locked,
    put_in,
    put_over,
)
from processes.registers.fields import Field, FieldKind, plain
from processes.registers.names import Names
from processes.registers.roster import AnyEntry, RegisterChange, Roster
from processes.registers.roster_search import Filters, every, names_in
from processes.registers.scope import reaches
from service.domain.access_events import AccessKind
from service.domain.actors import Actor
from service.domain.authorization import Action
from service.domain.errors import Conflict, Invalid
from service.domain.import_rows import Refusal, Refusals, SheetRow, text_of
from service.domain.keys import KeySource
from service.domain.values import Json
from service.procedure import (
    LONGEST_WORKBOOK,
    Ledger,
    WorkbookUnreadable,
    read_workbook,
    record,
    write_workbook,
)

CHECKED_ONLY = "（供核对）"
"""End of the names of columns that are for people's eyes: an import leaves them out."""
_NAME_COLUMN = f"姓名{CHECKED_ONLY}"


class RosterImportRefused(Conflict):
    """有 {count} 处不能导入，什么也没有导入。请按清单改正文件后重新检查。"""

    code = "registers.import-refused"

    def __init__(self, checked: "Checked") -> None:
        self.checked = checked
        super().__init__(count=len(checked.refusals))


class RosterFileMissing(Invalid):
    """没有选择文件，什么也没有导入。请先选择一个 .xlsx 文件。"""

    code = "registers.import-file-missing"


class RosterFileChanged(Conflict):
    """文件与检查时的不一样，什么也没有导入。请重新检查后再导入。"""

    code = "registers.import-file-changed"


@dataclass(frozen=True, slots=True)
class Checked:
    """What an import does; where there is a refusal it does nothing."""

    digest: str
    """SHA-256 of the workbook."""
    rows: int
    ignored: tuple[str, ...]
    refusals: tuple[Refusal, ...]
    refused_rows: int
    entered: int
    changed: int

    @property
    def is_empty(self) -> bool:
        """Whether all is there already."""
        return not (self.entered or self.changed)


@dataclass(slots=True)
class _Done:
    entered: int = 0
    changed: int = 0
    digests: list[str] = field(default_factory=list)


def check(tools: Ledger, roster: Roster, content: bytes, *, actor: Actor, now: datetime) -> Checked:
    """Say what an import of the workbook would do, and which rows it cannot take.

    Nothing is kept. Raises EntryNotFound, Forbidden, WorkbookUnreadable, SheetsUnfit, RowsTooMany.
    """
    require(tools.session, actor, roster, Action.ACT)
    savepoint = tools.session.begin_nested()
    try:
        checked, _done = _write(tools, roster, content, "检查", actor, now)
    finally:
        savepoint.rollback()
    return checked


def take(
    tools: Ledger,
    roster: Roster,
    content: bytes,
    *,
    digest: str,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Checked:
    """Take the whole workbook, if it is the one that was checked; return what was done.

    Raises RosterImportRefused, RosterFileChanged, ReasonMissing, and as `check`.
    """
    require(tools.session, actor, roster, Action.ACT)
    said = reason_of(reason)
    checked, done = _write(tools, roster, content, said, actor, now)
    total = hashlib.sha256("".join(done.digests).encode()).hexdigest()
    record_taken(
        tools, roster.id, checked,
        seen=digest, reason=said, actor=actor, now=now, more={"digest": total},
    )  # fmt: skip
    return checked


def record_taken(
    tools: Ledger,
    register: str,
    checked: Checked,
    *,
    seen: str,
    reason: str,
    actor: Actor,
    now: datetime,
    more: Mapping[str, Json] = MappingProxyType({}),
) -> None:
    """Record that a workbook was taken into a register, if it may be: as any register has it.

    `seen` is the digest of what was checked. Raises RosterImportRefused where a row is refused,
    RosterFileChanged where it is another file.
    """
    if checked.refusals:
        raise RosterImportRefused(checked)
    if checked.digest != seen:
        raise RosterFileChanged
    details: dict[str, Json] = {"change": "imported", "reason": reason, "rows": checked.rows}
    record(
        tools,
        AccessKind.REGISTER_CHANGED,
        actor=actor,
        reference=f"{register}/import",
        details={**details, "sha256": checked.digest, **more},
        now=now,
    )


def template(roster: Roster) -> bytes:
    """Return an empty workbook to fill in, with a sheet that explains the columns."""
    head = [one.label for one in roster.fields]
    return write_workbook([(roster.title, head, ()), explained(roster.fields)])


def explained(fields: Sequence[Field]) -> tuple[str, Sequence[str], Sequence[Sequence[str]]]:
    """Return the sheet that explains the columns of a template."""
    lines = [(one.label, "必填" if one.required else "", one.column.hint) for one in fields]
    return "填写说明", ("列", "", "说明"), lines


def content_of(sent: IO[bytes] | None) -> bytes:
    """Return what was sent as a workbook. Raises RosterFileMissing, WorkbookUnreadable."""
    if sent is None:
        raise RosterFileMissing
    with sent as opened:
        content = opened.read(LONGEST_WORKBOOK + 1)
    if len(content) > LONGEST_WORKBOOK:
        raise WorkbookUnreadable(reason=f"超过 {LONGEST_WORKBOOK // 1024 // 1024} MB")
    return content


def export(
    session: Session, roster: Roster, *, actor: Actor, filters: Filters
) -> tuple[bytes, int]:
    """Return what a list shows as a workbook that can be imported again, and how many rows.

    Raises EntryNotFound, Forbidden. That it leaves, the caller records.
    """
    require(session, actor, roster, Action.EXPORT)
    rows = every(session, roster, actor=actor, filters=filters)
    names = names_in(session, roster, rows)
    people = [one for one in roster.fields if one.kind is FieldKind.PERSON]
    header = [one.label for one in roster.fields]
    if people:
        header.append(_NAME_COLUMN)
    lines = [
        [
            *(plain(getattr(row, one.key)) for one in roster.fields),
            *(names.get(str(getattr(row, one.key)), "") for one in people[:1]),
        ]
        for row in rows
    ]
    return write_workbook([(roster.title, header, lines)]), len(rows)


def _write(
    tools: Ledger, roster: Roster, content: bytes, reason: str, actor: Actor, now: datetime
) -> tuple[Checked, _Done]:
    sheet = roster.sheet
    read = read_workbook(content, [sheet])
    session, refusals, done = tools.session, Refusals(), _Done()
    digest = hashlib.sha256(content).hexdigest()
    rules = applied(session, roster, bureau_day(now))
    cause = Cause(actor, now, f"{reason}（导入 {digest[:12]}）", rules)
    names = Names(session, actor)
    seen: dict[str, int] = {}
    for row in read.rows:
        identity = text_of(row.cells.get(roster.identity))
        if identity and identity in seen:
            refusals.add(row, roster.identity, f"与第 {seen[identity]} 行重复")
            continue
        seen[identity] = row.number
        _row(session, actor, roster, row, names, cause, tools.keys, refusals, done)
    found = refusals.sorted()
    ignored = tuple(one for one in read.ignored if not one.endswith(CHECKED_ONLY))
    refused = len(refusals.rows())
    checked = Checked(digest, len(read.rows), ignored, found, refused, done.entered, done.changed)
    return checked, done


def _row(
    session: Session,
    actor: Actor,
    roster: Roster,
    row: SheetRow,
    names: Names,
    cause: Cause,
    keys: KeySource,
    refusals: Refusals,
    done: _Done,
) -> None:
    before = _known(session, actor, roster, row, names, refusals)
    if refusals.of(row):
        return
    kept = None if before is None else current(roster, before)
    values, faults = read_cells(roster, row.cells, names, kept)
    try:
        faults = faults or outside(session, actor, roster, values)
        if faults := faults or kept_out(roster, values, names, kept):
            raise EntryRefused(faults)
        change: RegisterChange | None
        if before is None:
            _key, change = put_in(session, roster, values, key=keys.next(), cause=cause)
            done.entered += 1
        else:
            change = put_over(session, roster, before, values, cause)
            done.changed += change is not None
        if change is not None:
            done.digests.append(change.digest)
    except EntryRefused as refused:
        for fault in refused.faults:
            refusals.add(row, fault.key, fault.text)


def _known(
    session: Session,
    actor: Actor,
    roster: Roster,
    row: SheetRow,
    names: Names,
    refusals: Refusals,
) -> AnyEntry | None:
    """The entry in force that the row means, under its lock; one of others refuses the row."""
    said = text_of(row.cells.get(roster.identity))
    identity = names.resolved(roster.field(roster.identity), said)
    if not isinstance(identity, str) or not identity:
        return None
    table = roster.table
    same = getattr(table, roster.identity) == identity
    key = session.scalar(select(table.key).where(same, table.ended_on.is_(None)))
    if key is None:
        return None
    entry = locked(session, roster, key)
    if not reaches(session, actor, roster, Action.ACT, entry):
        refusals.add(row, roster.identity, "由其他机构登记，你的权限只限本机构的记录")
    return entry
