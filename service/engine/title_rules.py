"""Rules about the title of a case: worked out when it begins, and anew behind the steps named."""

from service.engine.dialect import RETITLE, TITLE, read_extensions
from service.engine.findings import Findings
from service.engine.outline import Outline


def check_titles(outline: Outline, found: Findings) -> None:
    """Check that what says so says it plainly, and that there is a title to work out."""
    titled = bool(read_extensions(outline.process.node).properties.get(TITLE, "").strip())
    for node in outline.all_nodes:
        written = node.extensions.properties.get(RETITLE)
        if written is None:
            continue
        if written.strip() not in ("true", "false"):
            found.add("retitle", f"{RETITLE} 只能是 true 或 false。", "请改正取值。", at=node.node)
        elif not titled:
            found.add(
                "retitle",
                f"{node.what}要重新生成事项标题，流程没有写标题。",
                f"请在流程上填写 {TITLE}，或删去 {RETITLE}。",
                at=node.node,
            )
