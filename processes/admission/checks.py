"""What is proved by papers: E1 and E4 with a veto, and the compulsory checks N1 to N4.

Pure. Each has a source, a day, a paper and a finding; what is against the applicant has a reason.
The office cannot go on while something is missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from processes.admission.rules import refused
from processes.registers.admission_norms import NORMS
from processes.registers.clean_record import faults_of
from processes.registers.days import said_day
from processes.registers.norms import Refusal
from service.domain.values import Json, Variables

FINDING_MET, FINDING_NOT_MET = "符合", "不符合"


@dataclass(frozen=True, slots=True)
class Check:
    """One check as the form asks for it: `field` begins the keys, `clear` is what finds nothing."""

    rule: str
    field: str
    name: str
    clear: str
    against: str


EVIDENCE = (
    Check("R-E1", "e1", "党组织鉴定", "合格", "不合格"),
    Check("R-E4", "e4", "科研诚信记录", "没有查实的失信记录", "有查实的失信记录"),
)
COMPULSORY = (
    Check("R-N1", "n1", "N1 违法犯罪记录查询", "没有记录", "有记录"),
    Check("R-N2", "n2", "N2 剥夺政治权利、故意犯罪", "没有", "有"),
    Check("R-N3", "n3", "N3 处分期、接受调查", "没有", "有"),
    Check("R-N4", "n4", "N4 近几年考核", "均为合格以上", "有不合格或基本合格"),
)


def missing(variables: Variables, checks: tuple[Check, ...], today: date) -> list[Refusal]:
    """Return what is still to be filled in, in words; `today` is the bureau's day."""
    return [
        refused(text, check.rule) for check in checks for text in _missing(variables, check, today)
    ]


def reckoned(variables: Variables, years: int, today: date) -> list[Refusal]:
    """Return why N3 and N4 cannot stand by the days and years that were filled in."""
    clear = variables.get("n3_finding") == COMPULSORY[2].clear
    found = faults_of(
        variables, "n", clear=clear, years=years, today=today, on=today, reason="n3_reason"
    )
    return [
        refused(f"{check.name}：{text}", check.rule)
        for check, texts in zip(COMPULSORY[2:], found, strict=True)
        for text in texts
    ]


def rows(variables: Variables, checks: tuple[Check, ...]) -> list[dict[str, Json]]:
    """Return the checks that were made as findings: rule, clause, title, effect, reason, basis.

    The reason is for the applicant and names nobody of the house; the basis says who checked.
    """
    return [_row(variables, check) for check in checks]


def vetoed(variables: Variables, checks: tuple[Check, ...]) -> bool:
    """Whether one of the checks is against the applicant."""
    return any(variables.get(f"{check.field}_finding") == check.against for check in checks)


def _missing(variables: Mapping[str, Json], check: Check, today: date) -> list[str]:
    field, found = check.field, []
    finding = variables.get(f"{field}_finding")
    if finding not in (check.clear, check.against):
        found.append(f"{check.name}：请选择核查结果。")
    if not _text(variables, f"{field}_source"):
        found.append(f"{check.name}：请填写由谁核查、向哪个单位核查。")
    day = _day(variables.get(f"{field}_dated_on"))
    if day is None:
        found.append(f"{check.name}：请填写日期。")
    elif day > today:
        found.append(f"{check.name}：日期不能晚于今天。")
    if not variables.get(f"{field}_document"):
        found.append(f"{check.name}：请上传材料。")
    if finding == check.against and not _text(variables, f"{field}_reason"):
        found.append(f"{check.name}：结果为“{check.against}”的，请写明事实和理由。")
    return found


def _row(variables: Mapping[str, Json], check: Check) -> dict[str, Json]:
    field, norm = check.field, NORMS[check.rule]
    against = variables.get(f"{field}_finding") == check.against
    finding = variables.get(f"{field}_finding")
    day = said_day(_day(variables.get(f"{field}_dated_on")))
    facts = f"。{_text(variables, f'{field}_reason')}" if against else ""
    said = f"{check.name}：{finding}（{day}"
    return {
        "rule": check.rule,
        "clause": norm.clause,
        "title": norm.title,
        "effect": FINDING_NOT_MET if against else FINDING_MET,
        "reason": f"{said}）{facts}",
        "basis": f"{said}，{_text(variables, f'{field}_source')}）{facts}",
    }


def _text(variables: Mapping[str, Json], name: str) -> str:
    value = variables.get(name)
    return value.strip() if isinstance(value, str) else ""


def _day(value: Json) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
