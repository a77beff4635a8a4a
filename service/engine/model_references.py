"""What a diagram refers to outside of itself, as far as it says so: forms, decisions, processes."""

from dataclasses import dataclass

from service.engine.dialect import ZEEBE
from service.engine.xml_source import XmlRefusal, local_name, read_xml


@dataclass(frozen=True, slots=True)
class ModelReferences:
    """Ids as they are written. What an expression names is known only when it runs."""

    forms: frozenset[str] = frozenset()
    decisions: frozenset[str] = frozenset()
    processes: frozenset[str] = frozenset()


_PLACES = {
    "formDefinition": "formId",
    "calledDecision": "decisionId",
    "calledElement": "processId",
}


def model_references(content: bytes) -> ModelReferences:
    """Read what a BPMN file refers to, whether or not it could run; nothing where it is no XML."""
    root = read_xml(content)
    if isinstance(root, XmlRefusal):
        return ModelReferences()
    found: dict[str, set[str]] = {tag: set() for tag in _PLACES}
    for node in root.iter(*(f"{{{ZEEBE}}}{tag}" for tag in _PLACES)):
        tag = local_name(node)
        written = (node.get(_PLACES[tag]) or "").strip()
        if written and not written.startswith("="):
            found[tag].add(written)
    return ModelReferences(*(frozenset(found[tag]) for tag in _PLACES))
