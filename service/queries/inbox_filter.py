"""What to show of a list of the inbox: what an index answers, and what is looked for row by row."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from service.queries.case_state import stands
from service.queries.inbox_order import Box, Sort
from service.store.tables import InboxEntry, Person, ProcessDefinition, ProcessInstance, UserTask
from service.store.tables.tasks import TaskState

Conditions = list[ColumnElement[bool]]


class CaseState(StrEnum):
    """What to filter by: how the case stands, or that the task is overdue."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    COMPLETED = "COMPLETED"
    TERMINATED = "TERMINATED"
    OVERDUE = "OVERDUE"


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """What to show of a list. `q` is sought in title, step, procedure and who started it."""

    q: str = ""
    process_id: str = ""
    state: CaseState | None = None
    sort: Sort = Sort.NEWEST

    def looks_through(self, box: Box) -> bool:
        """Whether rows must be looked at one by one: no index has what is wanted."""
        return bool(self.q) or self._state_looked_for(box)

    def of_entries(self, box: Box, now: datetime) -> Conditions:
        """Conditions on InboxEntry that its indexes answer."""
        found: Conditions = []
        if self.process_id:
            found.append(InboxEntry.process_id == self.process_id)
        if self.state is CaseState.OVERDUE and not self._state_looked_for(box):
            found.append(InboxEntry.due_at < now)
        return found

    def of_started(self) -> Conditions:
        """Conditions on ProcessInstance that the indexes of what a person started answer."""
        found: Conditions = []
        if self.process_id:
            found.append(ProcessInstance.process_id == self.process_id)
        if self.state is not None and not self._state_looked_for(Box.STARTED):
            found.append(stands(self.state))
        return found

    def of_cases(self, box: Box, now: datetime) -> Conditions:
        """Conditions on ProcessInstance, and UserTask but in 我发起的, to look for."""
        found: Conditions = []
        if self.q:
            found.append(self._mentioned(box))
        if self.state is not None and self._state_looked_for(box):
            if self.state is not CaseState.OVERDUE:
                found.append(stands(self.state))
            else:
                found.append(_is_late(now) if box is Box.STARTED else UserTask.due_at < now)
        return found

    def _state_looked_for(self, box: Box) -> bool:
        if self.state is None:
            return False
        if box is Box.STARTED:
            return self.state is CaseState.OVERDUE or bool(self.process_id)
        return self.state is not CaseState.OVERDUE or box is Box.DONE

    def _mentioned(self, box: Box) -> ColumnElement[bool]:
        def mentions(column: InstrumentedAttribute[str]) -> ColumnElement[bool]:
            return column.icontains(self.q, autoescape=True)

        # Procedures and people are few: sought once, not beside each of the rows.
        definitions = select(ProcessDefinition.key).where(mentions(ProcessDefinition.name))
        people = select(Person.username).where(mentions(Person.display_name))
        steps = [] if box is Box.STARTED else [mentions(UserTask.name)]
        return or_(
            mentions(ProcessInstance.title),
            *steps,
            ProcessInstance.definition_key.in_(definitions),
            ProcessInstance.started_by.in_(people),
        )


def _is_late(now: datetime) -> ColumnElement[bool]:
    late = select(UserTask.key).where(
        UserTask.instance_key == ProcessInstance.key,
        UserTask.state == TaskState.CREATED,
        UserTask.due_at < now,
    )
    return late.exists()
