"""Declaring that people are tied to each other, and that they no longer are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from service.commands.access_log import record
from service.commands.rooms import Rooms
from service.commands.tie_effects import bar_from_open, hold_still, let_in, lock_instances
from service.commands.toolbox import Toolbox
from service.commands.upserts import Row, table
from service.domain.access_events import AccessKind, bureau_day
from service.domain.accounts import PersonKind, is_username
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.personal_data import PersonalKind, accepted
from service.domain.recusal import (
    LONGEST_NAME,
    LONGEST_NOTE,
    RecusalForbidden,
    Tie,
    TieInvalid,
    TieKind,
    TieNotFound,
    TieOfOneself,
    TieSource,
    bars,
)
from service.domain.strict_json import is_readable
from service.domain.values import Json
from service.store.authorization import holds
from service.store.personal_data import scope_of
from service.store.recusal import ties_of
from service.store.tables import (
    PersonalDatum,
    PersonalTie,
    TieLookup,
)


def declare(
    tools: Toolbox,
    *,
    username: str,
    other: str,
    kind: TieKind,
    source: TieSource = TieSource.SELF,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> int:
    """Declare that `username` is tied to `other`; return the declaration's key.

    It counts at once: both are kept out of every open task that is about the other, and a task that
    one of them holds goes back to its candidates. One's own ties everybody declares; those of
    others, and what the unit orders, who has RECUSAL act. Raises TieInvalid, RecusalForbidden.
    """
    session = tools.session
    _require_may_declare(session, username, source, actor)
    said = _sound(username, other, note, source)
    # Instances before people: a step locks in this order, too.
    instances = lock_instances(session, username, other)
    _require_known(hold_still(session, username, other), username, other)
    same = session.scalar(
        select(PersonalTie.key).where(
            or_(
                (PersonalTie.username == username) & (PersonalTie.other == other),
                (PersonalTie.username == other) & (PersonalTie.other == username),
            ),
            PersonalTie.kind == kind,
            PersonalTie.ended_at.is_(None),
        )
    )
    if same is not None:
        raise TieInvalid(reason="两人之间的这种关系已经登记过")
    key = _write(
        tools, _Words(username, kind, source, said), {"other": other}, actor=actor, now=now
    )
    bar_from_open(tools, [Tie(key, username, other, kind)], instances, now)
    details = _declared(kind, source) | {"other": other}
    _record(tools, key, username, details, actor=actor, now=now)
    return key


def declare_outsider(
    tools: Toolbox,
    *,
    username: str,
    name: str,
    number_kind: PersonalKind,
    number: str,
    kind: TieKind,
    source: TieSource = TieSource.SELF,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> int:
    """Declare a tie to somebody who may have no account, by an ID or mobile number of theirs.

    The number is kept encrypted; it counts for every account that carries it, now or one day.
    Nobody learns here whether there is one. Raises as `declare`, PersonalDataInvalid,
    DataKeyMissing.
    """
    session = tools.session
    _require_may_declare(session, username, source, actor)
    shown = " ".join(name.split())
    if not 1 <= len(shown) <= LONGEST_NAME or not shown.isprintable():
        raise TieInvalid(reason=f"姓名应有 1 至 {LONGEST_NAME} 个字符")
    said = _said(note, source)
    value = accepted(number_kind, number, today=bureau_day(now))
    lookups = [tools.data_keys.lookup(value, scope_of(each, number_kind)) for each in PersonKind]
    carriers = sorted(_carriers(session, lookups) - {username})
    instances = lock_instances(session, username, *carriers)
    _require_known(hold_still(session, username, *carriers), username)
    there = select(TieLookup.tie_key).join(PersonalTie, PersonalTie.key == TieLookup.tie_key)
    same = there.where(
        TieLookup.lookup.in_(lookups),
        PersonalTie.username == username,
        PersonalTie.kind == kind,
        PersonalTie.ended_at.is_(None),
    )
    if session.execute(same).first() is not None:
        raise TieInvalid(reason="与此人的这种关系已经登记过")
    key = _write(
        tools,
        _Words(username, kind, source, said),
        {"other_name": shown, "number_kind": number_kind},
        actor=actor,
        now=now,
    )
    sealed = tools.data_keys.seal(value, _place(key))
    session.execute(
        update(table(PersonalTie)).where(PersonalTie.key == key).values(number_sealed=sealed)
    )
    _write_lookups(session, key, lookups)
    bar_from_open(tools, [Tie(key, username, one, kind) for one in carriers], instances, now)
    _record(tools, key, username, _declared(kind, source), actor=actor, now=now)
    return key


def rotate_key(rooms: Rooms) -> int:
    """Seal with the newest key the numbers that an older one has sealed; return how many.

    Raises DataKeyMissing, SealBroken.
    """
    with rooms.write() as tools:
        rows = tools.session.execute(
            select(PersonalTie.key, PersonalTie.number_kind, PersonalTie.number_sealed)
            .where(PersonalTie.number_sealed.is_not(None))
            .order_by(PersonalTie.key)
            .with_for_update()
        ).all()
        old = [row for row in rows if not tools.data_keys.is_newest(row.number_sealed or "")]
        for key, kind, sealed in old:
            value = tools.data_keys.open(sealed or "", _place(key))
            again = tools.data_keys.seal(value, _place(key))
            of_tie = PersonalTie.key == key
            tools.session.execute(
                update(table(PersonalTie)).where(of_tie).values(number_sealed=again)
            )
            tools.session.execute(delete(table(TieLookup)).where(TieLookup.tie_key == key))
            scopes = [scope_of(each, kind or "") for each in PersonKind]
            _write_lookups(tools.session, key, [tools.data_keys.lookup(value, s) for s in scopes])
    return len(old)


def end(tools: Toolbox, *, key: int, why: str, actor: Actor, now: datetime) -> None:
    """End a tie that was declared wrongly or is no more; what was decided meanwhile stays.

    Whoever declared their own tie ends it; any other who has RECUSAL act and is neither a party to
    it nor tied to one: nobody lifts a recusal that keeps them out themselves. Raises TieNotFound,
    TieInvalid, RecusalForbidden, TieOfOneself.
    """
    session = tools.session
    manages = _manages(session, actor)
    tie = session.execute(
        select(PersonalTie).where(PersonalTie.key == key, PersonalTie.ended_at.is_(None))
    ).scalar_one_or_none()
    if tie is None or not (manages or actor.username == tie.username):
        raise TieNotFound
    own = tie.source == TieSource.SELF and tie.declared_by == actor.username
    if not manages and not own:
        raise RecusalForbidden
    parties = _parties(session, tie)
    if not own and actor.username in bars(parties, ties_of(session, parties)):
        raise TieOfOneself
    said = _text(why, "终止的原因")
    if not said:
        raise TieInvalid(reason="请写明终止的原因")
    hold_still(session, tie.username, *filter(None, [tie.other]))
    session.execute(
        update(table(PersonalTie))
        .where(PersonalTie.key == key)
        .values(ended_at=now, ended_by=actor.username, end_reason=said)
    )
    let_in(session, key)
    details: dict[str, Json] = {"change": "ended", "kind": tie.kind, "reason": said}
    _record(tools, key, tie.username, details, actor=actor, now=now)


def _parties(session: Session, tie: PersonalTie) -> set[str]:
    """Return the accounts at both ends, those too that carry the number it names."""
    found = [one for one in ties_of(session, [tie.username]) if one.key == tie.key]
    return {tie.username, *(end for one in found for end in (one.username, one.other))}


@dataclass(frozen=True, slots=True)
class _Words:
    """What is said of a tie, without the other."""

    username: str
    kind: TieKind
    source: TieSource
    note: str


def _write(tools: Toolbox, words: _Words, other: Row, *, actor: Actor, now: datetime) -> int:
    key = tools.keys.next()
    row: Row = {
        "key": key,
        "username": words.username,
        "kind": words.kind,
        "source": words.source,
        "note": words.note,
        "other_name": "",
        "declared_at": now,
        "declared_by": actor.username,
        **other,
    }
    tools.session.execute(insert(table(PersonalTie)).values(row))
    return key


def _write_lookups(session: Session, key: int, lookups: Sequence[str]) -> None:
    rows = [{"tie_key": key, "lookup": lookup} for lookup in lookups]
    session.execute(insert(table(TieLookup)), rows)


def _carriers(session: Session, lookups: Sequence[str]) -> frozenset[str]:
    """User names of the accounts that carry the number."""
    found = select(PersonalDatum.username).where(PersonalDatum.lookup.in_(lookups))
    return frozenset(session.scalars(found))


def _place(key: int) -> str:
    """What the number of a tie is bound to when it is sealed."""
    return f"tie/{key}"


def _declared(kind: TieKind, source: TieSource) -> dict[str, Json]:
    return {"change": "declared", "kind": kind, "source": source}


def _require_may_declare(session: Session, username: str, source: TieSource, actor: Actor) -> None:
    own = source is TieSource.SELF and username == actor.username
    if not own and not _manages(session, actor):
        raise RecusalForbidden


def _manages(session: Session, actor: Actor) -> bool:
    return holds(session, actor, ObjectKind.RECUSAL, Action.ACT)


def _sound(username: str, other: str, note: str, source: TieSource) -> str:
    if username == other:
        raise TieInvalid(reason="不能申报与本人的关系")
    _require_known(frozenset(filter(is_username, (username, other))), username, other)
    return _said(note, source)


def _said(note: str, source: TieSource) -> str:
    said = _text(note, "说明")
    if source is not TieSource.SELF and not said:
        raise TieInvalid(reason="他人提出或单位决定的回避，请写明依据")
    return said


def _require_known(known: frozenset[str], *usernames: str) -> None:
    for one in usernames:
        if one not in known:
            shown = one[:60].replace("\0", "")
            raise TieInvalid(reason=f"没有用户名为“{shown}”的账号")


def _text(text: str, what: str) -> str:
    said = " ".join(text.split())
    if len(said) > LONGEST_NOTE or not is_readable(said):
        raise TieInvalid(reason=f"{what}最多 {LONGEST_NOTE} 字")
    return said


def _record(
    tools: Toolbox, key: int, subject: str, details: dict[str, Json], *, actor: Actor, now: datetime
) -> None:
    record(
        tools,
        AccessKind.TIE_CHANGED,
        actor=actor,
        subject=subject,
        reference=f"tie/{key}",
        details=details,
        now=now,
    )
