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
    """Return the 复议 of this matter that is not over, or None."""
    wanted = select(Item).where(
        Item.root_key == item.root_key, Item.key != item.root_key, Item.state.in_(_OPEN)
    )
    return session.scalar(wanted.limit(1))


def changes(session: Session, item: Item) -> bool:
    """Tell whether this decision is another than the one that held until now."""
    before = standing(session, item, besides=item.key)
    return Outcome(item.outcome) in DECIDING and (before is None or before.outcome != item.outcome)


def above(session: Session, item: Item) -> SuperiorDecision | None:
    """Return by whom and by which paper the party organ above has decided this item, or None."""
    return session.get(SuperiorDecision, item.key)
