"""How long the content of a closed case must be kept, and from when on the law lets it go.

A process says it by `jiaoyan.retention`: `permanent` (as where it says nothing, so that nothing is
lost by an omission), or a duration from the end of the case in years or days, such as `P10Y` or
`P190D`. 个人信息保护法 article 47 lets personal data go when its purpose is fulfilled or its time
is over, and not before a time that a law prescribes.
"""

import re
from datetime import datetime, timedelta

from service.domain.access_events import BUREAU_TIME

PERMANENT = "permanent"

ERASED = "（内容已依法删除）"
"""What stands in the place of a title or a text that is gone."""

_DURATION = re.compile(r"P([1-9][0-9]{0,2}Y|[1-9][0-9]{0,4}D)", re.ASCII)


def is_retention(written: str) -> bool:
    """Tell whether this is `permanent` or a duration in years or days."""
    return written.strip() == PERMANENT or _DURATION.fullmatch(written.strip()) is not None


def kept_until(written: str, ended_at: datetime) -> datetime | None:
    """Return from when on the content of a case that ended then may be erased; None: never.

    `written` is the process's property, empty where there is none; what is no retention counts as
    permanent. A year ends on the same day of the bureau's calendar, 29 February on 1 March.
    """
    match = _DURATION.fullmatch(written.strip())
    if match is None:
        return None
    number, unit = int(match[1][:-1]), match[1][-1]
    if unit == "D":
        return ended_at + timedelta(days=number)
    local = ended_at.astimezone(BUREAU_TIME)
    try:
        later = local.replace(year=local.year + number)
    except ValueError:
        later = local.replace(year=local.year + number, month=3, day=1)
    return later.astimezone(ended_at.tzinfo)
