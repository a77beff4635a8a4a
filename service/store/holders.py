"""Holders of the inbox: what is whose, and whether there is a person behind one."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, exists, or_, select

from service.domain.accounts import PersonKind
from service.store.membership import TextColumn, has_member
from service.store.recusal import KeyColumn, barred_from
from service.store.tables import ApiToken, InboxEntry, Person
from service.store.tables.tasks import HolderKind


def anybody_behind(
    holder_kind: TextColumn, holder: TextColumn, task_key: KeyColumn, *, but: str = ""
) -> ColumnElement[bool]:
    """Condition on InboxEntry: somebody who can act has this name, or is in the group of this id.

    Who must keep out of the task does not count, nor does `but`, nor who merely oversees it.
    """
    counts = and_(Person.active, Person.username.not_in(barred_from(task_key)))
    if but:
        counts = and_(counts, Person.username != but)
    staff = and_(counts, staff_that_comes_in())
    outsider = and_(counts, Person.kind == PersonKind.PUBLIC)
    counts = and_(counts, holder_kind != HolderKind.SUPERIOR)
    is_group, is_given = holder_kind == HolderKind.GROUP, holder_kind == HolderKind.PERSON
    return or_(
        is_group & has_member(holder, select(Person.username).where(staff)),
        ~is_group & exists().where(Person.username == holder, staff),
        # From outside one does what was given to one by name, and claims nothing.
        is_given & exists().where(Person.username == holder, outsider),
    )


def staff_that_comes_in() -> ColumnElement[bool]:
    """Condition on Person: works here, and has a password or a token that does not expire.

    Who was invited and has not come yet sees no task; a program needs no password.
    """
    token = select(ApiToken.key).where(
        ApiToken.username == Person.username,
        ApiToken.revoked_at.is_(None),
        ApiToken.expires_at.is_(None),
    )
    way = or_(Person.password_hash.is_not(None), token.correlate(Person).exists())
    return and_(Person.kind == PersonKind.STAFF, way)


def held_by_name(username: str) -> ColumnElement[bool]:
    """Condition on InboxEntry: it is this person's to do, or theirs to claim by name."""
    kinds = (HolderKind.PERSON, HolderKind.CANDIDATE)
    return and_(InboxEntry.holder_kind.in_(kinds), InboxEntry.holder == username)


def overseen_by(username: str) -> ColumnElement[bool]:
    """Condition on InboxEntry: this person was told that its holder is late."""
    return and_(InboxEntry.holder_kind == HolderKind.SUPERIOR, InboxEntry.holder == username)


def held_by_groups(groups: Collection[str]) -> ColumnElement[bool]:
    """Condition on InboxEntry: it is for who is in one of these groups to claim."""
    # In one order, so that logs of statements can be compared.
    return and_(InboxEntry.holder_kind == HolderKind.GROUP, InboxEntry.holder.in_(sorted(groups)))
