"""The service tasks of scoring one post: papers, panel, attendance, count, order, extra test."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from processes.recruitment import plans, scoring
from processes.recruitment.candidacies import move, of_post
from processes.recruitment.plans import Plan
from processes.recruitment.rounds import post_of
from processes.recruitment.rules.findings import Finding, refusals
from processes.recruitment.rules.scores import Interview, in_time, panel_finding
from processes.recruitment.scoring import ABSENT, Attendance, Given, Sheet
from processes.recruitment.steps import plan_of, step_of, today_of
from processes.recruitment.tables import Candidacy, CandidacyState, Part, Round
from processes.recruitment.variables import (
    Row,
    points_of,
    rows_of,
    text_of,
    texts_of,
    whole_or,
    words_of,
)
from processes.registers.days import BUREAU_TIME
from service.domain.values import Json, Variables
from service.procedure import TaskContext, members_of, recusals

_ON_TIME, _LATE, _NOT_THERE = "按时到场", "迟到", "没有到场"


def score_sheet(context: TaskContext) -> Variables:
    """Give what the scoring of the post `post_code` begins with: candidates, scheme, no marks."""
    candidates, round_, plan = _post(context)
    rows = _tickets(candidates)
    return {
        "round_title": round_.title,
        "candidates": [
            {"ticket": ticket, "name": one.name, "unit": one.unit} for ticket, one in rows.items()
        ],
        "parties": [one.username for one in candidates],
        "scheme_words": [*plans.told(plan)],
        "with_written": plan.scheme.written_percent > 0,
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
    }  # fmt: skip


def record_written(context: TaskContext) -> Variables:
    """Keep the results of the papers, or say in `written_problems` why they are none.

    Behind the last day for scores they are refused (R-DEADLINE).
    """
    candidates, _, plan = _post(context)
    tickets = _tickets(candidates)
    given, problems = _given(context.variables.get("written_rows"), tickets)
    problems += _late(plan, context.now)
    if problems:
        return {"written_problems": [*problems]}
    run = scoring.next_run(context.session, Part.WRITTEN, [one.key for one in candidates])
    scoring.put(context.session, Part.WRITTEN, ("", ""), given, run, step_of(context))
    context.log("笔试成绩已登记")
    return {"written_problems": []}


def propose_panel(context: TaskContext) -> Variables:
    """Name the people of the header's group, and who must keep out of it for whom."""
    candidates, _, plan = _post(context)
    people = members_of(context, context.headers.get("candidate-group", ""))
    barred = recusals(context.session, [one.username for one in candidates])
    fit = [one.username for one in people if one.username not in barred]
    return {
        "panel_candidates": [
            {
                "label": f"{one.name}（应当回避）" if one.username in barred else one.name,
                "value": one.username,
            }
            for one in people
        ],
        "panel_barred": [
            {"name": one.name, "reason": barred[one.username]}
            for one in people
            if one.username in barred
        ],
        "panel_choice": [*fit[: plan.scheme.panel_least]],
        "panel_group": context.headers.get("candidate-group", ""),
        "sheets": [],
    }


def seat_panel(context: TaskContext) -> Variables:
    """Look at the panel that was chosen: enough people of the group, nobody tied (R-PANEL7)."""
    candidates, _, plan = _post(context)
    group = words_of(context.variables, "panel_group")
    names = {one.username: one.name for one in members_of(context, group)}
    barred = recusals(context.session, [one.username for one in candidates])
    chosen = list(dict.fromkeys(texts_of(context.variables.get("panel_choice"))))
    problems: list[Json] = [
        f"{names[one]}：{barred[one]}。" for one in chosen if one in barred and one in names
    ]
    problems += [f"{one}不在“{group}”里。" for one in chosen if one not in names]
    able = [one for one in chosen if one in names and one not in barred]
    problems += refusals([panel_finding(able, plan.scheme.panel_least)])
    if not words_of(context.variables, "question_set"):
        problems.append("没有填写题本编号：同一岗位用同一套题。")
    return {
        "panel": [{"username": one, "name": names.get(one, one)} for one in chosen],
        "panel_problems": problems,
    }


def record_attendance(context: TaskContext) -> Variables:
    """Note who came: who did not, or came too late, has withdrawn (R-LATE).

    Gives `score_rows`, those to be scored; `attendance_problems` where a row says nothing.
    """
    candidates, _, plan = _post(context)
    tickets = _tickets(candidates)
    rows = _by_ticket(context.variables.get("attendance_rows"))
    problems = [
        f"{one.name}没有登记到场情况。" for ticket, one in tickets.items() if ticket not in rows
    ]
    if problems:
        return {"attendance_problems": [*problems], "score_rows": []}
    present: list[Json] = [
        {"ticket": ticket, "name": one.name, "points": None, "keep_out": False, "note": ""}
        for ticket, one in tickets.items()
        if scoring.came_in_time(_attendance(rows[ticket]), plan.scheme)
    ]
    return {"attendance_problems": [], "score_rows": present}


def tally(context: TaskContext) -> Variables:
    """Count the interview of everybody by the ties known now (R-DROP, R-VOID, R-SPEECH).

    `tally_short` where a candidate has too few valid marks: the interview of this post is held
    again by another panel. Marks given after the last day are not counted (R-DEADLINE).
    """
    candidates, _, plan = _post(context)
    tickets = _tickets(candidates)
    sheets = [_sheet(row, tickets) for row in rows_of(context.variables.get("sheets"))]
    sheets = [one for one in sheets if _deadline(plan, one.entered_at).met]
    attendance = {
        tickets[ticket].key: _attendance(row)
        for ticket, row in _by_ticket(context.variables.get("attendance_rows")).items()
        if ticket in tickets
    }
    barred = {one.username: recusals(context.session, [one.username]) for one in candidates}
    found = scoring.interviews(sheets, candidates, barred, attendance, plan.scheme)
    short = any(one.again for one in found.values())
    _keep(context, candidates, sheets, found, short=short)
    words = [
        f"{one.name}：{found[one.key].note}"
        for one in candidates
        if one.key in found and found[one.key].again
    ]
    return {
        "tally_short": short,
        "tally_words": "；".join(words),
        "tally": [_tally_row(one, found.get(one.key)) for one in candidates],
    }


def rank(context: TaskContext) -> Variables:
    """Put the candidates in order; `extra_rows` are those who need an extra test first."""
    code = text_of(context.variables, "post_code")
    candidates, _, plan = _post(context)
    ranking = scoring.rank_post(context.session, code, plan.scheme, step_of(context))
    tickets = {str(one.key): (ticket, one) for ticket, one in _tickets(candidates).items()}
    equal = [key for group in ranking.undecided for key in group]
    if not equal:
        _drop_absent(context, candidates)
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
    candidates, _, plan = _post(context)
    wanted = _by_ticket(context.variables.get("extra_rows"))
    tickets = {name: one for name, one in _tickets(candidates).items() if name in wanted}
    given, problems = _given(context.variables.get("extra_rows"), tickets)
    problems += _late(plan, context.now)
    if problems:
        return {"extra_problems": [*problems]}
    run = scoring.next_run(context.session, Part.EXTRA, [one.key for one in candidates])
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


def _post(context: TaskContext) -> tuple[Sequence[Candidacy], Round, Plan]:
    code = text_of(context.variables, "post_code")
    _, round_ = post_of(context.session, code)
    candidates = of_post(context.session, code, CandidacyState.ADMITTED)
    return candidates, round_, plan_of(context.session, round_, today_of(context))


def _tickets(candidates: Sequence[Candidacy]) -> dict[str, Candidacy]:
    """The numbers by which forms name the candidates: 01, 02 … in the order of application."""
    return {f"{place:02}": one for place, one in enumerate(candidates, start=1)}


def _by_ticket(value: Json) -> dict[str, Row]:
    return {words_of(row, "ticket"): row for row in rows_of(value)}


def _given(value: Json, tickets: Mapping[str, Candidacy]) -> tuple[list[Given], list[str]]:
    rows = _by_ticket(value)
    names = {one.key: one.name for one in tickets.values()}
    given, problems = [], []
    for ticket, row in rows.items():
        if ticket not in tickets:
            problems.append(f"没有{ticket[:10]}号考生。")
            continue
        points, absent = points_of(row.get("points")), row.get("absent") is True
        name = tickets[ticket].name
        if bool(points) == absent:
            problems.append(f"{name}：有成绩的填成绩，缺考的勾选缺考，两者填一项。")
        given.append(Given(tickets[ticket].key, points, ABSENT if absent else ""))
    return given, problems + scoring.given_problems(given, names)


def _deadline(plan: Plan, at: datetime) -> Finding:
    until = plan.scores_until or date.min
    return in_time(at, datetime.combine(until, time.max, BUREAU_TIME))


def _late(plan: Plan, now: datetime) -> list[str]:
    return [str(one) for one in refusals([_deadline(plan, now)])]


def _attendance(row: Row) -> Attendance:
    came = words_of(row, "came")
    minutes = whole_or(row.get("minutes"), 0) if came == _LATE else 0
    return Attendance(
        None if came == _NOT_THERE else minutes, row.get("common_language") is not False
    )


def _sheet(row: Row, tickets: Mapping[str, Candidacy]) -> Sheet:
    given = tuple(
        Given(
            tickets[ticket].key,
            "" if one.get("keep_out") is True else points_of(one.get("points")),
            words_of(one, "note"),
        )
        for ticket, one in _by_ticket(row.get("rows")).items()
        if ticket in tickets
    )
    return Sheet(
        examiner=text_of(row, "examiner"),
        name=words_of(row, "name"),
        paper=words_of(row, "paper"),
        entered_at=datetime.fromisoformat(text_of(row, "entered_at").split("[")[0]),
        given=given,
    )


def _keep(
    context: TaskContext,
    candidates: Sequence[Candidacy],
    sheets: Sequence[Sheet],
    found: Mapping[int, Interview],
    *,
    short: bool,
) -> None:
    """Write every mark as it was given and what counts of it; results where all are complete."""
    session, step = context.session, step_of(context)
    run = scoring.next_run(session, Part.INTERVIEW, [one.key for one in candidates])
    for sheet in sheets:
        void = {
            key: one.void[sheet.examiner]
            for key, one in found.items()
            if sheet.examiner in one.void
        }
        scoring.put(session, Part.INTERVIEW, (sheet.examiner, sheet.name), sheet.given, run, step,
                    void=void, entered_at=sheet.entered_at)  # fmt: skip
    if short:
        return
    given = [
        Given(one.key, str(its.value), its.note)
        if (its := found.get(one.key)) is not None
        else Given(one.key, "", ABSENT)
        for one in candidates
    ]
    scoring.put(session, Part.INTERVIEW, ("", ""), given, run, step)


def _tally_row(one: Candidacy, its: Interview | None) -> Json:
    if its is None:
        return {"name": one.name, "value": "—", "counted": "0", "dropped": "", "void": ABSENT}
    return {
        "name": one.name,
        "value": "重新面试" if its.value is None else str(its.value),
        "counted": str(len(its.counted)),
        "dropped": str(len(its.dropped)),
        "void": "；".join(its.void.values()) or its.note,
    }


def _drop_absent(context: TaskContext, candidates: Sequence[Candidacy]) -> None:
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
