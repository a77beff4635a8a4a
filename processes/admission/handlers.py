"""The service tasks of `bpmn/admission_review.bpmn`: work out, enter, refuse.

Each may run again: working out writes nothing, and the register writes once a step.
"""

from collections.abc import Sequence
from datetime import date

from processes.admission.application import (
    DOCUMENT_LABELS,
    CareerData,
    Problem,
    check_problems,
    choices_of,
    declared_data,
    declared_problems,
    seat_of,
    text_of,
    verified_data,
)
from processes.admission.applied import applied_of
from processes.admission.findings import collect, conclusion_problems, unmet
from processes.admission.panel_steps import count
from processes.admission.rules import Assessment, valid_until
from processes.registers import qualifications
from processes.registers.admission_norms import norms_on
from processes.registers.days import bureau_day
from processes.registers.remedies import Act, notice_of
from service.domain.errors import Invalid
from service.domain.values import Json, Variables
from service.procedure import TaskContext

GRANTED, REFUSED = "granted", "refused"
"""What a caller gets as `conclusion`; `result` has the key of the register's row."""


class ConditionsOpen(Invalid):
    """有条件还没有核查或者不符合，不能登记准入资格：{problems}请检查流程图的连线。"""

    code = "conditions-open"


class ReasonsMissing(Invalid):
    """没有任何不予准入的理由，不能记录不予准入。请检查决策表和流程图的连线。"""

    code = "reasons-missing"


def assess_application(context: TaskContext) -> Variables:
    """Work out teaching time and title: of what was declared, or (header `data`) verified.

    The first run fixes the cut-off date, the day of submission at the bureau; later ones keep it.
    What was declared also fills in what the office is to verify.
    """
    cutoff, set_of = _cutoff(context), applied_of(context.variables).other_teaching
    if context.headers.get("data") == "verified":
        data = verified_data(context.variables)
        assessment = data.assess(cutoff, set_of)
        outcome = text_of(context.variables, "outcome")
        problems = check_problems(assessment, context.variables, outcome)
        return {"assessment": _summary(context, data, assessment, problems)}
    data = declared_data(context.variables)
    assessment = data.assess(cutoff, set_of)
    return {
        "cutoff_date": cutoff.isoformat(),
        "assessment": _summary(context, data, assessment, declared_problems(assessment)),
        "verified_periods": data.periods,
        "verified_title": data.title,
        "verified_honours": list(data.honours),
        "series_accepted": None,
    }


def grant_qualification(context: TaskContext) -> Variables:
    """Enter the qualification, for as long as the case's settings say.

    Raises ConditionsOpen while a condition is not met or N1 to N4 are not all made, whatever the
    diagram says.
    """
    problems = conclusion_problems(_findings(context), "grant")
    if problems:
        raise ConditionsOpen(problems="".join(problems))
    granted_on = bureau_day(context.now)
    last_day = valid_until(granted_on, applied_of(context.variables).validity_months)
    seat = seat_of(context.variables)
    qualifications.grant(
        context.session,
        _decision(context),
        _candidate(context),
        valid_until=last_day,
        preferred=bool(choices_of(context.variables, "verified_honours")),
        documents={name: context.variables.get(name) for name in DOCUMENT_LABELS},
    )
    context.log("准入资格已登记")
    return {
        "result": {
            "granted": True,
            "qualification_key": str(context.element_instance_key),
            "refusal_key": None,
            "seat": seat.name,
            "granted_on": granted_on.isoformat(),
            "valid_until": last_day.isoformat(),
            "reasons": [],
            "remedy": "",
            "rules_version": applied_of(context.variables).version,
        },
        "conclusion": GRANTED,
    }


def refuse_application(context: TaskContext) -> Variables:
    """Record the refusal with its reasons. Raises ReasonsMissing rather than refuse without one."""
    reasons = _reasons(context)
    if not reasons:
        raise ReasonsMissing
    seat = seat_of(context.variables)
    term = f"{applied_of(context.variables).objection_days}个工作日"
    qualifications.refuse(context.session, _decision(context), _candidate(context), reasons)
    context.log("不予准入已记录")
    return {
        "result": {
            "granted": False,
            "qualification_key": None,
            "refusal_key": str(context.element_instance_key),
            "seat": seat.name,
            "granted_on": None,
            "valid_until": None,
            "reasons": reasons,
            "remedy": notice_of(Act.REFUSAL, term=term),
            "rules_version": applied_of(context.variables).version,
        },
        "conclusion": REFUSED,
    }


def _cutoff(context: TaskContext) -> date:
    fixed = context.variables.get("cutoff_date")
    return date.fromisoformat(fixed) if isinstance(fixed, str) else bureau_day(context.now)


def _summary(
    context: TaskContext, data: CareerData, assessment: Assessment, problems: Sequence[Problem]
) -> Json:
    return {
        "cutoff_date": _cutoff(context).isoformat(),
        "teaching_years": assessment.time.years,
        "teaching_time": str(assessment.time),
        "title": assessment.title.name,
        "title_rank": assessment.title.rank.value,
        "title_series": assessment.title.series.value,
        "honoured": bool(data.honours),
        "problems": [{"field": p.field, "message": p.message} for p in problems],
        "notes": list(assessment.notes),
        "rules_version": applied_of(context.variables).version,
    }


def _decision(context: TaskContext) -> qualifications.Decision:
    return qualifications.Decision(
        key=context.element_instance_key,
        process_id=context.process_id,
        instance_key=context.instance_key,
        rules_version=applied_of(context.variables).version,
        actor=context.actor,
        now=context.now,
    )


def _candidate(context: TaskContext) -> qualifications.Candidate:
    variables = context.variables
    return qualifications.Candidate(
        username=str(variables.get("applicant") or context.started_by),
        name=text_of(variables, "applicant_name"),
        unit=text_of(variables, "unit"),
        seat=seat_of(variables),
        facts=_facts(context),
    )


def _findings(context: TaskContext) -> list[dict[str, Json]]:
    return collect(context.variables, count(context))


def _facts(context: TaskContext) -> Json:
    """What was verified and found on each condition, and how sure the rules behind it are."""
    variables = context.variables
    cutoff = date.fromisoformat(text_of(variables, "cutoff_date"))
    return {
        "assessment": variables.get("assessment"),
        "conditions": [*_findings(context)],
        "periods": variables.get("verified_periods"),
        "honours": variables.get("verified_honours"),
        "originals_checked": variables.get("originals_checked"),
        "applied": variables.get("applied"),
        "panel_rule": variables.get("panel_rule"),
        "panel_changes": variables.get("panel_changes"),
        "tally": variables.get("tally"),
        "concluded_by": variables.get("concluded_by"),
        "rules": [{"id": norm.id, "certainty": norm.certainty.value} for norm in norms_on(cutoff)],
    }


def _reasons(context: TaskContext) -> list[Json]:
    return [
        {name: row.get(name) for name in ("rule", "clause", "reason")}
        for row in unmet(_findings(context))
    ]
