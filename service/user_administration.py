"""What an operator does with accounts and personal data from the command line, as the system.

Part of the composition root, beside `administration`.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from service.administration import looked_at, opened, transaction
from service.commands import (
    account_states,
    accounts,
    groups,
    handing_over,
    objection_answers,
    outbox,
    password_links,
    personal_data,
    ties,
)
from service.commands.access_log import Ledger, record
from service.commands.handing_over import HandedOver
from service.commands.rooms import Rooms
from service.commands.toolbox import Toolbox
from service.domain.access_events import AccessKind
from service.domain.accounts import AccountState, PersonKind
from service.domain.actors import SYSTEM, Actor
from service.domain.handing_over import HandoverPlan
from service.queries import people
from service.settings import Settings


class AccountChange(Protocol):
    """A command on one account."""

    def __call__(self, tools: Ledger, *, username: str, actor: Actor, now: datetime) -> None:
        """Change the account of this user name."""


def add_person(
    settings: Settings,
    username: str,
    name: str,
    group_ids: Iterable[str],
    password: str,
    *,
    must_change: bool,
) -> None:
    """Make an account in these groups, with a password."""
    with transaction(settings) as (rooms, tools):
        _add(rooms, tools, username, name, group_ids, password, must_change=must_change)


def invite(
    settings: Settings, username: str, name: str, group_ids: Iterable[str]
) -> tuple[str, datetime]:
    """Make an account in these groups; return the link by which its person sets the password."""
    with transaction(settings) as (rooms, tools):
        _add(rooms, tools, username, name, group_ids)
        return _link(settings, rooms, tools, username)


def password_link(settings: Settings, username: str) -> tuple[str, datetime]:
    """Return a new link by which this person sets their password, and until when it serves."""
    with transaction(settings) as (rooms, tools):
        return _link(settings, rooms, tools, username)


def _add(
    rooms: Rooms,
    tools: Toolbox,
    username: str,
    name: str,
    group_ids: Iterable[str],
    password: str | None = None,
    *,
    must_change: bool = False,
) -> None:
    now = rooms.clock()
    accounts.create_person(
        tools,
        username=username,
        display_name=name,
        password=password,
        must_change_password=must_change,
        actor=SYSTEM,
        now=now,
    )
    for group_id in group_ids:
        groups.add_member(tools, group_id=group_id, username=username, actor=SYSTEM, now=now)


def _link(settings: Settings, rooms: Rooms, tools: Toolbox, username: str) -> tuple[str, datetime]:
    now = rooms.clock()
    link = password_links.make(
        tools,
        username=username,
        expires_at=now + timedelta(hours=settings.link_hours),
        actor=SYSTEM,
        now=now,
    )
    return f"{settings.address}/password/{link.token}", link.expires_at


def set_password(settings: Settings, username: str, password: str, *, must_change: bool) -> None:
    """Give an account another password."""
    with transaction(settings) as (rooms, tools):
        accounts.set_password(
            tools,
            username=username,
            password=password,
            must_change_password=must_change,
            actor=SYSTEM,
            now=rooms.clock(),
        )


def rename(settings: Settings, username: str, name: str) -> None:
    """Change the name that is shown."""
    with transaction(settings) as (rooms, tools):
        accounts.rename_person(
            tools, username=username, display_name=name, actor=SYSTEM, now=rooms.clock()
        )


def change_account(settings: Settings, username: str, change: AccountChange) -> None:
    """Unlock or reactivate an account."""
    with transaction(settings) as (rooms, tools):
        change(tools, username=username, actor=SYSTEM, now=rooms.clock())


def lock(settings: Settings, username: str, reason: str) -> None:
    """Lock an account until somebody unlocks it."""
    with transaction(settings) as (rooms, tools):
        account_states.lock(
            tools, username=username, reason=reason, actor=SYSTEM, now=rooms.clock()
        )


def leave(settings: Settings, username: str, successor: str) -> HandedOver:
    """Close the account of somebody who leaves; tasks without candidates go to the successor."""
    with opened(settings) as rooms:
        plan = HandoverPlan(successor)
        return handing_over.leave(
            rooms, username=username, plan=plan, actor=SYSTEM, now=rooms.clock()
        )


def rotate_data_key(settings: Settings) -> int:
    """Seal all personal data with the newest key; return how many values were not."""
    with opened(settings) as rooms:
        sealed = personal_data.rotate_key(rooms) + objection_answers.rotate_key(rooms)
        sealed += ties.rotate_key(rooms) + outbox.rotate_key(rooms)
        with rooms.write() as tools:
            record(
                tools,
                AccessKind.SETTINGS_CHANGED,
                actor=SYSTEM,
                details={"change": "data-key-rotated", "values": sealed},
                now=rooms.clock(),
            )
        return sealed


def list_accounts(settings: Settings) -> list[str]:
    """Return a line an account: user name, name, groups, and what keeps it from signing in."""
    lines: list[str] = []
    after: str | None = None
    with looked_at(settings) as rooms, rooms.read() as session:
        while True:
            page = people.page(session, actor=SYSTEM, now=rooms.clock(), after=after, limit=200)
            lines += [_account_line(each) for each in page.rows]
            if (after := page.next) is None:
                return lines


_STATES = {
    AccountState.INVITED: ["没有密码"],
    AccountState.PAUSED: ["因输错密码暂时锁定"],
    AccountState.LOCKED: ["已锁定"],
    AccountState.LEFT: ["已离岗"],
}


def _account_line(account: people.PersonRow) -> str:
    notes = list(_STATES.get(account.state, ()))
    if account.kind is PersonKind.PUBLIC:
        notes.append("公众")
    if account.must_change_password:
        notes.append("登录后须先改密码")
    groups = "、".join(account.groups) or "没有用户组"
    return "  ".join([account.username, account.display_name, groups, *notes])
