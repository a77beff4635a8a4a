"""The Party group of the sample bureau: five members, in office for two years."""

from datetime import datetime, timedelta

from processes.registers.days import bureau_day
from processes.registers.party_group.members import Term, enter
from service.domain.actors import SYSTEM
from service.procedure import Ledger

MEMBERS = (
    ("director01", "局长01", "书记"),
    ("director02", "副局长01", "副书记"),
    ("director03", "副局长02", "成员"),
    ("director04", "副局长03", "成员"),
    ("director05", "副局长04", "成员"),
)


def fill(tools: Ledger, now: datetime) -> None:
    """Enter the members."""
    since = bureau_day(now) - timedelta(days=730)
    for rank, (username, name, position) in enumerate(MEMBERS, start=1):
        term = Term(username, name, position, rank, since, None, "示例任职文件〔示〕1号")
        enter(tools, term, actor=SYSTEM, now=now)
