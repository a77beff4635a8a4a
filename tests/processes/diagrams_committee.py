"""A procedure that asks the Party group: puts an item up, waits, keeps what was decided."""

ASKING = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="http://jiaoyan.test">
  <bpmn:process id="asking" name="请示" isExecutable="true">
    <bpmn:startEvent id="begin" name="开始"/>
    <bpmn:serviceTask id="put_up" name="提交党组会议">
      <bpmn:extensionElements>
        <zeebe:taskDefinition type="committee-item"/>
        <zeebe:ioMapping>
          <zeebe:input source="=&quot;exit&quot;" target="item_class"/>
          <zeebe:input source="=who + &quot;退出教研队伍&quot;" target="item_title"/>
          <zeebe:input source="=&quot;拟同意其退出。&quot;" target="item_text"/>
          <zeebe:input source="=people" target="item_subjects"/>
          <zeebe:input source="=[&quot;调查报告&quot;]" target="item_materials"/>
          <zeebe:output source="=committee_item" target="committee_item"/>
        </zeebe:ioMapping>
      </bpmn:extensionElements>
    </bpmn:serviceTask>
    <bpmn:boundaryEvent id="refused" name="不能上会" attachedToRef="put_up">
      <bpmn:errorEventDefinition id="refused_error" errorRef="not_put_up"/>
    </bpmn:boundaryEvent>
    <bpmn:endEvent id="not_asked" name="没有上会"/>
    <bpmn:intermediateCatchEvent id="decided" name="党组已议定">
      <bpmn:messageEventDefinition id="decided_message" messageRef="decided_by_group"/>
    </bpmn:intermediateCatchEvent>
    <bpmn:endEvent id="done" name="已议定"/>
    <bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="put_up"/>
    <bpmn:sequenceFlow id="f2" sourceRef="put_up" targetRef="decided"/>
    <bpmn:sequenceFlow id="f3" sourceRef="decided" targetRef="done"/>
    <bpmn:sequenceFlow id="f4" sourceRef="refused" targetRef="not_asked"/>
  </bpmn:process>
  <bpmn:message id="decided_by_group" name="committee.decided">
    <bpmn:extensionElements>
      <zeebe:subscription correlationKey="=committee_item"/>
    </bpmn:extensionElements>
  </bpmn:message>
  <bpmn:error id="not_put_up" name="不能上会" errorCode="committee-item-refused"/>
</bpmn:definitions>
"""
