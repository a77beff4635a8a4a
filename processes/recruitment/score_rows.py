"""The lists that the forms of scoring show and send: numbered rows of candidates."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import TypeAlias

from processes.recruitment import changes, scoring
from processes.recruitment.candidacies import of_post
from processes.recruitment.plans import Plan
from processes.recruitment.rounds import post_of
from processes.recruitment.rules.findings import Finding, refusals
from processes.recruitment.rules.norms import NORMS
from processes.recruitment.rules.scores import in_time
from processes.recruitment.scoring import ABSENT, Given
from processes.recruitment.steps import plan_of, today_of
from processes.recruitment.tables import Candidacy, CandidacyState, Round
from processes.recruitment.variables import (
    Row,
    points_of,
    rows_of,
    text_of,
    words_of,
)
from processes.registers.days import BUREAU_TIME
from processes.registers.norms import Refusal
from service.domain.values import Json
from service.procedure import TaskContext

_WAYS = "。需要继续的请选“变更公告或取消岗位”：先发布变更公告延长，或者取消岗位。"


Tickets: TypeAlias = Mapping[str, Candidacy]
"""Who is still in, by the number under which the list of a post's scoring has them."""


def post_for(context: TaskContext) -> tuple[Tickets, Round, Plan]:
    """The candidates of the post `post_code`, its round, what was announced with its changes.

    Everybody keeps the number of the list in `candidates` that was drawn up when the scoring
    began: who drops out leaves a gap, and no mark moves to the next one's name.
    """
    code = text_of(context.variables, "post_code")
    _, round_ = post_of(context.session, code)
    admitted = of_post(context.session, code, CandidacyState.ADMITTED)
    plan = plan_of(context.session, round_, today_of(context))
    tickets = _on_the_list(rows_of(context.variables.get("candidates")), admitted)
    return tickets, round_, changes.in_force(context.session, round_, code, plan)


def numbered(admitted: Iterable[Candidacy]) -> dict[str, Candidacy]:
    """The numbers that a new list gives: 01, 02 … in the order of application."""
    return {f"{place:02}": one for place, one in enumerate(admitted, start=1)}


def listed(tickets: Tickets) -> list[Json]:
    """The list that is kept in `candidates`; `key` is a text of digits."""
    return [
        {"ticket": ticket, "key": str(one.key), "name": one.name, "unit": one.unit}
        for ticket, one in tickets.items()
    ]


def _on_the_list(rows: Sequence[Row], admitted: Sequence[Candidacy]) -> dict[str, Candidacy]:
    """Find who is still in; who was admitted behind the list has the next numbers."""
    left = list(admitted)
    tickets: dict[str, Candidacy] = {}
    for row in rows:
        found = next((one for one in left if _is_meant(row, one)), None)
        if found is not None:
            tickets[words_of(row, "ticket")] = found
            left.remove(found)
    return tickets | {f"{place:02}": one for place, one in enumerate(left, start=len(rows) + 1)}


def _is_meant(row: Row, one: Candidacy) -> bool:
    """Lists that were drawn up before they had keys name people by name and unit."""
    key = words_of(row, "key")
    if key:
        return key == str(one.key)
    return (words_of(row, "name"), words_of(row, "unit")) == (one.name, one.unit)


def by_ticket(value: Json) -> dict[str, Row]:
    """The rows of a form's list by their number."""
    return {words_of(row, "ticket"): row for row in rows_of(value)}


def given_of(
    context: TaskContext, form_list: str, tickets: Tickets
) -> tuple[list[Given], list[Refusal]]:
    """Read the scores of a form's list; the second value is why they are none.

    What it holds of somebody who has dropped out since counts for nobody.
    """
    out = by_ticket(context.variables.get("candidates")).keys() - tickets.keys()
    rows = {
        ticket: row
        for ticket, row in by_ticket(context.variables.get(form_list)).items()
        if ticket not in out
    }
    names = {one.key: one.name for one in tickets.values()}
    given, problems, filled = [], [], NORMS["R-FILLED"]
    for ticket, row in rows.items():
        if ticket not in tickets:
            problems.append(filled.refuses(f"没有{ticket[:10]}号考生"))
            continue
        points, absent = points_of(row.get("points")), row.get("absent") is True
        name = tickets[ticket].name
        if bool(points) == absent:
            one_of = f"{name}：有成绩的填成绩，缺考的勾选缺考，两者填一项"
            problems.append(filled.refuses(one_of))
        given.append(Given(tickets[ticket].key, points, ABSENT if absent else ""))
    return given, problems + scoring.given_problems(given, names)


def deadline(plan: Plan, at: datetime) -> Finding:
    """R-DEADLINE: until the end of the announced day."""
    until = plan.scores_until or date.min
    return in_time(at, datetime.combine(until, time.max, BUREAU_TIME))


def late_problems(plan: Plan, now: datetime) -> list[Refusal]:
    """Why scores are not taken any more, and what to do."""
    return told_late(deadline(plan, now))


def told_late(found: Finding) -> list[Refusal]:
    """Why scores that came behind the last day are not taken, and what to do."""
    return [Refusal(f"{one}{_WAYS}") for one in refusals([found])]
