"""The staffing matrix as a rule: which cells an institution must have, and what colour each is.

Pure: facts and a day in, states with reasons out. A cell is an institution and a seat (one stage
and subject; one of the seven spans stages). Sources: the plan's 三(一)2–3, 三(二)1–4; see `norms`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from processes.registers.days import add_months, said_day
from processes.registers.norms import Norm
from processes.registers.seats import CROSS_STAGE, SEATS, Seat
from processes.registers.settings import SettingValues
from processes.registers.staffing.facts import CellFacts, Holder, Level
from processes.registers.staffing.norms import (
    FORECAST_MONTHS,
    GENERAL_TECHNOLOGY,
    HARD_DUE,
    NORMS,
    PART_TIME_SCOPE,
    SECOND_SUBJECT,
    SOFT_DUE,
)


class Colour(StrEnum):
    """What a cell is; never shown by colour alone."""

    STAFFED = "staffed"
    FORECAST = "forecast"
    GAP = "gap"
    OVERDUE = "overdue"

    @property
    def is_gap(self) -> bool:
        """Whether nobody counts there."""
        return self in {Colour.GAP, Colour.OVERDUE}


STAGES_OF = {
    Level.CITY: ("学前", "小学", "初中", "普通高中", "特殊教育"),
    Level.DISTRICT: ("学前", "小学", "初中"),
}
SPANNED_BY = {
    Level.CITY: ("小学", "初中", "普通高中"),
    Level.DISTRICT: ("小学", "初中"),
}
"""The stages that one of the seven spans at each level."""
_TECHNOLOGY = "普通高中通用技术"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, in words, and by which rule."""

    text: str
    norm: Norm


@dataclass(frozen=True, slots=True)
class CellState:
    """One cell on a day. `since` is when the gap began, `until` the day it will begin."""

    colour: Colour
    reasons: tuple[Reason, ...]
    required: int
    staffed: int
    due: date
    since: date | None = None
    until: date | None = None
    borrowed: bool = False
    stages: tuple[tuple[str, Colour], ...] = ()
    """Of a spanning seat the colour at each stage it has to cover."""


def required_seats(level: Level, values: SettingValues) -> tuple[Seat, ...]:
    """Return the seats that an institution must have, one each; a lender has none.

    City 32, with general technology 33; a district 22: 学前 1, 小学 5, 初中 9, the seven.
    """
    stages = (*STAGES_OF.get(level, ()), CROSS_STAGE) if level is not Level.LENDER else ()
    left_out = set() if values.truth(GENERAL_TECHNOLOGY) else {_TECHNOLOGY}
    return tuple(
        seat for seat in SEATS.values() if seat.stage in stages and seat.name not in left_out
    )


def scope_fault(level: Level, seat: Seat) -> Reason | None:
    """Return why an institution of this level cannot have such a cell; None where it can."""
    if level is Level.LENDER:
        return Reason("出借单位没有教研员岗位，岗位设在用编的教研机构", NORMS["S-SOURCE"])
    if seat.stage == CROSS_STAGE or seat.stage in STAGES_OF[level]:
        return None
    return Reason(f"区级教研机构没有{seat.stage}的岗位，由市级教研机构承担", NORMS["S-DISTRICT"])


def stages_fault(level: Level, seat: Seat, stages: Sequence[str]) -> Reason | None:
    """Return why a seat cannot cover these stages; none given means its own, or all it spans."""
    if not stages:
        return None
    if seat.stage != CROSS_STAGE:
        if tuple(stages) == (seat.stage,):
            return None
        return Reason(f"{seat.subject}是文化课，一个岗位只能对应{seat.stage}一个学段", NORMS["M1"])
    strange = [one for one in stages if one not in SPANNED_BY.get(level, ())]
    if not strange:
        return None
    spanned = "、".join(SPANNED_BY.get(level, ()))
    return Reason(f"{level}的{seat.subject}只覆盖{spanned}，不含{'、'.join(strange)}", NORMS["M4"])


def cell_state(facts: CellFacts, today: date, values: SettingValues) -> CellState:
    """Work out what a cell is today, why, since when and until when."""
    holding = [one for one in _eligible(facts.holders, values) if one.counts(today)]
    stages = _stage_colours(facts, holding, today, values)
    uncovered = [stage for stage, colour in stages if colour.is_gap]
    if not holding or uncovered:
        return _gap(facts, holding, uncovered, stages, today, values)
    until = _until(facts, holding, today, values)
    borrowed = all(one.loan for one in holding)
    reasons = [_held(one) for one in holding]
    if until is not None:
        reasons.insert(0, _forecast(holding, until, today))
    return CellState(
        Colour.STAFFED if until is None else Colour.FORECAST,
        (*reasons, *_beside(facts)),
        required=1,
        staffed=len(holding),
        due=values.day_of(HARD_DUE),
        until=until,
        borrowed=borrowed,
        stages=stages,
    )


def part_time_fault(
    seat: Seat, cells: Iterable[tuple[Seat, CellState]], values: SettingValues
) -> Reason | None:
    """Return why no part-time researcher may be engaged for this seat; None where one may.

    `cells` are those of the institution. R-CH-2: full-time first, in the same cell by default.
    """
    whole = values.text(PART_TIME_SCOPE) == "整个机构"
    gaps = [
        one.name for one, state in cells if state.colour.is_gap and (whole or one.name == seat.name)
    ]
    if not gaps:
        return None
    named = "、".join(gaps[:5]) + (f"等{len(gaps)}个岗位" if len(gaps) > 5 else "")
    return Reason(f"专职教研员没有配齐：{named}", NORMS["R-CH-2"])


def _eligible(holders: Iterable[Holder], values: SettingValues) -> list[Holder]:
    return [one for one in holders if not one.second or values.truth(SECOND_SUBJECT)]


def _stage_colours(
    facts: CellFacts, holding: Sequence[Holder], today: date, values: SettingValues
) -> tuple[tuple[str, Colour], ...]:
    if facts.seat.stage != CROSS_STAGE:
        return ()
    found: list[tuple[str, Colour]] = []
    for stage in SPANNED_BY[facts.level]:
        covering = [one for one in holding if not one.stages or stage in one.stages]
        if not covering:
            found.append((stage, _gap_colour(today, values)))
            continue
        ends = [_ends_within(one, today, values) for one in covering]
        found.append((stage, Colour.FORECAST if all(ends) else Colour.STAFFED))
    return tuple(found)


def _gap(
    facts: CellFacts,
    holding: Sequence[Holder],
    uncovered: Sequence[str],
    stages: tuple[tuple[str, Colour], ...],
    today: date,
    values: SettingValues,
) -> CellState:
    colour, hard = _gap_colour(today, values), values.day_of(HARD_DUE)
    since = _since(facts, today)
    texts = [_late(since, today, values)]
    if holding:
        texts.append(Reason(f"{'、'.join(uncovered)}没有人覆盖", NORMS["M4"]))
    texts += [
        Reason(f"{one.name or '原在岗人员'}：{ended[1]}（{said_day(ended[0])}）", _by(one, today))
        for one in facts.holders
        if (ended := one.end(today)) is not None and ended[0] <= today
    ]
    texts += [_second_refused(one) for one in facts.holders if one not in holding and one.second]
    for seat in facts.open_seats:
        kept = f"，已为{seat.reserved_for}预留" if seat.reserved_for else ""
        texts.append(Reason(f"岗位{seat.code}空缺{kept}", NORMS["S-DUE"]))
    if not facts.open_seats and not facts.holders:
        texts.append(Reason("没有设岗位，须先向机构编制管理机关申请编制", NORMS["S-ORGAN"]))
    return CellState(
        colour, (*texts, *_beside(facts)), required=1, staffed=0, due=hard, since=since,
        stages=stages,
    )  # fmt: skip


def _gap_colour(today: date, values: SettingValues) -> Colour:
    return Colour.OVERDUE if today > values.day_of(HARD_DUE) else Colour.GAP


def _by(one: Holder, today: date) -> Norm:
    """The rule by which somebody's time in the cell ends: that of loans, or of leaving."""
    return NORMS["S-SOURCE" if one.ends_by_loan(today) else "M5"]


def _late(since: date, today: date, values: SettingValues) -> Reason:
    soft, hard = values.day_of(SOFT_DUE), values.day_of(HARD_DUE)
    if today > hard:
        text = f"空缺，已过{said_day(hard)}的期限，逾期{(today - hard).days}天"
        if since > hard:
            text += f"：从配齐的期限起算，不从空出的{said_day(since)}起算"
    elif today > soft:
        text = f"空缺，已过{said_day(soft)}的期限，最迟{said_day(hard)}"
    else:
        text = f"空缺，应在{said_day(soft)}前配齐，最迟{said_day(hard)}"
    return Reason(text, NORMS["S-DUE"])


def _since(facts: CellFacts, today: date) -> date:
    """The day on which the cell was held for the last time, else that of the plan."""
    ended = [found[0] for one in facts.holders if (found := one.end(today)) and found[0] <= today]
    known = [*ended, *([facts.lost_on] if facts.lost_on else [])]
    return max(known, default=NORMS["S-DUE"].effective_from)


def _until(
    facts: CellFacts, holding: Sequence[Holder], today: date, values: SettingValues
) -> date | None:
    """The first day on which the cell, or one of its stages, is held by nobody."""
    if facts.seat.stage != CROSS_STAGE:
        return _all_end(holding, today, values)
    ends = [
        _all_end([one for one in holding if not one.stages or stage in one.stages], today, values)
        for stage in SPANNED_BY[facts.level]
    ]
    return min((one for one in ends if one is not None), default=None)


def _all_end(holding: Sequence[Holder], today: date, values: SettingValues) -> date | None:
    ends = [_ends_within(one, today, values) for one in holding]
    known = [one for one in ends if one is not None]
    return max(known) if known and len(known) == len(ends) else None


def _ends_within(holder: Holder, today: date, values: SettingValues) -> date | None:
    ended = holder.end(today)
    horizon = add_months(today, values.number(FORECAST_MONTHS))
    return ended[0] if ended is not None and ended[0] <= horizon else None


def _forecast(holding: Sequence[Holder], until: date, today: date) -> Reason:
    if any(one.unnamed for one in holding):
        return Reason(f"{said_day(until)}起将空缺", NORMS["M5"])
    named = "；".join(
        f"{one.name}{ended[1]}（{said_day(ended[0])}）"
        for one in holding
        if (ended := one.end(today)) is not None and ended[0] <= until
    )
    lent = all(one.ends_by_loan(today) for one in holding)
    norm = NORMS["S-SOURCE" if lent else "M5"]
    return Reason(f"{said_day(until)}起将空缺：{named}", norm)


def _held(one: Holder) -> Reason:
    if one.second:
        return Reason(f"{one.name}经批准兼任", NORMS["M2"])
    if one.loan:
        ends = f"，至{said_day(one.loan_ends_on)}" if one.loan_ends_on else ""
        return Reason(f"{one.name}在岗（{one.seat_code}，{one.loan}{ends}）", NORMS["S-SOURCE"])
    return Reason(f"{one.name}在岗（{one.seat_code}）", NORMS["S-DUE"])


def _second_refused(one: Holder) -> Reason:
    return Reason(f"{one.name and one.name + '的'}兼任不算配齐：设置为不允许兼任", NORMS["M2"])


def _beside(facts: CellFacts) -> Iterable[Reason]:
    for names, what in ((facts.part_time, "兼职"), (facts.retired, "返聘银龄")):
        if names:
            said = f"（{'、'.join(names)}）" if all(names) else ""
            yield Reason(f"{what}{len(names)}人{said}，不算配齐", NORMS["M3"])
