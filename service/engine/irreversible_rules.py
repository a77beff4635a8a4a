"""Rules about steps that cannot be taken back, and the lawful act that puts them right."""

from service.engine.dialect import IRREVERSIBLE
from service.engine.findings import Findings
from service.engine.outline import FlowNode, Outline
from service.engine.triggers import TriggerKind

REMEDY_LIMIT = 40
"""Characters: it is read inside a sentence."""


def check_irreversible(outline: Outline, found: Findings) -> None:
    """Check what irreversible steps name, and that the diagram itself does not take them back."""
    for node in outline.all_nodes:
        if IRREVERSIBLE not in node.extensions.properties:
            continue
        _check_remedy(node, node.extensions.properties[IRREVERSIBLE].strip(), found)
        undone = any(TriggerKind.COMPENSATION in one.kinds for one in node.boundaries)
        if undone or node.for_compensation:
            found.add(
                "irreversible",
                f"{node.what}标为不可撤回，又参与补偿：补偿就是撤回。",
                f"请删去补偿，或删去 {IRREVERSIBLE}。",
                at=node.node,
            )


def _check_remedy(node: FlowNode, remedy: str, found: Findings) -> None:
    for complaint in (
        "是空的" if not remedy else "",
        f"有 {len(remedy)} 个字，最多 {REMEDY_LIMIT} 个" if len(remedy) > REMEDY_LIMIT else "",
        "里有换行等不能显示的字符" if remedy and not remedy.isprintable() else "",
        "以 = 开头，但它不能用表达式" if remedy.startswith("=") else "",
        "要写法定办法的名称，不是 true 或 false" if remedy in ("true", "false") else "",
    ):
        if complaint:
            found.add(
                "irreversible",
                f"{node.what}的纠错办法（{IRREVERSIBLE}）{complaint}。",
                "请写这一步有错时依法怎样纠正，如“复议”“更正”“撤销决定”；可以撤回的步骤请删去这项。",
                at=node.node,
            )
