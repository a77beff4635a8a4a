"""Rules about processes that nobody starts: other processes call them, or events begin them."""

from collections.abc import Collection

from service.domain.problems import Severity
from service.engine.dialect import CALLED_ONLY, is_called_only, read_extensions
from service.engine.findings import Findings
from service.engine.known import Known
from service.engine.outline import Outline


def check_called_only(outlines: list[Outline], known: Known, found: Findings) -> None:
    """Check the mark of each process, and name what looks as if it should bear it."""
    for outline in outlines:
        process = outline.process
        properties = read_extensions(process.node).properties
        written = properties.get(CALLED_ONLY, "false").strip()
        if written not in ("true", "false"):
            found.add(
                "process-called-only",
                f"{CALLED_ONLY} 只能是 true 或 false，现在是“{written[:100]}”。",
                "请改正取值；true 表示只由其他流程调用，谁都不能单独发起。",
                at=process.node,
            )
        elif is_called_only(properties):
            _check_begin(outline, found)
        elif process.executable and _looks_called(
            outline, known.called | _beside(outline, outlines)
        ):
            found.add(
                "process-called-only-missing",
                f"流程“{process.name or process.id}”由其他流程调用，又没有开始表单："
                "有权发起的人能带着任意内容单独发起它。",
                "如果它只由其他流程调用，请在“办理设置”里勾选“只由其他流程调用”；"
                "也可以单独发起的，请给它开始表单。",
                at=process.node,
                severity=Severity.WARNING,
            )


def _check_begin(outline: Outline, found: Findings) -> None:
    starts = outline.containers[0].of("startEvent")
    for complaint, holds in (
        ("不能被调用", not outline.begins_by_itself),
        ("又有开始表单", any(one.extensions.form is not None for one in starts)),
    ):
        if holds:
            found.add(
                "process-called-only",
                f"流程“{outline.process.name or outline.process.id}”"
                f"标为只由其他流程调用，{complaint}。",
                "请画一个无触发条件、没有表单的开始事件，或去掉“只由其他流程调用”。",
                at=outline.process.node,
            )


def _looks_called(outline: Outline, called: Collection[str]) -> bool:
    starts = outline.containers[0].of("startEvent")
    formless = all(one.extensions.form is None for one in starts)
    return outline.process.id in called and formless and outline.begins_by_itself


def _beside(outline: Outline, outlines: list[Outline]) -> frozenset[str]:
    """The processes that the other processes of the file call."""
    return frozenset(
        node.extensions.called.process_id.text.strip()
        for other in outlines
        if other is not outline
        for node in other.all_nodes
        if node.tag == "callActivity" and not node.extensions.called.process_id.is_feel
    )
