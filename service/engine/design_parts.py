"""The parts of a diagram or of decisions, and of a form, for comparing two versions."""

import hashlib
from collections.abc import Iterator, Mapping

from service.domain.design_changes import Part, Parts
from service.domain.values import Json
from service.engine.xml_source import XmlNode, XmlRefusal, local_name, namespace, read_xml

_PICTURES = frozenset({"BPMNDiagram", "DMNDI"})

_FOLDED = frozenset(
    {
        "conditionExpression",
        "completionCondition",
        "loopCondition",
        "timeDate",
        "timeDuration",
        "timeCycle",
        "condition",
        "multiInstanceLoopCharacteristics",
        "standardLoopCharacteristics",
        "documentation",
        "inputEntry",
        "outputEntry",
        "inputExpression",
        "inputValues",
        "outputValues",
        "defaultOutputEntry",
        "variable",
        "informationItem",
        "literalExpression",
        "decisionTable",
        "informationRequirement",
        "knowledgeRequirement",
        "authorityRequirement",
        "annotation",
    }
)
"""Elements that may have an id and are still no part by themselves."""

_DERIVED = frozenset({"incoming", "outgoing"})
"""What the flows say already."""

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"

_TELLING = ("name", "key", "target")
"""Attributes that tell elements of one name apart, as those of mappings and properties do."""


def model_parts(content: bytes) -> Parts | None:
    """Read the parts of a BPMN or DMN file; None where it is no XML."""
    root = read_xml(content)
    if isinstance(root, XmlRefusal):
        return None
    found: dict[str, Part] = {}
    pictures = hashlib.sha256()
    todo = [root]
    while todo:
        node = todo.pop()
        if local_name(node) in _PICTURES:
            pictures.update("".join(_drawn(node)).encode())
            continue
        reading = _Reading(node)
        found[node.get("id") or local_name(node)] = Part(
            local_name(node), _name(node), {} if node is root else reading.values
        )
        todo += reversed(reading.parts)
    return Parts(found, pictures.hexdigest())


def form_parts(schema: Json) -> Parts | None:
    """Read the parts of a form; None where it is none."""
    if not isinstance(schema, dict):
        return None
    found: dict[str, Part] = {}
    order: list[str] = []
    todo: list[Mapping[str, Json]] = [schema]
    while todo:
        component = todo.pop()
        number = f"#{len(found)}"
        id = next((t for n in ("id", "key") if isinstance(t := component.get(n), str)), number)
        id = "" if component is schema else id
        name = next((t for n in ("label", "name") if isinstance(t := component.get(n), str)), "")
        values = {
            place: text
            for one, value in component.items()
            if one not in _FORM_FRAME
            for place, text in _flat(one, value)
        }
        found[id] = Part(str(component.get("type", "")), name, values)
        layout = component.get("layout")
        order.append(f"{id} {layout if isinstance(layout, dict) else ''}")
        inside = component.get("components")
        inside = inside if isinstance(inside, list) else []
        todo += reversed([child for child in inside if isinstance(child, dict)])
    return Parts(found, "\n".join(order))


_FORM_FRAME = frozenset(
    {"components", "layout", "type", "schemaVersion", "exporter", "executionPlatform"}
    | {"executionPlatformVersion"}
)
"""What an editor writes by itself."""


def _flat(place: str, value: Json) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(f"{place}.{name}", inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value, 1):
            yield from _flat(f"{place}.{number}", inner)
    elif value is not None:
        yield place, str(value).lower() if isinstance(value, bool) else str(value)


def _is_part(node: XmlNode) -> bool:
    tag = local_name(node)
    folded = tag in _FOLDED or tag.endswith("EventDefinition")
    return tag in _PICTURES or (node.get("id") is not None and not folded)


def _name(node: XmlNode) -> str:
    if local_name(node) == "rule":
        return f"第 {len([*node.itersiblings(node.tag, preceding=True)]) + 1} 行"
    return node.get("name") or node.get("label") or ""


class _Reading:
    """What an element says, with what it holds that is no part; and the parts it holds."""

    def __init__(self, node: XmlNode) -> None:
        self.values: dict[str, str] = {}
        self.parts: list[XmlNode] = []
        self._seen: dict[str, int] = {}
        todo: list[tuple[str, XmlNode]] = [("", node)]
        while todo:
            place, one = todo.pop()
            self._say(place, one, None if one is node else _telling(one))
            inside = [c for c in one if local_name(c) not in _DERIVED]
            self.parts += [child for child in inside if _is_part(child)]
            inner = [child for child in inside if not _is_part(child)]
            todo += reversed([(self._place(place, child), child) for child in inner])

    def _say(self, place: str, node: XmlNode, told: str | None) -> None:
        for name, value in node.attrib.items():
            if name not in ("id", told) and not name.startswith(_XSI):
                self.values[f"{place}@{name.rpartition('}')[2]}"] = value
        if text := (node.text or "").strip():
            self.values[place] = text

    def _place(self, place: str, child: XmlNode) -> str:
        """Of several of one name each has its own, by what it is about or by its number."""
        path = f"{place}/{local_name(child)}" if place else local_name(child)
        telling = _telling(child)
        path = path.removeprefix("extensionElements/")
        path = f"{path}[{child.get(telling)}]" if telling else path
        self._seen[path] = self._seen.get(path, 0) + 1
        return path if self._seen[path] == 1 else f"{path}[{self._seen[path]}]"


def _telling(node: XmlNode) -> str | None:
    """The attribute that tells an element from others of its name."""
    return next((one for one in _TELLING if node.get(one)), None)


def _drawn(node: XmlNode) -> Iterator[str]:
    """Where things are drawn, without what editors write anew: ids, and the room of a name."""
    labels = {
        inner for one in node.iter() if local_name(one).endswith("Label") for inner in one.iter()
    }
    for one in node.iter():
        if one not in labels:
            kept = sorted((n, v) for n, v in one.attrib.items() if n != "id")
            yield f"{namespace(one)}{local_name(one)}{kept}"
