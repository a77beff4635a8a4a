"""Signing in and out, and whose session a request belongs to.

The functions that take the `Rooms` check a password, which is slow on purpose, and so open
their own short transactions around it: one that reads whether a try is allowed at all, one that
records how it went. A try that fails is recorded although it raises. Unknown names take as long,
are refused in the same words and lock like known ones: nobody learns here who has an account.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from service.commands.access_log import Ledger, record
from service.commands.accounts import end_sessions
from service.commands.password_check import Attempt, SignInRefused, check_password
from service.commands.password_hashing import hashed
from service.commands.rooms import Rooms
from service.commands.tokens import new_token, token_hash
from service.domain.access_events import AccessKind
from service.domain.accounts import ABSOLUTE, IDLE, SEEN_STEP
from service.domain.actors import Actor
from service.domain.passwords import require_another, require_fit, seal_of
from service.store.actors import AT, actor_of, with_groups
from service.store.tables import Person, WebSession

# Asked by every request: built once.
_SESSION_OF = with_groups(
    select(
        Person.username,
        Person.display_name,
        Person.kind,
        Person.must_change_password,
        WebSession.seen_at,
    )
    .join(Person, Person.username == WebSession.username)
    .where(
        WebSession.token_hash == bindparam("hash"),
        WebSession.seen_at > bindparam("idle_since"),
        WebSession.created_at > bindparam("begun_after"),
        Person.active,
    )
)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What the browser gets: the token goes into a cookie and is nowhere else."""

    username: str
    token: str


@dataclass(frozen=True, slots=True)
class SessionActor:
    """Whose session a request belongs to; `touch_due` asks for `touch_session`.

    `must_change_password`: nothing is theirs to do before they have given themselves another one.
    """

    actor: Actor
    touch_due: bool
    must_change_password: bool = False


def sign_in(
    rooms: Rooms,
    *,
    username: str,
    password: str,
    address: str,
    now: datetime,
) -> SignedIn:
    """Check the password and open a session; `address` is where the request came from.

    Raises SignInRefused, and its kinds Locked and Limited, which say how long to wait.
    """
    attempt = Attempt(username.strip(), password, address, now)
    password_hash = check_password(rooms, attempt)
    token = new_token()
    with rooms.write() as tools:
        session = tools.session
        _require_still(session, attempt.username, password_hash)
        begin_session(session, attempt.username, token, now)
        person = Actor(attempt.username, address=address)
        record(tools, AccessKind.SIGN_IN, actor=person, details={"way": attempt.way}, now=now)
    return SignedIn(attempt.username, token)


def begin_session(session: Session, username: str, token: str, now: datetime) -> None:
    """Open a session of this person under a new token; the caller has made sure who it is."""
    _forget_ended_sessions(session, username, now)
    session.execute(
        insert(WebSession).values(
            token_hash=token_hash(token), username=username, created_at=now, seen_at=now
        )
    )


def sign_out(tools: Ledger, *, token: str, address: str, now: datetime) -> None:
    """End the session of this token; nothing happens where there is none."""
    ended = delete(WebSession).where(WebSession.token_hash == token_hash(token))
    username = tools.session.scalar(ended.returning(WebSession.username))
    if username is not None:
        person = Actor(username, address=address)
        record(tools, AccessKind.SIGN_OUT, actor=person, now=now)


def session_actor(
    session: Session, *, token: str, now: datetime, idle: timedelta = IDLE
) -> SessionActor | None:
    """Return whose session it is, with the groups they are in now; None where there is none.

    One statement, one more for who stands in for somebody. A session is over when it has idled,
    when it has lasted 12 hours, when its
    person signed out, got another password or was deactivated. `seen_at` is a minute old at most,
    so it may end up to a minute early.
    """
    rows = session.execute(
        _SESSION_OF,
        {
            "hash": token_hash(token),
            "idle_since": now - idle,
            "begun_after": now - ABSOLUTE,
            AT: now,
        },
    ).all()
    if not rows:
        return None
    return SessionActor(
        actor_of(session, rows, now),
        touch_due=now - rows[0].seen_at >= SEEN_STEP,
        must_change_password=rows[0].must_change_password,
    )


def touch_session(session: Session, *, token: str, now: datetime) -> None:
    """Note that the session is in use, which keeps it from idling out."""
    session.execute(
        update(WebSession)
        .where(WebSession.token_hash == token_hash(token), WebSession.seen_at < now)
        .values(seen_at=now)
    )


def change_password(
    rooms: Rooms,
    *,
    username: str,
    current: str,
    new: str,
    token: str,
    address: str,
    now: datetime,
) -> None:
    """Let a person change their own password; their sessions end but that of `token`.

    Raises PasswordUnfit; SignInRefused, Locked and Limited as for a sign-in where `current` is
    not the password.
    """
    require_fit(new, username=username)
    require_another(new, current)
    attempt = Attempt(username, current, address, now, way="password-change")
    current_hash = check_password(rooms, attempt)
    new_hash = hashed(new)
    with rooms.write() as tools:
        session = tools.session
        _require_still(session, username, current_hash)
        session.execute(
            update(Person)
            .where(Person.username == username)
            .values(password_hash=new_hash, must_change_password=False)
        )
        end_sessions(session, username, but=token_hash(token))
        person = Actor(username, address=address)
        record(
            tools,
            AccessKind.PASSWORD_CHANGED,
            actor=person,
            subject=username,
            details={"seal": seal_of(new_hash)},
            now=now,
        )


def _require_still(session: Session, username: str, password_hash: str) -> None:
    """Raise SignInRefused where the password was changed since it was found right."""
    account = select(Person.password_hash).where(Person.username == username, Person.active)
    if session.scalar(account.with_for_update()) != password_hash:
        raise SignInRefused


def _forget_ended_sessions(session: Session, username: str, now: datetime) -> None:
    """Keep the table small: whoever comes back clears away what they left open."""
    ended = or_(WebSession.created_at <= now - ABSOLUTE, WebSession.seen_at <= now - ABSOLUTE)
    session.execute(delete(WebSession).where(WebSession.username == username, ended))
