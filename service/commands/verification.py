"""Coming in from outside: a code to a mobile number or mail address, and the account behind it.

Whether a number is known plays no part until its code was right: what is answered, how long that
takes and what is written is the same for all. A code is kept as a keyed hash, counts for ten
minutes and dies of its fifth wrong try; everything is counted in the database, so it makes no
difference how many processes answer, or whether one was started anew.
"""

import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update

from service.commands import access_log, accounts, groups, outbox, personal_data, rate_limits
from service.commands.peppers import Purpose, hashed
from service.commands.rooms import Rooms
from service.commands.sign_in import SignedIn, begin_session
from service.commands.tokens import new_token
from service.commands.toolbox import Toolbox
from service.commands.upserts import table, upsert
from service.domain.access_events import AccessKind, bureau_day
from service.domain.accounts import OUTSIDER, PUBLIC_APPLICANTS, PersonKind
from service.domain.actors import SYSTEM, Actor
from service.domain.errors import JiaoyanError
from service.domain.outgoing import Channel, OutgoingMessage
from service.domain.rate_limits import TooOften
from service.domain.verification import (
    CODE_DIGITS,
    CODE_LIFE,
    CODE_TRIES,
    OVERALL,
    PER_ADDRESS,
    PER_CONTACT,
    WRONG_PER_ADDRESS,
    AccountClosed,
    ChannelClosed,
    CodeRefused,
    Contact,
    is_code,
    read_contact,
)
from service.store.personal_data import scope_of
from service.store.tables import (
    CandidateGroup,
    Person,
    PersonalDatum,
    VerificationCode,
)

GROUP_NAME = "公众申请人"

_CHANNEL_NAMES = {Channel.SMS: "短信验证", Channel.MAIL: "邮箱验证"}
_CODES = table(VerificationCode)


@dataclass(frozen=True, slots=True)
class Admitted:
    """Somebody whose code was right; `is_new`: their account was made just now."""

    signed_in: SignedIn
    is_new: bool


def request_code(
    rooms: Rooms,
    written: str,
    *,
    channels: Collection[Channel],
    title: str,
    address: str,
    now: datetime,
) -> Contact:
    """Have a code sent to who says that this number or mail address is theirs.

    It replaces the one before. `channels` are those that the bureau has, `title` names it in the
    message, `address` is where the request came from. Raises ContactInvalid, ChannelClosed,
    TooOften; the same for numbers that are known and that are not.
    """
    contact = read_contact(written, today=bureau_day(now))
    if contact.channel not in channels:
        instead = "改用邮箱" if Channel.MAIL in channels else "改用手机号或到受理单位办理"
        raise ChannelClosed(channel=_CHANNEL_NAMES[contact.channel], instead=instead)
    with rooms.write() as tools:
        rate_limits.take_all(tools, PER_ADDRESS, address, now)
        rate_limits.take_all(tools, PER_CONTACT, contact.address, now)
        rate_limits.take_all(tools, OVERALL, rate_limits.EVERYBODY, now)
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
        row: dict[str, object] = {
            "contact_hash": _contact_hash(tools, contact),
            "code_hash": _code_hash(tools, contact, code),
            "tries": 0,
            "created_at": now,
            "expires_at": now + CODE_LIFE,
        }
        changed = ("code_hash", "tries", "created_at", "expires_at")
        upsert(tools.session, VerificationCode, [row], changed)
        text = (
            f"【{title}】验证码 {code}，10 分钟内有效。请勿告诉他人；不是你本人操作的，不必理会。"
        )
        message = OutgoingMessage(contact.channel, contact.address, text)
        outbox.enqueue(tools, message, now=now, expires_at=now + CODE_LIFE)
        access_log.record(
            tools,
            AccessKind.PUBLIC_CODE_SENT,
            actor=OUTSIDER,
            details={"to": contact.masked},
            now=now,
            address=address,
        )
    return contact


def admit(rooms: Rooms, written: str, code: str, *, address: str, now: datetime) -> Admitted:
    """Open a session for whoever has the code; makes their account where they have none.

    Raises ContactInvalid, CodeRefused, TooOften, AccountClosed. What a try costs is written down
    although it is refused.
    """
    contact = read_contact(written, today=bureau_day(now))
    with rooms.write() as tools:
        came_of_it = _try(tools, contact, code.strip(), address, now)
    if isinstance(came_of_it, JiaoyanError):
        raise came_of_it
    return came_of_it


def clean_up(tools: Toolbox, *, now: datetime) -> None:
    """Forget the codes that count no more."""
    tools.session.execute(delete(_CODES).where(_CODES.c.expires_at <= now))


def _try(
    tools: Toolbox, contact: Contact, code: str, address: str, now: datetime
) -> Admitted | JiaoyanError:
    try:
        rate_limits.require_room(tools, WRONG_PER_ADDRESS, address, now)
    except TooOften as refusal:
        return refusal
    if not _is_right(tools, contact, code, now):
        return _wrong(tools, contact, address, now)
    person = _person(tools, contact)
    if person is not None and not person[1]:
        return AccountClosed()
    is_new = person is None
    username = _register(tools, contact, now) if person is None else person[0]
    token = new_token()
    begin_session(tools.session, username, token, now)
    kind = AccessKind.PUBLIC_REGISTERED if is_new else AccessKind.SIGN_IN
    access_log.record(
        tools,
        kind,
        actor=Actor(username, contact.masked, public=True),
        subject=username,
        now=now,
        address=address,
    )
    return Admitted(SignedIn(username, token), is_new)


def _is_right(tools: Toolbox, contact: Contact, code: str, now: datetime) -> bool:
    """Count the try, and use the code up when it is right.

    The row is locked from here on: tries at once are worth no more than tries in turn.
    """
    hashed_contact = _contact_hash(tools, contact)
    code_hash = tools.session.scalar(
        update(_CODES)
        .where(
            _CODES.c.contact_hash == hashed_contact,
            _CODES.c.expires_at > now,
            _CODES.c.tries < CODE_TRIES,
        )
        .values(tries=_CODES.c.tries + 1)
        .returning(_CODES.c.code_hash)
    )
    wanted = _code_hash(tools, contact, code)
    right = is_code(code) and hmac.compare_digest(code_hash or "", wanted)
    if right:
        tools.session.execute(delete(_CODES).where(_CODES.c.contact_hash == hashed_contact))
    return right


def _wrong(tools: Toolbox, contact: Contact, address: str, now: datetime) -> JiaoyanError:
    rate_limits.take(tools, WRONG_PER_ADDRESS, address, now)
    access_log.record(
        tools,
        AccessKind.PUBLIC_CODE_FAILED,
        actor=OUTSIDER,
        details={"to": contact.masked},
        now=now,
        address=address,
    )
    return CodeRefused()


def _person(tools: Toolbox, contact: Contact) -> tuple[str, bool] | None:
    """Return the account with this number, and whether it is open."""
    scope = scope_of(PersonKind.PUBLIC, contact.kind)
    row = tools.session.execute(
        select(Person.username, Person.active)
        .join(PersonalDatum, PersonalDatum.username == Person.username)
        .where(
            PersonalDatum.lookup.in_(tools.data_keys.lookups(contact.address, scope)),
            Person.kind == PersonKind.PUBLIC,
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def _register(tools: Toolbox, contact: Contact, now: datetime) -> str:
    session = tools.session
    username = f"p{secrets.token_hex(8)}"
    accounts.create_person(
        tools,
        username=username,
        display_name=contact.masked,
        actor=SYSTEM,
        now=now,
        kind=PersonKind.PUBLIC,
    )
    personal_data.write(tools, username=username, kind=contact.kind, text=contact.address, now=now)
    group: dict[str, object] = {"id": PUBLIC_APPLICANTS, "name": GROUP_NAME}
    upsert(session, CandidateGroup, [group], ("id",))
    groups.join(tools, group_id=PUBLIC_APPLICANTS, username=username, actor=SYSTEM, now=now)
    return username


def _contact_hash(tools: Toolbox, contact: Contact) -> str:
    return hashed(tools, Purpose.CODE, "contact", contact.channel, contact.address)


def _code_hash(tools: Toolbox, contact: Contact, code: str) -> str:
    return hashed(tools, Purpose.CODE, "code", contact.channel, contact.address, code)
