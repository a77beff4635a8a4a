"""Decided items by their number, as registers ask for them."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from processes.committee import decisions, rule_settings
from processes.committee.norms import organs_above
from processes.committee.rules import Outcome
from processes.committee.tables import Item
from processes.registers.days import bureau_day
from processes.registers.party_group.decisions import Decided


def decided(session: Session, number: int) -> Decided | None:
    """Return what holds today of an item's matter, by the newest 复议; None where nothing does."""
    asked = session.get(Item, number)
    item = None if asked is None else decisions.standing(session, asked) or asked
    if item is None or item.decided_at is None:
        return None
    by = decisions.above(session, item)
    return Decided(
        item=number,
        item_class=item.item_class,
        carried=item.outcome == Outcome.CARRIED,
        title=item.title,
        text=item.text,
        subject=item.subject,
        subject_name=item.subject_name,
        decided_on=bureau_day(item.decided_at) if by is None else by.dated_on,
        instance_key=item.instance_key,
        matter=item.matter,
        unit=item.unit,
        root=item.root_key or item.key,
        organ="" if by is None else by.organ,
        document="" if by is None else by.number,
    )


def organs(session: Session, day: date) -> Sequence[str]:
    """Return the party organs above that the rules of procedure of this day name."""
    return organs_above(rule_settings.on(session, day).settings)
