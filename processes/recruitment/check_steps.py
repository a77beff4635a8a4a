"""The service tasks of 考察, 体检 and the query of records: complete, and what they come to."""

from dataclasses import dataclass
from datetime import date

from processes.recruitment.candidacies import candidacy_of
from processes.recruitment.rounds import post_of
from processes.recruitment.rules.norms import NORMS
from processes.recruitment.steps import person, today_of
from processes.recruitment.variables import VariableUnusable, day_or_none, key_of, words_of
from processes.registers.admission_norms import APPRAISAL_YEARS
from processes.registers.admission_norms import NORMS as ADMISSION
from processes.registers.clean_record import faults_of
from processes.registers.days import said_day
from processes.registers.norms import Norm, Refusal
from processes.registers.set_values import values_on
from service.domain.values import Json, Variables
from service.procedure import TaskContext


@dataclass(frozen=True, slots=True)
class Check:
    """One question of a check: its field, its name, the answers that pass, and by which rule."""

    field: str
    label: str
    passing: tuple[str, ...]
    norm: Norm = NORMS["R-STEPS"]


PARTS: dict[str, tuple[Check, ...]] = {
    "inspection": (
        Check("inspection_file", "档案审核", ("真实完整",)),
        Check("inspection_ethics", "师德师风", ("合格",)),
        Check("inspection_opinion", "民主测评", ("合格",)),
        Check("inspection_discipline", "纪检意见", ("没有影响聘任的情形",)),
    ),
    "medical": (Check("medical_result", "体检结论", ("合格",)),),
    "record": (
        Check(
            "record_n1",
            "违法犯罪记录查询",
            ("没有记录",),
            ADMISSION["R-N1"],
        ),
        Check("record_n2", "剥夺政治权利、故意犯罪刑罚", ("没有",), ADMISSION["R-N2"]),
        Check("record_n3", "处分期和调查", ("没有",), ADMISSION["R-N3"]),
        Check("record_n4", "近几年年度考核（师德考核）", ("均为合格以上",), ADMISSION["R-N4"]),
    ),
}
"""The parts of the checks, by the header `part` of their steps."""

_PART_NAMES = {"inspection": "考察", "medical": "体检", "record": "记录查询"}


def check_sheet(context: TaskContext) -> Variables:
    """Say whom the checks are about; `checks_from`: what was found before today does not count."""
    candidacy, round_ = candidacy_of(context.session, key_of(context.variables, "candidacy_key"))
    post, _ = post_of(context.session, candidacy.post_code)
    none: dict[str, Json] = {f"{part}_problems": [] for part in PARTS}
    begun: dict[str, Json] = {"checks_from": today_of(context).isoformat()}
    return person(candidacy, round_, post.seat) | none | begun


def assess_check(context: TaskContext) -> Variables:
    """Look whether a part (header `part`) is complete: each answer, a paper, a day not ahead.

    Takes `checks_from`, before which no result counts: one of the year before is not used again.
    Gives `<part>_problems`; a bad answer is no problem but the result of the check. N3 and N4 are
    reckoned by days and years where the case's diagram lets them out of its form at all: one begun
    on an older diagram goes by the answers alone, as it did when it began. How many years N4 asks
    for is what was set on the day `checks_from`.
    """
    part = context.headers.get("part", "")
    if part not in PARTS:
        raise VariableUnusable(name="part")
    today = today_of(context)
    problems = problems_of(context.variables, part, today)
    if part == "record" and _asked_by_days(context.variables):
        since = day_or_none(context.variables.get("checks_from")) or today
        years = values_on(context.session, min(since, today)).number(APPRAISAL_YEARS)
        problems += _reckoned(context.variables, years, today)
    return {f"{part}_problems": [*problems]}


def problems_of(variables: Variables, part: str, today: date) -> list[Refusal]:
    """Return what is missing of a part, by the rule that asks for it."""
    name, norm = _PART_NAMES[part], PARTS[part][0].norm
    problems = [
        one.norm.refuses(f"{one.label}没有结论")
        for one in PARTS[part]
        if not words_of(variables, one.field)
    ]
    on = day_or_none(variables.get(f"{part}_on"))
    if on is None:
        problems.append(norm.refuses(f"{name}没有填写日期"))
    elif on > today:
        problems.append(norm.refuses(f"{name}的日期不能晚于今天"))
    elif (since := day_or_none(variables.get("checks_from"))) is not None and on < since:
        anew = f"{name}的日期不能早于{said_day(since)}，以前的结果不能再用"
        problems.append(norm.refuses(anew))
    if not variables.get(f"{part}_document"):
        problems.append(norm.refuses(f"{name}没有上传材料"))
    if _failed(variables, part) and not words_of(variables, f"{part}_reason"):
        problems.append(norm.refuses(f"{name}不合格的，须写明理由"))
    return problems


def _asked_by_days(variables: Variables) -> bool:
    """Whether the step gives the days and years of N3 and N4, answered or not.

    The form requires them. Diagrams before it did list the outputs of the step one by one: there
    is no such variable then, whatever was filled in.
    """
    return "record_n3_sanction" in variables


def _reckoned(variables: Variables, years: int, today: date) -> list[Refusal]:
    """N3 and N4 by days and years; of a retired teacher the years before the retirement."""
    retired = day_or_none(variables.get("retired_on"))
    on = today if retired is None else min(today, retired)
    clear = words_of(variables, "record_n3") == "没有"
    found = faults_of(
        variables, "record_n", clear=clear, years=years, today=today, on=on,
        reason="record_reason",
    )  # fmt: skip
    return [
        ADMISSION[rule].refuses(text)
        for rule, texts in zip(("R-N3", "R-N4"), found, strict=True)
        for text in texts
    ]


def conclude_checks(context: TaskContext) -> Variables:
    """Put the parts together: `checks_passed`, and in `checks_reason` which was not met.

    The reason goes into the round, which more people read than this case: why a part was not met,
    of health or records, stays with the part here.
    """
    reasons = [f"{_PART_NAMES[part]}不合格" for part in PARTS if _failed(context.variables, part)]
    context.log("考察、体检、记录查询" + ("不合格" if reasons else "合格"))
    return {"checks_passed": not reasons, "checks_reason": "、".join(reasons)}


def _failed(variables: Variables, part: str) -> bool:
    answers = [(one, words_of(variables, one.field)) for one in PARTS[part]]
    return any(answer and answer not in one.passing for one, answer in answers)
