"""The panel that judges E2, E3 and E5c: who may sit, and what its votes amount to.

Pure. R-PANEL: at least three, each condition by a share of a count base; the figures are defaults
of this program (P), which the bureau may set. R-RECUSE (履职回避): 人社部规〔2019〕1号 lets nobody
with a tie to the applicant judge, vote or score; a vote that was cast nevertheless is void and the
rest counts; below the minimum the panel is filled up and asked again.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from processes.admission.applied import Applied
from processes.admission.rules import refused
from processes.registers.norms import Refusal
from service.domain.values import Json

PANEL_CONDITIONS: Mapping[str, str] = {"R-E2": "e2", "R-E3": "e3", "R-E5c": "e5c"}
"""What the panel judges, and the field of a vote that says so."""

MET = "符合"
RECUSED = "申请回避"


class CountBase(StrEnum):
    """Of what the share is taken: votes that count, or everybody who should have voted."""

    COUNTED = "有效票"
    SEATED = "应参加评议人数"


@dataclass(frozen=True, slots=True)
class PanelRule:
    """How many must vote, and which share of which base must be in favour (inclusive)."""

    minimum: int
    share: Fraction
    base: CountBase

    def __str__(self) -> str:
        share = f"{self.share.numerator}/{self.share.denominator}"
        return f"评议组至少{self.minimum}人；每项条件“符合”达到{self.base}的{share}（含）为通过"


class Outcome(StrEnum):
    """What the votes amount to."""

    PASSED = "passed"
    FAILED = "failed"
    SHORT = "short"
    """Too few votes count: the panel is filled up and asked again."""


@dataclass(frozen=True, slots=True)
class Tally:
    """The count: in favour by condition, of how many, and which votes were void and why."""

    outcome: Outcome
    counted: int
    base: int
    in_favour: Mapping[str, int]
    failed: tuple[str, ...]
    """Conditions that did not reach the share."""
    void: Mapping[str, str]


def rule_of(applied: Applied) -> PanelRule:
    """Return the rule that a case's settings give."""
    return PanelRule(
        applied.panel_minimum, Fraction(applied.panel_share), CountBase(applied.panel_base)
    )


def seat_problems(
    chosen: Sequence[str],
    names: Mapping[str, str],
    barred: Mapping[str, str],
    rule: PanelRule,
) -> list[Refusal]:
    """Return why this panel may not judge: too few, strangers to the group, who must keep out.

    `names` are the candidates, `barred` the reasons by user name.
    """
    problems = [
        refused(f"{names.get(one, one)}{barred[one]}，不能评议", "R-RECUSE")
        for one in chosen
        if one in barred
    ]
    problems += [
        refused(f"{one}不在候选评议人中", "R-PANEL")
        for one in chosen
        if one not in names and one not in barred
    ]
    fit = {one for one in chosen if one in names and one not in barred}
    if len(fit) < rule.minimum:
        few = f"评议组至少{rule.minimum}人，现在可以评议的有{len(fit)}人"
        problems.append(refused(few, "R-PANEL"))
    return problems


def replacement_problems(
    chosen: str | None,
    candidates: Collection[str],
    remaining: Collection[str],
    rule: PanelRule,
) -> list[Refusal]:
    """Return why this person may not take a reviewer's place, or why the place may not stay empty.

    `chosen` is None where nobody is to come; `candidates` may judge and are not of the panel;
    `remaining` are those of it who may judge.
    """
    if chosen is not None:
        fit = chosen in candidates
        return [] if fit else [refused("请从名单里选一名可以评议的人", "R-RECUSE")]
    if len(remaining) >= rule.minimum:
        return []
    few = f"评议组至少{rule.minimum}人，现在可以评议的只有{len(remaining)}人，必须补选"
    return [refused(few, "R-PANEL")]


def tally(
    votes: Iterable[Mapping[str, Json]],
    panel: Collection[str],
    barred: Mapping[str, str],
    rule: PanelRule,
) -> Tally:
    """Count the votes; each person's last one counts.

    Void are those of who must keep out, of who asked to, and of who is not of the panel. The base
    `seated` is everybody of the panel who need not keep out.
    """
    last = {str(vote.get("username")): vote for vote in votes}
    void = {one: _void(one, vote, panel, barred) for one, vote in last.items()}
    counted = [vote for one, vote in last.items() if not void[one]]
    kept_out = {one for one in panel if one in barred or void.get(one)}
    base = len(counted) if rule.base is CountBase.COUNTED else len(set(panel) - kept_out)
    in_favour = {
        condition: sum(vote.get(field) == MET for vote in counted)
        for condition, field in PANEL_CONDITIONS.items()
    }
    failed = tuple(name for name, votes_for in in_favour.items() if votes_for < rule.share * base)
    if len(counted) < rule.minimum:
        outcome = Outcome.SHORT
    else:
        outcome = Outcome.FAILED if failed else Outcome.PASSED
    reasons = {one: why for one, why in void.items() if why}
    return Tally(outcome, len(counted), base, in_favour, failed, reasons)


def _void(
    username: str, vote: Mapping[str, Json], panel: Collection[str], barred: Mapping[str, str]
) -> str:
    if username in barred:
        return barred[username]
    if vote.get("stance") == RECUSED:
        return f"本人申请回避：{str(vote.get('reason') or '').rstrip('。')}"
    return "" if username in panel else "不在评议组中"
