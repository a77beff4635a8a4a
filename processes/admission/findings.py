"""What was found on every condition, and whether a conclusion may rest on it.

Pure. A qualification needs every condition met, N1 to N4 among them, so none can be left out; a
refusal needs one that is not met. The office concludes, and never against what was found.
"""

from collections.abc import Iterable, Sequence

from processes.admission.application import REJECTED, choices_of
from processes.admission.checks import COMPULSORY, EVIDENCE, FINDING_MET, FINDING_NOT_MET, rows
from processes.admission.panel import PANEL_CONDITIONS, Outcome, Tally
from processes.admission.rules import refused
from processes.registers.admission_norms import NORMS
from processes.registers.norms import Refusal
from service.domain.values import Json, Variables

OPEN = "尚未判断"
PREFERRED = "优先考虑"
_ORDER = (
    "R-E1", "R-E2", "R-E3", "R-E4", "R-E5a", "R-E5b", "R-E5c", "R-E5d",
    "R-N1", "R-N2", "R-N3", "R-N4", "R-PROOF",
)  # fmt: skip
_ALWAYS = tuple(rule for rule in _ORDER if rule not in ("R-E5d", "R-PROOF"))
Row = dict[str, Json]


def collect(variables: Variables, tally: Tally | None) -> list[Row]:
    """Return a row a condition: rule, clause, title, effect, reason, basis; the open ones too.

    The reason is what the applicant is told, the basis what the office and the register see.

    `variables` are those of the case with the office's `outcome`; `tally` is None where no panel
    has voted.
    """
    found = {str(row["rule"]): row for row in _found(variables, tally)}
    for rule in _ALWAYS:
        found.setdefault(rule, _row(rule, OPEN, "还没有核查或评议"))
    return [found[rule] for rule in _ORDER if rule in found]


def conclusion_problems(findings: Sequence[Row], decided: str) -> list[Refusal]:
    """Return why this conclusion may not be drawn from these findings."""
    if decided == "grant":
        return [
            refused(
                f"{row['clause']} {row['title']}：{row['effect']}，不能准予登记", str(row["rule"])
            )
            for row in findings
            if row["effect"] not in (FINDING_MET, PREFERRED)
        ]
    if decided == "refuse" and not unmet(findings):
        why = "没有不符合的条件，不能不予准入；发现新情况的，请选“退回重新核对”"
        return [refused(why, "R-REASON")]
    return []


def unmet(findings: Iterable[Row]) -> list[Row]:
    """Return the conditions that are not met: the reasons of a refusal."""
    return [row for row in findings if row.get("effect") == FINDING_NOT_MET]


def _found(variables: Variables, tally: Tally | None) -> Iterable[Row]:
    conditions = variables.get("conditions")
    for row in conditions if isinstance(conditions, list) else []:
        if isinstance(row, dict) and isinstance(rule := row.get("rule"), str) and rule in NORMS:
            yield row | {"title": NORMS[rule].title, "basis": row.get("reason")}
    for name, checks in (("evidence", EVIDENCE), ("compulsory", COMPULSORY)):
        made = variables.get(name)
        if isinstance(made, dict) and made.get("complete") is True:
            yield from rows(variables, checks)
    if tally is not None and tally.outcome is not Outcome.SHORT:
        yield from (_voted(rule, tally) for rule in PANEL_CONDITIONS)
    if variables.get("outcome") == REJECTED:
        for rule in choices_of(variables, "refusal_grounds"):
            if rule in NORMS:
                reason = f"经人事科审查，不符合：{NORMS[rule].title}"
                yield _row(rule, FINDING_NOT_MET, reason)


def _voted(rule: str, tally: Tally) -> Row:
    effect = FINDING_NOT_MET if rule in tally.failed else FINDING_MET
    reason = f"评议组{tally.base}人计票，{tally.in_favour[rule]}人认为符合"
    return _row(rule, effect, reason)


def _row(rule: str, effect: str, reason: str) -> Row:
    norm = NORMS[rule]
    return {
        "rule": rule, "clause": norm.clause, "title": norm.title,
        "effect": effect, "reason": reason, "basis": reason,
    }  # fmt: skip
