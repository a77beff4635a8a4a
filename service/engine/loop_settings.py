"""Loop characteristics of an activity, as written."""

import re
from dataclasses import dataclass

from service.engine.dialect import (
    BPMN,
    NOTHING,
    LoopSettings,
    Source,
    read_loop_settings,
    zeebe_nodes,
)
from service.engine.xml_source import XmlNode, flag

_PATH = re.compile(r"([^\W\d]\w*)(?:\.[^\W\d]\w*)*")


@dataclass(frozen=True, slots=True)
class MultiInstance:
    """Once an item: of a collection, or a number of times. BPMN 2.0.2, 13.3.7."""

    sequential: bool
    cardinality: Source
    collections: LoopSettings
    completion: Source

    @property
    def absorbed(self) -> str:
        """The variable that the output element names: each pass has one of its own, null first."""
        match = _PATH.fullmatch(self.collections.output_element.text.strip())
        return match[1] if match and self.collections.output_element.is_feel else ""


@dataclass(frozen=True, slots=True)
class StandardLoop:
    """Again while the condition is true, at most `maximum` times. BPMN 2.0.2, 13.3.6."""

    test_before: bool
    maximum: int | None
    condition: Source


def read_loop(node: XmlNode) -> MultiInstance | StandardLoop | None:
    """The loop characteristics of an activity, if it has any."""
    multi = node.find(f"{{{BPMN}}}multiInstanceLoopCharacteristics")
    if multi is not None:
        return MultiInstance(
            sequential=flag(multi, "isSequential"),
            cardinality=_text(multi, "loopCardinality"),
            collections=read_loop_settings(zeebe_nodes(multi).get("loopCharacteristics")),
            completion=_text(multi, "completionCondition"),
        )
    standard = node.find(f"{{{BPMN}}}standardLoopCharacteristics")
    if standard is None:
        return None
    maximum = standard.get("loopMaximum", "")
    return StandardLoop(
        test_before=flag(standard, "testBefore"),
        maximum=int(maximum) if maximum.isdecimal() else None,
        condition=_text(standard, "loopCondition"),
    )


def read_completion(node: XmlNode) -> Source:
    """The completion condition of an ad-hoc subprocess."""
    return _text(node, "completionCondition")


def _text(node: XmlNode, tag: str) -> Source:
    written = node.find(f"{{{BPMN}}}{tag}")
    return NOTHING if written is None else Source.read(str(written.text or ""))
