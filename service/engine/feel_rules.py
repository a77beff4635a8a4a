"""Rules about expressions: that they parse, and that their names can have values."""

import re
from collections.abc import Generator, Iterator

from service.domain.problems import Severity
from service.engine.diagram import FlowSource
from service.engine.dialect import Source
from service.engine.feel_places import Place, expressions_of
from service.engine.feel_vocabulary import vocabulary_of
from service.engine.findings import Findings
from service.engine.known import Known
from service.engine.loop_settings import read_completion
from service.engine.outline import Outline
from service.engine.xml_source import XmlNode
from service.feel import Analysis, Expression, FeelError, FeelPool, FeelUnavailable

_WORD = re.compile(r"\w+")
"""Whatever could be a name: the names of variables are plain words."""

EXPRESSION_LIMIT = 10_000
"""Expressions of one process: reading one takes about a millisecond."""

_BATCH = 100
"""Expressions of one round trip."""


def check_expressions(outline: Outline, known: Known, feel: FeelPool, found: Findings) -> None:
    """Check every FEEL text of a process."""
    for container in outline.containers:
        for flow in container.source.flows:
            _check_condition(flow, found)
        if container.is_ad_hoc:
            _check_completion(container.node, found)
    vocabulary = vocabulary_of(outline, known)
    places = list(expressions_of(outline, known))
    if len(places) > EXPRESSION_LIMIT:
        found.add(
            "size-expressions",
            f"流程中有 {len(places)} 个表达式，最多 {EXPRESSION_LIMIT} 个。",
            "请把流程拆成几个较小的流程。",
            at=outline.process.node,
        )
        return
    names = vocabulary.names.union(*(place.local for place in places))
    unset: dict[str, list[Place]] = {}
    for place, analysis in _analysed(places, names, feel, found):
        _check_analysis(place, analysis, found)
        if place.alone:
            _tell_alone(place, analysis, found)
        elif not place.open_ended:
            for name in sorted(analysis.names - vocabulary.names - place.local):
                unset.setdefault(name, []).append(place)
    for name, users in unset.items():
        _tell_unset(name, users, vocabulary.closed, found)


def _check_condition(flow: FlowSource, found: Findings) -> None:
    if flow.condition is None:
        return
    condition = Source.read(flow.condition)
    if not condition:
        found.add("feel-condition", "条件是空的。", "请写上条件，或删去它。", at=flow.node)
    elif not condition.is_feel:
        found.add(
            "feel-condition",
            f"条件“{flow.condition.strip()[:100]}”不是表达式。",
            "请在前面加上 =，例如“=金额 > 100”。",
            at=flow.node,
        )


def _check_completion(node: XmlNode, found: Findings) -> None:
    completion = read_completion(node)
    if completion and not completion.is_feel:
        found.add(
            "feel-condition",
            f"完成条件“{completion.text.strip()[:100]}”不是表达式。",
            "请在前面加上 =。",
            at=node,
        )


def _analysed(
    places: list[Place], names: frozenset[str], feel: FeelPool, found: Findings
) -> Iterator[tuple[Place, Analysis]]:
    for start in range(0, len(places), _BATCH):
        batch = places[start : start + _BATCH]
        try:
            yield from zip(batch, _analyse(batch, names, feel), strict=True)
        except FeelUnavailable:
            raise
        except FeelError:
            if not (yield from _analysed_singly(batch, names, feel, found)):
                return


def _analysed_singly(
    places: list[Place], names: frozenset[str], feel: FeelPool, found: Findings
) -> Generator[tuple[Place, Analysis], None, bool]:
    """Whether all could be read; one that is too long or costs too much even to read is told."""
    for place in places:
        try:
            yield place, _analyse([place], names, feel)[0]
        except FeelUnavailable:
            raise
        except FeelError as error:
            found.add("feel-syntax", f"{place.what}：{error.message}", "请简化它。", at=place.node)
            return False
    return True


def _analyse(places: list[Place], names: frozenset[str], feel: FeelPool) -> list[Analysis]:
    """Only the names that occur are sent: reading an expression costs more with each of them."""
    texts = [place.source.text for place in places]
    words = _WORD.findall("\n".join(texts))
    return feel.analyse([Expression(text) for text in texts], names.intersection(words))


def _check_analysis(place: Place, analysis: Analysis, found: Findings) -> None:
    for error in analysis.errors[:1]:
        found.add(
            "feel-syntax",
            f"{place.what}的表达式写法有误：第 {error.position} 个字符处，{error.message}。",
            "请改正表达式。",
            at=place.node,
        )
    for name in sorted(analysis.unknown_functions):
        found.add(
            "feel-function",
            f"{place.what}用到的函数“{name}”不存在。",
            "请检查函数名的拼写。",
            at=place.node,
        )


def _tell_alone(place: Place, analysis: Analysis, found: Findings) -> None:
    for name in sorted(analysis.names):
        found.add(
            "feel-name",
            f"{place.what}用到变量“{name}”，但流程这时还没有开始，没有任何变量。",
            "请改用固定的值。",
            at=place.node,
        )


def _tell_unset(name: str, users: list[Place], closed: bool, found: Findings) -> None:
    """An error at each place where nothing can set the name; a doubt once."""
    if closed:
        for place in users:
            found.add(
                "feel-name",
                f"{place.what}用到的变量“{name}”，没有表单字段、映射或结果会写入它。",
                "请检查拼写；可能没有值的变量请用 is defined(变量) 判断。",
                at=place.node,
            )
        return
    where = f"{users[0].what}等 {len(users)} 处" if len(users) > 1 else users[0].what
    found.add(
        "feel-name",
        f"{where}用到的变量“{name}”，没有表单字段、映射或结果会写入它，"
        "只可能由处理程序、接口或没有表单的步骤写入。",
        "请检查拼写；如果它是服务任务的结果，可以在该任务的输出映射里写明。",
        at=users[0].node,
        severity=Severity.WARNING,
    )
