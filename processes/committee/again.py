"""Whether a matter is up already, or was decided before (C-AGAIN): by person, class, substance.

A case number written by hand makes no matter another one. What the program itself numbers (the
round and seat of a case) does. Of sanctions and other personal business there may be several
incidents; which is another one, whoever puts it up says, by its document and in words (`beside`).
"""

import re
import unicodedata
from datetime import date

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from processes.committee.proposals import Proposal, Subject
from processes.committee.rules import DECIDING, ItemClass, Outcome
from processes.committee.tables import Item, ItemState
from processes.registers.days import bureau_day
from processes.registers.staffing.tables import Researcher
from service.procedure import case_ended

_ONE_AT_A_TIME = frozenset({ItemClass.EXIT, ItemClass.REVOCATION, ItemClass.RECRUITMENT})
"""What can be of a person but once while they are where they are; other classes may come of
several incidents."""
_UP = (ItemState.WAITING, ItemState.AGENDA, ItemState.DISCUSSED, ItemState.VOTING)
_ASIDE = re.compile(r"[（(〔\[【][^）)〕\]】]*[）)〕\]】]|案号\S*|第?[0-9０-９]+号")
_MARKS = re.compile(r"[\W_]+")
_DIGIT = re.compile(r"\d")
_MOST = 500


def blocking(session: Session, proposal: Proposal) -> Item | None:
    """Return the newest decision on the same matter that it may not simply come back behind.

    What names nobody is the same in its case, else by its title where it was not carried: plans
    come every year.
    """
    decided = _alike(proposal).where(Item.state == ItemState.DECIDED, Item.outcome.in_(DECIDING))
    if not proposal.subjects and proposal.instance_key is None:
        decided = decided.where(Item.outcome == Outcome.NOT_CARRIED)
    found = session.scalars(decided.order_by(Item.decided_at.desc(), Item.key.desc()).limit(_MOST))
    return next((item for item in found if _same(session, item, proposal)), None)


def pending(session: Session, proposal: Proposal) -> Item | None:
    """Return the item by which the same matter is up already and not decided, or None.

    What an ended case has put up is no longer up.
    """
    up = _alike(proposal).where(
        Item.state.in_(_UP),
        or_(
            Item.instance_key.is_(None),
            Item.root_key != Item.key,
            ~case_ended(Item.instance_key),
        ),
    )
    found = session.scalars(up.order_by(Item.key).limit(_MOST))
    return next((item for item in found if _same(session, item, proposal)), None)


def beside(session: Session, proposal: Proposal) -> Item | None:
    """Return what was put up about the same person in other words, if this is not told from it.

    Only of what several incidents may be, put up by hand: another matter has the number of its own
    document and says what it is about that the other was not (`ground`).
    """
    chosen = proposal.item_class
    by_hand = bool(proposal.subjects) and proposal.instance_key is None
    if not by_hand or not chosen.about_a_person or chosen in _ONE_AT_A_TIME:
        return None
    if proposal.ground.strip() and _DIGIT.search(proposal.matter):
        return None
    there = or_(
        Item.state.in_(_UP),
        (Item.state == ItemState.DECIDED) & Item.outcome.in_(DECIDING),
    )
    newest = _alike(proposal).where(there).order_by(Item.proposed_at.desc(), Item.key.desc())
    return session.scalar(newest.limit(1))


def proposal_of(item: Item) -> Proposal:
    """Return as what an item was put up, to ask of it again what was asked then."""
    materials = item.materials if isinstance(item.materials, list) else []
    subject = Subject(item.subject_name, item.subject, item.unit)
    return Proposal(
        item_class=ItemClass(item.item_class),
        title=item.title,
        text=item.text,
        subjects=(subject,) if item.subject_name else (),
        materials=[str(one) for one in materials],
        ground=item.ground,
        matter=item.matter,
        process_id=item.process_id,
        instance_key=item.instance_key,
    )


def _alike(proposal: Proposal) -> Select[Item]:
    """Select the items among which the same matter would be: of its class, and its person."""
    alike = select(Item).where(Item.item_class == proposal.item_class)
    if proposal.subjects:
        return alike.where(_about(proposal.subjects[0]))
    if proposal.instance_key is not None:
        return alike.where(
            Item.instance_key == proposal.instance_key, Item.matter == proposal.matter.strip()
        )
    return alike.where(Item.subject_name == "")


def ground_words(item: Item) -> str:
    """Return what was said of an item beside one that was decided, as minutes say it."""
    label = "再次上会的依据" if item.previous_key else "与此前议过的不是同一件事"
    return f"{label}：{item.ground}"


def substance(text: str) -> str:
    """Return the words of a title or text that say what it is about: no numbers of cases, marks."""
    return _MARKS.sub("", _ASIDE.sub("", text))


def _number(text: str) -> str:
    """Return the number of a document or case however it is typed: brackets, spaces, full width."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", text)).casefold()


def _about(subject: Subject) -> ColumnElement[bool]:
    """By the account; somebody without one is told apart by the unit, never by a name alone."""
    if subject.username:
        return Item.subject == subject.username
    return (
        (Item.subject == "")
        & (Item.subject_name == subject.name.strip())
        & (Item.unit == subject.unit.strip())
    )


def _same(session: Session, item: Item, proposal: Proposal) -> bool:
    if not proposal.subjects:
        both_of_cases = proposal.instance_key is not None
        return both_of_cases or substance(item.title) == substance(proposal.title)
    chosen = proposal.item_class
    if chosen in _ONE_AT_A_TIME and _moved_on(session, item):
        return False
    if _number(item.matter) == _number(proposal.matter):
        return True
    if chosen is ItemClass.RECRUITMENT and None not in (item.instance_key, proposal.instance_key):
        return False
    if chosen in _ONE_AT_A_TIME:
        return True
    return substance(item.title) == substance(proposal.title) or substance(item.text) == substance(
        proposal.text
    )


def _moved_on(session: Session, item: Item) -> bool:
    """Whether the person has come anew, or gone, since: then it is another matter."""
    if not item.subject or item.decided_at is None:
        return False
    day: date = bureau_day(item.decided_at)
    since = (
        Researcher.began_on > day
        if item.item_class == ItemClass.EXIT
        else Researcher.ended_on >= day
    )
    found = select(Researcher.key).where(Researcher.username == item.subject, since)
    return session.scalar(found.limit(1)) is not None
