"""The service tasks around the conclusion: open, evidence, findings, conclusion, re-check.

Each may run again: they work out variables; only the decision of a re-check is written, once.
"""

from datetime import date

from processes.admission.application import VariableUnusable, text_of
from processes.admission.applied import applied_of, applied_on
from processes.admission.checks import COMPULSORY, EVIDENCE, missing, reckoned, vetoed
from processes.admission.findings import collect, conclusion_problems
from processes.admission.panel import Outcome
from processes.admission.panel_steps import NO_VOTES, count, parties_of, tally_json
from processes.registers import refusal_reviews, set_values
from processes.registers.days import bureau_day
from processes.registers.remedies import Act, notice_of
from service.domain.errors import Invalid
from service.domain.values import Json, Variables
from service.procedure import TaskContext, completed_by

NEEDED = ("applicant_name", "unit", "seat", "teaching_periods", "title")
"""What an application has at least; a case that was called without it asks the applicant."""

PENDING, WITHDRAWN = "pending", "withdrawn"
OVERTURNED = "overturn"


class CutoffInvalid(Invalid):
    """截止日“{value}”不是日期，或者晚于今天。审核没有开始，请改正公告的截止日后在异常中重试。"""

    code = "cutoff-invalid"


def open_case(context: TaskContext) -> Variables:
    """Fix for whom and up to which day: a caller's `person` and `cutoff_date`, else the starter.

    Without a caller's cut-off date the day is fixed at the first submission (R-CUTOFF). The
    settings of the day are kept as `applied`. Raises CutoffInvalid for a day that is not there yet.
    """
    settings = set_values.values_on(context.session, bureau_day(context.now))
    person = context.variables.get("person")
    applicant = person if isinstance(person, str) and person else context.started_by
    parties: list[Json] = [*dict.fromkeys((context.started_by, applicant))]
    return {
        "applicant": applicant,
        "parties": parties,
        "kept_out": parties,
        "applied": applied_on(settings).as_json(),
        "case_key": str(context.instance_key),
        "concluded_by": [],
        "has_application": all(context.variables.get(name) for name in NEEDED),
        "cutoff_date": _cutoff(context),
        "conclusion": PENDING,
        "compulsory": {"complete": False, "hit": False},
        "panel": [],
        "panel_changes": [],
        "panel_votes": [],
        "tally": NO_VOTES,
        "problems": [],
        "evidence_problems": [],
        "compulsory_problems": [],
        "panel_problems": [],
    }


def assess_evidence(context: TaskContext) -> Variables:
    """Look whether E1 and E4 are proved, and whether one of them is a veto."""
    problems = missing(context.variables, EVIDENCE, bureau_day(context.now))
    return {
        "evidence": {
            "complete": not problems,
            "vetoed": vetoed(context.variables, EVIDENCE),
        },
        "evidence_problems": [*problems],
    }


def assess_compulsory(context: TaskContext) -> Variables:
    """Look whether N1 to N4 were all made, each with its day and paper, and N3 and N4 reckoned."""
    today = bureau_day(context.now)
    problems = missing(context.variables, COMPULSORY, today)
    problems += reckoned(context.variables, applied_of(context.variables).appraisal_years, today)
    return {
        "compulsory": {"complete": not problems, "hit": vetoed(context.variables, COMPULSORY)},
        "compulsory_problems": [*problems],
    }


def collect_findings(context: TaskContext) -> Variables:
    """Put together what was found on every condition, with the votes as they count now."""
    counted = count(context)
    return {
        "findings": [*collect(context.variables, counted)],
        "tally": tally_json(counted, context.variables),
    }


def verify_conclusion(context: TaskContext) -> Variables:
    """Look once more whether the conclusion may rest on what was found; note who concluded."""
    variables, counted = context.variables, count(context)
    findings = collect(variables, counted)
    decided = text_of(variables, "decided")
    problems = conclusion_problems(findings, decided)
    before = variables.get("concluded_by")
    deciders = list(before) if isinstance(before, list) else []
    if decided in ("grant", "refuse") and not problems:
        deciders = [*dict.fromkeys([*deciders, completed_by(context, "conclude")])]
    return {
        "findings": [*findings],
        "tally": tally_json(counted, variables),
        "problems": [*problems],
        "concluded_by": deciders,
        "kept_out": [*dict.fromkeys([*parties_of(variables), *deciders])],
    }


def record_recheck(context: TaskContext) -> Variables:
    """Record what the re-check of a refusal decided; a vote that had failed is taken anew.

    The refusal stays in its register with this decision beside it.
    """
    variables = context.variables
    result = variables.get("result")
    refusal = str(result.get("refusal_key")) if isinstance(result, dict) else ""
    if not refusal.isdigit():
        raise VariableUnusable(name="result")
    overturned = text_of(variables, "decided") == OVERTURNED
    refusal_reviews.record(
        context.session,
        context.element_instance_key,
        int(refusal),
        overturned=overturned,
        rules_version=applied_of(variables).version,
        actor=context.actor,
        now=context.now,
    )
    context.log("异议复核：撤销原结论，重新核定" if overturned else "异议复核：维持原结论")
    counted = count(context)
    anew = overturned and counted is not None and counted.outcome is not Outcome.PASSED
    return {
        "recheck_result": {
            "overturned": overturned,
            "decided_on": bureau_day(context.now).isoformat(),
            "remedy": "" if overturned else notice_of(Act.UPHELD),
        },
        "panel_votes": [] if anew else variables.get("panel_votes"),
        "tally": NO_VOTES if anew else variables.get("tally"),
        "problems": [],
    }


def withdraw_application(context: TaskContext) -> Variables:
    """End a case whose supplements never came: neither granted nor refused."""
    context.log("补正逾期，按撤回申请处理")
    return {"conclusion": WITHDRAWN}


def _cutoff(context: TaskContext) -> Json:
    given = context.variables.get("cutoff_date")
    if given is None:
        return None
    try:
        day = date.fromisoformat(given) if isinstance(given, str) else None
    except ValueError:
        day = None
    if day is None or day > bureau_day(context.now):
        raise CutoffInvalid(value=str(given)[:40])
    return day.isoformat()
