"""Giving and taking rights: the rows of the one table that authorization reads."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.orm import Session

from service.commands.accounts import require_administrator, require_person
from service.commands.groups import require_group
from service.domain.actors import Actor
from service.domain.authorization import ALL, Grant, GranteeKind
from service.domain.errors import Invalid
from service.domain.keys import KeySource
from service.store.tables import AuthorizationGrant


class GrantInvalid(Invalid):
    """这项授权写得不对：{reason}。没有改动任何授权，请改正后再试。"""

    code = "rights.invalid"


def grant(session: Session, keys: KeySource, right: Grant, *, actor: Actor, now: datetime) -> None:
    """Give a right; nothing happens where it is given already.

    A right to a procedure may be given before the procedure is deployed. Raises GrantInvalid,
    PersonNotFound, GroupNotFound, AccountsForbidden.
    """
    require_administrator(session, actor)
    _require_sound(session, right)
    if session.execute(select(AuthorizationGrant.key).where(_same(right))).first() is not None:
        return
    session.add(
        AuthorizationGrant(
            key=keys.next(),
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


def revoke(session: Session, right: Grant, *, actor: Actor) -> None:
    """Take a right back, exactly this one; nothing happens where it is not given.

    Raises AccountsForbidden.
    """
    require_administrator(session, actor)
    session.execute(delete(AuthorizationGrant).where(_same(right)))


def _require_sound(session: Session, right: Grant) -> None:
    if not right.process_id.strip():
        raise GrantInvalid(reason="没有写流程或登记簿")
    match right.grantee_kind:
        case GranteeKind.PERSON:
            require_person(session, right.grantee)
        case GranteeKind.GROUP:
            require_group(session, right.grantee)
        case GranteeKind.EVERYONE:
            if right.grantee != ALL:
                raise GrantInvalid(reason="授予所有人时，对象只能写 *")


def _same(right: Grant) -> ColumnElement[bool]:
    table = AuthorizationGrant
    return and_(
        table.grantee_kind == right.grantee_kind,
        table.grantee == right.grantee,
        table.process_id == right.process_id,
        table.object == right.object,
        table.action == right.action,
    )
