"""What a deployed diagram means, read once and shared by every instance of its version."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from service.domain.events import ElementType
from service.engine import catching
from service.engine.diagram import ProcessSource, bpmn, documentation, read_processes
from service.engine.dialect import (
    CATEGORY,
    IRREVERSIBLE,
    RETENTION,
    RETITLE,
    START_LABEL,
    TITLE,
    Source,
    is_called_only,
    is_closed,
    is_sealed,
    read_extensions,
)
from service.engine.elements import Binding, Element, Outcome
from service.engine.errors import ModelInvalid
from service.engine.parser import KernelParser
from service.engine.process_spec import ElementSpec, KernelProcessSpec
from service.engine.triggers import TriggerKind
from service.engine.xml_source import XmlRefusal, read_xml

__all__ = ["Binding", "Element", "Outcome", "ProcessModel", "process_models"]


@dataclass(frozen=True, slots=True)
class ProcessModel:
    """One executable process of a diagram. Cache it a version: it never changes, threads share it.

    `title` is FEEL without the leading `=`, or empty. `properties` are those of the process.
    """

    process_id: str
    name: str
    version_tag: str
    title: str
    category: str
    start_label: str
    """What the start form hands in, such as 会议安排; empty: an application (申请)."""
    documentation: str
    start_form_id: str | None
    start_form_binding: Binding
    properties: Mapping[str, str]
    elements: Mapping[str, Element]
    spec: KernelProcessSpec = field(repr=False, compare=False)
    """The token game's own; no other room looks into it."""

    @property
    def retention(self) -> str:
        """How long the content of a closed case is kept: see `service.domain.retention`."""
        return self.properties.get(RETENTION, "")

    @property
    def is_closed(self) -> bool:
        """Whether it says that it is closed to all but those whom a right names for it."""
        return is_closed(self.properties)

    @property
    def is_sealed(self) -> bool:
        """Whether it says that nothing of its cases is written from outside."""
        return is_sealed(self.properties)

    @property
    def is_called_only(self) -> bool:
        """Whether it says that nothing but a call activity starts it."""
        return is_called_only(self.properties)

    @property
    def irreversible(self) -> dict[str, str]:
        """The lawful act that puts a step right which cannot be taken back, by the step's id."""
        marked = {
            one.id: one.properties.get(IRREVERSIBLE, "").strip() for one in self.elements.values()
        }
        return {step: remedy for step, remedy in marked.items() if remedy}

    def retitles(self, element_id: str) -> bool:
        """Tell whether the title is worked out anew behind this step."""
        one = self.elements.get(element_id)
        return one is not None and one.properties.get(RETITLE, "").strip() == "true"

    @property
    def begins_by_itself(self) -> bool:
        """Whether it can be started or called without an event."""
        return bool(self.spec.level.entries)

    def catches(self, element_id: str, code: str, *, is_error: bool) -> bool:
        """Whether an error or escalation thrown at this activity is caught in this process."""
        kind = TriggerKind.ERROR if is_error else TriggerKind.ESCALATION
        return catching.would_catch(self.spec, element_id, kind, code)


def process_models(content: bytes) -> list[ProcessModel]:
    """Read the executable processes of a BPMN file, in its order.

    Raises ModelInvalid when the file cannot be run at all; what the deploy check refuses beyond
    that is not looked for again.
    """
    root = read_xml(content)
    if isinstance(root, XmlRefusal):
        raise ModelInvalid(root.message)
    if root.tag != bpmn("definitions"):
        raise ModelInvalid("它不是 BPMN 文件")
    # A data store is documentation; SpiffWorkflow would want a class of Python for it.
    for store in root.findall(bpmn("dataStore")):
        root.remove(store)
    parser = KernelParser()
    try:
        parser.add_bpmn_xml(root)
        sources = [source for source in read_processes(root) if source.executable]
        return [_model(source, parser.get_spec(source.id)) for source in sources]
    except ValidationException as refusal:
        raise ModelInvalid(f"元素 {refusal.id or refusal.tag}：{refusal}") from refusal
    except KeyError as missing:
        raise ModelInvalid(f"顺序流的一端 {missing} 不存在") from missing


def _model(source: ProcessSource, spec: KernelProcessSpec) -> ProcessModel:
    extensions = read_extensions(source.node)
    elements = {
        name: element_spec.element
        for name, element_spec in spec.task_specs.items()
        if isinstance(element_spec, ElementSpec)
    }
    start = next((e for e in elements.values() if _begins_by_hand(spec, e)), None)
    return ProcessModel(
        process_id=source.id,
        name=source.name or source.id,
        version_tag=extensions.version_tag,
        title=_title(extensions.properties.get(TITLE, "")),
        category=extensions.properties.get(CATEGORY, ""),
        start_label=extensions.properties.get(START_LABEL, "").strip(),
        documentation=documentation(source.node),
        start_form_id=start.form_id if start else None,
        start_form_binding=start.form_binding if start else Binding.LATEST,
        properties=extensions.properties,
        elements=elements,
        spec=spec,
    )


def _begins_by_hand(spec: KernelProcessSpec, element: Element) -> bool:
    return element.type is ElementType.START_EVENT and element.id in spec.level.entries


def _title(written: str) -> str:
    """FEEL as it stands; a literal title becomes the FEEL text that says it."""
    source = Source.read(written)
    if source.is_feel or not source:
        return source.text.strip()
    return json.dumps(source.text.strip(), ensure_ascii=False)
