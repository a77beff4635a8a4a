"""The staffing matrix as a workbook: a line for each stage of each cell, and no names."""

from collections.abc import Collection, Iterator
from datetime import date

from sqlalchemy.orm import Session

from processes.registers.seats import CROSS_STAGE, shown_at
from processes.registers.settings import SettingValues
from processes.registers.staffing.matrix import Cell, Institution, institutions, without_people
from processes.registers.staffing.rules import Colour
from service.procedure import write_workbook

COLUMNS = (
    "机构", "层级", "学段", "学科", "状态", "应配", "在岗专职", "兼职", "返聘银龄", "空缺自",
    "将空缺自", "期限", "原因和依据", "截至",
)  # fmt: skip
WORDS = {
    Colour.STAFFED: "在岗",
    Colour.FORECAST: "预警",
    Colour.GAP: "空缺",
    Colour.OVERDUE: "逾期",
}


def export(
    session: Session, today: date, values: SettingValues, *, units: Collection[str] | None
) -> tuple[bytes, int]:
    """Return the matrix of these institutions (None: all) as a workbook, and how many lines.

    Who may take it out, and that it leaves, is the caller's to ask and to record.
    """
    lines = [
        [*line, today.isoformat()]
        for one in institutions(session, today, values, units=units)
        for its in one.cells
        for line in _lines(one, without_people(its, today, values))
    ]
    return write_workbook([("配备矩阵", COLUMNS, lines)]), len(lines)


def _lines(institution: Institution, its: Cell) -> Iterator[list[str]]:
    state, facts, seat = its.state, its.facts, its.seat
    stages = state.stages if seat.stage == CROSS_STAGE else ((seat.stage, state.colour),)
    why = "；".join(f"{one.text}（{one.norm.sourced()}）" for one in state.reasons)
    for stage, colour in stages:
        yield [
            institution.name,
            institution.level.value,
            stage,
            shown_at(seat.subject, stage),
            WORDS[colour],
            str(state.required),
            str(state.staffed),
            str(len(facts.part_time)),
            str(len(facts.retired)),
            _day(state.since),
            _day(state.until),
            _day(state.due),
            why,
        ]


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()
