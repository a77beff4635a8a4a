"""What a new design begins as: as little as can be drawn on, and all that has to be there."""

import json
from xml.sax.saxutils import quoteattr

from service.domain.designs import DesignKind

_BPMN = """\
<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" \
xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" \
xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" \
xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" \
id={definitions} targetNamespace="http://bpmn.io/schema/bpmn">
  <bpmn:process id={id} name={name} isExecutable="true">
    <bpmn:startEvent id="start" name="发起" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id={diagram}>
    <bpmndi:BPMNPlane id={plane} bpmnElement={id}>
      <bpmndi:BPMNShape id="start_di" bpmnElement="start">
        <dc:Bounds x="180" y="160" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="187" y="203" width="22" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""

_DMN = """\
<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" \
xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" \
xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" \
id={definitions} name={name} namespace="http://camunda.org/schema/1.0/dmn">
  <decision id={id} name={name}>
    <decisionTable id={table} hitPolicy="UNIQUE">
      <input id={input} label="条件">
        <inputExpression id={expression} typeRef="string">
          <text></text>
        </inputExpression>
      </input>
      <output id={output} label="结论" name="" typeRef="string" />
    </decisionTable>
  </decision>
  <dmndi:DMNDI>
    <dmndi:DMNDiagram>
      <dmndi:DMNShape dmnElementRef={id}>
        <dc:Bounds height="80" width="180" x="160" y="100" />
      </dmndi:DMNShape>
    </dmndi:DMNDiagram>
  </dmndi:DMNDI>
</definitions>
"""


def blank(kind: DesignKind, id: str, name: str) -> str:
    """Return the file of a new design under this id and name."""
    match kind:
        case DesignKind.PROCESS:
            return _filled(_BPMN, id, name, "definitions", "diagram", "plane")
        case DesignKind.DECISION:
            return _filled(_DMN, id, name, "definitions", "table", "input", "expression", "output")
        case DesignKind.FORM:
            return _form(id, name)


def _filled(pattern: str, id: str, name: str, *parts: str) -> str:
    """Fill in id and name, and the ids of the parts, made of that of the whole."""
    ids = {part: quoteattr(f"{id}_{part}") for part in parts}
    return pattern.format(id=quoteattr(id), name=quoteattr(name), **ids)


def _form(id: str, name: str) -> str:
    heading = {"type": "text", "id": "heading", "text": f"## {name}"}
    schema = {
        "type": "default",
        "id": id,
        "name": name,
        "schemaVersion": 18,
        "components": [heading],
    }
    return json.dumps(schema, ensure_ascii=False, indent=2)
