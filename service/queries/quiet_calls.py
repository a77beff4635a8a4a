"""Called cases that asked nobody and waited for nothing: a look at a register, a check of rules."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.element_types import ElementType
from service.store.tables import ElementInstance, ProcessInstance
from service.store.tables.instances import InstanceState

_WAITING = (
    ElementType.USER_TASK,
    ElementType.MANUAL_TASK,
    ElementType.TASK,
    ElementType.RECEIVE_TASK,
    ElementType.INTERMEDIATE_CATCH_EVENT,
    ElementType.EVENT_BASED_GATEWAY,
    ElementType.CALL_ACTIVITY,
    ElementType.AD_HOC_SUB_PROCESS,
)
"""Where a case stands until somebody or something comes, or another case is over."""


def quiet_calls(session: Session, keys: Collection[int]) -> frozenset[int]:
    """Return those of these instances that are over and never stood still; one statement at most.

    What an incident held is among them once it is mended: that is told on the operators' pages.
    """
    if not keys:
        return frozenset()
    stood = select(ElementInstance.key).where(
        ElementInstance.instance_key == ProcessInstance.key, ElementInstance.type.in_(_WAITING)
    )
    wanted = select(ProcessInstance.key).where(
        ProcessInstance.key.in_(keys),
        ProcessInstance.state == InstanceState.COMPLETED,
        ~stood.exists(),
    )
    return frozenset(session.scalars(wanted))
