"""Groups of people: offices and roles, which diagrams name as candidates."""

from datetime import datetime

from sqlalchemy import and_, delete
from sqlalchemy.orm import Session

from service.commands.access_log import Ledger, record
from service.commands.accounts import lock_member, require_administrator
from service.commands.separation import administrator_kept, require_for_another
from service.commands.upserts import rows_changed
from service.domain.access_events import AccessKind
from service.domain.accounts import is_group_id
from service.domain.actors import Actor
from service.domain.errors import Invalid, NotFound
from service.store.tables import CandidateGroup, Membership


class GroupInvalid(Invalid):
    """组标识“{group_id}”或名称“{name}”不能用：标识应为 1 至 64 个字母、数字或 . _ @ -，名称应有 1 至 100 个字符。"""  # noqa: E501 - a message is one paragraph

    code = "groups.invalid"


class GroupNotFound(NotFound):
    """没有标识为“{group_id}”的组。请核对后再试。"""

    code = "groups.not-found"


def create_group(tools: Ledger, *, group_id: str, name: str, actor: Actor, now: datetime) -> None:
    """Make a group, or give the one that is there this name.

    Raises GroupInvalid, AccountsForbidden.
    """
    session = tools.session
    require_administrator(session, actor)
    shown = name.strip()
    if not is_group_id(group_id) or not 1 <= len(shown) <= 100 or not shown.isprintable():
        raise GroupInvalid(group_id=group_id, name=name)
    group = session.get(CandidateGroup, group_id)
    if group is None:
        session.add(CandidateGroup(id=group_id, name=shown))
    else:
        group.name = shown
    session.flush()
    _record(tools, group_id, "named", shown, actor=actor, now=now)


def add_member(tools: Ledger, *, group_id: str, username: str, actor: Actor, now: datetime) -> None:
    """Put a person into a group; nothing happens where they are in it already.

    Members of staff alone: who comes from outside joins their own group by registering. Nobody
    puts themselves into one. Raises OwnAccess, GroupNotFound, PersonNotFound, PersonNotStaff,
    PersonIsGone, AccountsForbidden.
    """
    session = tools.session
    require_administrator(session, actor)
    require_group(session, group_id)
    lock_member(session, username)
    require_for_another(username, "把自己加入用户组", actor=actor)
    join(tools, group_id=group_id, username=username, actor=actor, now=now)


def join(tools: Ledger, *, group_id: str, username: str, actor: Actor, now: datetime) -> None:
    """Put a person into a group without asking who does; the caller has."""
    session = tools.session
    if session.get(Membership, (group_id, username)) is None:
        session.add(Membership(group_id=group_id, username=username))
        session.flush()
        _record(tools, group_id, "member-added", username, actor=actor, now=now)


def leave_all(tools: Ledger, *, username: str, actor: Actor, now: datetime) -> list[str]:
    """Take a person out of every group, and return which; the caller has asked who does."""
    its = delete(Membership).where(Membership.username == username)
    left = sorted(tools.session.scalars(its.returning(Membership.group_id)))
    for group_id in left:
        _record(tools, group_id, "member-removed", username, actor=actor, now=now)
    return left


def remove_member(
    tools: Ledger, *, group_id: str, username: str, actor: Actor, now: datetime
) -> None:
    """Take a person out of a group; from now on the group's tasks are not theirs.

    Nothing happens where they are not in it. Raises LastAdministrator, GroupNotFound,
    AccountsForbidden.
    """
    session = tools.session
    require_administrator(session, actor)
    require_group(session, group_id)
    its = and_(Membership.group_id == group_id, Membership.username == username)
    with administrator_kept(session, actor=actor):
        left = rows_changed(session, delete(Membership).where(its))
    if left:
        _record(tools, group_id, "member-removed", username, actor=actor, now=now)


def _record(
    tools: Ledger, group_id: str, change: str, what: str, *, actor: Actor, now: datetime
) -> None:
    """`what` is the member's user name, or the group's new name."""
    is_member = change != "named"
    record(
        tools,
        AccessKind.GROUP_CHANGED,
        actor=actor,
        subject=what if is_member else group_id,
        reference=group_id,
        details={"change": change} if is_member else {"change": change, "name": what},
        now=now,
    )


def require_group(session: Session, group_id: str) -> None:
    """Raise GroupNotFound unless there is such a group."""
    if not is_group_id(group_id) or session.get(CandidateGroup, group_id) is None:
        raise GroupNotFound(group_id=group_id)
