"""Rules about timers: what is said, and where it may repeat. BPMN 2.0.2, 10.5.5."""

from datetime import UTC, datetime, time, timedelta
from enum import Enum, auto
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from service.domain.problems import Severity
from service.engine.dialect import ALL_MISSED, Source
from service.engine.event_place_rules import Place, place_of
from service.engine.findings import Findings
from service.engine.outline import FlowNode
from service.engine.run import ElementFailed
from service.engine.timers import after, read_cycle
from service.engine.triggers import TimerKind, Trigger, TriggerKind
from service.engine.values import moment

_UTC = ZoneInfo("UTC")
_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_FAR = datetime(2126, 1, 1, tzinfo=UTC)

SHORTEST_SENSIBLE = timedelta(minutes=1)
"""What comes round faster begins more than anybody looks after."""


def check_timer(node: FlowNode, trigger: Trigger, found: Findings) -> None:
    """Check one timer of an event."""
    if not trigger.when:
        found.add(
            "timer-definition",
            f"定时事件{node.what}没有写明时间。",
            "请填写日期、时长或周期中的一种。",
            at=node.node,
        )
        return
    # Camunda 8 refuses it here; the standard allows it, and what happens once has a first time.
    if trigger.timer is TimerKind.CYCLE and not _repeats(node):
        found.add(
            "timer-cycle-place",
            f"{node.what}只会触发一次，它的周期只有第一次起作用。",
            "请改用日期或时长；要反复触发时请用不中断的边界事件或事件子流程。",
            at=node.node,
            severity=Severity.WARNING,
        )
    if not trigger.when.is_feel:
        _check_literal(node, trigger, found)


def check_missed(node: FlowNode, found: Findings) -> None:
    """Check the property about missed firings."""
    written = node.extensions.properties.get(ALL_MISSED)
    if written is None:
        return
    cycles = any(
        one.kind is TriggerKind.TIMER and one.timer is TimerKind.CYCLE for one in node.triggers
    )
    if not cycles:
        found.add(
            "property-place",
            f"{ALL_MISSED} 写在{node.what}上不起作用：它没有周期定时。",
            "请删去它。",
            at=node.node,
        )
    elif written.strip() not in ("true", "false"):
        found.add(
            "timer-value", f"{ALL_MISSED} 只能是 true 或 false。", "请改正取值。", at=node.node
        )


def _repeats(node: FlowNode) -> bool:
    place = place_of(node)
    inner = place in (Place.BOUNDARY, Place.EVENT_SUBPROCESS_START)
    return place is Place.PROCESS_START or (inner and not node.interrupts)


def _check_literal(node: FlowNode, trigger: Trigger, found: Findings) -> None:
    try:
        first = _read(trigger.timer, trigger.when)
        if first is not None and first >= _FAR:
            found.add(
                "timer-far",
                f"{node.what}的定时要等一百年以上，这一步不会有人等到。",
                "请检查年份或时长；不限期的等待请改用消息事件，或去掉定时。",
                at=node.node,
                severity=Severity.WARNING,
            )
        if trigger.timer is TimerKind.CYCLE:
            _check_pace(node, trigger, found)
    except ElementFailed as failed:
        found.add(
            "timer-value",
            failed.failure.message.partition("。")[0] + "。",
            "请改正取值；用变量时请写成以 = 开头的表达式。",
            at=node.node,
        )
    except CronSimError:
        found.add(
            "timer-value",
            f"周期“{trigger.when.text.strip()[:100]}”不是重复的定时，也不是 cron 表达式。",
            "请写成 R/P1D 的样子，或五段、六段的 cron，如 0 9 * * 1。",
            at=node.node,
        )


def _check_pace(node: FlowNode, trigger: Trigger, found: Findings) -> None:
    """Tell of a cycle that comes round faster than once a minute; one that begins cases so is none.

    A case a second is 86,400 a day: nobody looks after them, and what is drawn so is a mistake.
    """
    pace = _pace(trigger.when.text.strip())
    if pace is Pace.SLOW or not _repeats(node):
        return
    remedy = "请改成一分钟以上，如 R/PT5M；一天一次写 0 9 * * *，工作日一次写 0 9 * * 1-5。"
    if place_of(node) is not Place.PROCESS_START:
        found.add(
            "timer-frequent",
            f"{node.what}的周期不到一分钟，同一个事项里会不断冒出新的分支。",
            remedy,
            at=node.node,
            severity=Severity.WARNING,
        )
        return
    found.add(
        "timer-frequent",
        f"{node.what}的周期不到一分钟，每次都发起一个新的事项。",
        f"{remedy}要来一件办一件，请改用消息开始事件。",
        at=node.node,
        severity=Severity.ERROR if pace is Pace.FAST else Severity.WARNING,
    )


class Pace(Enum):
    """How fast a cycle comes round: faster than `SHORTEST_SENSIBLE`, and with or without end."""

    SLOW = auto()
    FAST = auto()
    FAST_FOR_A_WHILE = auto()


def _pace(text: str) -> Pace:
    """Read a sound cycle. A cron is fast that fires more often in a day than minutes pass."""
    if not text.startswith("R"):
        times = takewhile(lambda at: at < _SOME_DAY + timedelta(days=1), CronSim(text, _SOME_DAY))
        most = timedelta(days=1) // SHORTEST_SENSIBLE
        return Pace.FAST if sum(1 for _ in islice(times, most + 1)) > most else Pace.SLOW
    count, _start, span = read_cycle(text)
    if count == 1 or after(span, _SOME_DAY, _UTC) - _SOME_DAY >= SHORTEST_SENSIBLE:
        return Pace.SLOW
    return Pace.FAST if count is None else Pace.FAST_FOR_A_WHILE


def _read(kind: TimerKind, when: Source) -> datetime | None:
    """When it fires first if it began on some day; None for a cron, which is soon.

    Raises ElementFailed or CronSimError for what is no time.
    """
    text = when.text.strip()
    if kind is TimerKind.DATE:
        return moment(text, "定时的日期", _UTC, at=time(0))
    if kind is TimerKind.DURATION:
        return after(text, _SOME_DAY, _UTC)
    if not text.startswith("R"):
        CronSim(text, _SOME_DAY)
        return None
    count, start, span = read_cycle(text)
    if count == 0:
        read_cycle("R0")
    return moment(start, "重复的起点", _UTC, at=time(0)) or after(span, _SOME_DAY, _UTC)
