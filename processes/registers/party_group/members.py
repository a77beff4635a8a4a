"""The register of the Party group's members with their terms of office; append-only."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session, aliased

from processes.registers.days import BUREAU_TIME
from processes.registers.party_group.tables import MEMBERS, MemberRecord
from service.domain.access_events import AccessKind
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.errors import Conflict, Forbidden, Invalid, NotFound
from service.domain.values import Json
from service.procedure import Ledger, barred_by, granted_by_name, record, take_turn

_SEALED = (
    *("member_key", "revision", "username", "name", "position", "rank", "begins_on", "ends_on"),
    *("basis", "reason", "recorded_by"),
)
"""What the digest of a revision is of."""
POSITIONS = ("书记", "副书记", "成员")
_LONGEST = 200


class MemberNotFound(NotFound):
    """没有找到这位党组成员，或者你没有查看的权限。"""

    code = "committee.member-not-found"


class MembersForbidden(Forbidden):
    """党组成员名册不由你登记，没有任何改动。"""

    code = "committee.members-forbidden"


class MemberChanged(Conflict):
    """{who}刚刚在{when}变更了这位成员的记录，你的变更没有保存。请刷新后核对再办。"""

    code = "committee.member-changed"


class MemberUnfit(Invalid):
    """没有登记：{reason}。请改正后再提交。"""

    code = "committee.member-invalid"


@dataclass(frozen=True, slots=True)
class Term:
    """A member's term as it is entered. `ends_on` is the last day, None while it lasts."""

    username: str
    name: str
    position: str
    rank: int
    begins_on: date
    ends_on: date | None
    basis: str


def in_office(session: Session, day: date) -> Sequence[MemberRecord]:
    """Return the members in office on a day, in their order; vacancies are nobody (C-CARRY: N)."""
    return session.scalars(
        select(MemberRecord)
        .where(
            in_force(),
            MemberRecord.begins_on <= day,
            or_(MemberRecord.ends_on.is_(None), MemberRecord.ends_on >= day),
        )
        .order_by(MemberRecord.rank, MemberRecord.member_key)
    ).all()


def listed(session: Session, *, actor: Actor) -> Sequence[MemberRecord]:
    """Return the newest revision of each member, who is in office first. Raises MemberNotFound."""
    if not _may(session, actor, Action.READ):
        raise MemberNotFound
    return session.scalars(
        select(MemberRecord)
        .where(in_force())
        .order_by(MemberRecord.ends_on.is_not(None), MemberRecord.rank, MemberRecord.member_key)
    ).all()


def revisions(session: Session, key: int, *, actor: Actor) -> Sequence[MemberRecord]:
    """Return all that was recorded of a member, the newest first. Raises MemberNotFound."""
    if not _may(session, actor, Action.READ) or not 0 <= key < 2**63:
        raise MemberNotFound
    rows = session.scalars(
        select(MemberRecord)
        .where(MemberRecord.member_key == key)
        .order_by(MemberRecord.revision.desc())
    ).all()
    if not rows:
        raise MemberNotFound
    return rows


def enter(tools: Ledger, term: Term, *, actor: Actor, now: datetime) -> int:
    """Enter a member; return the key. Nobody enters themselves, nor who is tied to them.

    Raises MemberNotFound, MembersForbidden, MemberUnfit.
    """
    session = tools.session
    require(session, actor)
    _require_untied(session, [term.username], actor)
    take_turn(session, MEMBERS)
    _require_fit(session, term, other_than=0)
    key = tools.keys.next()
    _keep(tools, _record(key, 1, term, "", actor, now), actor=actor, now=now)
    return key


def change(
    tools: Ledger,
    key: int,
    term: Term,
    *,
    reason: str,
    revision: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Add a revision: a term that ends, a position that changes, an entry that was wrong.

    `revision` is the one the actor saw. Raises MemberNotFound, MembersForbidden, MemberChanged,
    MemberUnfit.
    """
    session = tools.session
    require(session, actor)
    take_turn(session, MEMBERS)
    latest = revisions(session, key, actor=actor)[0]
    if latest.revision != revision:
        when = latest.recorded_at.astimezone(BUREAU_TIME).strftime("%H:%M")
        raise MemberChanged(who=latest.recorded_by_name or latest.recorded_by, when=when)
    if not reason.strip() or len(reason) > _LONGEST:
        raise MemberUnfit(reason=f"请写明变更的理由，最多{_LONGEST}字")
    _require_untied(session, [latest.username, term.username], actor)
    _require_fit(session, term, other_than=key)
    _keep(tools, _record(key, revision + 1, term, reason.strip(), actor, now), actor=actor, now=now)


def _may(session: Session, actor: Actor, action: Action) -> bool:
    right = granted_by_name(actor, ObjectKind.REGISTER, action, MEMBERS)
    return bool(session.scalar(select(right)))


def may_read(session: Session, actor: Actor) -> bool:
    """Tell whether a right that names the register lets the actor read it."""
    return _may(session, actor, Action.READ)


def require(session: Session, actor: Actor) -> None:
    """Raise MemberNotFound for who may not read the register, MembersForbidden for who only may."""
    if not _may(session, actor, Action.READ):
        raise MemberNotFound
    if not _may(session, actor, Action.ACT):
        raise MembersForbidden


def require_export(session: Session, actor: Actor) -> None:
    """Raise MemberNotFound for who may not read the register, Forbidden for who may not export."""
    if not _may(session, actor, Action.READ):
        raise MemberNotFound
    if not _may(session, actor, Action.EXPORT):
        raise Forbidden


def _require_untied(session: Session, usernames: Sequence[str], actor: Actor) -> None:
    """Source: 人社部规〔2019〕1号. The system itself, as the sample, is tied to nobody."""
    bar = barred_by(session, usernames).get(actor.username)
    if bar is not None:
        raise MemberUnfit(reason="是你本人或者与你有回避关系的人，由另一位会议秘书登记")


def _require_fit(session: Session, term: Term, *, other_than: int) -> None:
    if term.position not in POSITIONS:
        raise MemberUnfit(reason="职务应为书记、副书记或成员")
    if not 1 <= term.rank <= 99:
        raise MemberUnfit(reason="排序应为1至99")
    if not term.basis.strip() or len(term.basis) > _LONGEST:
        raise MemberUnfit(reason=f"请写明任职依据（文件和文号），最多{_LONGEST}字")
    if term.ends_on is not None and term.ends_on < term.begins_on:
        raise MemberUnfit(reason="任期的最后一日不能早于任职之日")
    for other in session.scalars(select(MemberRecord).where(in_force())):
        if other.member_key != other_than and _overlap(term, other):
            if other.username == term.username:
                raise MemberUnfit(reason=f"{other.name}在这段时间已经是党组成员")
            if term.position == other.position == "书记":
                raise MemberUnfit(reason=f"这段时间的书记是{other.name}，同时只能有一位")


def _overlap(term: Term, other: MemberRecord) -> bool:
    starts_before = other.ends_on is None or term.begins_on <= other.ends_on
    return starts_before and (term.ends_on is None or other.begins_on <= term.ends_on)


def in_force() -> ColumnElement[bool]:
    """Condition: no later revision of the member is there."""
    later = aliased(MemberRecord)
    return ~exists().where(
        later.member_key == MemberRecord.member_key, later.revision > MemberRecord.revision
    )


def digest_of(row: MemberRecord) -> str:
    """Return the SHA-256 of what a revision says: a row that was rewritten has another."""
    said = [str(getattr(row, name)) for name in _SEALED]
    return hashlib.sha256("\0".join(said).encode()).hexdigest()


def _keep(tools: Ledger, row: MemberRecord, *, actor: Actor, now: datetime) -> None:
    """Write a revision, and into the access log that it was: its digest, none of its values."""
    tools.session.add(row)
    tools.session.flush()
    details: dict[str, Json] = {
        "change": "register-entered" if row.revision == 1 else "register-changed",
        "reason": row.reason or row.basis,
        "digest": digest_of(row),
    }
    record(
        tools,
        AccessKind.REGISTER_CHANGED,
        actor=actor,
        subject=row.username,
        reference=f"{MEMBERS}/{row.member_key}",
        details=details,
        now=now,
    )


def _record(
    key: int, revision: int, term: Term, reason: str, actor: Actor, now: datetime
) -> MemberRecord:
    return MemberRecord(
        member_key=key,
        revision=revision,
        username=term.username,
        name=term.name,
        position=term.position,
        rank=term.rank,
        begins_on=term.begins_on,
        ends_on=term.ends_on,
        basis=term.basis.strip(),
        reason=reason,
        recorded_at=now,
        recorded_by=actor.username,
        recorded_by_name=actor.display_name or actor.username,
    )
