"""The messages of a notification: to whom, by which channels, as each person has chosen."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from service.commands.outbox import PATIENT, message_row
from service.commands.toolbox import Toolbox
from service.commands.upserts import table
from service.domain.errors import JiaoyanError
from service.domain.notifications import (
    CHOOSABLE,
    OF_CLOSED,
    WORDINGS,
    NotificationKind,
    wanted_by_default,
)
from service.domain.outgoing import Channel, OutgoingMessage
from service.domain.personal_data import PersonalKind
from service.store.personal_data import place_of
from service.store.tables import Job, NotificationChoice, PersonalDatum

LIFE = timedelta(days=3)
"""What could not be sent by then is not sent any more: the list has it."""

MOST_NAMED = 10
"""People whom a shared message names."""

_PUBLIC_PAGE = "/public/applications"
_LIST = "/notifications"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told; `public`: an applicant from outside.

    `principal`: the name of whom they are told it for, as a deputy.
    """

    username: str
    name: str
    public: bool
    principal: str = ""


@dataclass(frozen=True, slots=True)
class News:
    """What one person is told; `path` is that of its page.

    `closed`: it is about a closed procedure. No channel that several people read has it, and a mail
    names neither procedure nor step.
    """

    to: Recipient
    kind: NotificationKind
    text: str
    path: str
    closed: bool = False


Addresses = Mapping[tuple[str, PersonalKind], str]


def enqueue(
    tools: Toolbox, news: Sequence[News], *, channels: Collection[Channel], now: datetime
) -> None:
    """Write the messages of what people are told: three statements, none without channels."""
    wanted = _wanted(tools.session, news, channels) if channels else {}
    public = [one for one in news if one.to.public] if channels else []
    if not wanted and not public:
        return
    asked = {one.to.username for found in wanted.values() for one in found}
    known = addresses(tools, asked | {one.to.username for one in public})
    messages = [
        *_to_public(public, known, channels),
        *(message for channel, found in wanted.items() for message in _to(channel, found, known)),
    ]
    rows = [
        message_row(tools, one, now=now, expires_at=now + LIFE, pauses=PATIENT, kept=True)
        for one in messages
    ]
    if rows:
        tools.session.execute(insert(table(Job)), rows)


def chosen(session: Session, usernames: Iterable[str]) -> dict[tuple[str, str, str], bool]:
    """Return what these people have chosen, by user name, kind and channel."""
    choice = NotificationChoice
    rows = session.execute(
        select(choice.username, choice.kind, choice.channel, choice.wanted).where(
            choice.username.in_(sorted(usernames))
        )
    )
    return {(row.username, row.kind, row.channel): bool(row.wanted) for row in rows}


def _wanted(
    session: Session, news: Sequence[News], channels: Collection[Channel]
) -> dict[Channel, list[News]]:
    staff = [one for one in news if not one.to.public]
    offered = [channel for channel in CHOOSABLE if channel in channels]
    if not staff or not offered:
        return {}
    choices = chosen(session, [one.to.username for one in staff])
    found: dict[Channel, list[News]] = {}
    for channel in offered:
        for one in staff:
            default = wanted_by_default(one.kind, channel)
            if one.closed and channel.is_shared:
                continue
            if choices.get((one.to.username, one.kind, channel), default):
                found.setdefault(channel, []).append(one)
    return found


def addresses(tools: Toolbox, usernames: Collection[str]) -> Addresses:
    """Return mobile numbers and mail addresses in clear; what cannot be opened is left out."""
    datum = PersonalDatum
    rows = tools.session.execute(
        select(datum.username, datum.kind, datum.sealed).where(
            datum.username.in_(sorted(usernames)),
            datum.kind.in_((PersonalKind.MOBILE, PersonalKind.MAIL)),
        )
    )
    found: dict[tuple[str, PersonalKind], str] = {}
    for username, kind, sealed in rows:
        try:
            value = tools.data_keys.open(sealed, place_of(username, kind))
        except JiaoyanError:
            continue
        found[username, PersonalKind(kind)] = value
    return found


def _to(channel: Channel, news: Sequence[News], known: Addresses) -> Iterable[OutgoingMessage]:
    if not channel.is_shared:
        for one in news:
            if (address := known.get((one.to.username, PersonalKind.MAIL))) is not None:
                subject = WORDINGS[one.kind].label
                text = OF_CLOSED if one.closed else one.text
                yield OutgoingMessage(channel, address, text, subject, one.path)
        return
    # One message for all, however many of them read the same chat.
    by_text: dict[tuple[NotificationKind, str], list[News]] = {}
    for one in news:
        by_text.setdefault((one.kind, one.text), []).append(one)
    for (kind, text), told in by_text.items():
        numbers = (known.get((one.to.username, PersonalKind.MOBILE)) for one in told)
        yield OutgoingMessage(
            channel,
            "",
            f"{_named(told)}：{text}",
            WORDINGS[kind].label,
            _LIST,
            mentions=tuple(number for number in numbers if number is not None),
        )


def _named(told: Sequence[News]) -> str:
    names = "、".join(one.to.name for one in told[:MOST_NAMED])
    return names if len(told) <= MOST_NAMED else f"{names}等 {len(told)} 人"


def _to_public(
    news: Sequence[News], known: Addresses, channels: Collection[Channel]
) -> Iterable[OutgoingMessage]:
    """By mail if there is an address, else by a text message: they have no choice and no list."""
    for one in news:
        subject = WORDINGS[one.kind].label
        for channel, kind in (
            (Channel.MAIL, PersonalKind.MAIL),
            (Channel.SMS, PersonalKind.MOBILE),
        ):
            address = known.get((one.to.username, kind))
            if channel in channels and address is not None:
                yield OutgoingMessage(channel, address, one.text, subject, _PUBLIC_PAGE)
                break
