"""Locking and unlocking accounts, leaving the house and coming back.

A locked account is closed for a while, with a reason; all that belongs to it stays. Who leaves
gives everything up: groups, rights, tokens. What the person did stays in each case, and so do the
tasks assigned to them: `handing_over` gives those to others, and until then they are listed as
tasks that nobody can do.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from service.commands import api_tokens, deputies, groups, posts, rights
from service.commands.access_log import Ledger, record
from service.commands.accounts import PersonNotFound, end_sessions, require_administrator
from service.commands.separation import administrator_kept
from service.domain.access_events import AccessKind
from service.domain.accounts import is_username
from service.domain.actors import Actor
from service.domain.dates import shown
from service.domain.errors import Conflict, Invalid
from service.domain.values import Json
from service.store.tables import PasswordLink, Person

LONGEST_REASON = 200


class LockReasonMissing(Invalid):
    """请写明锁定的原因（2 至 200 字），账号没有锁定。"""

    code: ClassVar[str] = "account-states.reason-missing"


class OwnAccount(Conflict):
    """不能锁定自己的账号，也不能把自己办理离岗，账号没有改动。请由另一位系统管理员办理。"""

    code: ClassVar[str] = "account-states.own-account"


class PersonLeft(Conflict):
    """{username} 已于 {when} 离岗，账号没有改动。如果这个人回来工作，请先办理“重新启用”。"""

    code: ClassVar[str] = "account-states.person-left"

    def __init__(self, username: str, when: datetime) -> None:
        super().__init__(username=username, when=shown(when))


class PersonNotLeft(Conflict):
    """{username} 没有离岗，账号没有改动。锁定的账号请用“解锁”。"""

    code: ClassVar[str] = "account-states.person-not-left"


def lock(tools: Ledger, *, username: str, reason: str, actor: Actor, now: datetime) -> None:
    """Close an account until an administrator unlocks it; its sessions end at once.

    Its tokens and its password serve again then. Locking it again changes the reason. Raises
    LockReasonMissing, OwnAccount, LastAdministrator, PersonLeft, PersonNotFound, AccountsForbidden.
    """
    require_administrator(tools.session, actor)
    said = " ".join(reason.split())
    if not 2 <= len(said) <= LONGEST_REASON:
        raise LockReasonMissing
    _require_another(username, actor)
    # Two administrators could lock each other.
    with administrator_kept(tools.session, actor=actor):
        _require_here(_locked(tools.session, username))
        _update(
            tools.session,
            username,
            active=False,
            locked_at=now,
            locked_by=actor.username,
            lock_reason=said,
        )
    end_sessions(tools.session, username)
    _record(tools, username, {"change": "locked", "reason": said}, actor, now)


def unlock(tools: Ledger, *, username: str, actor: Actor, now: datetime) -> None:
    """Open an account that an administrator or wrong passwords locked.

    Raises PersonLeft, PersonNotFound, AccountsForbidden.
    """
    require_administrator(tools.session, actor)
    _require_here(_locked(tools.session, username))
    _update(
        tools.session,
        username,
        active=True,
        locked_at=None,
        locked_by=None,
        lock_reason=None,
        failed_sign_ins=0,
        locked_until=None,
    )
    _record(tools, username, {"change": "unlocked"}, actor, now)


def leave(tools: Ledger, *, username: str, actor: Actor, now: datetime) -> None:
    """Close the account of somebody who leaves the house, and end what they had.

    Posts, deputies and sessions end, tokens are revoked, the password and a link to set one are
    void, groups and rights given by name are given up; what they were is in the access log. Raises
    OwnAccount, LastAdministrator, PersonLeft, PersonNotFound, AccountsForbidden.
    """
    session = tools.session
    require_administrator(session, actor)
    _require_another(username, actor)
    with administrator_kept(session, actor=actor):
        _require_here(_locked(session, username))
        given_up = _give_up(tools, username, actor, now)
        _update(session, username, active=False, left_at=now, password_hash=None)
    end_sessions(session, username)
    session.execute(delete(PasswordLink).where(PasswordLink.username == username))
    api_tokens.revoke_all_of(tools, username=username, actor=actor, now=now)
    lost = {name: what for name, what in given_up.items() if what}
    details: dict[str, Json] = {"change": "left", **lost}
    _record(tools, username, details, actor, now)


def reactivate(tools: Ledger, *, username: str, actor: Actor, now: datetime) -> None:
    """Open the account of somebody who comes back, with nothing of what they had.

    A new link gives them a password; groups and rights are given anew. Raises PersonNotLeft,
    PersonNotFound, AccountsForbidden.
    """
    require_administrator(tools.session, actor)
    if _locked(tools.session, username).left_at is None:
        raise PersonNotLeft(username=username)
    _update(
        tools.session,
        username,
        active=True,
        left_at=None,
        locked_at=None,
        locked_by=None,
        lock_reason=None,
        failed_sign_ins=0,
        locked_until=None,
    )
    _record(tools, username, {"change": "reactivated"}, actor, now)


def _give_up(tools: Ledger, username: str, actor: Actor, now: datetime) -> dict[str, Json]:
    """End what the person was and had; return the groups and rights among it."""
    left = groups.leave_all(tools, username=username, actor=actor, now=now)
    taken = rights.revoke_all_of(tools, username=username, actor=actor, now=now)
    posts.end_posts_of(tools, username=username, actor=actor, now=now)
    deputies.end_all_of(tools, username=username, actor=actor, now=now)
    return {
        "groups": [*left],
        "rights": [f"{one.process_id} {one.object} {one.action}" for one in taken],
    }


def _locked(session: Session, username: str) -> Person:
    """Return the account under the lock of its row."""
    person = None
    if is_username(username):
        person = session.get(Person, username, with_for_update=True, populate_existing=True)
    if person is None:
        raise PersonNotFound(username=username)
    return person


def _require_here(person: Person) -> None:
    if person.left_at is not None:
        raise PersonLeft(person.username, person.left_at)


def _require_another(username: str, actor: Actor) -> None:
    if username == actor.username:
        raise OwnAccount


def _update(session: Session, username: str, **changes: object) -> None:
    session.execute(update(Person).where(Person.username == username).values(**changes))


def _record(
    tools: Ledger, username: str, details: Mapping[str, Json], actor: Actor, now: datetime
) -> None:
    record(
        tools,
        AccessKind.ACCOUNT_CHANGED,
        actor=actor,
        subject=username,
        details=details,
        now=now,
    )
