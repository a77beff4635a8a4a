"""Post groups: from the text of a diagram to the candidate group that it names."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session

from service.commands.upserts import Row, dialect_of, table
from service.domain.events import Event, UserTaskCreated
from service.domain.organization import is_post_group
from service.store.post_groups import Resolved, resolve
from service.store.tables import PostGroup, PostGroupLabel


def name_groups(
    session: Session, events: Sequence[Event], now: datetime
) -> tuple[list[Event], Resolved]:
    """Name the post groups of the tasks that arise: units by id, as of now.

    No statement where no task names posts, else one; a group that is named for the first time
    costs two more. What cannot be resolved keeps its text, so that its task is deserted.
    """
    written = {
        group
        for event in events
        if isinstance(event, UserTaskCreated)
        for group in event.candidate_groups
        if is_post_group(group)
    }
    if not written:
        return list(events), Resolved()
    resolved = resolve(session, written)
    write_fresh(session, resolved, now)
    return [
        replace(event, candidate_groups=resolved.of(event.candidate_groups))
        if isinstance(event, UserTaskCreated)
        else event
        for event in events
    ], resolved


def write_fresh(session: Session, resolved: Resolved, now: datetime) -> None:
    """Write new groups; another transaction may do so at the same time."""
    groups: list[Row] = [
        {"id": text, "title": group.title, "unit_id": group.unit, "created_at": now}
        for text, group in sorted(resolved.fresh.items())
    ]
    labels: list[Row] = [
        {"group_id": text, "label": label}
        for text, group in sorted(resolved.fresh.items())
        for label in group.labels
    ]
    _insert_missing(session, PostGroup, groups)
    _insert_missing(session, PostGroupLabel, labels)


def _insert_missing(session: Session, entity: type[DeclarativeBase], rows: list[Row]) -> None:
    if not rows:
        return
    inserting = postgresql.insert if dialect_of(session) == "postgresql" else sqlite.insert
    session.execute(inserting(table(entity)).on_conflict_do_nothing(), rows)
