"""Giving and taking rights: the rows of the one table that authorization reads."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.orm import Session

from service.commands.access_log import Ledger, record
from service.commands.accounts import lock_person, require_administrator
from service.commands.groups import require_group
from service.commands.post_groups import write_fresh
from service.commands.separation import administrator_kept, require_no_own_gain
from service.commands.upserts import rows_changed
from service.domain.access_events import AccessKind
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import (
    ALL,
    OF_THE_HOUSE,
    Action,
    Grant,
    GranteeKind,
    ObjectKind,
    is_meant,
    is_sensitive,
)
from service.domain.errors import Invalid, NotFound
from service.domain.organization import is_post_group
from service.domain.values import Json
from service.store.post_groups import resolve
from service.store.tables import AuthorizationGrant


class GrantInvalid(Invalid):
    """这项授权写得不对：{reason}。没有改动任何授权，请改正后再试。"""

    code = "rights.invalid"


class GrantReasonMissing(Invalid):
    """这是敏感权限，请写明授权的理由（2 至 {limit} 字，如文号、职责），没有授予。"""

    code = "rights.reason-missing"


class GrantNotFound(NotFound):
    """这项授权已经收回，或者没有过。请刷新后再看。"""

    code = "rights.not-found"


LONGEST_REASON = 200
_LONGEST_ID = 200


def grant(tools: Ledger, right: Grant, *, actor: Actor, now: datetime, reason: str = "") -> None:
    """Give a right; nothing happens where it is given already.

    A right to a procedure may be given before the procedure is deployed; one to a post group is
    that of whoever has such a post. A sensitive right needs a `reason`, but from the system.
    Raises GrantInvalid, GrantReasonMissing, OwnAccess, SensitiveForEveryone, PersonNotFound,
    PersonIsGone, GroupNotFound, AccountsForbidden.
    """
    session = tools.session
    require_administrator(session, actor)
    _require_sound(right)
    if right.grantee_kind is GranteeKind.GROUP and is_post_group(right.grantee):
        right = replace(right, grantee=_post_group(session, right.grantee, now))
    else:
        _require_grantee(session, right)
    require_no_own_gain(session, right, actor=actor)
    said = _said(right, reason, actor)
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
            reason=said,
        )
    )
    session.flush()
    _record(tools, AccessKind.RIGHT_GRANTED, right, actor=actor, now=now, reason=said)


def revoke(tools: Ledger, right: Grant, *, actor: Actor, now: datetime, reason: str = "") -> None:
    """Take a right back, exactly this one; nothing happens where it is not given.

    Raises LastAdministrator, AccountsForbidden.
    """
    session = tools.session
    require_administrator(session, actor)
    with administrator_kept(session, actor=actor):
        taken = rows_changed(session, delete(AuthorizationGrant).where(_same(right)))
    if taken:
        said = _line(reason)[:LONGEST_REASON]
        _record(tools, AccessKind.RIGHT_REVOKED, right, actor=actor, now=now, reason=said)


def revoke_by_key(
    tools: Ledger, *, key: int, actor: Actor, now: datetime, reason: str = ""
) -> None:
    """Take back the right of this row. Raises GrantNotFound, and as `revoke`."""
    require_administrator(tools.session, actor)
    row = tools.session.get(AuthorizationGrant, key)
    if row is None:
        raise GrantNotFound
    right = Grant(
        GranteeKind(row.grantee_kind),
        row.grantee,
        row.process_id,
        ObjectKind(row.object),
        Action(row.action),
    )
    revoke(tools, right, actor=actor, now=now, reason=reason)


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


def _record(
    tools: Ledger,
    kind: AccessKind,
    right: Grant,
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> None:
    details: dict[str, Json] = {
        "grantee_kind": right.grantee_kind,
        "object": right.object,
        "action": right.action,
    }
    if reason:
        details["reason"] = reason
    record(
        tools,
        kind,
        actor=actor,
        subject=right.grantee,
        reference=right.process_id,
        details=details,
        now=now,
    )


def _require_sound(right: Grant) -> None:
    if not right.process_id.strip():
        raise GrantInvalid(reason="没有写流程或名册")
    if len(right.process_id) > _LONGEST_ID or not right.process_id.isprintable():
        raise GrantInvalid(reason="流程或名册的编号太长，或含有不能显示的字符")
    if not is_meant(right):
        if right.object in OF_THE_HOUSE and right.process_id != ALL:
            raise GrantInvalid(reason="这类权限不分流程，只能授予全部")
        raise GrantInvalid(reason="对这类对象没有这种操作")


def _said(right: Grant, reason: str, actor: Actor) -> str:
    said = _line(reason)
    needed = is_sensitive(right) and actor != SYSTEM
    if len(said) > LONGEST_REASON or (needed and len(said) < 2):
        raise GrantReasonMissing(limit=LONGEST_REASON)
    return said


def _line(text: str) -> str:
    return " ".join(text.replace("\0", "").split())


def _require_grantee(session: Session, right: Grant) -> None:
    match right.grantee_kind:
        case GranteeKind.PERSON:
            lock_person(session, right.grantee)
        case GranteeKind.GROUP:
            require_group(session, right.grantee)
        case GranteeKind.EVERYONE:
            if right.grantee != ALL:
                raise GrantInvalid(reason="授予所有人时，对象只能写 *")


def _post_group(session: Session, text: str, now: datetime) -> str:
    """Return the group's id, written if it is new."""
    resolved = resolve(session, [text])
    if text in resolved.faults:
        raise GrantInvalid(reason=resolved.faults[text].removesuffix("。"))
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
