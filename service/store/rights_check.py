"""What the record says of rights, of closed procedures, and of members of groups."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.access_events import AccessKind
from service.domain.soundness import ChainKind
from service.store.record_comparison import Comparison, Said, Standing, moment
from service.store.tables import AuthorizationGrant, ClosedProcedure, Membership


def _rights(session: Session) -> set[Standing]:
    grant = AuthorizationGrant
    rows = session.execute(
        select(
            grant.grantee_kind,
            grant.grantee,
            grant.process_id,
            grant.object,
            grant.action,
            grant.granted_by,
            grant.reason,
            grant.granted_at,
        )
    )
    return {(*right, moment(granted_at)) for *right, granted_at in rows}


def _recorded_rights(events: Iterable[Said]) -> set[Standing]:
    given: dict[Standing, Standing] = {}
    for said in events:
        kind, what, action = (said.text(name) for name in ("grantee_kind", "object", "action"))
        right = (kind, said.subject, said.reference, what, action)
        if said.kind is AccessKind.RIGHT_GRANTED:
            given[right] = (*right, said.person, said.text("reason"), said.at)
        else:
            given.pop(right, None)
    return set(given.values())


def _closed(session: Session) -> set[Standing]:
    procedure = ClosedProcedure
    rows = session.execute(select(procedure.process_id, procedure.closed_by, procedure.closed_at))
    return {(process_id, closed_by, moment(at)) for process_id, closed_by, at in rows}


def _recorded_closed(events: Iterable[Said]) -> set[Standing]:
    closed: dict[str, Standing] = {}
    for said in events:
        if said.kind is AccessKind.PROCEDURE_CLOSED:
            closed[said.subject] = (said.subject, said.person, said.at)
        else:
            closed.pop(said.subject, None)
    return set(closed.values())


def _members(session: Session) -> set[Standing]:
    rows = session.execute(select(Membership.group_id, Membership.username))
    return {(group_id, username) for group_id, username in rows}


def _recorded_members(events: Iterable[Said]) -> set[Standing]:
    members: set[Standing] = set()
    for said in events:
        match said.text("change"):
            case "member-added":
                members.add((said.reference, said.subject))
            case "member-removed":
                members.discard((said.reference, said.subject))
    return members


RIGHTS = Comparison(
    ChainKind.RIGHT,
    (AccessKind.RIGHT_GRANTED, AccessKind.RIGHT_REVOKED),
    _rights,
    _recorded_rights,
)
CLOSED = Comparison(
    ChainKind.CLOSED,
    (AccessKind.PROCEDURE_CLOSED, AccessKind.PROCEDURE_OPENED),
    _closed,
    _recorded_closed,
)
MEMBERS = Comparison(ChainKind.MEMBERSHIP, (AccessKind.GROUP_CHANGED,), _members, _recorded_members)
