"""One try of a password: allowed at all, right, and what follows from it.

Order: too many tries from this address; account locked; then the password, outside any
transaction; then, under the lock of the person's row, what came of it. The account may have been
locked by others meanwhile: then a right password does not count either, so any number of tries at
once are worth no more than tries in turn.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from service.commands.access_log import Ledger, record
from service.commands.password_hashing import hashed, is_outdated, matches
from service.commands.rooms import Rooms
from service.domain.access_events import AccessKind
from service.domain.accounts import (
    ADDRESS_TRIES,
    ADDRESS_WINDOW,
    LONGEST_LOCK,
    is_username,
    locked_until,
)
from service.domain.actors import Actor
from service.domain.errors import JiaoyanError
from service.domain.passwords import seal_of
from service.store.tables import Person, SignInAttempt


class SignInRefused(JiaoyanError):
    """用户名或密码不正确，或者账号已停用。连续输错 5 次，账号会锁定 15 分钟；忘记密码请联系系统管理员。"""  # noqa: E501 - a message is one paragraph

    code = "sign-in.refused"


class Locked(SignInRefused):
    """因连续输错密码，账号已锁定，请在 {minutes} 分钟后再试；急用请联系系统管理员解锁。"""

    code = "sign-in.locked"

    def __init__(self, wait: timedelta) -> None:
        self.retry_after = math.ceil(wait.total_seconds())
        """Seconds."""
        super().__init__(minutes=math.ceil(self.retry_after / 60))


class Limited(SignInRefused):
    """从你所在的网络登录失败的次数过多，请在 {seconds} 秒后再试。"""

    code = "sign-in.limited"

    def __init__(self, wait: timedelta) -> None:
        self.retry_after = math.ceil(wait.total_seconds())
        """Seconds."""
        super().__init__(seconds=self.retry_after)


class Outcome(StrEnum):
    """How a try went, as it is kept for the limits and the auditor."""

    OK = "ok"
    WRONG = "wrong"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody says they are this person."""

    username: str
    password: str
    address: str
    """Where the request came from."""
    now: datetime
    way: str = "page"
    """How it is asked for: `page`, `basic`, or `password-change`."""

    @property
    def name(self) -> str:
        """The user name, or nothing where it cannot be one.

        That may be any text then, a password typed into the wrong field too: it is not kept.
        """
        return self.username if is_username(self.username) else ""


@dataclass(frozen=True, slots=True)
class _Standing:
    """What is known of an account; for a name that nobody has, what its tries amount to."""

    password_hash: str | None = None
    """None: no such account, none that is open, or none with a password."""
    failures: int = 0
    locked_until: datetime | None = None

    def refusal(self, now: datetime) -> Locked | None:
        """Return why not even the right password counts now."""
        if self.locked_until is None or now >= self.locked_until:
            return None
        return Locked(self.locked_until - now)


def check_password(rooms: Rooms, attempt: Attempt) -> str:
    """Check a password and return the stored hash that it is the password of.

    Raises SignInRefused, or its kinds Locked and Limited, which say how long to wait.

    Two short transactions of two to seven statements, and about 50 ms of argon2 between them.
    """
    with rooms.read() as session:
        _require_few_tries(session, attempt)
        before = _standing(session, attempt, lock=False)
    right, new_hash = False, None
    if before.refusal(attempt.now) is None:
        right = matches(before.password_hash, attempt.password)
        if right and is_outdated(before.password_hash or ""):
            new_hash = hashed(attempt.password)
    with rooms.write() as tools:
        standing = _standing(tools.session, attempt, lock=True)
        overtaken = right and standing.password_hash != before.password_hash
        refusal = (
            None if overtaken else _settle(tools, attempt, standing, right=right, new_hash=new_hash)
        )
    if overtaken:
        # Another try has hashed it anew meanwhile, or it was changed: what is stored now counts.
        return check_password(rooms, attempt)
    if refusal is not None:
        raise refusal
    return new_hash or before.password_hash or ""


def _require_few_tries(session: Session, attempt: Attempt) -> None:
    """Raise Limited after too many failed tries; such a try is not recorded: it costs nothing."""
    window = attempt.now - ADDRESS_WINDOW
    oldest_that_counts = session.scalar(
        select(SignInAttempt.at)
        .where(
            SignInAttempt.address == attempt.address,
            SignInAttempt.at > window,
            SignInAttempt.outcome != Outcome.OK,
        )
        .order_by(SignInAttempt.at.desc())
        .offset(ADDRESS_TRIES - 1)
        .limit(1)
    )
    if oldest_that_counts is not None:
        raise Limited(oldest_that_counts - window)


def _standing(session: Session, attempt: Attempt, *, lock: bool) -> _Standing:
    if not attempt.name:
        return _Standing()
    account = select(
        Person.active, Person.password_hash, Person.failed_sign_ins, Person.locked_until
    ).where(Person.username == attempt.name)
    if lock:
        account = account.with_for_update()
    row = session.execute(account).one_or_none()
    if row is None:
        return _standing_of_unknown(session, attempt)
    return _Standing(
        row.password_hash if row.active else None, row.failed_sign_ins, row.locked_until
    )


def _standing_of_unknown(session: Session, attempt: Attempt) -> _Standing:
    failures, last = session.execute(
        select(func.count(), func.max(SignInAttempt.at)).where(
            SignInAttempt.username == attempt.name,
            SignInAttempt.at > attempt.now - 2 * LONGEST_LOCK,
            SignInAttempt.outcome == Outcome.WRONG,
        )
    ).one()
    return _Standing(None, failures, locked_until(failures, last) if failures else None)


def _settle(
    tools: Ledger, attempt: Attempt, standing: _Standing, *, right: bool, new_hash: str | None
) -> SignInRefused | None:
    """Change the account as the try demands, and write down how it went; return a refusal."""
    outcome, refusal = _change(tools.session, attempt, standing, right=right, new_hash=new_hash)
    _record(tools, attempt, outcome, refusal)
    if outcome is Outcome.OK and new_hash is not None:
        _record_rehash(tools, attempt, new_hash)
    return refusal


def _change(
    session: Session, attempt: Attempt, standing: _Standing, *, right: bool, new_hash: str | None
) -> tuple[Outcome, SignInRefused | None]:
    """Return how the try went, and the refusal if it is one."""
    if locked := standing.refusal(attempt.now):
        return Outcome.LOCKED, locked
    person = update(Person).where(Person.username == attempt.name)
    if right:
        if standing.failures or new_hash:
            kept = new_hash or standing.password_hash
            session.execute(person.values(failed_sign_ins=0, locked_until=None, password_hash=kept))
        return Outcome.OK, None
    failures = standing.failures + 1
    until = locked_until(failures, attempt.now)
    session.execute(person.values(failed_sign_ins=failures, locked_until=until))
    return Outcome.WRONG, SignInRefused() if until is None else Locked(until - attempt.now)


def _record(
    tools: Ledger, attempt: Attempt, outcome: Outcome, refusal: SignInRefused | None
) -> None:
    tools.session.execute(
        insert(SignInAttempt).values(
            key=tools.keys.next(),
            at=attempt.now,
            username=attempt.name,
            address=attempt.address,
            outcome=outcome,
        )
    )
    if refusal is not None:
        record(
            tools,
            AccessKind.SIGN_IN_FAILED,
            actor=Actor(attempt.name, address=attempt.address),
            subject=attempt.name,
            details={
                "way": attempt.way,
                "outcome": outcome.value,
                "locked": isinstance(refusal, Locked),
            },
            now=attempt.now,
        )


def _record_rehash(tools: Ledger, attempt: Attempt, new_hash: str) -> None:
    record(
        tools,
        AccessKind.ACCOUNT_CHANGED,
        actor=Actor(attempt.name, address=attempt.address),
        subject=attempt.name,
        details={"change": "password-rehashed", "seal": seal_of(new_hash)},
        now=attempt.now,
    )
