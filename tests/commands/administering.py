"""An administrator of accounts, and what the access log tells of what they did."""

from datetime import datetime
from typing import cast

from sqlalchemy import insert, select

from service.commands.rooms import Rooms
from service.domain.actors import Actor
from service.domain.authorization import Action, GranteeKind, ObjectKind
from service.domain.values import Json, Variables
from service.store.tables import AccessEvent, AuthorizationGrant, Person

ADMINISTRATOR = Actor("guan.li", "管理员")


def administrator_of(rooms: Rooms, now: datetime) -> Actor:
    """Somebody who administers accounts and holds no other right."""
    person = {
        "username": ADMINISTRATOR.username, "display_name": ADMINISTRATOR.display_name,
        "sort_name": ADMINISTRATOR.username, "password_hash": None, "active": True,
        "failed_sign_ins": 0, "locked_until": None, "created_at": now,
    }  # fmt: skip
    right = {
        "key": rooms.keys.next(), "grantee_kind": GranteeKind.PERSON,
        "grantee": ADMINISTRATOR.username, "process_id": "*", "object": ObjectKind.ACCOUNT,
        "action": Action.ACT, "granted_at": now, "granted_by": "system",
    }  # fmt: skip
    with rooms.write() as tools:
        tools.session.execute(insert(Person), [person])
        tools.session.execute(insert(AuthorizationGrant), [right])
    return ADMINISTRATOR


def events_about(rooms: Rooms, username: str) -> list[tuple[str, str, dict[str, Json]]]:
    """Who did what to this account, oldest first."""
    with rooms.read() as session:
        rows = session.execute(
            select(AccessEvent.person, AccessEvent.kind, AccessEvent.details)
            .where(AccessEvent.subject == username)
            .order_by(AccessEvent.key)
        )
        return [(person, kind, dict(cast(Variables, details))) for person, kind, details in rows]
