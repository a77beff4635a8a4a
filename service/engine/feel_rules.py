"""Rules about expressions: that they parse, and that their names can have values."""

from collections.abc import Iterator
from dataclasses import dataclass

from service.domain.problems import Severity
from service.engine.diagram import FlowSource, NodeSource, ProcessSource
from service.engine.dialect import TITLE, Extensions, Source, read_extensions
from service.engine.extension_rules import Known, outcome_variables
from service.engine.findings import Findings
from service.engine.names import INITIATOR
from service.engine.xml_source import XmlNode
from service.feel import Analysis, Expression, FeelError, FeelPool, FeelUnavailable

_BATCH = 100
"""Expressions of one round trip."""


@dataclass(frozen=True, slots=True)
class Place:
    """One expression of a diagram: where it stands, what it is called, what it sees.

    `local` are names of its element alone; `open_ended` when anything may be among them.
    """

    node: XmlNode
    what: str
    source: Source
    local: frozenset[str] = frozenset()
    open_ended: bool = False


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names that the scopes of a process can carry.

    `closed` when nothing else can set one: every form is known and no result is free.
    """

    names: frozenset[str]
    closed: bool


def check_expressions(
    process: ProcessSource, known: Known, feel: FeelPool, found: Findings
) -> None:
    """Check every FEEL text of a process."""
    for flow in process.flows:
        _check_condition(flow, found)
    vocabulary = vocabulary_of(process, known)
    places = [place for place in _places(process, known) if place.source.is_feel]
    names = vocabulary.names.union(*(place.local for place in places))
    unset: dict[str, list[Place]] = {}
    for place, analysis in _analysed(places, names, feel, found):
        _check_analysis(place, analysis, found)
        if not place.open_ended:
            for name in sorted(analysis.names - vocabulary.names - place.local):
                unset.setdefault(name, []).append(place)
    for name, users in unset.items():
        _tell_unset(name, users, vocabulary.closed, found)


def vocabulary_of(process: ProcessSource, known: Known) -> Vocabulary:
    """What the start, the forms, the results and the mappings of a process can set."""
    names = {INITIATOR, *outcome_variables(process)}
    closed = True
    for node in process.nodes:
        extensions = read_extensions(node.node)
        results = _results(node, extensions, known)
        names |= {mapping.target.partition(".")[0] for mapping in extensions.outputs}
        if extensions.outputs and node.tag != "startEvent":
            continue
        names |= results or set()
        closed = closed and results is not None
    return Vocabulary(frozenset(names), closed)


def _results(node: NodeSource, ext: Extensions, known: Known) -> frozenset[str] | None:
    """The names an element's work sets by itself; None when it may set any."""
    if node.tag in ("startEvent", "userTask"):
        return known.forms.get(ext.form.form_id, frozenset()) if ext.form else None
    if node.tag == "serviceTask":
        return None
    return frozenset({ext.result_variable} - {""})


def _places(process: ProcessSource, known: Known) -> Iterator[Place]:
    title = read_extensions(process.node).properties.get(TITLE, "")
    yield Place(process.node, "标题", Source.read(title))
    for flow in process.flows:
        yield Place(flow.node, "条件", Source.read(flow.condition or ""))
    for node in process.nodes:
        yield from _node_places(node, read_extensions(node.node), known)


def _node_places(node: NodeSource, ext: Extensions, known: Known) -> Iterator[Place]:
    inputs = frozenset(mapping.target.partition(".")[0] for mapping in ext.inputs)
    for mapping in ext.inputs:
        yield Place(node.node, f"输入映射“{mapping.target}”", mapping.source, inputs)
    for what, source in _settings(ext):
        yield Place(node.node, what, source, inputs)
    results = _results(node, ext, known)
    seen = inputs | (results or frozenset())
    seen |= {mapping.target.partition(".")[0] for mapping in ext.outputs}
    for mapping in ext.outputs:
        what = f"输出映射“{mapping.target}”"
        yield Place(node.node, what, mapping.source, seen, open_ended=results is None)


def _settings(ext: Extensions) -> Iterator[tuple[str, Source]]:
    task, job = ext.user_task, ext.job
    yield "办理人", task.assignee
    yield "候选人", task.candidate_users
    yield "候选组", task.candidate_groups
    yield "截止时间", task.due_date
    yield "跟进时间", task.follow_up_date
    yield "优先级", task.priority
    yield "任务类型", job.task_type
    yield "重试次数", job.retries
    yield "决策编号", ext.decision
    yield "脚本", ext.script


def _check_condition(flow: FlowSource, found: Findings) -> None:
    if flow.condition and flow.condition.strip() and not Source.read(flow.condition).is_feel:
        found.add(
            "feel-condition",
            f"条件“{flow.condition.strip()[:100]}”不是表达式。",
            "请在前面加上 =，例如“=金额 > 100”。",
            at=flow.node,
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
            yield from _analysed_singly(batch, names, feel, found)


def _analysed_singly(
    places: list[Place], names: frozenset[str], feel: FeelPool, found: Findings
) -> Iterator[tuple[Place, Analysis]]:
    """One of these is too long or costs too much even to read: find it, and stop there."""
    for place in places:
        try:
            yield place, _analyse([place], names, feel)[0]
        except FeelUnavailable:
            raise
        except FeelError as error:
            found.add("feel-syntax", f"{place.what}：{error.message}", "请简化它。", at=place.node)
            return


def _analyse(places: list[Place], names: frozenset[str], feel: FeelPool) -> list[Analysis]:
    return feel.analyse([Expression(place.source.text) for place in places], names)


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
