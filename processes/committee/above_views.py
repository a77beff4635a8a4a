"""What the pages show of items that the party organ above decides (C-NEVER)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.committee import decisions
from processes.committee.keeping_out import kept_from
from processes.committee.tables import Item, ItemState, SuperiorDecision
from service.domain.actors import Actor

_MOST = 100


@dataclass(frozen=True, slots=True)
class AboveRow:
    """An item: what the organ above has decided of it, or None while it is asked."""

    item: Item
    decision: SuperiorDecision | None


def items_above(session: Session, *, actor: Actor) -> Sequence[AboveRow]:
    """Return what waits for the organ above, then what it has decided, the newest first.

    Items that are kept from the actor are left out.
    """
    asked = select(Item).where(Item.state == ItemState.DECIDED, Item.escalate)
    waiting = [
        item
        for item in session.scalars(asked.order_by(Item.decided_at.desc()).limit(_MOST))
        if decisions.awaited(session, item.root_key) is item
    ]
    decided = session.execute(
        select(Item, SuperiorDecision)
        .join(SuperiorDecision, SuperiorDecision.item_key == Item.key)
        .order_by(SuperiorDecision.recorded_at.desc())
        .limit(_MOST)
    ).all()
    rows = [AboveRow(item, None) for item in waiting]
    rows += [AboveRow(item, decision) for item, decision in decided]
    hidden = kept_from(session, [row.item for row in rows], actor.username)
    return [row for row in rows if row.item.key not in hidden]
