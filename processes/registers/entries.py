"""Writing an entry of a roster once it is checked; who may, the caller has asked."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from processes.registers import changes, set_values
from processes.registers.changes import Cause
from processes.registers.days import bureau_day
from processes.registers.fields import Fault, Value, Values, plain, read
from processes.registers.roster import AnyEntry, Candidate, RegisterChange, Roster
from service.domain.errors import Conflict, NotFound


class EntryNotFound(NotFound):
    """没有找到这条记录，或者你没有查看的权限。"""

    code = "registers.entry-not-found"


class EntryChanged(Conflict):
    """这条记录已被{who}改动（第{revision}次变更），你的改动没有保存。请刷新后核对再提交。"""

    code = "registers.entry-changed"


class EntryEnded(Conflict):
    """这条记录已经结束，不能再改；如有错误，请另行登记并写明理由。没有改动。"""

    code = "registers.entry-ended"


class EntryOvertaken(Conflict):
    """同时有人登记了同一个人或同一个岗位，没有保存。请刷新后再试。"""

    code = "registers.entry-overtaken"


class EntryRefused(Exception):
    """Why an entry cannot be so, by field."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("；".join(fault.text for fault in self.faults))


def put_in(
    session: Session, roster: Roster, values: Values, *, key: int, cause: Cause
) -> tuple[int, RegisterChange]:
    """Write a new entry once it is checked. Raises EntryRefused, EntryOvertaken."""
    _require_sound(session, roster, values, None, key, cause)
    entry = roster.table(key=key, revision=1, ended_on=None, ended_how="", **_columns(roster))
    _fill(entry, values)
    session.add(entry)
    _flush(session)
    return key, changes.write(session, roster, entry, changes.ENTERED, {}, cause)


def put_over(
    session: Session, roster: Roster, entry: AnyEntry, values: Values, cause: Cause
) -> RegisterChange | None:
    """Write what an entry is to be; None where nothing differs. Raises EntryRefused."""
    before = current(roster, entry)
    if all(plain(before.get(one.key)) == plain(values.get(one.key)) for one in roster.fields):
        return None
    _require_sound(session, roster, values, before, entry.key, cause)
    _fill(entry, values)
    entry.revision += 1
    _flush(session)
    return changes.write(session, roster, entry, changes.CHANGED, before, cause)


def put_out(
    session: Session,
    roster: Roster,
    entry: AnyEntry,
    *,
    how: str,
    on: date,
    cause: Cause,
    basis: str = "",
) -> RegisterChange:
    """End an entry once that is checked; `basis` is the paper. Raises EntryRefused."""
    before = current(roster, entry)
    said = _basis(roster, basis)
    if roster.ending_check is not None:
        after = before | {"ended_on": on, "ended_how": how} | said
        candidate = _candidate(session, after, before, entry.key, cause)
        if faults := tuple(roster.ending_check(candidate)):
            raise EntryRefused(faults)
    _fill(entry, said)
    entry.ended_on, entry.ended_how = on, how
    entry.revision += 1
    _flush(session)
    return changes.write(session, roster, entry, changes.ENDED, before, cause)


def locked(session: Session, roster: Roster, key: int, revision: int | None = None) -> AnyEntry:
    """Return an entry in force under its lock. Raises EntryNotFound, EntryEnded, EntryChanged."""
    table = roster.table
    entry = session.scalar(
        select(table)
        .where(table.key == key)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if entry is None:
        raise EntryNotFound
    if entry.ended_on is not None:
        raise EntryEnded
    if revision is not None and entry.revision != revision:
        newest = changes.history(session, roster, key)[0]
        raise EntryChanged(who=newest.by_name or newest.by, revision=entry.revision)
    return entry


def current(roster: Roster, entry: AnyEntry) -> dict[str, Value]:
    """Return what an entry holds, by field, with its end."""
    values: dict[str, Value] = {one.key: getattr(entry, one.key) for one in roster.fields}
    return values | {
        "ended_on": entry.ended_on,
        "ended_how": entry.ended_how,
        "reserved_for": getattr(entry, "reserved_for", ""),
    }


def applied(session: Session, roster: Roster, day: date) -> str:
    """Return the version of rules and settings that applies on a day."""
    return f"{roster.rules_version}/{set_values.values_on(session, day).revision}"


def _basis(roster: Roster, basis: str) -> dict[str, Value]:
    if not basis.strip() or not roster.ending_basis:
        return {}
    found = read(roster.field(roster.ending_basis), basis)
    if isinstance(found, Fault):
        raise EntryRefused([found])
    return {roster.ending_basis: found}


def _require_sound(
    session: Session,
    roster: Roster,
    values: Values,
    before: Values | None,
    key: int,
    cause: Cause,
) -> None:
    candidate = _candidate(session, values, before, key, cause)
    faults = [*_taken(session, roster, values, key), *roster.check(candidate)]
    if faults:
        raise EntryRefused(faults)


def _candidate(
    session: Session, values: Values, before: Values | None, key: int, cause: Cause
) -> Candidate:
    today = bureau_day(cause.now)
    settings = set_values.values_on(session, today)
    return Candidate(
        session, values, before, key, today, settings, cause.instance_key, cause.holder
    )


def _taken(session: Session, roster: Roster, values: Values, key: int) -> Iterable[Fault]:
    """Somebody or something is in a roster once."""
    table, identity = roster.table, roster.identity
    same = select(table.key).where(
        getattr(table, identity) == values[identity], table.ended_on.is_(None), table.key != key
    )
    if session.scalar(same.limit(1)) is not None:
        yield Fault(identity, f"已经在{roster.title}里登记，不能登记两次")


def _columns(roster: Roster) -> dict[str, object]:
    """Columns that are no field and may not be empty."""
    return {"reserved_for": ""} if hasattr(roster.table, "reserved_for") else {}


def _fill(entry: AnyEntry, values: Values) -> None:
    for key, value in values.items():
        setattr(entry, key, value)


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        raise EntryOvertaken from error
