"""Periods beside the working days, such as terms and vacations: made, changed, removed."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.commands.access_log import Ledger
from service.commands.accounts import require_administrator
from service.commands.calendar_rows import lock, record_change
from service.commands.upserts import rows_changed, table
from service.domain.actors import Actor
from service.domain.calendar_years import Period, PeriodUnfit, cleaned_name, fault_of_period
from service.domain.dates import said_day
from service.domain.errors import NotFound
from service.domain.values import Json
from service.store.tables import CalendarPeriod

_EARLIEST, _LATEST = 2000, 2099
"""Years in which a period may lie: beyond them a digit is wrong."""


class PeriodNotFound(NotFound):
    """这个时段已经不在日历里了，没有改动。请刷新页面。"""

    code = "calendar.period-not-found"


def save(
    tools: Ledger, wanted: Period, *, key: int | None = None, actor: Actor, now: datetime
) -> int:
    """Make a period, or change the one with this key; return its key.

    Periods of one kind do not overlap, those of different kinds may. Raises AccountsForbidden,
    NameUnfit, PeriodUnfit, PeriodNotFound.
    """
    session = tools.session
    require_administrator(session, actor)
    kept = Period(
        cleaned_name(wanted.kind), cleaned_name(wanted.name), wanted.begins_on, wanted.ends_on
    )
    if not _EARLIEST <= kept.begins_on.year <= kept.ends_on.year <= _LATEST:
        if kept.ends_on.year < kept.begins_on.year:
            raise PeriodUnfit(fault="结束日期早于开始日期")
        raise PeriodUnfit(fault=f"年份应在 {_EARLIEST} 至 {_LATEST} 之间")
    lock(session)
    if fault := fault_of_period(kept, _others(session, key)):
        raise PeriodUnfit(fault=fault)
    row = None if key is None else session.get(CalendarPeriod, key)
    if key is not None and row is None:
        raise PeriodNotFound
    before = None if row is None else _told(row)
    if row is None:
        row = CalendarPeriod(key=tools.keys.next())
        session.add(row)
    row.kind, row.name = kept.kind, kept.name
    row.begins_on, row.ends_on = kept.begins_on, kept.ends_on
    session.flush()
    details: dict[str, Json] = {"previous": before, "now": _told(row)}
    record_change(tools, f"period/{row.key}", details, actor=actor, now=now)
    return row.key


def remove(tools: Ledger, *, key: int, actor: Actor, now: datetime) -> None:
    """Remove a period. Raises AccountsForbidden, PeriodNotFound."""
    session = tools.session
    require_administrator(session, actor)
    lock(session)
    row = session.get(CalendarPeriod, key)
    if row is None:
        raise PeriodNotFound
    before = _told(row)
    periods = table(CalendarPeriod)
    rows_changed(session, delete(periods).where(periods.c.key == key))
    details: dict[str, Json] = {"previous": before, "now": None}
    record_change(tools, f"period/{key}", details, actor=actor, now=now)


def _others(session: Session, key: int | None) -> list[Period]:
    rows = session.scalars(select(CalendarPeriod)).all()
    return [Period(r.kind, r.name, r.begins_on, r.ends_on) for r in rows if r.key != key]


def _told(row: CalendarPeriod) -> str:
    return f"{row.kind} {row.name} {said_day(row.begins_on)}至{said_day(row.ends_on)}"
