"""The graph of a decision file as it is written, read without judging it."""

from service.engine.decision_boxes import Literal, Text
from service.engine.decision_functions import Function
from service.engine.decision_graph import (
    Decision,
    DecisionGraph,
    DecisionService,
    InputData,
    KnowledgeModel,
)
from service.engine.decision_names import is_name, plain_name
from service.engine.decision_reader import BoxReader, read_types, spelling_of
from service.engine.decision_source import (
    attribute,
    child,
    children,
    place_of,
    reference,
    type_of,
)
from service.engine.decision_types import Types
from service.engine.diagram import label
from service.engine.xml_source import XmlNode


def read_graph(definitions: XmlNode) -> DecisionGraph:
    """The decisions of a file; references that lead nowhere stay as they are."""
    spelling = spelling_of(definitions)
    types = read_types(definitions, spelling)
    reader = BoxReader(types, spelling)
    return DecisionGraph(
        types=types,
        inputs={
            _id(node): InputData(_id(node), _name(node), _type(node, types), place_of(node))
            for node in children(definitions, "inputData")
        },
        decisions={
            _id(node): _decision(node, types, reader) for node in children(definitions, "decision")
        },
        models={
            _id(node): _model(node, types, reader)
            for node in children(definitions, "businessKnowledgeModel")
        },
        services={
            _id(node): _service(node, types) for node in children(definitions, "decisionService")
        },
    )


def _decision(node: XmlNode, types: Types, reader: BoxReader) -> Decision:
    name = label(node) or _id(node)
    return Decision(
        id=_id(node),
        name=name,
        variable=_name(node),
        type=_type(node, types),
        logic=reader.only(node, name),
        inputs=_required(node, "informationRequirement", "requiredInput"),
        decisions=_required(node, "informationRequirement", "requiredDecision"),
        knowledge=_required(node, "knowledgeRequirement", "requiredKnowledge"),
        place=place_of(node),
    )


def _model(node: XmlNode, types: Types, reader: BoxReader) -> KnowledgeModel:
    logic, name = child(node, "encapsulatedLogic"), label(node)
    nothing = Literal(name, "", Text("", name, place_of(node)))
    return KnowledgeModel(
        id=_id(node),
        name=_name(node),
        type=_type(node, types),
        function=Function(name, "", (), nothing) if logic is None else reader.function(logic, name),
        knowledge=_required(node, "knowledgeRequirement", "requiredKnowledge"),
        place=place_of(node),
    )


def _service(node: XmlNode, types: Types) -> DecisionService:
    return DecisionService(
        id=_id(node),
        name=_name(node),
        type=_type(node, types),
        outputs=_references(node, "outputDecision"),
        encapsulated=_references(node, "encapsulatedDecision"),
        input_decisions=_references(node, "inputDecision"),
        inputs=_references(node, "inputData"),
        place=place_of(node),
    )


def _required(node: XmlNode, holder: str, name: str) -> tuple[str, ...]:
    found = (one for group in children(node, holder) for one in _references(group, name))
    return tuple(dict.fromkeys(found))


def _references(node: XmlNode, name: str) -> tuple[str, ...]:
    return tuple(reference(one) for one in children(node, name))


def _id(node: XmlNode) -> str:
    return str(node.get("id", ""))


def _name(node: XmlNode) -> str:
    """The variable's name, else the element's, as a plain name; empty when it is no name."""
    name = attribute(child(node, "variable"), "name") or label(node)
    return plain_name(name) if is_name(name) else ""


def _type(node: XmlNode, types: Types) -> str:
    return types.named(type_of(child(node, "variable")))
