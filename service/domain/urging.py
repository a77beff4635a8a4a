"""催办: who may urge the holder of a task, and how often."""

import math
from datetime import datetime, timedelta
from typing import ClassVar

from service.domain.dates import shown
from service.domain.errors import Conflict, Forbidden, JiaoyanError
from service.domain.rate_limits import TooOften

LONGEST = 200
"""Characters of what is written beside; it stays in the house."""


class UrgingForbidden(Forbidden):
    """只有这件事项的发起人、上级和运维人员可以催办，而且不能催自己；没有发出催办。"""

    code: ClassVar[str] = "user-task.urging-forbidden"


class UrgedJustNow(TooOften):
    """这项任务刚催办过，办理人已经收到提醒，这一次没有发出。{again}以后可以再催。"""

    code: ClassVar[str] = "user-task.urged-just-now"

    def __init__(self, until: datetime, now: datetime) -> None:
        self.retry_after = max(1, math.ceil((until - now).total_seconds()))
        JiaoyanError.__init__(self, again=shown(until))


class CaseUrgedJustNow(UrgedJustNow):
    """这项申请刚催办过，办理人已经收到提醒，这一次没有发出。{again}以后可以再催。"""

    code: ClassVar[str] = "application.urged-just-now"


class NothingToUrge(Conflict):
    """现在没有等受理单位办理的步骤，没有发出催办。请看本页的办理进度；需要你办理时，页面上方会出现“现在办理”。"""

    code: ClassVar[str] = "application.nothing-to-urge"


def again_from(urged_at: datetime | None, cooldown: timedelta) -> datetime | None:
    """Return from when the holder may be urged again; None where nobody has urged them yet."""
    return None if urged_at is None else urged_at + cooldown


def require_cooled_down(urged_at: datetime | None, cooldown: timedelta, now: datetime) -> None:
    """Raise UrgedJustNow where the last 催办 is too recent, whoever it came from."""
    until = again_from(urged_at, cooldown)
    if until is not None and now < until:
        raise UrgedJustNow(until, now)
