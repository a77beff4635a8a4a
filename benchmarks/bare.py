"""The floor: a Flask endpoint that writes the rows of a completion with SQLAlchemy and no more.

It checks a token, reads and locks what a completion reads and locks, writes the same rows into the
same tables in one transaction, and knows nothing of processes, forms or rights.
"""

import hashlib
import json
from datetime import UTC, datetime

from flask import Flask, Response, request
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from service.domain.keys import KeySource
from service.store.database import Database
from service.store.tables import (
    ApiToken,
    ElementInstance,
    HistoryEntry,
    HistoryValue,
    InboxEntry,
    Membership,
    Person,
    ProcessInstance,
    UserTask,
    Variable,
)


def application(url: str) -> Flask:
    """Make the application over the database at this address."""
    flask = Flask("bare")
    database = Database(url)
    keys = KeySource()

    @flask.post("/v2/user-tasks/<int:key>/completion")
    def complete(key: int) -> Response:
        variables = json.loads(request.data).get("variables") or {}
        token = request.headers["Authorization"].removeprefix("Bearer ")
        with database.read() as session:
            who = _person(session, token)
            _read(session, key)
        with database.write() as session:
            _write(session, keys, key, who, variables)
        return Response(status=204)

    return flask


def _person(session: Session, token: str) -> str:
    statement = (
        select(Person.username, Membership.group_id)
        .join(ApiToken, ApiToken.username == Person.username)
        .outerjoin(Membership, Membership.username == Person.username)
        .where(ApiToken.token_hash == hashlib.sha256(token.encode()).hexdigest())
    )
    return str(session.execute(statement).all()[0].username)


def _read(session: Session, key: int) -> None:
    task = session.execute(
        select(UserTask.instance_key, UserTask.state, ProcessInstance.title)
        .join(ProcessInstance, ProcessInstance.key == UserTask.instance_key)
        .where(UserTask.key == key)
    ).one()
    session.execute(
        select(Variable.scope_key, Variable.name, Variable.value).where(
            Variable.instance_key == task.instance_key
        )
    ).all()


def _write(
    session: Session, keys: KeySource, key: int, who: str, variables: dict[str, object]
) -> None:
    now = datetime.now(UTC)
    row = session.execute(
        select(ProcessInstance, UserTask)
        .join(UserTask, UserTask.instance_key == ProcessInstance.key)
        .where(UserTask.key == key)
        .with_for_update()
    ).one()
    instance, task = row.tuple()
    new = keys.next()
    common = {"instance_key": instance.key, "process_id": instance.process_id}
    session.execute(
        update(UserTask)
        .where(UserTask.key == key)
        .values(state="COMPLETED", revision=task.revision + 1, ended_at=now, ended_by=who)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(InboxEntry)
        .where(InboxEntry.task_key == key)
        .values(state="done", ended_at=now)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        insert(UserTask).values(
            **common,
            key=new,
            definition_key=instance.definition_key,
            element_id="second",
            name="第二步",
            state="CREATED",
            revision=1,
            assignee=who,
            candidate_users=[],
            candidate_groups=[],
            priority=50,
            created_at=now,
        )
    )
    session.execute(
        insert(InboxEntry).values(
            **common, task_key=new, holder_kind="person", holder=who, state="open", created_at=now
        )
    )
    session.execute(
        update(ElementInstance)
        .where(ElementInstance.key == key)
        .values(state="COMPLETED", ended_at=now)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        insert(ElementInstance).values(
            key=new,
            instance_key=instance.key,
            scope_key=instance.key,
            element_id="second",
            element_name="第二步",
            type="USER_TASK",
            state="ACTIVE",
            started_at=now,
        )
    )
    if variables:
        session.execute(
            insert(Variable),
            [
                {
                    "key": keys.next(),
                    "instance_key": instance.key,
                    "scope_key": instance.key,
                    "name": name,
                    "value": value,
                }
                for name, value in variables.items()
            ],
        )
    number = instance.history_length
    entries = [
        {
            "instance_key": instance.key,
            "number": number + step,
            "at": now,
            "actor": who,
            "act": act,
            "element_id": element,
            "element_instance_key": element_key,
            "digest": "0" * 64,
            "mac": "0" * 64,
        }
        for step, (act, element, element_key) in enumerate(
            (("user-task.completed", "first", key), ("user-task.created", "second", new)), 1
        )
    ]
    session.execute(insert(HistoryEntry), entries)
    session.execute(
        insert(HistoryValue),
        [
            {
                "instance_key": instance.key,
                "number": number + step,
                "salt": "0" * 32,
                "value": dict(variables),
            }
            for step in (1, 2)
        ],
    )
    session.execute(
        update(ProcessInstance)
        .where(ProcessInstance.key == instance.key)
        .values(
            revision=instance.revision + 1,
            history_length=number + 2,
            history_head="0" * 64,
            engine_state=instance.engine_state,
        )
        .execution_options(synchronize_session=False)
    )
