"""Who is in post by a decision of the Party group: as the registers of their entry say it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.recruitment.rules.notice import RECRUITMENT_ITEM
from processes.recruitment.tables import Candidacy, CandidacyState, Round, RoundPost
from processes.registers import changes
from processes.registers.party_group import decisions
from processes.registers.party_group.decisions import Decided
from processes.registers.roster import RegisterChange
from processes.registers.staffing.tables import RESEARCHERS, Researcher, StaffSeat

_IN_POST = (CandidacyState.ON_TRIAL, CandidacyState.TRANSFERRING, CandidacyState.APPOINTED)


@dataclass(frozen=True, slots=True)
class Engaged:
    """Somebody in post: their entry, stage and subject; `candidacy_key` is empty for D and E."""

    entry: Researcher
    seat: str
    candidacy_key: str = ""


def engaged_by(session: Session, item: str) -> Engaged | None:
    """Return who is in post by the decision on this item that is carried no longer, or None."""
    decided = decisions.find(session, item)
    if decided is None or decided.carried or decided.item_class != RECRUITMENT_ITEM:
        return None
    return (
        _appointed(session, decided)
        or _without_a_seat(session, decided)
        or _entered_by_hand(session, decided)
    )


def _appointed(session: Session, decided: Decided) -> Engaged | None:
    """By a round: who was entered for it with the seat of the post that the item names."""
    row = session.execute(
        select(RoundPost, Round.instance_key)
        .join(Round, Round.key == RoundPost.round_key)
        .where(RoundPost.code == decided.matter.rpartition(" ")[2])
    ).one_or_none()
    if row is None:
        return None
    candidacy = session.scalar(
        select(Candidacy).where(
            Candidacy.post_code == row.RoundPost.code,
            Candidacy.username == decided.subject,
            Candidacy.name == decided.subject_name,
            Candidacy.state.in_(_IN_POST),
        )
    )
    entry = _entered_for(session, row.instance_key, seat_code=row.RoundPost.seat_code)
    if candidacy is None or entry is None:
        return None
    return Engaged(entry, row.RoundPost.seat, str(candidacy.key))


def _without_a_seat(session: Session, decided: Decided) -> Engaged | None:
    """返聘 and 兼职: who was entered by the case that put the item up."""
    if decided.instance_key is None:
        return None
    entry = _entered_for(session, decided.instance_key, seat_code="")
    return None if entry is None else Engaged(entry, entry.covers)


def _entered_by_hand(session: Session, decided: Decided) -> Engaged | None:
    """Outside any case: who was entered by the number of the item (S-APPOINT)."""
    entry = session.scalar(
        select(Researcher).where(
            Researcher.username == decided.subject,
            decisions.names_item(Researcher.appointment_basis, decided.item),
            Researcher.ended_on.is_(None),
        )
    )
    if entry is None:
        return None
    seat = session.scalar(
        select(StaffSeat.seat).where(
            StaffSeat.code == entry.seat_code, StaffSeat.ended_on.is_(None)
        )
    )
    return Engaged(entry, entry.covers or seat or "")


def _entered_for(session: Session, instance_key: int, *, seat_code: str) -> Researcher | None:
    return session.scalar(
        select(Researcher)
        .join(RegisterChange, RegisterChange.entry_key == Researcher.key)
        .where(
            RegisterChange.register == RESEARCHERS,
            RegisterChange.act == changes.ENTERED,
            RegisterChange.instance_key == instance_key,
            Researcher.seat_code == seat_code,
            Researcher.ended_on.is_(None),
        )
        .order_by(Researcher.key.desc())
        .limit(1)
    )
