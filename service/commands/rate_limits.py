"""Counting what is done, so that nobody does it too often: in the database, for all processes.

A limit is about a subject: a number, an address of the network, everybody. The table holds a keyed
hash of it, so it tells nobody who asked.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import cache

from sqlalchemy import bindparam, case, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from service.commands.peppers import Purpose, hashed
from service.commands.toolbox import Toolbox
from service.commands.upserts import dialect_of, table
from service.domain.rate_limits import Limit, TooOften
from service.store.base import UtcDateTime
from service.store.row_locks import locked_keys
from service.store.tables import RateCount

EVERYBODY = ""
"""The subject of a limit on what all do together."""

_COUNTS = table(RateCount)
_CLEANED = 20
"""Windows that are over and are forgotten with each count."""


def take(tools: Toolbox, limit: Limit, subject: str, now: datetime) -> None:
    """Count one more. Raises TooOften when that is one too many; the caller's rollback uncounts it.

    Two statements. The row is locked until the end of the transaction, so that two at once count
    as two.
    """
    count, resets_at = tools.session.execute(
        _statement(dialect_of(tools.session)),
        {"bucket": _bucket(tools, limit, subject), "now": now, "resets": now + limit.window},
    ).one()
    _forget(tools.session, now)
    if count > limit.most:
        raise TooOften(resets_at, now)


def require_room(tools: Toolbox, limit: Limit, subject: str, now: datetime) -> None:
    """Raise TooOften where no more may be counted; counts nothing itself."""
    row = tools.session.execute(
        select(RateCount.count, RateCount.resets_at).where(
            RateCount.bucket == _bucket(tools, limit, subject), RateCount.resets_at > now
        )
    ).one_or_none()
    if row is not None and row[0] >= limit.most:
        raise TooOften(row[1], now)


def take_all(tools: Toolbox, limits: Iterable[Limit], subject: str, now: datetime) -> None:
    """Count one more for each of the limits. Raises TooOften."""
    for limit in limits:
        take(tools, limit, subject, now)


def _bucket(tools: Toolbox, limit: Limit, subject: str) -> str:
    return f"{limit.name}:{hashed(tools, Purpose.RATE, limit.name, subject)}"


@cache
def _statement(dialect: str) -> ReturningInsert[int, datetime]:
    insert = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(_COUNTS)
    new = insert.values(bucket=bindparam("bucket"), count=1, resets_at=bindparam("resets"))
    over = _COUNTS.c.resets_at <= bindparam("now", type_=UtcDateTime)
    return new.on_conflict_do_update(
        index_elements=[_COUNTS.c.bucket],
        set_={
            "count": case((over, 1), else_=_COUNTS.c.count + 1),
            "resets_at": case((over, new.excluded.resets_at), else_=_COUNTS.c.resets_at),
        },
    ).returning(_COUNTS.c.count, _COUNTS.c.resets_at)


def _forget(session: Session, now: datetime) -> None:
    """Delete a few windows that are over; nobody waits for those that somebody is counting in."""
    old = select(_COUNTS.c.bucket).where(_COUNTS.c.resets_at <= now).limit(_CLEANED)
    session.execute(delete(_COUNTS).where(_COUNTS.c.bucket.in_(locked_keys(old))))
