"""The panel that judges E2, E3 and E5c: who may sit, and what its votes amount to.

Pure. R-PANEL: at least three, each condition by a share of a count base; the figures are defaults
of this program (P), kept in the diagram. R-RECUSE (履职回避): 人社部规〔2019〕1号 lets nobody with
a tie to the applicant judge, vote or score; a vote that was cast nevertheless is void and the rest
counts; below the minimum the panel is filled up and asked again.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from processes.admission.norms import NORMS
from service.domain.errors import Invalid
from service.domain.values import Json

PANEL_CONDITIONS: Mapping[str, str] = {"R-E2": "e2", "R-E3": "e3", "R-E5c": "e5c"}
"""What the panel judges, and the field of a vote that says so."""

MET = "符合"
RECUSED = "申请回避"
SMALLEST_PANEL = 3
"""R-PANEL: no setting goes below it."""

_SHARE = re.compile(r"([1-9][0-9]?)/([1-9][0-9]?)")


class PanelRuleUnreadable(Invalid):
    """流程图中评议步骤的任务标头 {name} 为“{value}”，应为{expected}。请更正流程图。"""

    code = "panel-rule-unreadable"


class CountBase(StrEnum):
    """Of what the share is taken: votes that count, or everybody who should have voted."""

    COUNTED = "counted"
    SEATED = "seated"


@dataclass(frozen=True, slots=True)
class PanelRule:
    """How many must vote, and which share of which base must be in favour (inclusive)."""

    minimum: int
    share: Fraction
    base: CountBase

    def __str__(self) -> str:
        of = "有效票" if self.base is CountBase.COUNTED else "应参加评议人数"
        share = f"{self.share.numerator}/{self.share.denominator}"
        return f"评议组至少{self.minimum}人；每项条件“符合”达到{of}的{share}（含）为通过"


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


def read_rule(headers: Mapping[str, str]) -> PanelRule:
    """Read the rule from a step's headers. Raises PanelRuleUnreadable."""
    minimum = headers.get("panel-minimum", str(SMALLEST_PANEL)).strip()
    if not (minimum.isascii() and minimum.isdigit() and SMALLEST_PANEL <= int(minimum) <= 99):
        raise PanelRuleUnreadable(
            name="panel-minimum", value=minimum, expected=f"{SMALLEST_PANEL}到99的整数"
        )
    share = headers.get("pass-share", "2/3").strip()
    match = _SHARE.fullmatch(share)
    if match is None or int(match[1]) > int(match[2]):
        raise PanelRuleUnreadable(name="pass-share", value=share, expected="2/3这样的分数，不超过1")
    base = headers.get("pass-base", CountBase.COUNTED).strip()
    if base not in set(CountBase):
        raise PanelRuleUnreadable(name="pass-base", value=base, expected="counted 或 seated")
    return PanelRule(int(minimum), Fraction(int(match[1]), int(match[2])), CountBase(base))


def rule_of(value: Json) -> PanelRule:
    """Read the rule as `as_json` wrote it. Raises PanelRuleUnreadable."""
    row = value if isinstance(value, dict) else {}
    return read_rule({name: str(row.get(name.replace("-", "_"), "")) for name in _HEADERS})


def as_json(rule: PanelRule) -> Json:
    """Write a rule for the case, with the words that people read."""
    return {
        "panel_minimum": rule.minimum,
        "pass_share": f"{rule.share.numerator}/{rule.share.denominator}",
        "pass_base": rule.base.value,
        "text": str(rule),
    }


def seat_problems(
    chosen: Sequence[str],
    names: Mapping[str, str],
    barred: Mapping[str, str],
    rule: PanelRule,
) -> list[str]:
    """Return why this panel may not judge: too few, strangers to the group, who must keep out.

    `names` are the candidates, `barred` the reasons by user name.
    """
    norm = NORMS["R-PANEL"]
    problems = [
        f"{names.get(one, one)}{barred[one]}，不能评议（规则 R-RECUSE）。"
        for one in chosen
        if one in barred
    ]
    problems += [
        f"{one}不在候选评议人中。" for one in chosen if one not in names and one not in barred
    ]
    fit = {one for one in chosen if one in names and one not in barred}
    if len(fit) < rule.minimum:
        problems.append(
            f"评议组至少{rule.minimum}人，现在可以评议的有{len(fit)}人"
            f"（规则 R-PANEL，{norm.source}）。"
        )
    return problems


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
        return f"本人申请回避：{vote.get('reason') or ''}"
    return "" if username in panel else "不在评议组中"


_HEADERS = ("panel-minimum", "pass-share", "pass-base")
