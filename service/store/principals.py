"""Reads for whom a deputy stands in at a moment: along the agreements, as far as all allow."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    Row,
    and_,
    bindparam,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from service.domain.actors import Principal
from service.domain.deputies import MOST_HOPS, common_scope
from service.store.base import UtcDateTime
from service.store.membership import in_group
from service.store.tables import Deputy, Membership, Person, Post, PostGroup

AT = "at"
"""Parameter of a statement: the moment of the request."""

SeatRow = Row[*tuple[Any, ...]]
"""A principal by one agreement, beside one of their groups or none; `under` is the deputy in it."""


def principals_of(session: Session, username: str, now: datetime) -> tuple[Principal, ...]:
    """Return for whom this person may act now, their principals' principals too; one statement.

    Somebody is named once for each way in which they are reached, never the person themselves.
    """
    rows = session.execute(_statement(), {"deputy": username, AT: now}).all()
    reached = [(row, _principal(row, rows)) for row in _of_hop(rows, 1)]
    found = [principal for _, principal in reached]
    for hop in range(2, MOST_HOPS + 1):
        reached = [
            (row, joined)
            for row in _of_hop(rows, hop)
            for above, principal in reached
            if row.under == above.seat
            and (joined := _joined(principal, _principal(row, rows))) is not None
        ]
        found += [principal for _, principal in reached]
    return tuple(sorted((one for one in found if one.username != username), key=_order))


def deputies_of(session: Session, usernames: Collection[str], now: datetime) -> frozenset[str]:
    """Return who stands in for one of these people now, or for their deputy, by any agreement.

    Whether an agreement reaches a certain task is another question (`deputized`). One statement
    where nobody has a deputy.
    """
    found: set[str] = set()
    asked = set(usernames)
    for _hop_number in range(MOST_HOPS):
        rows = session.scalars(
            select(Deputy.deputy)
            .where(Deputy.principal.in_(sorted(asked)), in_force(literal(now, UtcDateTime)))
            .distinct()
        )
        asked = set(rows) - found
        if not asked:
            break
        found |= asked
    return frozenset(found.difference(usernames))


def in_force(at: ColumnElement[datetime], agreement: type[Deputy] = Deputy) -> ColumnElement[bool]:
    """Condition on Deputy, or an alias of it: it counts at this moment."""
    return and_(agreement.starts_at <= at, agreement.ends_at > at)


@cache
def _statement() -> CompoundSelect[*tuple[Any, ...]]:
    """Written out hop by hop: of a recursive query neither database knows how small it is."""
    hops = [_hop(bindparam("deputy"), None, 1)]
    for number in range(2, MOST_HOPS + 1):
        hops.append(_hop(hops[-1].c.seat, hops[-1], number))
    seats = union_all(*(select(*hop.c) for hop in hops)).cte("seats")
    # Outer joins keep both databases to the order in which they are written: seats are few.
    listed = select(*seats.c, Membership.group_id).outerjoin(
        Membership, Membership.username == seats.c.seat
    )
    posted = (
        select(*seats.c, PostGroup.id)
        .outerjoin(Post, and_(Post.username == seats.c.seat, Post.ended_at.is_(None)))
        .outerjoin(PostGroup, and_(Post.key.is_not(None), in_group()))
    )
    return union_all(listed, posted)


def _hop(deputy: ColumnElement[str], before: CTE | None, number: int) -> CTE:
    agreement, principal = aliased(Deputy), aliased(Person)
    statement = (
        select(
            literal(number).label("hop"),
            agreement.key.label("agreement"),
            agreement.deputy.label("under"),
            agreement.principal.label("seat"),
            principal.display_name.label("seat_name"),
            agreement.process_ids.label("process_ids"),
            agreement.starts_at.label("begun_at"),
            agreement.covers_open.label("covers_open"),
        )
        .join(principal, principal.username == agreement.principal)
        .where(in_force(bindparam(AT, type_=UtcDateTime), agreement), principal.active)
    )
    if before is None:
        statement = statement.where(agreement.deputy == deputy)
    else:
        statement = statement.join(before, deputy == agreement.deputy)
    return statement.cte(f"hop{number}")


def _of_hop(rows: Sequence[SeatRow], hop: int) -> list[SeatRow]:
    """Return one row an agreement."""
    return list({row.agreement: row for row in rows if row.hop == hop}.values())


def _principal(row: SeatRow, rows: Iterable[SeatRow]) -> Principal:
    groups = (one.group_id for one in rows if one.seat == row.seat)
    return Principal(
        username=row.seat,
        display_name=row.seat_name,
        groups=frozenset(group for group in groups if group is not None),
        process_ids=frozenset(row.process_ids) or None,
        begun_at=row.begun_at,
        covers_open=row.covers_open,
        by_all=not row.process_ids,
    )


def _joined(nearer: Principal, further: Principal) -> Principal | None:
    """Return the further one as far as the nearer's deputy may act for them; None for nothing."""
    scope = common_scope(nearer.process_ids, further.process_ids)
    if scope == frozenset():
        return None
    return Principal(
        username=further.username,
        display_name=further.display_name,
        groups=further.groups,
        process_ids=scope,
        begun_at=max(nearer.begun_at, further.begun_at),
        covers_open=nearer.covers_open and further.covers_open,
        by_all=nearer.by_all or further.by_all,
    )


def _order(principal: Principal) -> tuple[str, list[str], datetime, bool, bool]:
    """In one order, so that equal actors are equal."""
    scope = sorted(principal.process_ids or ())
    return (
        principal.username,
        scope,
        principal.begun_at,
        principal.covers_open,
        principal.by_all,
    )
