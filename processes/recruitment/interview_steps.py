"""The service tasks of an interview: panel, attendance, the count of the marks."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from processes.recruitment import scoring
from processes.recruitment.rounds import values_of
from processes.recruitment.rules.findings import refusals
from processes.recruitment.rules.norms import NORMS
from processes.recruitment.rules.scores import Interview, panel_finding, sameness_findings
from processes.recruitment.school_leaders import kept_from_scoring, kept_out
from processes.recruitment.score_rows import (
    Tickets,
    by_ticket,
    deadline,
    late_problems,
    post_for,
)
from processes.recruitment.scoring import ABSENT, Attendance, Given, Sheet
from processes.recruitment.steps import step_of, today_of
from processes.recruitment.tables import Candidacy, Part
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
from processes.registers.norms import Norm
from service.domain.values import Json, Variables
from service.procedure import TaskContext, members_of

_LATE, _NOT_THERE = "迟到", "没有到场"


def propose_panel(context: TaskContext) -> Variables:
    """Name the people of the header's group, and who must keep out of it for whom."""
    tickets, _, plan = post_for(context)
    candidates = [*tickets.values()]
    people = members_of(context, context.headers.get("candidate-group", ""))
    barred = _kept_out(context, candidates, [one.username for one in people])
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
    tickets, _, plan = post_for(context)
    candidates = [*tickets.values()]
    group = words_of(context.variables, "panel_group")
    names = {one.username: one.name for one in members_of(context, group)}
    barred = _kept_out(context, candidates, names)
    chosen = list(dict.fromkeys(texts_of(context.variables.get("panel_choice"))))
    same = NORMS["R-PANEL7"]
    problems = [
        _rule_of(barred[one]).refuses(f"{names[one]}：{barred[one]}")
        for one in chosen
        if one in barred and one in names
    ]
    problems += [same.refuses(f"{one}不在“{group}”里") for one in chosen if one not in names]
    able = [one for one in chosen if one in names and one not in barred]
    problems += refusals([panel_finding(able, plan.scheme.panel_least)])
    if not words_of(context.variables, "question_set"):
        problems.append(same.refuses("没有填写题本编号：同一岗位用同一套题"))
    problems += late_problems(plan, context.now)
    return {
        "panel": [{"username": one, "name": names.get(one, one)} for one in chosen],
        "panel_problems": [*problems],
    }


def record_attendance(context: TaskContext) -> Variables:
    """Note who came: who did not, or came too late, has withdrawn (R-LATE).

    Gives `score_rows`, those to be scored; `attendance_problems` where a row says nothing.
    """
    tickets, _, plan = post_for(context)
    rows = by_ticket(context.variables.get("attendance_rows"))
    problems = [
        NORMS["R-LATE"].refuses(f"{one.name}没有登记到场情况")
        for ticket, one in tickets.items()
        if ticket not in rows
    ]
    problems += [
        NORMS["R-LATE"].refuses(f"{tickets[ticket].name}迟到，没有登记迟到几分钟")
        for ticket, row in rows.items()
        if ticket in tickets and words_of(row, "came") == _LATE and _minutes(row) < 1
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
    again by another panel; so it is where not all were before one panel with one set of questions
    (R-PANEL7). Marks given after the last day are not counted (R-DEADLINE).
    """
    tickets, _, plan = post_for(context)
    candidates = [*tickets.values()]
    sheets = [_sheet(row, tickets) for row in rows_of(context.variables.get("sheets"))]
    sheets = [one for one in sheets if deadline(plan, one.entered_at).met]
    attendance = {
        tickets[ticket].key: _attendance(row)
        for ticket, row in by_ticket(context.variables.get("attendance_rows")).items()
        if ticket in tickets
    }
    marks = scoring.marks_of(sheets)
    panel = {words_of(row, "username") for row in rows_of(context.variables.get("panel"))}
    values = values_of(context.session, today_of(context))
    barred = kept_from_scoring(context.session, candidates, panel, values)
    found = scoring.interviews(marks, panel, candidates, barred, attendance, plan.scheme)
    words = [f"{one}，须重新面试" for one in refusals(sameness_findings(marks, panel))]
    short = bool(words) or any(one.again for one in found.values())
    _keep(context, candidates, sheets, found, short=short)
    words += [
        f"{one.name}：{found[one.key].note}"
        for one in candidates
        if one.key in found and found[one.key].again
    ]
    return {
        "tally_short": short,
        "tally_words": "；".join(words),
        "tally": [_tally_row(one, found.get(one.key)) for one in candidates],
    }


def _kept_out(
    context: TaskContext, candidates: Sequence[Candidacy], examiners: Collection[str]
) -> Mapping[str, str]:
    values = values_of(context.session, today_of(context))
    return kept_out(context.session, candidates, examiners, values)


def _rule_of(reason: str) -> Norm:
    """The rule by which somebody keeps out, as the reason names it."""
    return NORMS["R-SCHOOL" if "R-SCHOOL" in reason else "R-VOID"]


def _minutes(row: Row) -> int:
    return whole_or(row.get("minutes"), 0)


def _attendance(row: Row) -> Attendance:
    came = words_of(row, "came")
    minutes = _minutes(row) if came == _LATE else 0
    return Attendance(
        None if came == _NOT_THERE else minutes, row.get("common_language") is not False
    )


def _sheet(row: Row, tickets: Tickets) -> Sheet:
    given = tuple(
        Given(
            tickets[ticket].key,
            "" if one.get("keep_out") is True else points_of(one.get("points")),
            words_of(one, "note"),
        )
        for ticket, one in by_ticket(row.get("rows")).items()
        if ticket in tickets
    )
    return Sheet(
        examiner=text_of(row, "examiner"),
        name=words_of(row, "name"),
        paper=words_of(row, "paper"),
        entered_at=_moment(text_of(row, "entered_at")),
        given=given,
    )


def _moment(text: str) -> datetime:
    """Read what an expression's `now()` gives: the bureau's own time where no zone is said."""
    moment = datetime.fromisoformat(text.split("@")[0].split("[")[0])
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=BUREAU_TIME)


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
