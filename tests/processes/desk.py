"""The procedure at work: people apply and decide through the commands, as pages and API do."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO

from sqlalchemy import select

from processes.sample import ADMISSION
from service.commands import completion, documents, starting
from service.commands.process_instances import Started
from service.commands.rooms import Rooms
from service.commands.user_tasks import Completed
from service.domain.actors import Actor
from service.domain.values import Json
from service.store.tables import ProcessDefinition, ProcessInstance, UserTask, Variable
from tests.processes.builders import application, office_check

OFFICE = "@ personnel"
"""The group of whoever has a post in the personnel office."""

APPLICANT = Actor("applicant", "申请人01", frozenset({"applicants"}))
TEACHER = Actor("teacher001", "教师001", frozenset({"applicants"}))
OFFICER = Actor("personnel1", "人事科01", frozenset({OFFICE}))
COLLEAGUE = Actor("personnel2", "人事科02", frozenset({OFFICE}))

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
EVIDENCE = ("evidence_teaching", "evidence_licence", "evidence_title", "evidence_appraisal")


@dataclass(slots=True)
class Clock:
    """The moment that the program takes for now."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def pass_days(self, days: int) -> None:
        self.now += timedelta(days=days)


@dataclass(slots=True)
class Desk:
    """The rooms, and what a person does in them."""

    rooms: Rooms
    clock: Clock

    def apply(self, *, actor: Actor = APPLICANT, **changes: Json) -> Started:
        """Upload the evidence and submit an application."""
        files = {field: self.upload(self.definition_key, field, actor) for field in EVIDENCE}
        return starting.start(
            self.rooms,
            process_id=ADMISSION,
            variables=application(**files | changes),
            actor=actor,
            now=self.clock(),
            through_form=True,
        )

    def upload(self, subject_key: int, field: str, actor: Actor) -> list[Json]:
        """Upload one file for a field; return the field's value."""
        receipt = documents.upload(
            self.rooms,
            subject_key,
            field=field,
            file_name=f"{field}.pdf",
            stream=BytesIO(PDF),
            actor=actor,
            now=self.clock(),
        )
        return [str(receipt.key)]

    def upload_honours(self, actor: Actor = APPLICANT) -> list[Json]:
        """Upload the certificate of an honour for a new application."""
        return self.upload(self.definition_key, "evidence_honours", actor)

    def resubmit(
        self, instance_key: int, *, actor: Actor = APPLICANT, **changes: Json
    ) -> Completed:
        """Complete the applicant's task with what the form shows, but for these changes."""
        task = self.open_task(instance_key)
        assert task.element_id == "supplement"
        kept = self.variables(instance_key)
        shown = {name: kept[name] for name in application() if name in kept}
        return self.complete(task, "submit", shown | changes, actor=actor)

    def complete(
        self,
        task: UserTask,
        outcome: str,
        submission: dict[str, Json] | None = None,
        *,
        actor: Actor,
        comment: str = "",
    ) -> Completed:
        """Complete a task; without a submission, with what its form already shows."""
        return completion.complete(
            self.rooms,
            task.key,
            submission=submission or {},
            outcome=outcome,
            comment=comment,
            revision=task.revision,
            actor=actor,
            now=self.clock(),
        )

    def check(
        self,
        instance_key: int,
        outcome: str = "approve",
        *,
        comment: str = "",
        actor: Actor = OFFICER,
        **changes: Json,
    ) -> Completed:
        """Complete the office's task, by default with everything seen and confirmed."""
        task = self.open_task(instance_key)
        assert task.element_id == "office_check"
        kept = self.variables(instance_key)
        verified = {name: kept[name] for name in kept if name.startswith("verified_")}
        filled = office_check() | verified | changes
        return self.complete(task, outcome, filled, actor=actor, comment=comment)

    def open_task(self, instance_key: int) -> UserTask:
        """Return the one open task of a case."""
        with self.rooms.read() as session:
            statement = select(UserTask).where(
                UserTask.instance_key == instance_key, UserTask.ended_at.is_(None)
            )
            return session.scalars(statement).one()

    def open_tasks(self, instance_key: int) -> list[UserTask]:
        """Return all open tasks of a case, by key."""
        with self.rooms.read() as session:
            statement = select(UserTask).where(
                UserTask.instance_key == instance_key, UserTask.ended_at.is_(None)
            )
            return list(session.scalars(statement.order_by(UserTask.key)))

    def instance(self, instance_key: int) -> ProcessInstance:
        """Return the case's row."""
        with self.rooms.read() as session:
            return session.get_one(ProcessInstance, instance_key)

    def variables(self, instance_key: int) -> dict[str, Json]:
        """Return the case's own variables."""
        with self.rooms.read() as session:
            rows = session.scalars(select(Variable).where(Variable.scope_key == instance_key))
            return {row.name: row.value for row in rows}

    def within(self, instance_key: int, name: str) -> list[Json]:
        """Return the values of a variable in the places of a subprocess, those that are set."""
        with self.rooms.read() as session:
            statement = select(Variable.value).where(
                Variable.instance_key == instance_key,
                Variable.scope_key != instance_key,
                Variable.name == name,
            )
            return [value for value in session.scalars(statement) if value is not None]

    @property
    def definition_key(self) -> int:
        """Key of the newest process definition: files of the start form are uploaded for it."""
        with self.rooms.read() as session:
            return (
                session.scalars(
                    select(ProcessDefinition.key)
                    .where(ProcessDefinition.process_id == ADMISSION)
                    .order_by(ProcessDefinition.version.desc())
                ).first()
                or 0
            )
