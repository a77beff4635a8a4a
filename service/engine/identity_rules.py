"""Rules about ids, names and which processes a file holds."""

from collections.abc import Iterator

from service.domain.problems import Severity
from service.domain.retention import PERMANENT, is_retention
from service.engine.diagram import FLOW_NODES, ProcessSource
from service.engine.dialect import (
    BPMN,
    CLOSED,
    RETENTION,
    SEALED,
    is_closed,
    is_sealed,
    read_extensions,
)
from service.engine.findings import Findings
from service.engine.known import Known
from service.engine.xml_source import XmlNode, local_name, namespace

NODE_LIMIT = 5_000
"""Flow nodes of one file."""

TEXT_LIMIT = 200
"""Characters of an id or a name."""

RESERVED_IDS = frozenset({"Start", "End", "Root"})

_LIMITED = (
    ("id", "编号"),
    ("name", "名称"),
    ("errorCode", "错误代码"),
    ("escalationCode", "升级代码"),
)

_NEEDS_ID = (
    FLOW_NODES
    | {"sequenceFlow", "process", "message", "signal", "error", "escalation"}
    | {"correlationProperty"}
)


def check_identity(definitions: XmlNode, found: Findings) -> None:
    """Check the ids and names of everything in the model."""
    nodes = list(_model_nodes(definitions))
    _check_count(nodes, found)
    for node in nodes:
        _check_id(node, found)
        _check_lengths(node, found)
    _check_unique(nodes, found)


def check_retention(processes: list[ProcessSource], found: Findings) -> None:
    """Check how long each process says that its closed cases are kept."""
    for process in processes:
        written = read_extensions(process.node).properties.get(RETENTION)
        if written is not None and not is_retention(written):
            found.add(
                "process-retention",
                f"保存期限“{written[:100]}”看不懂。",
                f"请写 {PERMANENT}（永久），或从办结算起的年数、天数，如 P10Y、P190D。",
                at=process.node,
            )


def check_closed(processes: list[ProcessSource], known: Known, found: Findings) -> None:
    """Check the mark of each process, and tell that its absence opens nothing."""
    for process in processes:
        properties = read_extensions(process.node).properties
        written = properties.get(CLOSED, "false").strip()
        if written not in ("true", "false"):
            found.add(
                "process-closed",
                f"{CLOSED} 只能是 true 或 false，现在是“{written[:100]}”。",
                "请改正取值；true 表示只有授权里点名的人能看到它的事项。",
                at=process.node,
            )
        elif process.executable and process.id in known.closed and not is_closed(properties):
            found.add(
                "process-closed-kept",
                f"流程“{process.name or process.id}”以前的版本是封闭的，这一版去掉了封闭的标记；"
                "发布后它的事项（新旧都是）仍然封闭。",
                "如果不是有意去掉，请重新勾选“封闭的流程”；确实要放开的，发布后请运维人员写明理由解除封闭。",
                at=process.node,
                severity=Severity.WARNING,
            )


def check_sealed(processes: list[ProcessSource], known: Known, found: Findings) -> None:
    """Check the mark of each process, and tell that its absence opens nothing."""
    for process in processes:
        properties = read_extensions(process.node).properties
        written = properties.get(SEALED, "false").strip()
        if written not in ("true", "false"):
            found.add(
                "process-sealed",
                f"{SEALED} 只能是 true 或 false，现在是“{written[:100]}”。",
                "请改正取值；true 表示事项的数据、消息和信号不能从外面写入。",
                at=process.node,
            )
        elif process.executable and process.id in known.sealed and not is_sealed(properties):
            found.add(
                "process-sealed-kept",
                f"流程“{process.name or process.id}”以前的版本不能从外面写入，这一版去掉了标记；"
                "发布后它的事项（新旧都是）仍然不能从外面写入。",
                "请重新勾选“不能从外面写入”。确实要让外部程序写入的，另画一个流程。",
                at=process.node,
                severity=Severity.WARNING,
            )


def check_executable(processes: list[ProcessSource], found: Findings) -> None:
    """At least one process must be executable; the others are named, because they never run."""
    if not any(process.executable for process in processes):
        found.add(
            "process-executable",
            "文件中没有可执行的流程。",
            "请在流程属性中勾选“可执行”（isExecutable），再部署。",
            at=processes[0].node if processes else None,
        )
        return
    for process in processes:
        if process.executable and process.node.get("processType", "").strip() == "Public":
            found.add(
                "process-private",
                f"流程“{process.name or process.id}”标为公开流程（processType=Public），不能执行。",
                "请删去 processType，或把它改为 Private。",
                at=process.node,
            )
        if not process.executable:
            found.add(
                "process-ignored",
                f"流程“{process.name or process.id}”没有标为可执行，部署后不会出现在流程列表中。",
                "如果它应当运行，请勾选“可执行”。",
                at=process.node,
                severity=Severity.NOTICE,
            )


def _model_nodes(definitions: XmlNode) -> Iterator[XmlNode]:
    for node in definitions.iter(f"{{{BPMN}}}*"):
        if namespace(node) == BPMN:
            yield node


def _check_count(nodes: list[XmlNode], found: Findings) -> None:
    count = sum(local_name(node) in FLOW_NODES for node in nodes)
    if count > NODE_LIMIT:
        found.note(
            "size-nodes",
            f"图中有 {count} 个流程元素，最多 {NODE_LIMIT} 个。",
            "请把流程拆成几个较小的流程。",
        )


def _check_id(node: XmlNode, found: Findings) -> None:
    node_id, tag = node.get("id", ""), local_name(node)
    if not node_id and tag in _NEEDS_ID:
        found.add(
            "id-missing",
            f"第 {node.sourceline} 行的元素（{tag}）没有编号。",
            "请给它写上编号（id）。",
            at=node,
        )
    if node_id in RESERVED_IDS and tag in _NEEDS_ID:
        found.add(
            "id-reserved",
            f"编号“{node_id}”是系统内部的名称，不能用作元素编号。",
            "请换一个编号，例如在后面加上序号。",
            at=node,
        )


def _check_lengths(node: XmlNode, found: Findings) -> None:
    for attribute, what in _LIMITED:
        length = len(node.get(attribute, ""))
        if length > TEXT_LIMIT:
            found.add(
                "text-length",
                f"{what}有 {length} 个字，最多 {TEXT_LIMIT} 个。",
                f"请缩短{what}，详细内容可写在说明（documentation）里。",
                at=node,
            )


def _check_unique(nodes: list[XmlNode], found: Findings) -> None:
    holders: dict[str, list[XmlNode]] = {}
    for node in nodes:
        if node.get("id"):
            holders.setdefault(node.get("id"), []).append(node)
    for node_id, same in holders.items():
        if len(same) > 1:
            tags = "、".join(sorted({local_name(node) for node in same}))
            found.add(
                "id-unique",
                f"编号“{node_id[:TEXT_LIMIT]}”用了 {len(same)} 次（{tags}）。",
                "请让每个元素的编号不同，流程的编号在全文件中也只能用一次。",
                at=same[0],
            )
