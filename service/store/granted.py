"""The half of the authorization filter that is read from rights: whom a grant reaches, and what.

A right to all procedures never reaches a closed one, nor does one of all members of staff: see
`service.domain.authorization.reaches`. It is asked in the statement itself, so whatever is closed
or opened counts at once.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, and_, false, literal, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from service.domain.accounts import PersonKind
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import (
    ALL,
    KEPT_CLOSED,
    STARTING,
    Action,
    GranteeKind,
    ObjectKind,
    Right,
)
from service.store.membership import TextColumn, groups_of, tables_of
from service.store.tables import AuthorizationGrant, ClosedProcedure, Person

ProcessIdColumn = ColumnElement[str] | InstrumentedAttribute[str]
"""The column, or a bound value, that says whose procedure (or which register) a row is."""


def granted(
    actor: Actor, object: ObjectKind, action: Action, process_id: ProcessIdColumn
) -> ColumnElement[bool]:
    """Condition: a right lets the actor do this to rows of this procedure (or register)."""
    return granted_any(actor, ((object, action),), process_id)


def granted_any(
    actor: Actor, rights: Collection[Right], process_id: ProcessIdColumn
) -> ColumnElement[bool]:
    """Condition: at least one of these rights holds for rows of this procedure (or register)."""
    if actor == SYSTEM:
        return true()
    closable = [right for right in rights if right[0] in KEPT_CLOSED]
    others = [right for right in rights if right[0] not in KEPT_CLOSED]
    # No side depends on the row but to be looked up, so a database reads the rights and what is
    # closed once a statement.
    ways: list[ColumnElement[bool]] = [process_id.in_(_granted_processes(actor, rights))]
    if others:
        ways.append(literal(ALL).in_(_granted_processes(actor, others)))
    if closable:
        to_all = literal(ALL).in_(_granted_processes(actor, closable))
        ways.append(and_(to_all, ~closed(process_id)))
    return or_(*ways)


def granted_by_name(
    actor: Actor, object: ObjectKind, action: Action, process_id: str
) -> ColumnElement[bool]:
    """Condition: a right that names this very procedure or register lets the actor do this.

    For what is closed to all but those named for it: neither a right to everything nor one of all
    members of staff counts.
    """
    if actor == SYSTEM:
        return true()
    return named_to(literal(actor.username), object, action, process_id)


def named_to(
    username: TextColumn, object: ObjectKind, action: Action, process_id: str
) -> ColumnElement[bool]:
    """Condition: a right that names this very register lets whoever a row names do this."""
    grant = AuthorizationGrant
    named = _rights_of(username, object, action).where(
        grant.process_id == process_id, grant.grantee_kind != GranteeKind.EVERYONE
    )
    return named.exists()


def granted_to(
    username: TextColumn, object: ObjectKind, action: Action, process_id: ProcessIdColumn
) -> ColumnElement[bool]:
    """Condition: whoever a row names has this right for this procedure now, or is the system.

    For what a person has left behind to be done in their name, as a message that is kept.
    """
    grant = AuthorizationGrant
    to_all: ColumnElement[bool] = grant.process_id == ALL
    if object in KEPT_CLOSED:
        to_all = and_(to_all, ~closed(process_id))
    right = _rights_of(username, object, action).where(or_(grant.process_id == process_id, to_all))
    active = _account(username).where(Person.active)
    return or_(username == SYSTEM.username, and_(right.exists(), active.exists()))


def granted_somewhere_to(
    username: TextColumn, object: ObjectKind, action: Action
) -> ColumnElement[bool]:
    """Condition: whoever a row names has this right for some procedure, open account or not."""
    return _rights_of(username, object, action).exists()


def kinds_held(session: Session, actor: Actor) -> frozenset[ObjectKind]:
    """Return the kinds of object about which the actor has any right at all; one statement.

    None for the system itself, which needs no right.
    """
    kinds = select(AuthorizationGrant.object).where(given_to(actor)).distinct()
    return frozenset(ObjectKind(kind) for kind in session.scalars(kinds))


def holds(
    session: Session, actor: Actor, object: ObjectKind, action: Action, process_id: str = ALL
) -> bool:
    """Tell whether the actor has this right for this procedure; `ALL` asks for a right to all.

    One statement, none for the system itself.
    """
    if actor == SYSTEM:
        return True
    return bool(session.scalar(select(granted(actor, object, action, literal(process_id)))))


def designable(actor: Actor, process_id: ProcessIdColumn) -> ColumnElement[bool]:
    """Condition on a column of process, decision or form ids: the actor may read and deploy it."""
    return and_(
        granted(actor, ObjectKind.DEPLOYMENT, Action.READ, process_id),
        granted(actor, ObjectKind.DEPLOYMENT, Action.ACT, process_id),
    )


def designs_something(session: Session, actor: Actor) -> bool:
    """Tell whether there is anything the actor may read and deploy; one statement."""
    if actor == SYSTEM:
        return True
    read, act = (
        _granted_processes(actor, ((ObjectKind.DEPLOYMENT, action),)).subquery()
        for action in (Action.READ, Action.ACT)
    )
    same = or_(
        read.c.process_id == act.c.process_id, read.c.process_id == ALL, act.c.process_id == ALL
    )
    return (
        session.execute(select(literal(1)).join_from(read, act, same).limit(1)).first() is not None
    )


def closed(process_id: ProcessIdColumn) -> ColumnElement[bool]:
    """Condition: the procedure of this id is closed to all but those whom a right names for it."""
    return process_id.in_(select(ClosedProcedure.process_id))


def reaching(username: TextColumn) -> ColumnElement[bool]:
    """Condition on AuthorizationGrant: it is given to whoever this names, whatever it allows.

    By name, through a group they are in now, or as a member of staff where that counts.
    """
    grant = AuthorizationGrant
    staff = _account(username).where(Person.kind == PersonKind.STAFF)
    return or_(
        and_(_of_everyone(), staff.exists()),
        and_(grant.grantee_kind == GranteeKind.PERSON, grant.grantee == username),
        and_(grant.grantee_kind == GranteeKind.GROUP, grant.grantee.in_(groups_of(username))),
    )


def given_to(actor: Actor) -> ColumnElement[bool]:
    """Condition on AuthorizationGrant: it is the actor's, whatever it allows."""
    grant = AuthorizationGrant
    grantee = [and_(grant.grantee_kind == GranteeKind.PERSON, grant.grantee == actor.username)]
    if not actor.public:
        grantee.append(_of_everyone())
    if actor.groups:
        in_group = grant.grantee.in_(sorted(actor.groups))  # logs of statements can be compared
        grantee.append(and_(grant.grantee_kind == GranteeKind.GROUP, in_group))
    return or_(*grantee)


def _of_everyone() -> ColumnElement[bool]:
    """Condition on AuthorizationGrant: each member of staff has it. Of what is closed: to start."""
    grant = AuthorizationGrant
    counts = or_(
        ~closed(grant.process_id),
        grant.object.not_in(sorted(KEPT_CLOSED)),
        and_(grant.object == STARTING[0], grant.action == STARTING[1]),
    )
    return and_(grant.grantee_kind == GranteeKind.EVERYONE, counts)


def _rights_of(username: TextColumn, object: ObjectKind, action: Action) -> Select[int]:
    """Keys of the grants of this right that reach whoever this names."""
    grant = AuthorizationGrant
    reach = reaching(username)
    return select(grant.key).where(grant.object == object, grant.action == action, reach)


def _account(username: TextColumn) -> Select[str]:
    its = select(Person.username).where(Person.username == username)
    return its.correlate(*tables_of(username))


def _granted_processes(actor: Actor, rights: Collection[Right]) -> Select[str]:
    grant = AuthorizationGrant
    wanted = [and_(grant.object == kind, grant.action == action) for kind, action in rights]
    return select(grant.process_id).where(given_to(actor), or_(false(), *wanted))
