"""Collects what a check finds, in the words and at the element of a designer."""

from service.domain.problems import Problem, Severity
from service.engine.diagram import FLOW_NODES, label
from service.engine.dialect import BPMN
from service.engine.rules import RULES
from service.engine.xml_source import XmlNode, local_name, namespace

LIMIT = 500
"""Problems told of one file; a designer mends the first and checks again."""

_TEXT_LIMIT = 200

_MESSAGE_LIMIT = 1_000
"""Characters of a message, which may quote a name of any length."""

_DMN = "https://www.omg.org/spec/DMN/"

_DRAWN = FLOW_NODES | {
    *("sequenceFlow", "lane", "dataObject", "dataObjectReference", "dataStoreReference"),
    *("textAnnotation", "association", "group", "process", "participant", "messageFlow"),
}


class Findings:
    """The problems of one resource, in the order found."""

    def __init__(self, resource: str) -> None:
        self._resource = resource
        self._problems: list[Problem] = []

    def add(
        self,
        rule: str,
        message: str,
        remedy: str,
        *,
        at: XmlNode | None = None,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Note a problem at the element that holds this node."""
        owner = owner_of(at)
        self.note(
            rule,
            message,
            remedy,
            element_id="" if owner is None else str(owner.get("id", "")),
            element_name="" if owner is None else label(owner),
            severity=severity,
        )

    def note(
        self,
        rule: str,
        message: str,
        remedy: str,
        *,
        element_id: str = "",
        element_name: str = "",
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Note a problem at an element known by its id; the same one once.

        Raises KeyError for a rule that is not in the table.
        """
        problem = Problem(
            resource=self._resource,
            element_id=element_id[:_TEXT_LIMIT],
            element_name=element_name[:_TEXT_LIMIT],
            rule=RULES[rule].id,
            message=message[:_MESSAGE_LIMIT],
            remedy=remedy,
            severity=severity,
        )
        if len(self._problems) < LIMIT and problem not in self._problems:
            self._problems.append(problem)

    @property
    def problems(self) -> list[Problem]:
        """What was found so far."""
        return list(self._problems)

    @property
    def flawed(self) -> frozenset[str]:
        """Ids of the elements that have an error."""
        return frozenset(
            problem.element_id for problem in self._problems if problem.severity is Severity.ERROR
        )


def owner_of(node: XmlNode | None) -> XmlNode | None:
    """The nearest element of the model around a node that a designer can select, with its id."""
    while node is not None:
        if node.get("id") and _selectable(node):
            return node
        node = node.getparent()
    return None


def _selectable(node: XmlNode) -> bool:
    """Parts of an element, as its event definition, are not drawn."""
    if namespace(node) != BPMN:
        return namespace(node).startswith(_DMN)
    parent = node.getparent()
    declared = parent is None or local_name(parent) in ("definitions", "collaboration")
    return declared or local_name(node) in _DRAWN
