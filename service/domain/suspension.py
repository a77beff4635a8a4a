"""What stands still while a case is suspended, and where it goes on when the case is resumed."""

from datetime import UTC, datetime, timedelta
from typing import ClassVar

from service.domain.access_events import bureau_day
from service.domain.dates import shown
from service.domain.errors import Conflict, FieldsInvalid

LATEST = datetime.max.replace(tzinfo=UTC) - timedelta(days=2)
"""No moment lies behind it, whatever its zone."""


class InstanceSuspended(Conflict):
    """这个事项已由{who}于 {when} 挂起，没有改动。恢复后才能办理；如急需办理，请联系{who}。"""

    code: ClassVar[str] = "process-instance.suspended"

    def __init__(self, *, who: str, when: datetime) -> None:
        self.who = who
        self.when = when
        super().__init__(who=who, when=shown(when))


class ApplicationSuspended(Conflict):
    """这项申请暂停办理，没有改动。恢复后请再办；原因请凭受理编号向受理单位了解。"""

    code: ClassVar[str] = "application.suspended"


class InstanceNotSuspended(Conflict):
    """这个流程实例没有挂起，不需要恢复，没有改动。"""

    code: ClassVar[str] = "process-instance.not-suspended"


class SuspensionReasonMissing(FieldsInvalid):
    """挂起需要写明原因，流程没有改动。请填写原因后再提交。"""

    code: ClassVar[str] = "process-instance.suspension-reason-missing"

    def __init__(self) -> None:
        super().__init__({"reason": ["请填写挂起的原因。"]})


def goes_on(due: datetime, *, suspended_at: datetime, resumed_at: datetime) -> datetime:
    """When a timer is due again that has stood still: what was left of its time is kept.

    One that was overdue already stays so. Moments are aware.
    """
    return _later(due, resumed_at - suspended_at)


def days_lost(suspended_at: datetime, resumed_at: datetime) -> int:
    """So many days later a task is due: the bureau's midnights that passed meanwhile.

    A deadline of a task ends with a day, so it moves by whole ones.
    """
    return (bureau_day(resumed_at) - bureau_day(suspended_at)).days


def days_later(due: datetime, days: int) -> datetime:
    """A deadline moved by so many days."""
    return _later(due, timedelta(days=days))


def _later(moment: datetime, span: timedelta) -> datetime:
    return moment if span <= timedelta() else moment + min(span, max(LATEST - moment, timedelta()))
