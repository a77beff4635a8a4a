"""The variables that a task sees, and what somebody has filled in beside them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.domain.values import Json
from service.store.tables import Draft, ElementInstance, ProcessDefinition, Variable


@dataclass(frozen=True, slots=True)
class DraftPage:
    """What a person has filled in and not submitted."""

    data: dict[str, Json]
    comment: str
    saved_at: datetime


def visible(session: Session, *, instance_key: int, element_instance_key: int) -> dict[str, Json]:
    """Return the variables an element sees: those of inner scopes hide those of outer ones.

    The caller has made sure that the actor may read the values. At least two statements, one more
    a scope between the element and the instance.
    """
    scopes = _scopes(session, instance_key, element_instance_key)
    rows = session.execute(
        select(Variable.scope_key, Variable.name, Variable.value).where(
            Variable.instance_key == instance_key, Variable.scope_key.in_(scopes)
        )
    ).all()
    by_scope: dict[int, dict[str, Json]] = {scope: {} for scope in scopes}
    for row in rows:
        by_scope[row.scope_key][row.name] = row.value
    seen: dict[str, Json] = {}
    for scope in reversed(scopes):
        seen |= by_scope[scope]
    return seen


def _scopes(session: Session, instance_key: int, element_instance_key: int) -> list[int]:
    """Keys of the scopes from the element's own out to the instance's."""
    scopes = [element_instance_key]
    while scopes[-1] != instance_key:
        outer = session.execute(
            select(ElementInstance.scope_key).where(ElementInstance.key == scopes[-1])
        ).scalar_one_or_none()
        if outer is None or outer in scopes:
            return [*scopes, instance_key]
        scopes.append(outer)
    return scopes


def task_draft(session: Session, *, actor: Actor, task_key: int) -> DraftPage | None:
    """Return the actor's own draft of a task's form."""
    draft = session.get(Draft, (task_key, actor.username))
    return _page(draft)


def start_draft(session: Session, *, actor: Actor, process_id: str) -> DraftPage | None:
    """Return the actor's newest draft of a start form, of whichever version of the process.

    What was filled in before a new version came must not be lost with it.
    """
    versions = select(ProcessDefinition.key).where(ProcessDefinition.process_id == process_id)
    draft = session.execute(
        select(Draft)
        .where(Draft.username == actor.username, Draft.subject_key.in_(versions))
        .order_by(Draft.saved_at.desc())
        .limit(1)
    ).scalar_one_or_none()
    return _page(draft)


def start_drafts(session: Session, *, actor: Actor) -> dict[str, datetime]:
    """Return when the actor's newest draft of each process's start form was saved, by process id.

    One statement.
    """
    newest = func.max(Draft.saved_at).label("saved_at")
    rows = session.execute(
        select(ProcessDefinition.process_id, newest)
        .join(Draft, Draft.subject_key == ProcessDefinition.key)
        .where(Draft.username == actor.username)
        .group_by(ProcessDefinition.process_id)
    )
    return {row.process_id: row.saved_at for row in rows}


def started_drafts(session: Session, *, actor: Actor, process_id: str) -> tuple[int, ...]:
    """Return the subjects of all the actor's drafts of a process's start forms."""
    versions = select(ProcessDefinition.key).where(ProcessDefinition.process_id == process_id)
    return tuple(
        session.execute(
            select(Draft.subject_key).where(
                Draft.username == actor.username, Draft.subject_key.in_(versions)
            )
        ).scalars()
    )


def overlaid(values: Mapping[str, Json], draft: Mapping[str, Json]) -> dict[str, Json]:
    """Return the values with a draft over them; what a draft says inside an object stays inside.

    A list is taken from the draft as a whole: its rows may have been added, removed or moved.
    """
    merged = dict(values)
    for name, said in draft.items():
        below = merged.get(name)
        if isinstance(said, dict) and isinstance(below, dict):
            merged[name] = overlaid(below, said)
        else:
            merged[name] = said
    return merged


def _page(draft: Draft | None) -> DraftPage | None:
    if draft is None:
        return None
    data = draft.data if isinstance(draft.data, dict) else {}
    return DraftPage(data, draft.comment, draft.saved_at)
