"""Yearly queries of the sample bureau: one overdue, one answered, one with a record found."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import select

from processes.records.asking import ask
from processes.records.handlers import CLEAR, FOUND
from processes.registers.days import bureau_day
from processes.registers.staffing.tables import RecordsQuery, Researcher
from service.procedure import FormValue, Paper, SampleScript, SampleStage

_PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
_OFFICE, _COLLEAGUE = "personnel1", "personnel2"


def play(stage: SampleStage) -> list[SampleScript]:
    """The day's work begins the cases of those whose query is overdue; two are answered."""
    return [_play(stage)]


def _play(stage: SampleStage) -> Iterator[datetime]:
    asked = stage.moment(4, 8)
    yield asked
    with stage.act(_OFFICE) as (tools, _):
        ask(tools, asked)
    stage.run_jobs(at=asked)
    _, clear, found = _cases(stage)
    yield stage.moment(3, 10)
    _answer(stage, clear, CLEAR, at=stage.moment(3, 10))
    yield stage.moment(2, 10)
    _answer(stage, found, FOUND, at=stage.moment(2, 10))


def _cases(stage: SampleStage) -> list[int]:
    """The cases of the three whose query is overdue, in the order of their names."""
    begun = (
        select(RecordsQuery.instance_key)
        .join(Researcher, Researcher.key == RecordsQuery.researcher_key)
        .order_by(Researcher.username)
    )
    with stage.act(_OFFICE) as (tools, _):
        return [case or 0 for case in tools.session.scalars(begun)]


def _answer(stage: SampleStage, case: int, result: str, *, at: datetime) -> None:
    filled: Mapping[str, FormValue] = {
        "query_result": result,
        "query_on": bureau_day(at).isoformat(),
        "query_organ": "示例人民检察院",
        "query_document": Paper("查询结果（示例）.pdf", _PDF),
        "query_note": "示例数据，与任何人无关" if result == FOUND else "",
    }
    stage.complete(case, "look_up", _COLLEAGUE, "submit", filled, at=at)
