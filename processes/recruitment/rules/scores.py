"""Scores: opening ratio, the announced scheme, the panel's marks and what they add up to. Pure.

Marks are of 100, in decimal numbers of at most two places; a mean or total is rounded half-up to
two places (R-ROUND).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum

from processes.recruitment.rules import settings
from processes.recruitment.rules.channel import Channel
from processes.recruitment.rules.findings import Finding
from processes.recruitment.rules.norms import NORMS
from processes.registers.days import said_day
from processes.registers.settings import SettingValues
from service.domain.errors import Invalid

_CENT = Decimal("0.01")
_FULL = Decimal(100)


class ScoreUnfit(Invalid):
    """“{text}”不能作为分数：应为0至100、最多两位小数。没有保存，请改正。"""

    code = "recruitment.score-unfit"


class TieBreak(StrEnum):
    """What is compared, in the announced order, where totals are equal (R-TIE)."""

    HONOUR = "honour"
    """E5d: 市级以上名师、骨干教师、学科带头人、优秀教师."""
    INTERVIEW = "interview"
    WRITTEN = "written"
    EXTRA = "extra"
    """加试: the last of all."""


NOT_COMMON_LANGUAGE = "没有使用国家通用语言文字，计0分"
"""R-SPEECH, as it stands beside the mark."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a round is scored, as its notice announces it."""

    written_percent: int
    interview_percent: int
    pass_line: int
    panel_least: int
    drop_extremes: bool
    late_minutes: int
    tie_breaks: tuple[TieBreak, ...]
    """In the announced order; none is announced where it is empty."""
    honour_points: int = 0
    """Points beside the total for a title of E5d, in a selection alone (R-BONUS-A)."""
    bonus: tuple[str, ...] = ()
    """What is to give extra points: nothing lawful."""
    substitutes_until: date | None = None
    """Last day on which the next candidate moves up (R-NEXT), inclusive."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What one examiner gave one candidate, when, with which questions."""

    examiner: str
    candidate: str
    value: Decimal
    paper: str
    """Which set of questions."""
    entered_at: datetime


@dataclass(frozen=True, slots=True)
class Interview:
    """The marks of one candidate worked out. `value` is None where they must be done again."""

    value: Decimal | None
    counted: tuple[str, ...]
    """Examiners whose marks count, the dropped ones among them."""
    dropped: tuple[str, ...]
    void: Mapping[str, str]
    """Examiners whose marks are void, and why."""
    note: str = ""

    @property
    def again(self) -> bool:
        """Whether the interview must be held again (R-VOID)."""
        return self.value is None


def default_scheme(channel: Channel, values: SettingValues) -> Scheme:
    """Return what the bureau's settings propose for a channel's notice (A, B, C)."""
    direct = channel is Channel.TALENT
    written = values.number(settings.TALENT_WRITTEN_PERCENT if direct else settings.WRITTEN_PERCENT)
    order = settings.TIE_ORDER.get(channel)
    said = settings.HONOUR_FIRST if order is None else values.text(order)
    preferred = (TieBreak.HONOUR,) if said == settings.HONOUR_FIRST else ()
    return Scheme(
        written_percent=written,
        interview_percent=100 - written,
        pass_line=values.number(settings.PASS_LINE),
        panel_least=values.number(settings.PANEL_LEAST),
        drop_extremes=values.truth(settings.DROP_EXTREMES),
        late_minutes=values.number(settings.LATE_MINUTES),
        tie_breaks=(*preferred, TieBreak.INTERVIEW, TieBreak.WRITTEN, TieBreak.EXTRA),
        honour_points=honour_points(channel, values),
    )


def honour_points(channel: Channel, values: SettingValues) -> int:
    """Return what the bureau gives for a title of E5d: nothing where points are forbidden."""
    return values.number(settings.HONOUR_POINTS) if channel is Channel.SELECTION else 0


def scheme_findings(channel: Channel, scheme: Scheme, values: SettingValues) -> tuple[Finding, ...]:
    """Look at a scheme before it is announced."""
    return tuple(_scheme(channel, scheme, values))


def extension_finding(
    announced: date | None,
    wanted: date | None,
    *,
    today: date,
    substitutes_until: date | None,
) -> Finding:
    """R-FROZEN: a notice of change moves the last day for scores, and only to a later one.

    All days are inclusive. How scores are worked out is not changed by it, nor is the last day on
    which the next candidate moves up: nobody is examined behind that.
    """
    if wanted is None:
        return Finding(NORMS["R-FROZEN"], False, "没有填写新的评分截止日")
    day = f"新的评分截止日{said_day(wanted)}"
    if wanted < today:
        return Finding(NORMS["R-FROZEN"], False, f"{day}不能早于今天")
    if announced is not None and wanted <= announced:
        later = f"{day}应晚于原来的{said_day(announced)}，变更公告只能延长"
        return Finding(NORMS["R-FROZEN"], False, later)
    if substitutes_until is not None and wanted > substitutes_until:
        over = f"{day}不能晚于公告的递补截止日{said_day(substitutes_until)}；来不及的取消岗位"
        return Finding(NORMS["R-FROZEN"], False, over)
    return Finding(NORMS["R-FROZEN"], True, f"延长至{said_day(wanted)}")


def posts_open(applicants: int, posts: int, ratio: int) -> int:
    """R-RATIO: return how many of the posts may go on; 0 cancels them.

    `ratio` is the number of qualified applicants that each post needs, inclusive.
    """
    if ratio < 1:
        raise ValueError("a ratio is 1 or more")
    return min(posts, applicants // ratio)


def ratio_finding(applicants: int, posts: int, ratio: int) -> Finding:
    """Say what becomes of the posts at the opening ratio."""
    opened = posts_open(applicants, posts, ratio)
    said = f"通过资格审查{applicants}人，岗位{posts}个，开考比例{ratio}∶1"
    if opened == posts:
        return Finding(NORMS["R-RATIO"], True, said)
    left = f"，核减为{opened}个" if opened else "，取消岗位"
    return Finding(NORMS["R-RATIO"], False, said + left)


def ratio_set_finding(channel: Channel, ratio: int, values: SettingValues) -> Finding:
    """R-RATIO: a plan asks for the bureau's ratio or more; a lower one needs an approval."""
    least = values.number(settings.OPENING_RATIO[channel])
    said = f"方案的开考比例{ratio}∶1，规则设置{least}∶1"
    if ratio >= least:
        return Finding(NORMS["R-RATIO"], True, said)
    return Finding(
        NORMS["R-RATIO"],
        False,
        f"{said}；经批准可以降低，请写明批准的单位、文号、日期并上传文件，或者改回",
    )


def read_mark(text: str) -> Decimal:
    """Read a mark as somebody writes it. Raises ScoreUnfit."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        raise ScoreUnfit(text=text[:20]) from None
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -2 or not 0 <= value <= _FULL:
        raise ScoreUnfit(text=text[:20])
    return value


def in_time(entered_at: datetime, until: datetime) -> Finding:
    """R-DEADLINE: the moment itself is still in time; both moments are aware."""
    met = entered_at <= until
    return Finding(NORMS["R-DEADLINE"], met, "在评分截止之前" if met else "评分已经截止，没有保存")


def is_late(due_at: datetime, came_at: datetime, late_minutes: int) -> bool:
    """R-LATE: who comes so many minutes late, that number included, has withdrawn."""
    return came_at - due_at >= timedelta(minutes=late_minutes)


def panel_finding(examiners: Collection[str], least: int) -> Finding:
    """R-PANEL7: enough examiners; the same person twice is one."""
    count = len(set(examiners))
    return Finding(NORMS["R-PANEL7"], count >= least, f"考官{count}人，应不少于{least}人")


def sameness_findings(marks: Iterable[Mark], panel: Collection[str]) -> tuple[Finding, ...]:
    """R-PANEL7: every candidate of a post before the same panel and the same questions."""
    rows = list(marks)
    papers = sorted({mark.paper for mark in rows})
    strange = sorted({mark.examiner for mark in rows} - set(panel))
    return (
        Finding(
            NORMS["R-PANEL7"],
            len(papers) <= 1,
            "同一套题" if len(papers) <= 1 else f"用了{len(papers)}套题：{'、'.join(papers)}",
        ),
        Finding(
            NORMS["R-PANEL7"],
            not strange,
            "同一考官组" if not strange else f"不是本岗位的考官：{'、'.join(strange)}",
        ),
    )


def interview_score(
    marks: Sequence[Mark],
    panel: Collection[str],
    barred: Mapping[str, str],
    scheme: Scheme,
    *,
    answered_in_common_language: bool = True,
) -> Interview:
    """Work out one candidate's interview (R-DROP, R-VOID, R-SPEECH, R-ROUND).

    Of each examiner the last mark counts. `barred` are those who must keep out, with the reason;
    their marks are void and the rest is worked out anew; below the least number it is held again.
    """
    last = {mark.examiner: mark for mark in sorted(marks, key=lambda one: one.entered_at)}
    void = {one: _void(one, panel, barred) for one in last}
    void = {one: why for one, why in void.items() if why}
    counted = sorted(
        (mark for one, mark in last.items() if one not in void),
        key=lambda mark: (mark.value, mark.examiner),
    )
    names = tuple(sorted(mark.examiner for mark in counted))
    if len(counted) < scheme.panel_least:
        note = f"有效评分{len(counted)}个，少于{scheme.panel_least}个，须重新面试"
        return Interview(None, names, (), void, note)
    if not answered_in_common_language:
        return Interview(Decimal("0.00"), names, (), void, NOT_COMMON_LANGUAGE)
    dropped = (counted[0], counted[-1]) if scheme.drop_extremes and len(counted) > 2 else ()
    rest = [mark.value for mark in counted if mark not in dropped]
    mean = rounded(sum(rest, Decimal(0)) / len(rest))
    return Interview(mean, names, tuple(mark.examiner for mark in dropped), void)


def total(written: Decimal, interview: Decimal, scheme: Scheme) -> Decimal:
    """Put written examination and interview together by the announced shares."""
    return rounded(
        (written * scheme.written_percent + interview * scheme.interview_percent) / _FULL
    )


def pass_finding(interview: Decimal, candidates: int, posts: int, scheme: Scheme) -> Finding:
    """R-PASS: where no more candidates are interviewed than there are posts, a line holds."""
    if candidates > posts:
        return Finding(
            NORMS["R-PASS"], True, f"参加面试{candidates}人，多于岗位{posts}个，不设合格线"
        )
    met = interview >= scheme.pass_line
    text = f"参加面试{candidates}人，岗位{posts}个，面试{interview}分，合格线{scheme.pass_line}分"
    return Finding(NORMS["R-PASS"], met, text)


def rounded(value: Decimal) -> Decimal:
    """Round half-up to two places."""
    return value.quantize(_CENT, rounding=ROUND_HALF_UP)


def _scheme(channel: Channel, scheme: Scheme, values: SettingValues) -> Iterator[Finding]:
    written, interview = scheme.written_percent, scheme.interview_percent
    yield Finding(
        NORMS["R-SCHEME"],
        written >= 0 and interview >= 0 and written + interview == 100,
        f"笔试{written}%，面试{interview}%，合计{written + interview}%",
    )
    yield _bonus(channel, scheme, values)
    least = values.number(settings.PANEL_LEAST)
    yield Finding(
        NORMS["R-PANEL7"],
        scheme.panel_least >= least,
        f"面试考官{scheme.panel_least}人，应不少于{least}人",
    )
    line = values.number(settings.PASS_LINE)
    yield Finding(
        NORMS["R-PASS"],
        scheme.pass_line >= line,
        f"面试合格线{scheme.pass_line}分，应不低于规则设置的{line}分",
    )
    yield Finding(
        NORMS["R-DROP"],
        scheme.drop_extremes or not values.truth(settings.DROP_EXTREMES),
        "规则设置为去掉一个最高分、一个最低分，方案没有写",
    )
    order = scheme.tie_breaks
    sound = len(set(order)) == len(order) and TieBreak.EXTRA not in order[:-1]
    yield Finding(
        NORMS["R-TIE"],
        sound,
        "同分的比较顺序" + ("已写明" if sound else "有重复，或者加试不在最后"),
    )


def _bonus(channel: Channel, scheme: Scheme, values: SettingValues) -> Finding:
    norm = NORMS["R-BONUS" if channel.is_open_recruitment else "R-BONUS-A"]
    if scheme.bonus:
        return Finding(norm, False, f"{channel.label}不能加分：{'、'.join(scheme.bonus)}")
    most, given = honour_points(channel, values), scheme.honour_points
    if not given:
        return Finding(norm, True, "没有加分项")
    return Finding(norm, given <= most, f"市级以上称号加{given}分，规则设置最多{most}分")


def _void(examiner: str, panel: Collection[str], barred: Mapping[str, str]) -> str:
    if examiner in barred:
        return barred[examiner]
    return "" if examiner in panel else "不是本岗位的考官"
