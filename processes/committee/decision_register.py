"""Decided items by their number, as registers ask for them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.committee.rules import Outcome
from processes.committee.tables import Item
from processes.registers.days import bureau_day
from processes.registers.party_group.decisions import Decided


def decided(session: Session, number: int) -> Decided | None:
    """Return what was decided of an item, by the newest 复议 that was decided; None for nothing.

    While a 复议 waits the decision before it stands.
    """
    item = session.get(Item, number)
    while item is not None and (later := _again(session, item)) is not None:
        item = later
    if item is None or item.decided_at is None:
        return None
    return Decided(
        item=number,
        item_class=item.item_class,
        carried=item.outcome == Outcome.CARRIED,
        title=item.title,
        text=item.text,
        subject=item.subject,
        subject_name=item.subject_name,
        decided_on=bureau_day(item.decided_at),
        instance_key=item.instance_key,
    )


def _again(session: Session, item: Item) -> Item | None:
    return session.scalar(
        select(Item)
        .where(
            Item.previous_key == item.key,
            Item.item_class == item.item_class,
            Item.decided_at.is_not(None),
        )
        .order_by(Item.decided_at.desc())
        .limit(1)
    )
