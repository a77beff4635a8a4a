"""Each refusal of recruitment, admission and the yearly query says by which rule it is made."""

import ast
import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import pytest

from processes import admission, records, recruitment
from processes.admission import application, checks, findings, panel, rules
from processes.admission.panel import CountBase, PanelRule
from processes.committee.norms import NORMS as COMMITTEE
from processes.recruitment import check_steps, filings, plans, replies, scoring
from processes.recruitment.filings import Filing
from processes.recruitment.replies import TrialEnd
from processes.recruitment.rules.channel import Channel
from processes.recruitment.rules.findings import refusals
from processes.recruitment.rules.norms import NORMS as RECRUITMENT
from processes.recruitment.rules.notice import Decision, notice_findings
from processes.registers.admission_norms import NORMS as ADMISSION
from processes.registers.norms import Norm
from processes.registers.settings import defaults
from processes.registers.staffing.norms import NORMS as STAFFING
from processes.registers.titles import NO_TITLE, find_title
from service.domain.working_days import WorkingDays
from service.store.published_years import published_years

ALL: dict[str, Norm] = {**STAFFING, **COMMITTEE, **ADMISSION, **RECRUITMENT}
CALENDAR = WorkingDays(published_years())
TODAY = date(2026, 11, 26)
GIVES = re.compile(r"problems|refusals|^_?(?:private|closed|doubles|gates|seated_already)$")
"""Names of what refuses: functions, variables, keys of what a step gives."""
CITES = {"refuses", "refused", "Finding"}
"""By what a text gets its rule; nothing else may make a `Refusal`."""


def cited(text: str) -> bool:
    """Whether a refusal ends in a rule that there is and its source."""
    return any(norm.id in text and norm.source in text for norm in ALL.values())


def test_nothing_filled_in_is_refused_by_a_rule_each_time() -> None:
    values = defaults(TODAY)
    told: list[str] = [
        *plans.problems(Channel.OPEN, plans.read({}, values), TODAY, CALENDAR, values),
        *(text for part in check_steps.PARTS for text in check_steps.problems_of({}, part, TODAY)),
        *(
            text
            for dated_on in (None, TODAY - timedelta(days=1))
            for text in filings.filing_problems(
                Filing(True, "", "", dated_on), organs=["人社局"], since=TODAY, today=TODAY
            )
        ),
        *replies.trial_end_problems(TrialEnd("", "", None), today=TODAY),
        *scoring.given_problems([scoring.Given(1, "x"), scoring.Given(2, "")], {1: "甲", 3: "丙"}),
        *refusals(notice_findings({}, Decision(False, "", "", None), TODAY)),
        *checks.missing({}, (*checks.EVIDENCE, *checks.COMPULSORY), TODAY),
        *findings.conclusion_problems([], "refuse"),
        *findings.conclusion_problems(findings.collect({}, None), "grant"),
        *panel.seat_problems(["x"], {}, {"x": "有亲属关系"}, PANEL),
        *panel.replacement_problems("x", [], [], PANEL),
        *panel.replacement_problems(None, [], [], PANEL),
        *(one.message for one in application.declared_problems(NOTHING)),
    ]
    assert len(told) > 50
    assert [text for text in told if not cited(text)] == []


PANEL = PanelRule(3, Fraction(2, 3), CountBase.COUNTED)
NOTHING = rules.assess([], find_title(NO_TITLE), TODAY, "x")


@pytest.mark.parametrize("room", [recruitment, admission, records], ids=lambda room: room.__name__)
def test_no_refusal_is_written_without_its_rule(room: ModuleType) -> None:
    sources = Path(str(room.__file__)).parent.rglob("*.py")
    assert [at for path in sources for at in bare(path)] == []


def bare(path: Path) -> Iterator[str]:
    """Where a text in Chinese is given as a refusal, or a `Refusal` made, without a rule."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if named(node, "Refusal") and path.name not in MADE:
            yield f"{path.name}:{node.lineno}"  # type: ignore[attr-defined]  # a call
        for text in texts(given(node)):
            yield f"{path.name}:{text.lineno} {ast.unparse(text)}"


MADE = {"rules.py", "score_rows.py"}
"""Where one is put together: `refused` of admission, and a late score with what to do."""


def given(node: ast.AST) -> Iterable[ast.AST]:
    """What a piece of a program gives as refusals."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if GIVES.search(name):
            return [value]
        case ast.AnnAssign(target=ast.Name(id=name), value=value) if value and GIVES.search(name):
            return [value]
        case ast.AugAssign(target=ast.Name(id=name), value=value) if GIVES.search(name):
            return [value]
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name)), args=args) if GIVES.search(name):
            return args
        case ast.Dict(keys=keys, values=values):
            rows = zip(keys, values, strict=True)
            return [one for key, one in rows if isinstance(key, ast.Constant) and refuses(key)]
        case ast.FunctionDef(name=name) if GIVES.search(name):
            ends = (ast.Return, ast.Yield)
            return [one.value for one in ast.walk(node) if isinstance(one, ends) and one.value]
    return []


def refuses(key: ast.Constant) -> bool:
    return isinstance(key.value, str) and bool(GIVES.search(key.value))


def texts(nodes: Iterable[ast.AST]) -> Iterator[ast.expr]:
    """The texts in Chinese that no call with a rule stands around."""
    for node in nodes:
        if any(named(node, one) for one in CITES):
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if re.search(r"[\u4e00-\u9fff]", node.value):
                yield node
        elif isinstance(node, ast.expr | ast.keyword):
            yield from texts(ast.iter_child_nodes(node))


def named(node: ast.AST, name: str) -> bool:
    """Whether a node is a call of this function or method."""
    match node:
        case ast.Call(func=ast.Name(id=called)) | ast.Call(func=ast.Attribute(attr=called)):
            return called == name
    return False
