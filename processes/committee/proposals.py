"""What somebody puts up for the Party group, and whether it may come before it so."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.committee.matters import joined, people_in, said_class
from processes.committee.refusals import (
    AnotherClass,
    Blocked,
    MattersJoined,
    NothingNew,
    NotToldApart,
    OnePersonOneItem,
    OutOfJurisdiction,
    Unfit,
)
from processes.committee.rules import (
    OF_THE_EMPLOYER,
    ItemClass,
    Outcome,
    may_come_with_evidence,
    one_person_each,
)
from processes.committee.tables import Item, ItemState
from processes.registers.days import bureau_day, said_day
from processes.registers.staffing.employers import employer_of, institution
from processes.registers.staffing.facts import Level
from processes.registers.staffing.tables import Researcher

LONGEST_TITLE = 120

_ADVICE = "建议"
"""How an item begins by which the city only recommends, to whose it is to decide (C-LEVEL)."""

_ENDS = {ItemClass.EXIT: "退出教研队伍", ItemClass.REVOCATION: "撤销聘任"}


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom an item is about; `username` is empty for somebody without an account."""

    name: str
    username: str = ""
    unit: str = ""
    """Institution that employs them, or is to: its key, else its name."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """An item as it is put up.

    `ground` is what allows a matter to come back, or tells it from another (C-AGAIN); `matter` what
    beside the person names it: number of the case or document, round and seat.
    """

    item_class: ItemClass
    title: str
    text: str
    subjects: Sequence[Subject] = ()
    materials: Sequence[str] = ()
    ground: str = ""
    matter: str = ""
    process_id: str = ""
    instance_key: int | None = None


def of_its_class(proposal: Proposal) -> Proposal:
    """Return the proposal with the class that naming somebody gives it (C-ONE)."""
    people = sum(people_in(one.name) for one in proposal.subjects)
    if people > 1:
        raise OnePersonOneItem(count=people)
    if people and proposal.item_class is ItemClass.OTHER:
        proposal = replace(proposal, item_class=ItemClass.PERSONAL)
    if not one_person_each(proposal.item_class, people):
        what = f"“{proposal.item_class.label}”的议题"
        raise Unfit(
            reason=f"{what}不写所涉及的人；涉及个人的，请选择相应的类别（规则 C-ONE）"
            if people
            else f"{what}须写明所涉及的一个人"
        )
    return proposal


def with_matter(session: Session, proposal: Proposal) -> Proposal:
    """Return the proposal with what an exit or a revocation is of, where nobody has said it.

    It is the engagement that the roster has in force: who comes anew has another one.
    """
    name = _ENDS.get(proposal.item_class)
    if name is None or proposal.matter.strip() or not proposal.subjects:
        return proposal
    username = proposal.subjects[0].username
    began = session.scalar(
        select(Researcher.began_on).where(
            Researcher.username == username, Researcher.ended_on.is_(None)
        )
    )
    of_which = "" if not username or began is None else f"（{said_day(began)}到岗）"
    return replace(proposal, matter=f"{name}{of_which}")


def require_words(proposal: Proposal) -> None:
    """Refuse a title that asks for another class, or for two at once: 退出, 处分, 撤销聘任."""
    chosen, title = proposal.item_class, proposal.title.strip()[:LONGEST_TITLE]
    if chosen.about_a_person and len(both := joined(title)) > 1:
        raise MattersJoined(title=title, said="、".join(each.label for each in both))
    asked = said_class(title, about_a_person=chosen.about_a_person)
    free = chosen.about_a_person and chosen is not ItemClass.PERSONAL
    if asked is not None and not free and not title.startswith(_ADVICE):
        raise AnotherClass(title=title, said=asked.label, chosen=chosen.label)


def require_jurisdiction(session: Session, proposal: Proposal) -> None:
    """This is the city's desk: what is the district's to decide is none of its items (C-LEVEL).

    By the institution that takes somebody on; else by the employer of the rosters, and by the
    institution that the item names, which it must where no roster says.
    """
    chosen = proposal.item_class
    if chosen not in OF_THE_EMPLOYER | {ItemClass.RECRUITMENT}:
        return
    for one in proposal.subjects:
        named = institution(session, one.unit.strip()) if one.unit.strip() else None
        by_roster = (
            employer_of(session, one.username)
            if one.username and chosen in OF_THE_EMPLOYER
            else None
        )
        for employer in (named, by_roster):
            if employer is not None and employer.level is Level.DISTRICT:
                raise OutOfJurisdiction(who=one.name, unit=employer.unit, what=chosen.label)
        if by_roster is None and not one.unit.strip():
            raise Unfit(
                reason=f"请写明{one.name}所在（或者拟聘）的教研机构：市级的由市教育局党组决定，"
                "区级的由区教育局党组（党委）决定（规则 C-LEVEL，《方案》三（四）和人事管理权限）"
            )


def require_new(before: Item, proposal: Proposal, ground: str) -> None:
    """Let a matter that was not carried come with new evidence, and nothing else (C-AGAIN)."""
    outcome = Outcome(before.outcome)
    told = {
        "who": before.subject_name or before.title,
        "when": "此前" if before.decided_at is None else said_day(bureau_day(before.decided_at)),
        "outcome": outcome.label,
    }
    if not ground or not may_come_with_evidence(outcome):
        raise Blocked(**told)
    known = before.materials if isinstance(before.materials, list) else []
    new = {one.strip() for one in proposal.materials if one.strip()} - set(map(str, known))
    if proposal.item_class.about_a_person and not new:
        raise NothingNew(**told)


def told_apart(other: Item) -> NotToldApart:
    """Return what says that a matter is to be told from one that was put up before (C-AGAIN)."""
    decided = other.state == ItemState.DECIDED
    state = Outcome(other.outcome).label if decided else ItemState(other.state).label
    chosen = ItemClass(other.item_class).label
    return NotToldApart(who=other.subject_name, what=chosen, title=other.title, state=state)
