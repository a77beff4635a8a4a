"""Which irreversible steps an instance, and those that it called, have behind them.

Steps of their diagrams, and acts on pages of their procedures.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.irreversible import PAGE_ACT_FOR_GOOD, PassedStep
from service.domain.values import Json
from service.store.tables import ElementInstance, HistoryEntry, HistoryValue, ProcessInstance
from service.store.tables.instances import ElementState

RemediesOf = Callable[[int], Mapping[str, str]]
"""The lawful act by the id of each irreversible step, of a definition's key."""


def family(session: Session, instance_key: int) -> dict[int, int]:
    """Return the definition of the instance and of all that it called, by key, callers first.

    One statement a level of calls, and one more.
    """
    known: dict[int, int] = {}
    of_level = ProcessInstance.key == instance_key
    while True:
        rows = session.execute(
            select(ProcessInstance.key, ProcessInstance.definition_key)
            .where(of_level)
            .order_by(ProcessInstance.key)
        ).all()
        if not rows:
            return known
        level = {row.key: row.definition_key for row in rows}
        known |= level
        calls = select(ElementInstance.key).where(ElementInstance.instance_key.in_(level))
        of_level = ProcessInstance.parent_element_instance_key.in_(calls)


def passed_steps(
    session: Session, members: Mapping[int, int], remedies_of: RemediesOf
) -> list[PassedStep]:
    """Return what cannot be taken back of these instances (definition by key): steps and acts."""
    passed = []
    for definition_key in sorted(set(members.values())):
        remedies = remedies_of(definition_key)
        if not remedies:
            continue
        rows = session.execute(
            select(
                ElementInstance.element_id, ElementInstance.element_name, ElementInstance.ended_at
            ).where(
                ElementInstance.instance_key.in_(
                    [key for key, its in members.items() if its == definition_key]
                ),
                ElementInstance.element_id.in_(sorted(remedies)),
                ElementInstance.state == ElementState.COMPLETED,
            )
        )
        passed += [
            PassedStep(row.element_name or row.element_id, row.ended_at, remedies[row.element_id])
            for row in rows
        ]
    return passed + _acts_for_good(session, members)


def _acts_for_good(session: Session, members: Mapping[int, int]) -> list[PassedStep]:
    """Return what was done on pages of their procedures, not to be taken back."""
    rows = session.execute(
        select(HistoryEntry.at, HistoryValue.value)
        .outerjoin(
            HistoryValue,
            (HistoryValue.instance_key == HistoryEntry.instance_key)
            & (HistoryValue.number == HistoryEntry.number),
        )
        .where(
            HistoryEntry.instance_key.in_(sorted(members)), HistoryEntry.act == PAGE_ACT_FOR_GOOD
        )
    )
    return [_act(row.at, row.value) for row in rows]


def _act(at: datetime, value: Json) -> PassedStep:
    """Read what it says of itself; it holds where the value was erased by law, too."""
    kept = value if isinstance(value, dict) else {}
    return PassedStep(str(kept.get("step", "已办理的事项")), at, str(kept.get("remedy", "更正")))
