"""How often something may be done, counted in windows over all processes of the program."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain.errors import JiaoyanError


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` times in a `window`, which begins with the first of them."""

    name: str
    most: int
    window: timedelta


class TooOften(JiaoyanError):
    """操作太频繁，这一次没有受理，请在 {wait}后再试。"""

    code = "too-often"

    def __init__(self, until: datetime, now: datetime) -> None:
        self.retry_after = max(1, math.ceil((until - now).total_seconds()))
        """Seconds."""
        super().__init__(wait=_said(self.retry_after))


def _said(seconds: int) -> str:
    if seconds < 60:
        return f" {seconds} 秒"
    if seconds < 3600:
        return f" {math.ceil(seconds / 60)} 分钟"
    return f" {math.ceil(seconds / 3600)} 小时"
