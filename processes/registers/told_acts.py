"""The acts on a register's entries as people read them: on a page, and as a workbook that leaves.

Both say the same: what a page does not show, a workbook does not hold.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from processes.registers import changes
from processes.registers.days import BUREAU_TIME, read_day, said_day
from processes.registers.fields import Value, plain
from processes.registers.roster import RegisterChange, Roster
from service.domain.errors import Invalid
from service.procedure import write_workbook

MOST_ACTS = 20_000
"""Acts in one workbook; more are taken out in several, by days."""
HEADER = (
    "记录", "姓名或名称", "第几次", "时间", "动作", "办理人", "办理人用户名", "内容", "原来",
    "改为", "理由", "规则版本", "事项编号", "校验值",
)  # fmt: skip
ENDINGS = {"ended_on": "结束日期", "ended_how": "结束原因", "reserved_for": "预留给"}
ACTS = {
    changes.ENTERED: "登记",
    changes.CHANGED: "更正",
    changes.ENDED: "结束",
    changes.RESERVED: "预留",
    changes.RELEASED: "取消预留",
}

Line = tuple[str, str, str]
"""Label of a field, what was, what is."""


class HistoryTooLong(Invalid):
    """变更超过{most}次，没有导出。请填写起止日期，分几次导出。"""

    code = "registers.history-too-long"


class PeriodUnfit(Invalid):
    """起止日期不对：{reason}。没有导出，请改正后再导出。"""

    code = "registers.period-unfit"


@dataclass(frozen=True, slots=True)
class Period:
    """Days of the bureau's calendar, both inclusive; None: from the first, to the last."""

    since: date | None = None
    until: date | None = None

    @property
    def begins(self) -> datetime | None:
        """The first moment of it."""
        return None if self.since is None else _midnight(self.since)

    @property
    def ends(self) -> datetime | None:
        """The first moment behind it."""
        last = self.until
        return None if last is None or last == date.max else _midnight(last + timedelta(days=1))

    def has(self, moment: datetime) -> bool:
        """Tell whether a moment lies in it."""
        begins, ends = self.begins, self.ends
        return (begins is None or begins <= moment) and (ends is None or moment < ends)

    @property
    def said(self) -> str:
        """The days as a record of access has them; empty for all."""
        if self.since is None and self.until is None:
            return ""
        return f"（{said_day(self.since) or '最早'}至{said_day(self.until) or '最近'}）"


@dataclass(frozen=True, slots=True)
class ToldAct:
    """One act: on which entry, who, when, what, why, by which rules."""

    entry: str
    name: str
    number: int
    at: datetime
    act: str
    by: str
    by_name: str
    lines: Sequence[Line]
    reason: str
    rules: str
    instance_key: int | None = None
    digest: str = ""


def period_of(sent: Mapping[str, str]) -> Period:
    """Return the days that a form says. Raises PeriodUnfit."""
    days: list[date | None] = []
    for key in ("since", "until"):
        text = sent.get(key, "").strip()
        day = read_day(text)
        if text and day is None:
            raise PeriodUnfit(reason="应为日期，如 2026年3月2日")
        days.append(day)
    since, until = days
    if since is not None and until is not None and until < since:
        raise PeriodUnfit(reason="止日早于起日")
    return Period(since, until)


def act_of(change: RegisterChange) -> str:
    """Return what somebody did, in a word."""
    return ACTS.get(change.act, change.act)


def lines_of(roster: Roster, change: RegisterChange) -> list[Line]:
    """Return what was and what is, by the labels of fields."""
    labels = {one.key: one.label for one in roster.fields} | ENDINGS
    pairs = change.changes if isinstance(change.changes, dict) else {}
    return [
        (labels.get(key, key), str(pair[0]), str(pair[1]))
        for key, pair in pairs.items()
        if isinstance(pair, list)
    ]


def differing(
    labels: Mapping[str, str], before: Mapping[str, Value], after: Mapping[str, Value]
) -> list[Line]:
    """Return how two revisions of a row differ, by the labels of its columns."""
    said = [(label, plain(before.get(key)), plain(after.get(key))) for key, label in labels.items()]
    return [line for line in said if line[1] != line[2]]


def workbook(title: str, acts: Iterable[ToldAct], period: Period) -> tuple[bytes, int]:
    """Write the acts of a period, a line for each field, one after the other; return how many.

    Raises HistoryTooLong.
    """
    count = 0

    def rows() -> Iterator[Sequence[str]]:
        nonlocal count
        for act in acts:
            if not period.has(act.at):
                continue
            count += 1
            if count > MOST_ACTS:
                return
            yield from _rows(act)

    content = write_workbook([(f"{title}变更历史", HEADER, rows())])
    if count > MOST_ACTS:
        raise HistoryTooLong(most=MOST_ACTS)
    return content, count


def _rows(act: ToldAct) -> Iterator[Sequence[str]]:
    when = act.at.astimezone(BUREAU_TIME).strftime("%Y-%m-%d %H:%M:%S")
    head = (act.entry, act.name, str(act.number), when, act.act, act.by_name, act.by)
    case = "" if not act.instance_key else str(act.instance_key)
    for line in act.lines or [("", "", "")]:
        yield (*head, *line, act.reason, act.rules, case, act.digest)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BUREAU_TIME)
