"""A builder of rows: instances with tasks, files and incidents, and the rights to them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from service.domain.authorization import ALL, Action, Grant, GranteeKind, ObjectKind
from service.domain.keys import KeySource
from service.store.tables import (
    AuthorizationGrant,
    ClosedProcedure,
    Deployment,
    Document,
    InboxEntry,
    Incident,
    ProcessDefinition,
    ProcessInstance,
    Resource,
    UserTask,
)
from service.store.tables.instances import InstanceState
from service.store.tables.tasks import EntryState, HolderKind, TaskState
from service.store.tables.work import IncidentState


class World:
    """Adds rows to a session; each method returns the key of the row it is about."""

    def __init__(self, session: Session, keys: KeySource, now: datetime) -> None:
        self._session = session
        self._keys = keys
        self._now = now
        self._definitions: dict[str, int] = {}

    def definition(self, process_id: str) -> int:
        """The one version of this process, deployed at the first call."""
        if process_id in self._definitions:
            return self._definitions[process_id]
        key = self._definitions[process_id] = self._keys.next()
        self._add(Deployment(key=key, deployed_at=self._now, deployed_by="admin"))
        self._add(
            Resource(
                key=key,
                deployment_key=key,
                name=f"{process_id}.bpmn",
                kind="bpmn",
                content="",
                checksum="",
                deleted_at=None,
            )
        )
        self._add(
            ProcessDefinition(
                key=key,
                resource_key=key,
                process_id=process_id,
                name=process_id,
                version=1,
                version_tag=None,
                start_form_id=None,
                deployed_at=self._now,
            )
        )
        return key

    def instance(self, process_id: str, *, started_by: str) -> int:
        key = self._keys.next()
        self._add(
            ProcessInstance(
                key=key,
                definition_key=self.definition(process_id),
                process_id=process_id,
                title=process_id,
                state=InstanceState.ACTIVE,
                revision=1,
                engine_state="",
                started_by=started_by,
                started_at=self._now,
                ended_at=None,
                end_event=None,
                request_id=None,
            )
        )
        return key

    def task(
        self, instance_key: int, holders: Iterable[tuple[HolderKind, str, EntryState]] = ()
    ) -> int:
        """A task with an inbox entry for each (kind, holder, state of the entry)."""
        key = self._keys.next()
        instance = self._session.get_one(ProcessInstance, instance_key)
        self._add(
            UserTask(
                key=key,
                instance_key=instance_key,
                definition_key=instance.definition_key,
                process_id=instance.process_id,
                element_id="Task_1",
                name="核对",
                state=TaskState.CREATED,
                revision=1,
                assignee=None,
                candidate_users=[],
                candidate_groups=[],
                form_key=None,
                priority=50,
                due_at=None,
                follow_up_at=None,
                created_at=self._now,
                ended_at=None,
                ended_by=None,
                outcome=None,
            )
        )
        for kind, holder, state in holders:
            self._add(
                InboxEntry(
                    task_key=key,
                    holder_kind=kind,
                    holder=holder,
                    state=state,
                    instance_key=instance_key,
                    process_id=instance.process_id,
                    due_at=None,
                    created_at=self._now,
                    ended_at=None,
                )
            )
        return key

    def document(self, instance_key: int | None, *, uploaded_by: str) -> int:
        key = self._keys.next()
        self._add(
            Document(
                key=key,
                storage_name=str(key),
                file_name="证书.pdf",
                media_type="application/pdf",
                size=1,
                sha256="",
                field="certificate",
                subject_key=1,
                instance_key=instance_key,
                uploaded_by=uploaded_by,
                uploaded_at=self._now,
            )
        )
        return key

    def incident(self, instance_key: int) -> int:
        key = self._keys.next()
        instance = self._session.get_one(ProcessInstance, instance_key)
        self._add(
            Incident(
                key=key,
                instance_key=instance_key,
                definition_key=instance.definition_key,
                process_id=instance.process_id,
                element_id="Task_1",
                element_instance_key=key,
                job_key=None,
                type="UNKNOWN",
                message="",
                state=IncidentState.ACTIVE,
                created_at=self._now,
                resolved_at=None,
                resolved_by=None,
            )
        )
        return key

    def allow(
        self,
        kind: GranteeKind,
        grantee: str,
        object: ObjectKind,
        action: Action,
        process_id: str = ALL,
    ) -> Grant:
        right = Grant(kind, grantee, process_id, object, action)
        self._add(
            AuthorizationGrant(
                key=self._keys.next(),
                grantee_kind=kind,
                grantee=grantee,
                process_id=process_id,
                object=object,
                action=action,
                granted_at=self._now,
                granted_by="admin",
            )
        )
        return right

    def close(self, process_id: str) -> None:
        self._add(ClosedProcedure(process_id=process_id, closed_at=self._now, closed_by="admin"))

    def _add(self, row: object) -> None:
        self._session.add(row)
        self._session.flush()
