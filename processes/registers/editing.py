"""Entering, changing and ending an entry of a roster: one way in for pages, workbooks and cases."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.registers.admission_norms import NORMS
from processes.registers.changes import Cause
from processes.registers.days import bureau_day, said_day
from processes.registers.entries import (
    EntryNotFound,
    EntryRefused,
    applied,
    current,
    locked,
    put_in,
    put_out,
    put_over,
)
from processes.registers.fields import Fault, Field, FieldKind, Value, Values, plain, read
from processes.registers.names import Names
from processes.registers.roster import AnyEntry, RegisterChange, Roster
from processes.registers.scope import may, reaches
from service.domain.access_events import AccessKind
from service.domain.actors import Actor
from service.domain.authorization import Action
from service.domain.errors import FieldsInvalid, Forbidden, Invalid
from service.domain.import_rows import Cell, text_of
from service.domain.values import Json
from service.procedure import Ledger, record

LONGEST_REASON = 200


class ReasonMissing(Invalid):
    """请写明理由或依据（2至200字），没有保存。"""

    code = "registers.reason-missing"


class NothingChanged(Invalid):
    """内容没有变化，没有保存。"""

    code = "registers.nothing-changed"


class EndingUnfit(Invalid):
    """请选择结束的原因，并填写日期（如 2026年3月2日）；没有保存。"""

    code = "registers.ending-unfit"


class EndingTooEarly(Invalid):
    """还没有到{day}，不能先结束，没有保存。已知将要离岗的，请改这条记录，在“已知的离岗”里填写。"""

    code = "registers.ending-too-early"


class EntryUnfit(FieldsInvalid):
    """有 {count} 处不能登记，没有保存，已填的都在。请按提示改正后再提交。"""

    code = "registers.entry-unfit"


def require(session: Session, actor: Actor, roster: Roster, action: Action) -> None:
    """Raise EntryNotFound for who may not read the roster, Forbidden for who may not do this.

    A right to the entries of one unit is enough; which entry it is, `require_entry` asks.
    """
    if not session.scalar(select(may(actor, roster, Action.READ))):
        raise EntryNotFound
    if action is not Action.READ and not session.scalar(select(may(actor, roster, action))):
        raise Forbidden


def require_entry(session: Session, actor: Actor, roster: Roster, entry: AnyEntry) -> None:
    """Raise EntryNotFound for who may not read this entry, Forbidden for who may not change it."""
    if not reaches(session, actor, roster, Action.READ, entry):
        raise EntryNotFound
    if not reaches(session, actor, roster, Action.ACT, entry):
        raise Forbidden


def outside(
    session: Session, actor: Actor, roster: Roster, values: dict[str, Value]
) -> list[Fault]:
    """Return why an entry cannot be of the unit it names: the actor keeps others alone."""
    if reaches(session, actor, roster, Action.ACT, values):
        return []
    return [Fault("unit_id", "你的权限只限本机构的记录，不能登记到这个机构")]


def kept_out(
    roster: Roster, values: Values, names: Names, before: Values | None = None
) -> list[Fault]:
    """Return why the actor keeps out of what changes here: it is about them or somebody tied.

    Source: R-RECUSE. What stays as it was is nobody's act.
    """
    if before is not None and all(
        plain(values.get(one.key)) == plain(before.get(one.key)) for one in roster.fields
    ):
        return []
    return [
        Fault(one.key, "是你本人或者与你有回避关系的人，由他人办理", NORMS["R-RECUSE"])
        for one in roster.fields
        if one.kind is FieldKind.PERSON and plain(values.get(one.key)) in names.tied
    ]


def read_cells(
    roster: Roster, cells: Mapping[str, Cell], names: Names, before: Values | None = None
) -> tuple[dict[str, Value], list[Fault]]:
    """Return the values that cells say and why others cannot be taken.

    A field that has no cell keeps what it was; people, units and seats become their keys.
    """
    values: dict[str, Value] = {}
    faults: list[Fault] = []
    for field in roster.fields:
        cell = cells.get(field.key)
        kept = None if before is None else before.get(field.key)
        if before is not None and (field.key not in cells or text_of(cell) == plain(kept)):
            values[field.key] = kept
            continue
        found = read(field, cell)
        found = names.resolved(field, found)
        if isinstance(found, Fault):
            faults.append(found)
            found = _nothing(field)
        values[field.key] = found
    identity = roster.identity
    if before is not None and plain(values[identity]) != plain(before.get(identity)):
        label = roster.field(identity).label
        faults.append(Fault(identity, f"{label}登记后不能改；如果登错了，请结束这条后重新登记"))
    return values, faults


def _nothing(field: Field) -> Value:
    return False if field.kind is FieldKind.YES_NO else None


def enter(
    tools: Ledger,
    roster: Roster,
    cells: Mapping[str, Cell],
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> int:
    """Enter a new entry from a form; return its key.

    Raises EntryNotFound, Forbidden, ReasonMissing, EntryUnfit, EntryOvertaken.
    """
    session = tools.session
    require(session, actor, roster, Action.ACT)
    cause = _cause(session, roster, reason, actor, now)
    names = Names(session, actor)
    values, faults = read_cells(roster, cells, names)
    try:
        faults = faults or outside(session, actor, roster, values)
        if faults := faults or kept_out(roster, values, names):
            raise EntryRefused(faults)
        key, change = put_in(session, roster, values, key=tools.keys.next(), cause=cause)
    except EntryRefused as refused:
        raise unfit(refused.faults) from None
    tell(tools, roster, change, values, actor=actor, now=now)
    return key


def amend(
    tools: Ledger,
    roster: Roster,
    key: int,
    cells: Mapping[str, Cell],
    *,
    revision: int,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Change an entry from a form; `revision` is the one that the actor saw.

    Raises EntryNotFound, Forbidden, ReasonMissing, EntryChanged, EntryEnded, NothingChanged,
    EntryUnfit, EntryOvertaken.
    """
    session = tools.session
    require(session, actor, roster, Action.ACT)
    cause = _cause(session, roster, reason, actor, now)
    entry = _held(session, actor, roster, key, revision)
    before = current(roster, entry)
    names = Names(session, actor)
    values, faults = read_cells(roster, cells, names, before)
    try:
        faults = faults or outside(session, actor, roster, values)
        if faults := faults or kept_out(roster, values, names, before):
            raise EntryRefused(faults)
        change = put_over(session, roster, entry, values, cause)
    except EntryRefused as refused:
        raise unfit(refused.faults) from None
    if change is None:
        raise NothingChanged
    tell(tools, roster, change, values, actor=actor, now=now)


def end(
    tools: Ledger,
    roster: Roster,
    key: int,
    *,
    how: str,
    on: date | None,
    basis: str = "",
    revision: int,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """End an entry from a day on; `basis` is the paper, where the roster has a field for it.

    Raises EntryNotFound, Forbidden, ReasonMissing, EntryChanged, EntryEnded, EndingUnfit,
    EndingTooEarly, EntryUnfit.
    """
    session = tools.session
    require(session, actor, roster, Action.ACT)
    cause = _cause(session, roster, reason, actor, now)
    entry = _held(session, actor, roster, key, revision)
    if how not in roster.endings or on is None:
        raise EndingUnfit
    if on > bureau_day(now):
        raise EndingTooEarly(day=said_day(on))
    try:
        if faults := kept_out(roster, current(roster, entry), Names(session, actor)):
            raise EntryRefused(faults)
        change = put_out(session, roster, entry, how=how, on=on, cause=cause, basis=basis)
    except EntryRefused as refused:
        raise unfit(refused.faults) from None
    tell(tools, roster, change, current(roster, entry), actor=actor, now=now)


def _held(session: Session, actor: Actor, roster: Roster, key: int, revision: int) -> AnyEntry:
    """Return an entry under its lock, asked before it and behind: it may change its unit."""
    seen = session.get(roster.table, key)
    if seen is None:
        raise EntryNotFound
    require_entry(session, actor, roster, seen)
    entry = locked(session, roster, key, revision)
    require_entry(session, actor, roster, entry)
    return entry


def unfit(faults: Iterable[Fault]) -> EntryUnfit:
    """Return the refusal of a form, by field."""
    errors: dict[str, list[str]] = {}
    for fault in faults:
        errors.setdefault(fault.key, []).append(fault.text)
    return EntryUnfit(errors)


def tell(
    tools: Ledger,
    roster: Roster,
    change: RegisterChange,
    values: Values,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Record a change in the access log: which fields, never their values."""
    labels = {one.key: one.label for one in roster.fields}
    changed = change.changes if isinstance(change.changes, dict) else {}
    details: dict[str, Json] = {
        "change": f"register-{change.act}",
        "reason": change.reason,
        "changed": [labels.get(key, key) for key in changed if key in labels],
        "rules": change.rules,
        "digest": change.digest,
    }
    record(
        tools,
        AccessKind.REGISTER_CHANGED,
        actor=actor,
        subject=roster.subject_of(plain(values.get("username"))),
        reference=f"{roster.id}/{change.entry_key}",
        details=details,
        now=now,
    )


def reason_of(text: str) -> str:
    """Return a reason as it is kept. Raises ReasonMissing."""
    said = " ".join(text.replace("\0", "").split())
    if not 2 <= len(said) <= LONGEST_REASON:
        raise ReasonMissing
    return said


def _cause(session: Session, roster: Roster, reason: str, actor: Actor, now: datetime) -> Cause:
    return Cause(actor, now, reason_of(reason), applied(session, roster, bureau_day(now)))
