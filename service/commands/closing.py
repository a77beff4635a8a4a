"""Closing procedures to all but those whom a right names for them, and opening them again.

A diagram's mark (`jiaoyan.closed`) closes, from the first version that bears it. A later version
without it opens nothing: old cases would lie open by the act of one designer. That takes two
people: a designer who publishes without the mark, and whoever runs the machine, who gives a reason.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.commands import versions
from service.commands.access_log import record
from service.commands.toolbox import Toolbox
from service.commands.upserts import table
from service.domain.access_events import AccessKind
from service.domain.actors import SYSTEM, Actor
from service.domain.errors import Conflict, Invalid
from service.engine import ProcessModel
from service.store.tables import ClosedProcedure, ProcessDefinition

LONGEST_REASON = 200


class ProcedureNotClosed(Invalid):
    """流程“{process}”没有封闭，不用解除。请检查流程编号。"""

    code = "procedure.not-closed"


class ProcedureStillMarked(Conflict):
    """流程“{process}”的最新版本仍然标为封闭，没有解除。请先由设计人员发布一个去掉“封闭的流程”的版本，再解除。"""

    code = "procedure.still-marked"


class OpeningReasonMissing(Invalid):
    """没有写明解除封闭的理由（2 至 {limit} 字），没有解除。解除后，有“全部流程”授权的人能看到它的全部事项。"""  # noqa: E501 - a message is one paragraph

    code = "procedure.opening-reason-missing"


def close_marked(
    tools: Toolbox, processes: Iterable[ProcessModel], *, actor: Actor, now: datetime
) -> None:
    """Close the procedures whose newest version bears the mark and that are not closed yet."""
    marked = {one.process_id for one in processes if one.is_closed}
    if not marked:
        return
    for process_id in sorted(marked - closed_among(tools.session, marked)):
        tools.session.add(
            ClosedProcedure(process_id=process_id, closed_at=now, closed_by=actor.username)
        )
        tools.session.flush()
        record(tools, AccessKind.PROCEDURE_CLOSED, actor=actor, subject=process_id, now=now)


def close_again(tools: Toolbox, process_ids: Iterable[str], *, actor: Actor, now: datetime) -> None:
    """Close what bears the mark in the version that has become the newest, as one was deleted."""
    models = (_newest(tools, process_id) for process_id in process_ids)
    close_marked(tools, [one for one in models if one is not None], actor=actor, now=now)


def open_procedure(tools: Toolbox, process_id: str, *, reason: str, now: datetime) -> None:
    """Let rights to all procedures reach this one again, its old cases too.

    For the command line of the machine alone: no page and no call leads here. Raises
    OpeningReasonMissing, ProcedureNotClosed, ProcedureStillMarked.
    """
    said = " ".join(reason.split())
    if not 2 <= len(said) <= LONGEST_REASON:
        raise OpeningReasonMissing(limit=LONGEST_REASON)
    if not is_closed(tools.session, process_id):
        raise ProcedureNotClosed(process=process_id[:60])
    newest = _newest(tools, process_id)
    if newest is not None and newest.is_closed:
        raise ProcedureStillMarked(process=newest.name)
    its = delete(table(ClosedProcedure)).where(ClosedProcedure.process_id == process_id)
    tools.session.execute(its)
    record(
        tools,
        AccessKind.PROCEDURE_OPENED,
        actor=SYSTEM,
        subject=process_id,
        details={"reason": said},
        now=now,
    )


def is_closed(session: Session, process_id: str) -> bool:
    """Tell whether the procedure is closed; one statement."""
    return bool(closed_among(session, (process_id,)))


def closed_among(session: Session, process_ids: Collection[str]) -> frozenset[str]:
    """Return which of these procedures are closed; no statement where there are none."""
    if not process_ids:
        return frozenset()
    among = ClosedProcedure.process_id.in_(sorted(process_ids))
    return frozenset(session.scalars(select(ClosedProcedure.process_id).where(among)))


def _newest(tools: Toolbox, process_id: str) -> ProcessModel | None:
    """The version in use."""
    found = versions.find(tools.session, ProcessDefinition, [process_id]).current(process_id)
    return None if found is None else tools.models.process(tools.session, found.key)
