"""Giving and taking rights: the rows of the one table that authorization reads."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.orm import Session

from service.commands.access_log import Ledger, record
from service.commands.accounts import require_administrator, require_person
from service.commands.groups import require_group
from service.commands.post_groups import write_fresh
from service.commands.upserts import rows_changed
from service.domain.access_events import AccessKind
from service.domain.actors import Actor
from service.domain.authorization import ALL, Action, Grant, GranteeKind, ObjectKind
from service.domain.errors import Invalid
from service.domain.organization import is_post_group
from service.store.post_groups import resolve
from service.store.tables import AuthorizationGrant


class GrantInvalid(Invalid):
    """这项授权写得不对：{reason}。没有改动任何授权，请改正后再试。"""

    code = "rights.invalid"


def grant(tools: Ledger, right: Grant, *, actor: Actor, now: datetime) -> None:
    """Give a right; nothing happens where it is given already.

    A right to a procedure may be given before the procedure is deployed; one to a post group is
    that of whoever has such a post. Raises GrantInvalid, PersonNotFound, GroupNotFound,
    AccountsForbidden.
    """
    session = tools.session
    require_administrator(session, actor)
    if not right.process_id.strip():
        raise GrantInvalid(reason="没有写流程或登记簿")
    if right.grantee_kind is GranteeKind.GROUP and is_post_group(right.grantee):
        right = replace(right, grantee=_post_group(session, right.grantee, now))
    else:
        _require_grantee(session, right)
    if session.execute(select(AuthorizationGrant.key).where(_same(right))).first() is not None:
        return
    session.add(
        AuthorizationGrant(
            key=tools.keys.next(),
            grantee_kind=right.grantee_kind,
            grantee=right.grantee,
            process_id=right.process_id,
            object=right.object,
            action=right.action,
            granted_at=now,
            granted_by=actor.username,
        )
    )
    session.flush()
    _record(tools, AccessKind.RIGHT_GRANTED, right, actor=actor, now=now)


def revoke(tools: Ledger, right: Grant, *, actor: Actor, now: datetime) -> None:
    """Take a right back, exactly this one; nothing happens where it is not given.

    Raises AccountsForbidden.
    """
    require_administrator(tools.session, actor)
    if rows_changed(tools.session, delete(AuthorizationGrant).where(_same(right))):
        _record(tools, AccessKind.RIGHT_REVOKED, right, actor=actor, now=now)


def revoke_all_of(tools: Ledger, *, username: str, actor: Actor, now: datetime) -> list[Grant]:
    """Take every right back that a person was given by name, and return which.

    The caller has asked who does.
    """
    table = AuthorizationGrant
    its = (table.grantee_kind == GranteeKind.PERSON, table.grantee == username)
    rows = tools.session.execute(
        delete(table).where(*its).returning(table.process_id, table.object, table.action)
    ).all()
    taken = [
        Grant(GranteeKind.PERSON, username, process_id, ObjectKind(what), Action(action))
        for process_id, what, action in sorted(rows)
    ]
    for right in taken:
        _record(tools, AccessKind.RIGHT_REVOKED, right, actor=actor, now=now)
    return taken


def _record(tools: Ledger, kind: AccessKind, right: Grant, *, actor: Actor, now: datetime) -> None:
    record(
        tools,
        kind,
        actor=actor,
        subject=right.grantee,
        reference=right.process_id,
        details={
            "grantee_kind": right.grantee_kind,
            "object": right.object,
            "action": right.action,
        },
        now=now,
    )


def _require_grantee(session: Session, right: Grant) -> None:
    match right.grantee_kind:
        case GranteeKind.PERSON:
            require_person(session, right.grantee)
        case GranteeKind.GROUP:
            require_group(session, right.grantee)
        case GranteeKind.EVERYONE:
            if right.grantee != ALL:
                raise GrantInvalid(reason="授予所有人时，对象只能写 *")


def _post_group(session: Session, text: str, now: datetime) -> str:
    """Return the group's id, written if it is new."""
    resolved = resolve(session, [text])
    if text in resolved.faults:
        raise GrantInvalid(reason=resolved.faults[text])
    write_fresh(session, resolved, now)
    return resolved.ids[text]


def _same(right: Grant) -> ColumnElement[bool]:
    table = AuthorizationGrant
    return and_(
        table.grantee_kind == right.grantee_kind,
        table.grantee == right.grantee,
        table.process_id == right.process_id,
        table.object == right.object,
        table.action == right.action,
    )
