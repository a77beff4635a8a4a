"""The service tasks of scoring one post: papers, order, extra test."""

from collections.abc import Iterable

from processes.recruitment import plans, scoring
from processes.recruitment.candidacies import move, of_post
from processes.recruitment.score_rows import (
    by_ticket,
    given_of,
    late_problems,
    listed,
    numbered,
    post_for,
)
from processes.recruitment.steps import step_of
from processes.recruitment.tables import Candidacy, CandidacyState, Part
from processes.recruitment.variables import (
    text_of,
)
from service.domain.values import Json, Variables
from service.procedure import TaskContext

_ON_TIME = "按时到场"


def score_sheet(context: TaskContext) -> Variables:
    """Give what the scoring of the post `post_code` begins with: candidates, scheme, no marks."""
    known, round_, plan = post_for(context)
    rows, keys = numbered(known.values()), [one.key for one in known.values()]
    return {
        "round_title": round_.title,
        "post_code": text_of(context.variables, "post_code"),
        "candidates": listed(rows),
        "parties": [one.username for one in rows.values()],
        "scheme_words": [*plans.told(plan)],
        "with_written": plan.scheme.written_percent > 0,
        "written_done": bool(scoring.results(context.session, Part.WRITTEN, keys)),
        "written_rows": [
            {"ticket": ticket, "name": one.name, "points": None, "absent": False}
            for ticket, one in rows.items()
        ],
        "attendance_rows": [
            {"ticket": ticket, "name": one.name, "came": _ON_TIME, "minutes": None,
             "common_language": True}
            for ticket, one in rows.items()
        ],
        "scores_until": None if plan.scores_until is None else plan.scores_until.isoformat(),
        "panel": [], "panel_choice": [], "panel_problems": [], "sheets": [], "tally": [],
        "tally_words": "", "written_problems": [], "attendance_problems": [], "ranked": [],
        "extra_rows": [], "extra_problems": [], "panel_least": plan.scheme.panel_least,
        "late_minutes": plan.scheme.late_minutes,
        "extra_needed": False, "change_problems": [], "change_until": None, "change_reason": "",
        "change_basis": "", "scores_result": "",
    }  # fmt: skip


def record_written(context: TaskContext) -> Variables:
    """Keep the results of the papers, or say in `written_problems` why they are none.

    Behind the last day for scores they are refused (R-DEADLINE).
    """
    tickets, _, plan = post_for(context)
    given, problems = given_of(context, "written_rows", tickets)
    problems += late_problems(plan, context.now)
    if problems:
        return {"written_problems": [*problems], "written_done": False}
    run = scoring.next_run(context.session, Part.WRITTEN, [one.key for one in tickets.values()])
    scoring.put(context.session, Part.WRITTEN, ("", ""), given, run, step_of(context))
    context.log("笔试成绩已登记")
    return {"written_problems": [], "written_done": True}


def rank(context: TaskContext) -> Variables:
    """Put the candidates in order; `extra_rows` are those who need an extra test first."""
    code = text_of(context.variables, "post_code")
    known, _, plan = post_for(context)
    ranking = scoring.rank_post(context.session, code, plan.scheme, step_of(context))
    tickets = {str(one.key): (ticket, one) for ticket, one in known.items()}
    equal = [key for group in ranking.undecided for key in group]
    if not equal:
        _drop_absent(context, known.values())
        context.log("成绩已合成排名")
    return {
        "ranked": ranked_rows(context, code),
        "extra_needed": bool(equal),
        "extra_rows": [
            {"ticket": tickets[key][0], "name": tickets[key][1].name, "points": None}
            for key in equal
        ],
    }


def record_extra(context: TaskContext) -> Variables:
    """Keep the marks of an extra test of those who are equal in everything else."""
    known, _, plan = post_for(context)
    wanted = by_ticket(context.variables.get("extra_rows"))
    tickets = {name: one for name, one in known.items() if name in wanted}
    given, problems = given_of(context, "extra_rows", tickets)
    problems += late_problems(plan, context.now)
    if problems:
        return {"extra_problems": [*problems]}
    run = scoring.next_run(context.session, Part.EXTRA, [one.key for one in known.values()])
    scoring.put(context.session, Part.EXTRA, ("", ""), given, run, step_of(context))
    return {"extra_problems": []}


def ranked_rows(context: TaskContext, code: str) -> list[Json]:
    """Return the ranking in force as rows for forms and notices: no number of any document."""
    people = {one.key: one for one in of_post(context.session, code)}
    return [
        {
            "place": str(row.place) if row.place else "—",
            "name": people[row.candidacy_key].name,
            "unit": people[row.candidacy_key].unit,
            "written": row.written, "interview": row.interview, "total": row.total,
            "note": row.note,
        }
        for row in scoring.ranks_of(context.session, code)
    ]  # fmt: skip


def _drop_absent(context: TaskContext, candidates: Iterable[Candidacy]) -> None:
    rows = scoring.ranks_of(context.session, text_of(context.variables, "post_code"))
    out = {row.candidacy_key: row.note for row in rows if not row.place}
    for one in candidates:
        if one.key in out:
            move(
                context.session,
                one.key,
                CandidacyState.DROPPED,
                step_of(context),
                reason=out[one.key],
            )
