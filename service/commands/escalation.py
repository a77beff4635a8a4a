"""Finding who is told that a task is late, and letting them see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from service.commands import post_groups, task_rows
from service.commands.deadline_jobs import DatedTask
from service.commands.instance_lock import LockedInstance
from service.commands.task_rows import Place, entry_row
from service.commands.toolbox import Toolbox
from service.domain.deadline_settings import OWNER, SUPERIOR, group_of
from service.domain.escalation import PassedOver, Skip, Told, members, superior
from service.domain.organization import is_post_group
from service.domain.values import Json
from service.store import superiors
from service.store.post_groups import resolve
from service.store.tables.tasks import EntryState, HolderKind

OPERATORS = "operators"
"""Who is told where nobody else is found: whoever oversees the running of the procedure."""


@dataclass(frozen=True, slots=True)
class Escalated:
    """Who is told at a level: nobody by name where the operators are (`instead`)."""

    level: int
    to: str
    people: tuple[str, ...]
    skipped: tuple[Skip, ...]
    instead: str | None

    def value(self) -> dict[str, Json]:
        """As the history holds it."""
        return {
            "level": self.level,
            "to": self.to,
            "people": [*self.people],
            "instead": self.instead,
            "skipped": [{"who": one.who, "why": one.why} for one in self.skipped],
        }


def find(
    tools: Toolbox,
    instance: LockedInstance,
    task: DatedTask,
    *,
    level: int,
    to: str,
    told: Sequence[str],
    now: datetime,
) -> Escalated:
    """Return who is told at this level: whom the settings name, else the owner, else operators.

    `told` know already: each further superior is the next one up.
    """
    session, owner = tools.session, task.deadline.settings.owner
    skipped: list[Skip] = []
    for target in dict.fromkeys((to, OWNER)):
        found = _told(session, instance, task, owner if target == OWNER else target, told, now)
        skipped += found.skipped
        if found.people:
            instead = None if target == to else target
            return Escalated(level, to, found.people, tuple(dict.fromkeys(skipped)), instead)
    return Escalated(level, to, (), tuple(dict.fromkeys(skipped)), OPERATORS)


def let_see(
    tools: Toolbox,
    instance: LockedInstance,
    task: DatedTask,
    people: Sequence[str],
    now: datetime,
) -> None:
    """Put the task before those who are told; it is in none of their lists of work."""
    place = Place(instance.key, instance.definition_key, instance.process_id, now)
    rows = [
        entry_row(place, task.key, HolderKind.SUPERIOR, one, EntryState.OPEN, due_at=task.due_at)
        for one in people
    ]
    task_rows.write_entries(tools.session, rows)


def _told(
    session: Session,
    instance: LockedInstance,
    task: DatedTask,
    target: str,
    told: Sequence[str],
    now: datetime,
) -> Told:
    holders = [task.assignee] if task.assignee is not None else []
    if target == SUPERIOR:
        tree = superiors.units(session)
        heads = {unit.head for unit in tree.values() if unit.head is not None}
        begins = superiors.units_of(
            session,
            assignee=task.assignee,
            users=task.candidate_users,
            groups=task.candidate_groups,
        )
        return superior(begins, tree, _unfit(session, instance, task, heads, holders, told))
    people = _members(session, target, now)
    return members(people, _unfit(session, instance, task, people, holders, told))


def _members(session: Session, target: str, now: datetime) -> list[str]:
    """The people that a target names: a group, posts, or one person by user name."""
    group = group_of(target)
    if group is None:
        return [target] if target else []
    if is_post_group(group):
        resolved = resolve(session, [group])
        post_groups.write_fresh(session, resolved, now)
        group = resolved.ids.get(group, "")
    return superiors.members_of(session, group) if group else []


def _unfit(
    session: Session,
    instance: LockedInstance,
    task: DatedTask,
    people: Sequence[str] | set[str],
    holders: Sequence[str],
    told: Sequence[str],
) -> Mapping[str, PassedOver]:
    """Whom nobody tells; why somebody is passed over who fits several is the gravest reason."""
    return {
        **dict.fromkeys(told, PassedOver.TOLD),
        instance.started_by: PassedOver.INITIATOR,
        **dict.fromkeys(holders, PassedOver.HOLDER),
        **superiors.unfit(session, task.key, people),
    }
