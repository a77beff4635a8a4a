"""Rules about the FEEL texts of a decision file: how they are written and what they name."""

import re
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field

from service.domain.problems import Severity
from service.engine.decision_boxes import Names, Place, SeenText, Text
from service.engine.decision_graph import Decision, DecisionGraph
from service.engine.decision_names import Spelling
from service.engine.decision_types import ItemType, Types
from service.engine.findings import Findings
from service.feel import (
    Analysis,
    Expression,
    FeelError,
    FeelPool,
    FeelUnavailable,
    Kind,
)

_AT_ONCE = 500
_NONE = Names(frozenset())
_READS_KEYS = re.compile(r"get value|context put|\bcontext\s*\(")


@dataclass(frozen=True, slots=True)
class _Owner:
    """Whose texts they are: `absent` are names of the file that it does not require."""

    severity: Severity | None
    absent: Mapping[str, str] = field(default_factory=dict)


_CLOSED = _Owner(Severity.ERROR)

_Asked = tuple[SeenText, _Owner]


def check_texts(graph: DecisionGraph, spelling: Spelling, feel: FeelPool, found: Findings) -> None:
    """Check every text. Raises FeelUnavailable."""
    asked = [one for one in _asked(graph) if one[0].text.text]
    names = {name for seen, _ in asked for name in seen.names.known}
    for seen, _ in asked:
        _check_quoted(seen.text, spelling, found)
    for (seen, owner), analysis in _analysed(asked, names, graph.types, feel, found):
        _check_analysis(seen, owner, analysis, found)


def _analysed(
    asked: list[_Asked], names: set[str], types: Types, feel: FeelPool, found: Findings
) -> Iterator[tuple[_Asked, Analysis]]:
    """Each text with what it needs, up to one that is too long or costs too much even to read."""
    for start in range(0, len(asked), _AT_ONCE):
        batch = asked[start : start + _AT_ONCE]
        try:
            yield from zip(batch, _analyse(batch, names, types, feel), strict=True)
        except FeelUnavailable:
            raise
        except FeelError:
            if not (yield from _analysed_singly(batch, names, types, feel, found)):
                return


def _analysed_singly(
    asked: list[_Asked], names: set[str], types: Types, feel: FeelPool, found: Findings
) -> Generator[tuple[_Asked, Analysis], None, bool]:
    """Whether all could be read; the first that could not is told."""
    for one in asked:
        text = one[0].text
        try:
            yield one, _analyse([one], names, types, feel)[0]
        except FeelUnavailable:
            raise
        except FeelError as error:
            _note("feel-syntax", text, f"{text.what}：{error.message}", "请简化它。", found)
            return False
    return True


def _analyse(asked: list[_Asked], names: set[str], types: Types, feel: FeelPool) -> list[Analysis]:
    texts = [seen.text for seen, _ in asked]
    return feel.analyse([Expression(one.text, one.kind) for one in texts], names, types.items)


def _asked(graph: DecisionGraph) -> Iterator[_Asked]:
    for decision in graph.decisions.values():
        owner, names = _owner(decision, graph), _seen_by(decision, graph)
        yield from ((seen, owner) for seen in decision.logic.texts(names))
    for model in graph.models.values():
        names = Names(frozenset({model.name, *graph.called(model)}))
        yield from ((seen, _CLOSED) for seen in model.function.texts(names))
    for item in graph.types.items.values():
        yield from ((SeenText(text, _NONE), _CLOSED) for text in _item_texts(item, item.name))


def _owner(decision: Decision, graph: DecisionGraph) -> _Owner:
    """With inputs drawn, a name that is none of them is doubtful; else any variable is meant."""
    inputs = [graph.inputs[one] for one in decision.inputs if one in graph.inputs]
    seen = _seen_by(decision, graph).known
    others = {one.variable: "决策" for one in graph.decisions.values() if one is not decision}
    others |= {one.name: "业务知识模型或决策服务" for one in graph.callees.values()}
    drawn = bool(inputs) and all(one.name for one in inputs)
    taken = {one.name for one in graph.inputs.values()} | seen
    return _Owner(
        Severity.WARNING if drawn else None,
        {name: what for name, what in others.items() if name and name not in taken},
    )


def _seen_by(decision: Decision, graph: DecisionGraph) -> Names:
    inputs = (graph.inputs[one].name for one in decision.inputs if one in graph.inputs)
    return Names(frozenset({*inputs, *graph.names(decision), *graph.called(decision)} - {""}))


def _item_texts(item: ItemType, path: str) -> Iterator[Text]:
    for tests in (item.allowed, item.constraint):
        yield Text(tests, f"类型“{path}”的允许值", Place("", ""), Kind.UNARY_TEST)
    for component in item.components:
        yield from _item_texts(component, f"{path}.{component.name}")


def _check_quoted(text: Text, spelling: Spelling, found: Findings) -> None:
    name = spelling.quoted(text.text) if _READS_KEYS.search(text.text) else None
    if name:
        _note(
            "dmn-name",
            text,
            f"{text.what}用文字“{name}”取一项，但名称里的空格在这里写作下划线。",
            f"请改写成“{'_'.join(name.split())}”。",
            found,
        )


def _check_analysis(seen: SeenText, owner: _Owner, analysis: Analysis, found: Findings) -> None:
    text = seen.text
    for error in analysis.errors[:1]:
        _note(
            "feel-syntax",
            text,
            f"{text.what}写法有误：第 {error.position} 个字符处，{error.message}。",
            "请改正表达式；文字要写在英文双引号里。",
            found,
        )
    for name in sorted(analysis.unknown_functions - seen.names.known):
        if name in owner.absent:
            _note_absent(text, name, owner, found)
        else:
            _note(
                "feel-function",
                text,
                f"{text.what}用到的函数“{name}”不存在。",
                "请检查函数名的拼写。",
                found,
            )
    for name in sorted(analysis.names - seen.names.known):
        if name in owner.absent:
            _note_absent(text, name, owner, found, Severity.WARNING)
        elif owner.severity and not seen.names.guess:
            _note_unknown(text, name, owner.severity, found)


def _note_absent(
    text: Text,
    name: str,
    owner: _Owner,
    found: Findings,
    severity: Severity = Severity.ERROR,
) -> None:
    """An error for a function; a result may be meant as the variable of that name."""
    _note(
        "dmn-name",
        text,
        f"{text.what}用到了{owner.absent[name]}“{name}”，但没有画出对它的依赖。",
        "请在决策需求图里连上依赖。",
        found,
        severity,
    )


def _note_unknown(text: Text, name: str, severity: Severity, found: Findings) -> None:
    closed = severity is Severity.ERROR
    _note(
        "dmn-name",
        text,
        f"{text.what}用到的名称“{name}”"
        + ("不会有值。" if closed else "不在画出的输入里，可能没有值。"),
        "请改用参数，或用它依赖的业务知识模型。" if closed else "请检查拼写，或画出这个输入。",
        found,
        severity,
    )


def _note(
    rule: str,
    text: Text,
    message: str,
    remedy: str,
    found: Findings,
    severity: Severity = Severity.ERROR,
) -> None:
    found.note(
        rule,
        message,
        remedy,
        element_id=text.place.id,
        element_name=text.place.name,
        severity=severity,
    )
