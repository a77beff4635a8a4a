"""Accounts: making people, giving them passwords and names.

Whoever acts needs the right to administer accounts; the system itself (the command line, the
seeding of the demonstration) may always. Signing in is in `sign_in`, groups in `groups`, rights in
`rights`, locking and leaving in `account_states`.
"""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.commands.access_log import Ledger, record
from service.commands.password_hashing import hashed
from service.domain.access_events import AccessKind
from service.domain.accounts import PersonKind, is_display_name, is_username, sort_name
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.errors import Conflict, Forbidden, Invalid, NotFound
from service.domain.passwords import require_fit, seal_of
from service.domain.values import Json
from service.store.authorization import holds
from service.store.tables import Person, WebSession


class AccountsForbidden(Forbidden):
    """你没有管理账号的权限，什么都没有改动。如确有需要，请联系系统管理员。"""

    code = "accounts.forbidden"


class UsernameInvalid(Invalid):
    """用户名“{username}”不能用：应为 1 至 64 个字母、数字或汉字，后面的字符还可以是 . _ @ -。"""

    code = "accounts.username-invalid"


class DisplayNameInvalid(Invalid):
    """姓名应有 1 至 100 个字符，且不能换行。"""

    code = "accounts.display-name-invalid"


class UsernameTaken(Conflict):
    """用户名“{username}”已经有人使用，没有新建账号。请换一个用户名。"""

    code = "accounts.username-taken"


class PersonNotFound(NotFound):
    """没有用户名为“{username}”的账号。请核对后再试。"""

    code = "accounts.person-not-found"


class PersonNotStaff(Conflict):
    """{name}是外部申请人的账号，不是工作人员，不能任职、代理，也不能加入用户组，没有改动。"""

    code = "accounts.person-not-staff"


class PersonIsGone(Conflict):
    """{name}已经离岗，没有改动。如果这个人回来工作，请先办理“重新启用”。"""

    code = "accounts.person-gone"


def anybody(session: Session) -> bool:
    """Tell whether there is any account at all."""
    return session.execute(select(Person.username).limit(1)).first() is not None


def create_person(
    tools: Ledger,
    *,
    username: str,
    display_name: str,
    password: str | None = None,
    actor: Actor,
    now: datetime,
    kind: PersonKind = PersonKind.STAFF,
    must_change_password: bool = False,
    demonstration: bool = False,
) -> None:
    """Make an account; without a password nobody can sign in with it yet.

    `must_change_password`: it opens nothing but the page where the person gives themselves another.

    Raises UsernameInvalid, DisplayNameInvalid, UsernameTaken, PasswordUnfit, AccountsForbidden.
    Hashing the password takes about 50 ms of the caller's transaction.
    """
    session = tools.session
    require_administrator(session, actor)
    if not is_username(username):
        raise UsernameInvalid(username=username)
    name = _shown(display_name)
    if _exists(session, username):
        raise UsernameTaken(username=username)
    if password is not None:
        require_fit(password, username=username, demonstration=demonstration)
    person = Person(
        username=username,
        display_name=name,
        sort_name=sort_name(name),
        password_hash=None if password is None else hashed(password),
        active=True,
        failed_sign_ins=0,
        locked_until=None,
        created_at=now,
        kind=kind,
        must_change_password=must_change_password,
        left_at=None,
        locked_at=None,
        locked_by=None,
        lock_reason=None,
    )
    try:
        with session.begin_nested():
            session.add(person)
    except IntegrityError:
        # Somebody else has made an account of this name a moment ago.
        raise UsernameTaken(username=username) from None
    details: dict[str, Json] = {"kind": kind}
    if person.password_hash is not None:
        details["seal"] = seal_of(person.password_hash)
    record(
        tools, AccessKind.ACCOUNT_CREATED, actor=actor, subject=username, details=details, now=now
    )


def set_password(
    tools: Ledger,
    *,
    username: str,
    password: str,
    actor: Actor,
    now: datetime,
    must_change_password: bool = False,
    demonstration: bool = False,
) -> None:
    """Give an account another password, end a lock by wrong ones, sign it out everywhere.

    `must_change_password` as with `create_person`.
    Raises PersonNotFound, PasswordUnfit, AccountsForbidden. Its owner uses
    `sign_in.change_password`.
    """
    require_administrator(tools.session, actor)
    require_fit(password, username=username, demonstration=demonstration)
    password_hash = hashed(password)
    _update(
        tools.session,
        username,
        password_hash=password_hash,
        must_change_password=must_change_password,
        failed_sign_ins=0,
        locked_until=None,
    )
    end_sessions(tools.session, username)
    record(
        tools,
        AccessKind.PASSWORD_CHANGED,
        actor=actor,
        subject=username,
        details={"seal": seal_of(password_hash)},
        now=now,
    )


def rename_person(
    tools: Ledger, *, username: str, display_name: str, actor: Actor, now: datetime
) -> None:
    """Change the name that is shown; raises PersonNotFound, DisplayNameInvalid and so on."""
    require_administrator(tools.session, actor)
    name = _shown(display_name)
    _update(tools.session, username, display_name=name, sort_name=sort_name(name))
    _record_change(tools, username, "renamed", actor=actor, now=now)


def require_administrator(session: Session, actor: Actor) -> None:
    """Raise AccountsForbidden unless the actor may administer accounts."""
    if not holds(session, actor, ObjectKind.ACCOUNT, Action.ACT):
        raise AccountsForbidden


def lock_member(session: Session, username: str) -> Person:
    """Return a member of staff, as `lock_person` does. Raises PersonNotStaff too."""
    person = lock_person(session, username)
    if person.kind != PersonKind.STAFF:
        raise PersonNotStaff(name=person.display_name)
    return person


def lock_person(session: Session, username: str) -> Person:
    """Return the account of somebody, who is kept from leaving until the transaction ends.

    What they are given meanwhile would outlast their leaving. Others may do the same at the same
    time. Raises PersonNotFound, PersonIsGone.
    """
    person = None
    if is_username(username):
        mine = {"read": True}
        person = session.get(Person, username, with_for_update=mine, populate_existing=True)
    if person is None:
        raise PersonNotFound(username=username[:60])
    if person.left_at is not None:
        raise PersonIsGone(name=person.display_name)
    return person


def require_person(session: Session, username: str) -> None:
    """Raise PersonNotFound unless there is such an account."""
    if not _exists(session, username):
        raise PersonNotFound(username=username)


def end_sessions(session: Session, username: str, *, but: str = "") -> None:
    """Sign the person out everywhere; `but` is the hash of a token whose session goes on."""
    session.execute(
        delete(WebSession).where(WebSession.username == username, WebSession.token_hash != but)
    )


def _record_change(
    tools: Ledger, username: str, change: str, *, actor: Actor, now: datetime
) -> None:
    record(
        tools,
        AccessKind.ACCOUNT_CHANGED,
        actor=actor,
        subject=username,
        details={"change": change},
        now=now,
    )


def _exists(session: Session, username: str) -> bool:
    return is_username(username) and session.get(Person, username) is not None


def _shown(display_name: str) -> str:
    name = display_name.strip()
    if not is_display_name(name):
        raise DisplayNameInvalid
    return name


def _update(session: Session, username: str, **changes: object) -> None:
    require_person(session, username)
    session.execute(update(Person).where(Person.username == username).values(**changes))
