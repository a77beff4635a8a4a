"""Groups of people: offices and roles, which diagrams name as candidates."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from service.commands.accounts import require_administrator, require_person
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


def create_group(session: Session, *, group_id: str, name: str, actor: Actor) -> None:
    """Make a group, or give the one that is there this name.

    Raises GroupInvalid, AccountsForbidden.
    """
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


def add_member(session: Session, *, group_id: str, username: str, actor: Actor) -> None:
    """Put a person into a group; nothing happens where they are in it already.

    Raises GroupNotFound, PersonNotFound, AccountsForbidden.
    """
    require_administrator(session, actor)
    require_group(session, group_id)
    require_person(session, username)
    if session.get(Membership, (group_id, username)) is None:
        session.add(Membership(group_id=group_id, username=username))
        session.flush()


def remove_member(session: Session, *, group_id: str, username: str, actor: Actor) -> None:
    """Take a person out of a group; from now on the group's tasks are not theirs.

    Nothing happens where they are not in it. Raises GroupNotFound, AccountsForbidden.
    """
    require_administrator(session, actor)
    require_group(session, group_id)
    session.execute(
        delete(Membership).where(Membership.group_id == group_id, Membership.username == username)
    )


def require_group(session: Session, group_id: str) -> None:
    """Raise GroupNotFound unless there is such a group."""
    if not is_group_id(group_id) or session.get(CandidateGroup, group_id) is None:
        raise GroupNotFound(group_id=group_id)
