"""Rules about decision files: what does not run is refused by name, every text is read by FEEL."""

from service.engine.decision_declaration_check import check_declarations
from service.engine.decision_grammar import check_grammar
from service.engine.decision_graph_check import check_graph, check_size
from service.engine.decision_graph_reader import read_graph
from service.engine.decision_invocation_check import check_invocations
from service.engine.decision_reader import BoxReader, spelling_of
from service.engine.decision_source import BOX_DEPTH_LIMIT, NAMESPACES, nested_too_deep
from service.engine.decision_table_check import check_tables
from service.engine.decision_text_check import check_texts
from service.engine.findings import Findings
from service.engine.xml_source import XmlNode, local_name, namespace
from service.feel import FeelPool


def check_decisions(definitions: XmlNode, feel: FeelPool, found: Findings) -> None:
    """Check a decision file. Raises FeelUnavailable."""
    if namespace(definitions) not in NAMESPACES or local_name(definitions) != "definitions":
        found.note(
            "dmn-definitions",
            "这不是 DMN 1.3 至 1.5 文件。",
            "请用决策设计器新建或导出，保存为 DMN 1.3。",
        )
        return
    if nested_too_deep(definitions):
        found.note(
            "dmn-size",
            f"表达式一层套一层超过 {BOX_DEPTH_LIMIT} 层。",
            "请拆成几个决策。",
        )
        return
    graph, spelling = read_graph(definitions), spelling_of(definitions)
    check_grammar(definitions, found)
    check_declarations(definitions, graph.types, found)
    short = check_tables(definitions, BoxReader(graph.types, spelling), graph.types, found)
    check_invocations(definitions, graph, found)
    if short and check_size(graph, found):
        check_graph(definitions, graph, found)
        check_texts(graph, spelling, feel, found)
