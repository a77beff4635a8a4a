"""What was decided on a matter, and what of it holds today (C-AGAIN): 复议, the organ above.

Cases wait for, and keep, the key of the item they put up: the root. What is taken up again has a
key of its own and the same root; the newest of a root that was voted on is the decision that holds.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.committee.rules import DECIDING, Outcome
from processes.committee.tables import Item, ItemState, SuperiorDecision

_OPEN = (ItemState.WAITING, ItemState.AGENDA, ItemState.DISCUSSED, ItemState.VOTING)


def standing(session: Session, item: Item, *, besides: int = 0) -> Item | None:
    """Return the decision that holds on an item's matter, or None where nothing was decided.

    A decision holds until another is made: 复议 that only waits, or comes to no vote, changes
    nothing. `besides` is the key of an item to leave out.
    """
    wanted = select(Item).where(
        Item.root_key == item.root_key,
        Item.state == ItemState.DECIDED,
        Item.outcome.in_(DECIDING),
        Item.key != besides,
    )
    return session.scalar(wanted.order_by(Item.decided_at.desc(), Item.key.desc()).limit(1))


def taken_up(session: Session, item: Item) -> Item | None:
    """Return the 复议 of this matter that is not over, here or with the organ above, or None."""
    wanted = select(Item).where(
        Item.root_key == item.root_key, Item.key != item.root_key, Item.state.in_(_OPEN)
    )
    found = session.scalar(wanted.limit(1))
    if found is not None:
        return found
    above_now = awaited(session, item.root_key)
    return above_now if above_now is not None and above_now.key != above_now.root_key else None


def awaited(session: Session, root: int) -> Item | None:
    """Return the item of this matter that the organ above is to decide, or None (C-NEVER).

    It is the newest that the group can never decide, unless something was decided behind it.
    """
    wanted = select(Item).where(
        Item.root_key == root, Item.state == ItemState.DECIDED, Item.escalate
    )
    newest = wanted.order_by(Item.decided_at.desc(), Item.key.desc()).limit(1)
    item = session.scalar(newest)
    holds = None if item is None else standing(session, item)
    if item is None or item.decided_at is None:
        return None
    if holds is None or holds.decided_at is None:
        return item
    return item if (holds.decided_at, holds.key) < (item.decided_at, item.key) else None


def changes(session: Session, item: Item) -> bool:
    """Tell whether this decision is another than the one that held until now."""
    before = standing(session, item, besides=item.key)
    return Outcome(item.outcome) in DECIDING and (before is None or before.outcome != item.outcome)


def above(session: Session, item: Item) -> SuperiorDecision | None:
    """Return by whom and by which paper the party organ above has decided this item, or None."""
    return session.get(SuperiorDecision, item.key)
