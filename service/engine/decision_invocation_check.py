"""Rules about calls of business knowledge models and decision services."""

from service.engine.decision_graph import Callee, DecisionGraph
from service.engine.decision_names import plain_name
from service.engine.decision_source import (
    NAMESPACES,
    attribute,
    child,
    children,
    text_of,
)
from service.engine.findings import Findings
from service.engine.xml_source import XmlNode, local_name, namespace


def check_invocations(definitions: XmlNode, graph: DecisionGraph, found: Findings) -> None:
    """Check that each call by name gives every parameter, and none that the function lacks."""
    named = {callee.name: callee for callee in graph.callees.values() if callee.name}
    for node in definitions.iter():
        if local_name(node) == "invocation" and namespace(node) in NAMESPACES:
            callee = named.get(plain_name(text_of(node, "literalExpression")))
            if callee is not None:
                _check(node, callee, graph, found)


def _check(node: XmlNode, callee: Callee, graph: DecisionGraph, found: Findings) -> None:
    bindings = (child(one, "parameter") for one in children(node, "binding"))
    given = [plain_name(attribute(one, "name")) for one in bindings]
    wanted = [parameter.name for parameter in graph.parameters(callee)]
    if sorted(given) != sorted(wanted):
        found.add(
            "dmn-invocation",
            f"调用“{callee.name}”时给的参数是（{'、'.join(given)}），"
            f"它要的是（{'、'.join(wanted)}）。",
            "请按它的参数逐个给值，没有值的写 null。",
            at=node,
        )
