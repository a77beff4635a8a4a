"""Deputies: who acts for somebody who is away.

A person names their own deputy, an administrator anybody's.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import insert, or_, select, update
from sqlalchemy.orm import Session

from service.commands.access_log import Ledger, record
from service.commands.accounts import PersonNotFound, require_administrator
from service.commands.closing import closed_among
from service.commands.notifications import Concerned, Happening, notify
from service.commands.separation import require_for_another
from service.commands.upserts import table
from service.domain.access_events import AccessKind, bureau_day
from service.domain.accounts import PersonKind, is_username
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import ADMINISTERING
from service.domain.dates import said_day
from service.domain.deputies import Deputizing, fault_of
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.notifications import NotificationKind
from service.domain.values import Json
from service.store.authorization import holds
from service.store.tables import Deputy, Person

MOST_PROCESSES = 50


class DeputyRefused(Invalid):
    """不能这样委托代理：{reason}。没有改动，请改正后再提交。"""

    code = "deputies.refused"


class DeputyUnfit(Conflict):
    """{name}不能作代理人（或被代理人）：{reason}。没有改动，请另选一位。"""

    code = "deputies.person-unfit"


class DeputyNotFound(NotFound):
    """没有找到这次代理，或者它已经结束。请刷新后再试。"""

    code = "deputies.not-found"


def appoint(
    tools: Ledger,
    *,
    principal: str,
    deputy: str,
    starts_at: datetime,
    ends_at: datetime,
    process_ids: Collection[str] = (),
    covers_open: bool = True,
    actor: Actor,
    now: datetime,
) -> int:
    """Let the deputy act for the principal in [starts_at, ends_at); return the agreement's key.

    Of `process_ids` none means all procedures. `covers_open`: tasks that wait already are meant
    too. A closed procedure is meant only where it is named, and only who is away names it. Raises
    OwnAccess, PersonNotFound, DeputyUnfit, DeputyRefused, AccountsForbidden.
    """
    session = tools.session
    if actor.username != principal:
        require_administrator(session, actor)
        require_for_another(deputy, "让自己代理别人", actor=actor)
    _require_people(session, principal, deputy)
    wanted = Deputizing(
        principal=principal,
        deputy=deputy,
        starts_at=starts_at,
        ends_at=ends_at,
        process_ids=frozenset(process_ids) or None,
    )
    if ends_at <= now:
        raise DeputyRefused(reason="这段时间已经过去")
    if len(process_ids) > MOST_PROCESSES:
        raise DeputyRefused(reason=f"一次最多选择 {MOST_PROCESSES} 个流程")
    closed = closed_among(session, wanted.process_ids or ())
    if closed and actor.username not in {principal, SYSTEM.username}:
        raise DeputyRefused(reason="封闭的流程只能由本人委托代理")
    if (fault := fault_of(wanted, _beside(session, wanted, closed, now))) is not None:
        raise DeputyRefused(reason=fault)
    key = tools.keys.next()
    session.execute(
        insert(table(Deputy)).values(
            key=key,
            principal=principal,
            deputy=deputy,
            starts_at=starts_at,
            ends_at=ends_at,
            process_ids=sorted(set(process_ids)),
            covers_open=covers_open,
            appointed_at=now,
            appointed_by=actor.username,
        )
    )
    details: dict[str, Json] = {
        "change": "appointed",
        "deputy": deputy,
        "from": starts_at.isoformat(),
        "to": ends_at.isoformat(),
        "processes": [*sorted(set(process_ids))],
        "covers_open": covers_open,
    }
    notify(
        tools,
        Happening(
            NotificationKind.DEPUTY_APPOINTED,
            Concerned(people=(deputy,)),
            facts={
                "since": said_day(bureau_day(starts_at)),
                "until": said_day(bureau_day(ends_at - timedelta(microseconds=1))),
            },
            names={"who": principal},
        ),
        now=now,
    )
    _record(tools, key, principal, details, actor=actor, now=now)
    return key


def dismiss(tools: Ledger, *, key: int, actor: Actor, now: datetime) -> None:
    """End an agreement at once: by the principal, the deputy, or an administrator.

    What the deputy holds stays theirs. Raises DeputyNotFound, for everybody else too.
    """
    session = tools.session
    found = session.scalar(
        select(Deputy).where(Deputy.key == key, Deputy.ends_at > now).with_for_update()
    )
    if found is None:
        raise DeputyNotFound
    parties = {found.principal, found.deputy}
    if actor.username not in parties and not holds(session, actor, *ADMINISTERING):
        raise DeputyNotFound
    starts_at = min(found.starts_at, now)  # one that has not begun never counted
    session.execute(
        update(table(Deputy))
        .where(Deputy.key == key)
        .values(starts_at=starts_at, ends_at=now, ended_by=actor.username)
    )
    details: dict[str, Json] = {"change": "dismissed", "deputy": found.deputy}
    _record(tools, key, found.principal, details, actor=actor, now=now)


def end_all_of(tools: Ledger, *, username: str, actor: Actor, now: datetime) -> None:
    """End what a person who leaves has agreed, as principal and as deputy.

    Raises AccountsForbidden.
    """
    require_administrator(tools.session, actor)
    party = or_(Deputy.principal == username, Deputy.deputy == username)
    keys = select(Deputy.key).where(party, Deputy.ends_at > now).order_by(Deputy.key)
    for key in tools.session.scalars(keys).all():
        dismiss(tools, key=key, actor=actor, now=now)


def _require_people(session: Session, principal: str, deputy: str) -> None:
    """Lock both, so that two agreements at once cannot name each other."""
    wanted = sorted({principal, deputy})
    if not all(map(is_username, wanted)):
        raise PersonNotFound(username=next(one for one in wanted if not is_username(one))[:60])
    rows = session.scalars(
        select(Person)
        .where(Person.username.in_(wanted))
        .order_by(Person.username)
        .with_for_update()
    ).all()
    found = {row.username: row for row in rows}
    for username in wanted:
        if username not in found:
            raise PersonNotFound(username=username)
        person = found[username]
        if person.kind != PersonKind.STAFF:
            raise DeputyUnfit(name=person.display_name, reason="不是工作人员")
        if not person.active:
            raise DeputyUnfit(name=person.display_name, reason="账号已经停用")


def _agreed(session: Session, now: datetime) -> list[Deputizing]:
    """All that counts now or later: a bureau has some dozens."""
    return [
        Deputizing(
            principal=row.principal,
            deputy=row.deputy,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            process_ids=frozenset(row.process_ids) or None,
        )
        for row in session.scalars(select(Deputy).where(Deputy.ends_at > now))
    ]


def _beside(
    session: Session, wanted: Deputizing, closed: Collection[str], now: datetime
) -> list[Deputizing]:
    """What is agreed that can meet this: what is for all procedures means no closed one."""
    known = _agreed(session, now)
    if wanted.process_ids is None:
        named = closed_among(session, {one for each in known for one in each.process_ids or ()})
        return [one for one in known if one.process_ids is None or not one.process_ids <= named]
    if wanted.process_ids <= frozenset(closed):
        return [one for one in known if one.process_ids is not None]
    return known


def _record(
    tools: Ledger,
    key: int,
    principal: str,
    details: dict[str, Json],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    record(
        tools,
        AccessKind.DEPUTY_CHANGED,
        actor=actor,
        subject=principal,
        reference=str(key),
        details=details,
        now=now,
    )
