"""Which inbox entries a list is made of: one branch a holder that the person is."""

from sqlalchemy import ColumnElement, Subquery, select, union

from service.domain.actors import Actor
from service.queries.inbox_order import Box
from service.queries.selects import AnySelect
from service.store.tables import InboxEntry
from service.store.tables.tasks import EntryState, HolderKind


def holdings(actor: Actor, box: Box) -> list[ColumnElement[bool]]:
    """One condition on InboxEntry for each way in which a task of this list is the actor's."""
    if box is Box.CLAIMABLE:
        holders = [(HolderKind.CANDIDATE, actor.username)]
        holders += [(HolderKind.GROUP, group) for group in sorted(actor.groups)]
    else:
        holders = [(HolderKind.PERSON, actor.username)]
    state = EntryState.DONE if box is Box.DONE else EntryState.OPEN
    entry = InboxEntry
    return [
        (entry.holder == holder) & (entry.holder_kind == kind) & (entry.state == state)
        for kind, holder in holders
    ]


def joined(branches: list[AnySelect]) -> Subquery:
    """Return the rows of all branches, each once; every branch has its own order and limit."""
    bounded = [branch.subquery() for branch in branches]
    return union(*map(select, bounded)).subquery() if len(bounded) > 1 else bounded[0]
