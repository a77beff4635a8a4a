"""Who may do what to which kind of object of which procedure: one rule for the whole system.

A right is a `Grant`: it names a person, a group or everyone, one procedure (or register) or all of
them, a kind of object and an action. Nothing follows from anything else: who may act on a thing
need not be able to read it, who reads the running state reads no values, who administers accounts
reads no case. Beside the grants, who holds a task sees it and who started an instance sees it;
that half needs rows and is in `service.store.authorization`.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.domain.actors import SYSTEM, Actor

ALL = "*"
"""As a procedure: each one, those of tomorrow too. As a grantee: the only one of `EVERYONE`."""


PART = "@"
"""Parts a register's id from one part of it, such as a unit: a right to `seats@wuda` reaches the
entries of that unit alone, one to `seats` or to all registers reaches each of them."""


class ObjectKind(StrEnum):
    """What a right is about."""

    PROCEDURE = "procedure"
    """The procedure itself; ACT starts an instance."""
    CASE = "case"
    """Its instances with what they contain: variables, opinions, files."""
    RUNNING = "running"
    """The state of its instances: diagram, incidents, no values.

    ACT retries, cancels, suspends, writes variables, and sends messages and signals to them.
    """
    JOB = "job"
    """Its service tasks that no handler of ours does; ACT takes them with the variables they see,
    and answers them: for the account of an outside worker."""
    DEPLOYMENT = "deployment"
    """Its diagrams, tables and forms; ACT deploys and deletes."""
    REGISTER = "register"
    """A register; the procedure of the grant is the register's id."""
    TASK = "task"
    """Its tasks, whoever holds them; ACT assigns them."""
    ACCOUNT = "account"
    """People, groups, rights and tokens; ACT administers them."""
    NOTICE = "notice"
    """Notices to the public about it; ACT publishes and withdraws them."""
    OBJECTION = "objection"
    """Objections to its public disclosures; READ sees them, ACT answers them."""
    RECUSAL = "recusal"
    """Ties that people have declared; ACT declares them for others and ends them."""
    AUDIT = "audit"
    """The history's soundness and the traces of signing in."""


class Action(StrEnum):
    """What a right allows."""

    READ = "read"
    ACT = "act"
    EXPORT = "export"


Right = tuple[ObjectKind, Action]
"""A kind of object and what may be done to it."""

MEANT: Mapping[ObjectKind, tuple[Action, ...]] = {
    ObjectKind.PROCEDURE: (Action.ACT,),
    ObjectKind.CASE: (Action.READ,),
    ObjectKind.RUNNING: (Action.READ, Action.ACT),
    ObjectKind.JOB: (Action.ACT,),
    ObjectKind.TASK: (Action.ACT,),
    ObjectKind.DEPLOYMENT: (Action.READ, Action.ACT),
    ObjectKind.REGISTER: (Action.READ, Action.ACT, Action.EXPORT),
    ObjectKind.NOTICE: (Action.ACT,),
    ObjectKind.OBJECTION: (Action.READ, Action.ACT),
    ObjectKind.RECUSAL: (Action.READ, Action.ACT),
    ObjectKind.ACCOUNT: (Action.READ, Action.ACT, Action.EXPORT),
    ObjectKind.AUDIT: (Action.READ, Action.EXPORT),
}
"""What may be done to each kind of object: of any other right nothing would follow."""

OF_THE_HOUSE = frozenset({ObjectKind.RECUSAL, ObjectKind.ACCOUNT, ObjectKind.AUDIT})
"""Kinds that belong to no procedure: a right to them is one to all."""

KEPT_CLOSED = frozenset(
    {
        ObjectKind.PROCEDURE,
        ObjectKind.CASE,
        ObjectKind.RUNNING,
        ObjectKind.JOB,
        ObjectKind.TASK,
        ObjectKind.NOTICE,
        ObjectKind.OBJECTION,
    }
)
"""Kinds of which a right to all procedures does not reach a closed one: all that leads to a case.

DEPLOYMENT is none of them: a diagram is no case, and who publishes the mark publishes the next
version too. What is closed stays closed whatever they publish.
"""

STARTING: Right = (ObjectKind.PROCEDURE, Action.ACT)
"""The one right to a closed procedure that all members of staff may have: it opens only one's own
case."""

ADMINISTERING: Right = (ObjectKind.ACCOUNT, Action.ACT)

SENSITIVE: frozenset[Right] = frozenset(
    {
        (ObjectKind.CASE, Action.READ),
        (ObjectKind.RUNNING, Action.ACT),
        (ObjectKind.TASK, Action.ACT),
        (ObjectKind.DEPLOYMENT, Action.ACT),
        (ObjectKind.REGISTER, Action.ACT),
        (ObjectKind.REGISTER, Action.EXPORT),
        (ObjectKind.JOB, Action.ACT),
        (ObjectKind.OBJECTION, Action.ACT),
        (ObjectKind.RECUSAL, Action.READ),
        (ObjectKind.RECUSAL, Action.ACT),
        ADMINISTERING,
        (ObjectKind.ACCOUNT, Action.EXPORT),
        (ObjectKind.AUDIT, Action.EXPORT),
    }
)
"""Rights that open the content of cases, change what counts, or let data out: given with a reason.

Never given to all members of staff by one of them.
"""

KEPT_APART: tuple[tuple[Right, Right], ...] = (
    (ADMINISTERING, (ObjectKind.AUDIT, Action.READ)),
    (ADMINISTERING, (ObjectKind.CASE, Action.READ)),
    ((ObjectKind.DEPLOYMENT, Action.ACT), (ObjectKind.AUDIT, Action.READ)),
)
"""Pairs of rights that one person should not hold: who administers, who works, who audits.

GB/T 22239-2019, 8.1.6 and 8.1.7: administrators of system, audit and security are separate roles.
"""


class GranteeKind(StrEnum):
    """To whom a right is given: everyone means each member of staff, nobody from outside."""

    PERSON = "person"
    GROUP = "group"
    EVERYONE = "everyone"


@dataclass(frozen=True, slots=True)
class Grant:
    """One right. `process_id` is a process id, a register's id, or `ALL`."""

    grantee_kind: GranteeKind
    grantee: str
    process_id: str
    object: ObjectKind
    action: Action


def is_meant(right: Grant) -> bool:
    """Tell whether anything follows from a right like this."""
    if right.object in OF_THE_HOUSE and right.process_id != ALL:
        return False
    return right.action in MEANT[right.object]


def is_sensitive(right: Grant) -> bool:
    """Tell whether a right must be given with a reason: see `SENSITIVE`."""
    return (right.object, right.action) in SENSITIVE


def everyone(object: ObjectKind, action: Action, process_id: str = ALL) -> Grant:
    """A right that every member of staff has."""
    return Grant(GranteeKind.EVERYONE, ALL, process_id, object, action)


def held_by(grant: Grant, actor: Actor) -> bool:
    """Tell whether the actor is among those the right is given to."""
    match grant.grantee_kind:
        case GranteeKind.EVERYONE:
            return not actor.public
        case GranteeKind.PERSON:
            return grant.grantee == actor.username
        case GranteeKind.GROUP:
            return grant.grantee in actor.groups


def reaches(grant: Grant, process_id: str, closed: Collection[str] = ()) -> bool:
    """Tell whether a right is one to this procedure (or register), whoever has it.

    `closed` are the closed procedures: of what leads to a case there, only a right that names the
    procedure counts, and of those of all members of staff only the one to start.
    """
    if grant.object not in KEPT_CLOSED or process_id not in closed:
        return grant.process_id in {ALL, process_id}
    named = grant.process_id == process_id
    everyone = grant.grantee_kind is GranteeKind.EVERYONE
    return named and (not everyone or (grant.object, grant.action) == STARTING)


def allows(
    grants: Iterable[Grant],
    actor: Actor,
    object: ObjectKind,
    action: Action,
    process_id: str,
    closed: Collection[str] = (),
) -> bool:
    """Tell whether one of the grants lets the actor do this; the system itself may do anything."""
    if actor == SYSTEM:
        return True
    return any(
        grant.object is object
        and grant.action is action
        and reaches(grant, process_id, closed)
        and held_by(grant, actor)
        for grant in grants
    )
