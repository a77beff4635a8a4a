"""Rules about what applicants from outside see of a process."""

from service.engine.dialect import PUBLIC_COMMENT, PUBLIC_NAME
from service.engine.findings import Findings
from service.engine.outline import FlowNode, Outline

NAME_LIMIT = 40
"""Characters: a step in the applicant's words is read on a telephone."""


def check_public(outline: Outline, found: Findings) -> None:
    """Check the names that steps have for the public, and whose opinions it reads."""
    for node in outline.all_nodes:
        properties = node.extensions.properties
        if PUBLIC_NAME in properties:
            _check_name(node, properties[PUBLIC_NAME].strip(), found)
        elif properties.get(PUBLIC_COMMENT, "").strip():
            found.add(
                "public-comment",
                f"{node.what}的意见对申请人公开，这一步却没有对外名称，申请人看不到它。",
                f"请填写对外名称（{PUBLIC_NAME}），或删去 {PUBLIC_COMMENT}。",
                at=node.node,
            )


def _check_name(node: FlowNode, name: str, found: Findings) -> None:
    for complaint in (
        "是空的" if not name else "",
        f"有 {len(name)} 个字，最多 {NAME_LIMIT} 个" if len(name) > NAME_LIMIT else "",
        "里有换行等不能显示的字符" if name and not name.isprintable() else "",
        "以 = 开头，但它不能用表达式" if name.startswith("=") else "",
    ):
        if complaint:
            found.add(
                "public-name",
                f"{node.what}的对外名称（{PUBLIC_NAME}）{complaint}。",
                "请写成申请人看得懂的短语，如“材料审核”；不对外的步骤请删去这项。",
                at=node.node,
            )
