"""Finds rights and memberships that were given or taken behind the record's back.

The record of both is kept for ever, so what counts now follows from it: a right that was given
and not taken back, a member who came and did not go.
"""

from collections.abc import Iterator, Set

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.access_events import AccessKind
from service.domain.soundness import ChainKind, ChainName, Fault, Finding
from service.store.chain import moment_text
from service.store.tables import AccessEvent, AuthorizationGrant, Membership

_Right = tuple[str, str, str, str, str, str, str, str]
"""Of what kind, to whom, on what, which object, which action; by whom, when and why."""

_Member = tuple[str, str]


def verify(session: Session) -> list[Finding]:
    """Compare rights and memberships with what was recorded of them.

    The rows are read first: what is given meanwhile has both, and never looks like a fault.
    """
    rights = _rights(session)
    members = _members(session)
    return [
        *_differences(ChainKind.RIGHT, rights, _recorded_rights(session), _rights(session)),
        *_differences(ChainKind.MEMBERSHIP, members, _recorded_members(session), _members(session)),
    ]


def _differences(
    kind: ChainKind,
    before: Set[tuple[str, ...]],
    recorded: Set[tuple[str, ...]],
    after: Set[tuple[str, ...]],
) -> Iterator[Finding]:
    """What is there before and after must be recorded; what is recorded, be there once."""
    for row in sorted((before & after) - recorded):
        yield Finding(ChainName(kind, " ".join(row)), 0, Fault.NOT_RECORDED)
    for row in sorted(recorded - before - after):
        yield Finding(ChainName(kind, " ".join(row)), 0, Fault.NOT_THERE)


def _rights(session: Session) -> set[_Right]:
    grant = AuthorizationGrant
    return {
        (
            row.grantee_kind,
            row.grantee,
            row.process_id,
            row.object,
            row.action,
            row.granted_by,
            moment_text(row.granted_at),
            row.reason,
        )
        for row in session.execute(
            select(
                grant.grantee_kind,
                grant.grantee,
                grant.process_id,
                grant.object,
                grant.action,
                grant.granted_by,
                grant.granted_at,
                grant.reason,
            )
        )
    }


def _members(session: Session) -> set[_Member]:
    rows = session.execute(select(Membership.group_id, Membership.username))
    return {(group_id, username) for group_id, username in rows}


def _recorded_rights(session: Session) -> set[_Right]:
    given: dict[tuple[str, ...], _Right] = {}
    event = AccessEvent
    for row in session.execute(
        select(event.kind, event.subject, event.reference, event.details, event.person, event.at)
        .where(event.kind.in_((AccessKind.RIGHT_GRANTED, AccessKind.RIGHT_REVOKED)))
        .order_by(event.key)
    ):
        said = row.details if isinstance(row.details, dict) else {}
        kind, what, action = (str(said.get(n)) for n in ("grantee_kind", "object", "action"))
        right = (kind, row.subject, row.reference, what, action)
        if row.kind == AccessKind.RIGHT_GRANTED:
            reason = str(said.get("reason", ""))
            given[right] = (*right, row.person, moment_text(row.at), reason)
        else:
            given.pop(right, None)
    return set(given.values())


def _recorded_members(session: Session) -> set[_Member]:
    members: set[_Member] = set()
    event = AccessEvent
    for username, group_id, details in session.execute(
        select(event.subject, event.reference, event.details)
        .where(event.kind == AccessKind.GROUP_CHANGED)
        .order_by(event.key)
    ):
        change = details.get("change") if isinstance(details, dict) else None
        if change == "member-added":
            members.add((group_id, username))
        elif change == "member-removed":
            members.discard((group_id, username))
    return members
