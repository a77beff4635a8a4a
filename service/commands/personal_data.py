"""Personal data of accounts: recording it, reading it in clear, sealing it with another key.

Whoever administers accounts records and reads it; each reading in clear has a reason and is an
event of the access log. Nobody else reads it here but who it is about.
"""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Select, delete, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.commands.access_log import record as record_access
from service.commands.accounts import PersonNotFound, require_administrator
from service.commands.rooms import Rooms
from service.commands.tie_effects import numbers_change
from service.commands.toolbox import Toolbox
from service.commands.upserts import upsert
from service.domain.access_events import AccessKind, bureau_day
from service.domain.actors import Actor
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.personal_data import PersonalKind, accepted
from service.store.personal_data import place_of, scope_of
from service.store.tables import Person, PersonalDatum

SHORTEST_REASON = 2
LONGEST_REASON = 200
_BATCH = 200
"""Rows a transaction that are sealed with another key."""


class PersonalDataTaken(Conflict):
    """这个{label}已登记在另一个账号（{username}）下，没有改动。请核对是不是同一个人，或者抄错了号码。"""

    code: ClassVar[str] = "personal-data.taken"

    def __init__(self, kind: PersonalKind, username: str | None) -> None:
        self.kind = kind
        super().__init__(label=kind.label, username=username or "未知")


class PersonalDataMissing(NotFound):
    """这个账号没有登记{label}。"""

    code: ClassVar[str] = "personal-data.missing"


class ReasonMissing(Invalid):
    """请写明理由（2 至 200 字），它会记入访问日志；没有做任何改动，也没有显示内容。"""

    code: ClassVar[str] = "personal-data.reason-missing"


def record(
    tools: Toolbox, *, username: str, kind: PersonalKind, text: str, actor: Actor, now: datetime
) -> None:
    """Record a value of a person in the place of the one before; an empty text removes it.

    Raises PersonalDataInvalid, PersonalDataTaken, PersonNotFound, AccountsForbidden,
    DataKeyMissing.
    """
    require_administrator(tools.session, actor)
    write(tools, username=username, kind=kind, text=text, now=now)
    record_access(
        tools,
        AccessKind.ACCOUNT_CHANGED,
        actor=actor,
        subject=username,
        details={
            "change": "personal-data" if text.strip() else "personal-data-removed",
            "field": kind,
        },
        now=now,
    )


def write(tools: Toolbox, *, username: str, kind: PersonalKind, text: str, now: datetime) -> None:
    """Write a value without asking who does; the caller has, and records it.

    Raises PersonalDataInvalid, PersonalDataTaken, PersonNotFound, DataKeyMissing.
    """
    session = tools.session
    person_kind = _kind_of(session, username)
    its = (PersonalDatum.username == username, PersonalDatum.kind == kind)
    if not text.strip():
        with numbers_change(tools, [username], now):
            session.execute(delete(PersonalDatum).where(*its))
        return
    value = accepted(kind, text, today=bureau_day(now))
    scope = scope_of(person_kind, kind)
    found = select(PersonalDatum.username).where(
        PersonalDatum.lookup.in_(tools.data_keys.lookups(value, scope)),
        PersonalDatum.username != username,
    )
    if (other := session.scalar(found)) is not None:
        raise PersonalDataTaken(kind, other)
    row: dict[str, object] = {
        "username": username,
        "kind": kind,
        "sealed": tools.data_keys.seal(value, place_of(username, kind)),
        "lookup": tools.data_keys.lookup(value, scope),
        "changed_at": now,
    }
    try:
        with numbers_change(tools, [username], now), session.begin_nested():
            upsert(session, PersonalDatum, [row], ("sealed", "lookup", "changed_at"))
    except IntegrityError:
        # Somebody else has recorded the same value a moment ago.
        raise PersonalDataTaken(kind, session.scalar(found)) from None


def reveal(
    tools: Toolbox, *, username: str, kind: PersonalKind, reason: str, actor: Actor, now: datetime
) -> str:
    """Return a value in clear, and record who read it and why.

    Raises ReasonMissing, PersonalDataMissing, AccountsForbidden, DataKeyMissing, SealBroken.
    """
    require_administrator(tools.session, actor)
    said = " ".join(reason.split())
    if not SHORTEST_REASON <= len(said) <= LONGEST_REASON:
        raise ReasonMissing
    sealed = tools.session.scalar(
        select(PersonalDatum.sealed).where(
            PersonalDatum.username == username, PersonalDatum.kind == kind
        )
    )
    if sealed is None:
        raise PersonalDataMissing(label=kind.label)
    value = tools.data_keys.open(sealed, place_of(username, kind))
    record_access(
        tools,
        AccessKind.PERSONAL_DATA_READ,
        actor=actor,
        subject=username,
        details={"field": kind, "reason": said},
        now=now,
    )
    return value


def rotate_key(rooms: Rooms) -> int:
    """Seal with the newest key whatever an older one has sealed; return how many values.

    A few hundred rows a transaction, so the service can work beside it; whoever starts it again
    goes on where it stopped. Raises DataKeyMissing, SealBroken.
    """
    sealed, after = 0, ("", "")
    while True:
        with rooms.write() as tools:
            rows = tools.session.execute(_behind(after)).all()
            old = [row for row in rows if not tools.data_keys.is_newest(row.sealed)]
            for row in old:
                _seal_again(tools, row.username, row.kind, row.sealed, row.person_kind)
        if not rows:
            return sealed
        sealed += len(old)
        after = (rows[-1].username, rows[-1].kind)


def _behind(after: tuple[str, str]) -> Select[str, str, str, str]:
    place = tuple_(PersonalDatum.username, PersonalDatum.kind)
    return (
        select(
            PersonalDatum.username,
            PersonalDatum.kind,
            PersonalDatum.sealed,
            Person.kind.label("person_kind"),
        )
        .join(Person, Person.username == PersonalDatum.username)
        .where(place > after)
        .order_by(PersonalDatum.username, PersonalDatum.kind)
        .limit(_BATCH)
        .with_for_update(of=PersonalDatum)
    )


def _seal_again(tools: Toolbox, username: str, kind: str, sealed: str, person_kind: str) -> None:
    value = tools.data_keys.open(sealed, place_of(username, kind))
    tools.session.execute(
        update(PersonalDatum)
        .where(PersonalDatum.username == username, PersonalDatum.kind == kind)
        .values(
            sealed=tools.data_keys.seal(value, place_of(username, kind)),
            lookup=tools.data_keys.lookup(value, scope_of(person_kind, kind)),
        )
    )


def _kind_of(session: Session, username: str) -> str:
    kind = session.scalar(select(Person.kind).where(Person.username == username))
    if kind is None:
        raise PersonNotFound(username=username)
    return kind
