"""Whom an item is kept from: who is tied to its person, or was recused from it (C-RECUSE).

From its first sight on: the agenda, the vote, the minutes. Members, secretaries, who takes the
minutes, all alike.
"""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.committee import signers
from processes.committee.refusals import ItemTied
from processes.committee.tables import Attendee, Item, ItemMember, ItemState, Meeting, Presence
from service.domain import recusal
from service.domain.actors import Actor
from service.domain.recusal import Bar
from service.procedure import barred_by


def bar_of(session: Session, item: Item, username: str) -> Bar | None:
    """Return why somebody must keep out of an item by the ties declared now, or None."""
    return barred_by(session, [item.subject]).get(username) if item.subject else None


def require_untied(session: Session, item: Item, actor: Actor) -> None:
    """Raise ItemTied where somebody is tied to whom an item is about."""
    require_untied_to(session, item.subject, item.subject_name, actor)


def require_untied_to(session: Session, username: str, name: str, actor: Actor) -> None:
    """Raise ItemTied where somebody is tied to this person, or is the person; by declared ties.

    `username` is empty for a person without an account, to whom nobody is tied.
    """
    bar = barred_by(session, [username]).get(actor.username) if username else None
    if bar is not None:
        who = actor.display_name or actor.username
        raise ItemTied(who=who, reason=recusal.reason(bar.kind, name))


def recused_from(session: Session, item: Item | None) -> list[str]:
    """Return who was recused from an item, by declared ties or by hand; nobody of no item."""
    if item is None:
        return []
    rows = select(ItemMember.username).where(ItemMember.item_key == item.key, ItemMember.recused)
    return list(session.scalars(rows.order_by(ItemMember.username)))


def chairs_of_items_kept_from_the_chair(session: Session, meeting: Meeting) -> list[str]:
    """Return who signs items from which the signer of the minutes is kept, each once.

    They sign that part of the minutes, which the signer neither reads nor signs.
    """
    return list(dict.fromkeys(parts_to_sign(session, meeting).values()))


def chaired_for_the_chair(session: Session, meeting: Meeting, username: str) -> frozenset[int]:
    """Return the items of which this person signs the minutes in the place of the signer."""
    return frozenset(key for key, who in parts_to_sign(session, meeting).items() if who == username)


def parts_to_sign(session: Session, meeting: Meeting) -> dict[int, str]:
    """Return who signs each item from which the signer of the minutes is kept, by its key.

    Who chaired the item; where nobody did who may read it (put off before another one was
    delegated, 流会), the first of the members due who may, those who were there before others.
    """
    listed = session.scalars(
        select(Item)
        .where(Item.meeting_key == meeting.key, Item.state == ItemState.DECIDED)
        .order_by(Item.position, Item.key)
    ).all()
    signer = signers.signer_of(session, meeting)
    hidden = kept_from(session, listed, signer)
    if not hidden:
        return {}
    parts = [one for one in listed if one.key in hidden]
    changed = signers.changes(session, meeting.key)
    fit = {
        who: hidden - kept_from(session, parts, who)
        for who in (signers.now_for(one, changed) for one in _in_order(session, meeting))
        if who != signer
    }
    found: dict[int, str] = {}
    for one in parts:
        named = signers.now_for(one.chair, changed)
        may = [who for who in (named, *fit) if one.key in fit.get(who, ())]
        if may:
            found[one.key] = may[0]
    return found


def _in_order(session: Session, meeting: Meeting) -> list[str]:
    due = session.scalars(
        select(Attendee)
        .where(Attendee.meeting_key == meeting.key, Attendee.due)
        .order_by(Attendee.rank, Attendee.username)
    ).all()
    away = {Presence.ABSENT, Presence.EXPECTED}
    return [one.username for one in sorted(due, key=lambda one: one.presence in away)]


def kept_from(session: Session, items: Iterable[Item], username: str) -> frozenset[int]:
    """Return the keys of the items that somebody must read nothing of; two statements."""
    listed = list(items)
    # Ties hold both ways: whom somebody is barred from is who is barred from them.
    tied = barred_by(session, [username])
    out = {item.key for item in listed if item.subject and item.subject in tied}
    recused = select(ItemMember.item_key).where(
        ItemMember.item_key.in_([item.key for item in listed]),
        ItemMember.username == username,
        ItemMember.recused,
    )
    return frozenset(out.union(session.scalars(recused)))
