"""Which inbox entries a list is made of: one branch a holder that the person is."""

from sqlalchemy import ColumnElement, Subquery, select, union

from service.domain.actors import Actor, Principal
from service.queries.inbox_order import Box
from service.queries.selects import AnySelect, written
from service.store.deputized import deputized
from service.store.recusal import not_barred
from service.store.tables import InboxEntry
from service.store.tables.tasks import EntryState, HolderKind


def holdings(actor: Actor, box: Box) -> list[ColumnElement[bool]]:
    """One condition on InboxEntry for each way in which a task of this list is the actor's."""
    if box is Box.CLAIMABLE:
        holders = [(HolderKind.CANDIDATE, actor.username)]
        holders += [(HolderKind.GROUP, group) for group in sorted(actor.groups)]
    elif box is Box.ESCALATED:
        holders = [(HolderKind.SUPERIOR, actor.username)]
    else:
        holders = [(HolderKind.PERSON, actor.username)]
    state = EntryState.DONE if box is Box.DONE else EntryState.OPEN
    own = [_of(kind, holder, state) for kind, holder in holders]
    if box is Box.DONE:
        return own
    if box is Box.ESCALATED:
        return [each & not_barred(actor.username, InboxEntry.task_key) for each in own]
    deputys = [
        _of(kind, holder, state) & deputized(principal, actor)
        for principal in actor.principals
        for kind, holder in _seats(principal, actor, box)
    ]
    return [each & not_barred(actor.username, InboxEntry.task_key) for each in (*own, *deputys)]


def _of(kind: HolderKind, holder: str, state: EntryState) -> ColumnElement[bool]:
    entry = InboxEntry
    return (entry.holder == holder) & (entry.holder_kind == kind) & (entry.state == written(state))


def _seats(principal: Principal, actor: Actor, box: Box) -> list[tuple[HolderKind, str]]:
    """As what a principal's tasks come into this list of their deputy's."""
    if box is Box.TODO:
        return [(HolderKind.PERSON, principal.username)]
    beside = sorted(principal.groups - actor.groups)
    return [
        (HolderKind.CANDIDATE, principal.username),
        *((HolderKind.GROUP, group) for group in beside),
    ]


def joined(branches: list[AnySelect]) -> Subquery:
    """Return the rows of all branches, each once; every branch has its own order and limit."""
    bounded = [branch.subquery() for branch in branches]
    return union(*map(select, bounded)).subquery() if len(bounded) > 1 else bounded[0]
