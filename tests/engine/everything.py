"""One big diagram with everything that runs, and the small diagrams it is made of."""

from tests.engine.builders import (
    boundary,
    declare,
    diagram,
    element,
    end,
    exclusive,
    flow,
    flows,
    mapping,
    message,
    multi,
    on,
    parallel,
    properties,
    rule,
    script,
    service,
    start,
    sub,
    user,
)

DECLARED = (
    message("order", "")
    + message("paid", "=initiator")
    + message("news", "=initiator")
    + "".join(declare("signal", name) for name in ("alarm", "calm"))
    + "".join(declare("error", name) for name in ("broken", "late"))
    + "".join(declare("escalation", name) for name in ("slow", "rich"))
    + '<bpmn:timerEventDefinition id="tomorrow"><bpmn:timeDuration'
    ' xsi:type="bpmn:tFormalExpression">P1D</bpmn:timeDuration></bpmn:timerEventDefinition>'
)
"""What the events refer to."""

JOB = '<zeebe:taskDefinition type="work" />'


def catch(event_id: str, *definitions: str, extensions: str = "") -> str:
    """An intermediate catch event."""
    return element("intermediateCatchEvent", event_id, extensions, "".join(definitions))


def throw(event_id: str, *definitions: str, extensions: str = "") -> str:
    """An intermediate throw event."""
    return element("intermediateThrowEvent", event_id, extensions, "".join(definitions))


def ending(event_id: str, *definitions: str, extensions: str = "") -> str:
    """An end event with these definitions."""
    return element("endEvent", event_id, extensions, "".join(definitions))


def begin(event_id: str, *definitions: str, extensions: str = "", **more: str) -> str:
    """A start event with these definitions."""
    return element("startEvent", event_id, extensions, "".join(definitions), **more)


def call(element_id: str, process: str = "P", **more: str) -> str:
    """A call activity."""
    attributes = "".join(f' {name}="{value}"' for name, value in more.items())
    called = f'<zeebe:calledElement processId="{process}"{attributes} />'
    return element("callActivity", element_id, called)


def handler(element_id: str, event_id: str, tag: str = "task") -> str:
    """A compensation activity, connected with its event."""
    return element(tag, element_id, isForCompensation="true")


def association(event_id: str, handler_id: str) -> str:
    """What connects a compensation event with its handler; artifacts come last."""
    return (
        f'<bpmn:association id="{event_id}_{handler_id}" associationDirection="One"'
        f' sourceRef="{event_id}" targetRef="{handler_id}" />'
    )


def event_sub(
    sub_id: str, definition: str, *, interrupting: bool = True, extensions: str = ""
) -> str:
    """An event subprocess: start, script, end."""
    inner = f"{sub_id}_start", f"{sub_id}_work", f"{sub_id}_end"
    return sub(
        sub_id,
        begin(
            inner[0],
            definition,
            extensions=extensions,
            isInterrupting=str(interrupting).lower(),
        ),
        element("manualTask", inner[1]),
        end(inner[2]),
        flows(*inner),
        triggeredByEvent="true",
    )


def inner(
    sub_id: str, *inside: str, tag: str = "subProcess", loop: str = "", last: str = ""
) -> str:
    """A subprocess around the one element `<sub_id>_it`, with more inside."""
    first, it = f"{sub_id}_start", f"{sub_id}_it"
    last_event = last or end(f"{sub_id}_end")
    return sub(
        sub_id,
        loop,
        start(first),
        last_event,
        flows(first, it, f"{sub_id}_end"),
        *inside,
        tag=tag,
    )


def after(event_id: str, *more: str) -> str:
    """Where a boundary event leads: to an end event of its own."""
    return end(f"{event_id}_end") + flows(event_id, *more, f"{event_id}_end")


STARTS = (
    start(form="application")
    + begin("on_order", on("message", "order"), extensions=mapping(outputs={"score": "=amount"}))
    + begin("on_alarm", on("signal", "alarm"))
    + begin("on_monday", on("timeCycle", "0 9 * * 1"))
    + begin("on_day", on("timeDate", "2030-01-01T08:00:00+08:00"))
    + begin("on_amount", on("conditional", "=score > 100"))
    + exclusive("begun")
    + "".join(
        flows(one, "begun")
        for one in ("start", "on_order", "on_alarm", "on_monday", "on_day", "on_amount")
    )
)

TASKS = (
    element("task", "plain")
    + element("manualTask", "by_hand", mapping(inputs={"a": "=1"}, outputs={"kept": "=a"}))
    + user("check", form="application", extensions=properties(outcomes="yes=是; no=否"))
    + service("work", extensions=properties(retry="PT1M", **{"async": "true"}))
    + element("sendTask", "send_by_job", JOB)
    + element("sendTask", "publish", properties(message_ttl="PT2H"), messageRef="m_news")
    + element("receiveTask", "receive", messageRef="m_paid")
    + script("halve", "=score / 2", result="half")
    + element("scriptTask", "script_by_job", JOB)
    + rule("grade_it", "grade", result="level")
    + element("businessRuleTask", "rule_by_job", JOB)
    + call("again", propagateAllChildVariables="false", bindingType="deployment")
    + flows(
        "begun", "plain", "by_hand", "check", "work", "send_by_job", "publish", "receive",
        "halve", "script_by_job", "grade_it", "rule_by_job", "again", "each",
    )
)  # fmt: skip

LOOPS = (
    user(
        "each",
        assignee="=member",
        inside=multi(
            '=["kim", "lee"]', item="member", outputs="opinions", output="=opinion",
            until="=numberOfCompletedInstances / numberOfInstances >= 0.5",
        ),
    )
    + service("thrice", inside=multi(times="3", sequential=True))
    + element(
        "manualTask",
        "until_rich",
        inside='<bpmn:standardLoopCharacteristics testBefore="true" loopMaximum="3">'
        '<bpmn:loopCondition xsi:type="bpmn:tFormalExpression">=loopCounter &lt; 5'
        "</bpmn:loopCondition></bpmn:standardLoopCharacteristics>",
    )
    + flows("each", "thrice", "until_rich", "pick")
)  # fmt: skip

GATEWAYS = (
    exclusive("pick", default="pick_fork")
    + flow("pick_some", "pick", "some", "=half > 10")
    + flows("pick", "fork")
    + parallel("fork")
    + parallel("joined")
    + element("task", "left")
    + element("task", "right")
    + flows("fork", "left", "joined")
    + flows("fork", "right", "joined", "met")
    + element("inclusiveGateway", "some", default="some_other")
    + element("task", "one")
    + element("task", "other")
    + element("inclusiveGateway", "all_of")
    + flow("some_one", "some", "one", "=score > 1")
    + flows("some", "other", "all_of")
    + flows("one", "all_of", "met")
    + exclusive("met")
    + element("eventBasedGateway", "wait")
    + catch("w_paid", on("message", "paid"))
    + catch("w_late", on("timeDuration", "PT1H"))
    + catch("w_alarm", on("signal", "alarm"))
    + catch("w_rich", on("conditional", "=score > 1000"))
    + exclusive("waited")
    + flows("met", "wait")
    + "".join(flows("wait", one, "waited") for one in ("w_paid", "w_late", "w_alarm", "w_rich"))
    + element("eventBasedGateway", "wait_task")
    + element("receiveTask", "r_paid", messageRef="m_paid")
    + element("receiveTask", "r_news", messageRef="m_news")
    + flows("waited", "wait_task", "r_paid", "events")
    + flows("wait_task", "r_news", "events")
    + exclusive("events")
)

EVENTS = (
    throw("nothing")
    + throw("t_news", on("message", "news"), extensions=mapping(inputs={"body": "=score"}))
    + throw("t_job", "<bpmn:messageEventDefinition />", extensions=JOB)
    + throw("t_alarm", on("signal", "alarm"))
    + throw("t_slow", on("escalation", "slow"), on("signal", "calm"))
    + catch("c_paid", on("message", "paid"), extensions=mapping(outputs={"paid": "=amount"}))
    + catch("c_time", on("timeDate", "=date and time(&quot;2030-01-01T08:00:00Z&quot;)"))
    + catch("c_many", on("signal", "calm"), on("timeDuration", "=duration(&quot;PT1H&quot;)"))
    + catch("c_rich", on("conditional", "=score > 10"))
    + catch("c_ref", "<bpmn:eventDefinitionRef>tomorrow</bpmn:eventDefinitionRef>")
    + throw("to_here", on("link", "here"))
    + catch("from_there", on("link", "here"))
    + flows(
        "events", "nothing", "t_news", "t_job", "t_alarm", "t_slow", "c_paid", "c_time",
        "c_many", "c_rich", "c_ref", "to_here",
    )
    + flows("from_there", "guarded")
).replace("&amp;quot;", '"')  # fmt: skip

BORDERS = (
    user("guarded")
    + boundary("b_timer", "guarded", on("timeCycle", "R3/PT1H"), interrupting=False)
    + boundary("b_news", "guarded", on("message", "news"))
    + boundary("b_calm", "guarded", on("signal", "calm"), interrupting=False)
    + boundary("b_rich", "guarded", on("conditional", "=score > 99"), interrupting=False)
    + boundary("b_many", "guarded", on("signal", "alarm") + on("timeDuration", "P1D"))
    + "".join(after(one) for one in ("b_timer", "b_news", "b_calm", "b_rich", "b_many"))
    + flow("guarded_deep", "guarded", "deep", "=score > 0")
    + flow("guarded_bought", "guarded", "bought")
)

SUBPROCESSES = (
    inner(
        "deep",
        inner("deep_it", user("deep_it_it"), last=ending("deep_it_end", on("error", "broken"))),
        event_sub("es_error", on("error", "late")),
        event_sub("es_slow", on("escalation", "slow"), interrupting=False),
        event_sub("es_news", on("message", "news"), interrupting=False),
        event_sub("es_timer", on("timeCycle", "R/P1D"), interrupting=False),
        event_sub("es_alarm", on("signal", "alarm")),
        event_sub("es_rich", on("conditional", "=score > 9")),
    )
    + boundary("b_error", "deep", on("error", "broken"))
    + boundary("b_any", "deep", on("error"))
    + boundary("b_slow", "deep", on("escalation"), interrupting=False)
    + after("b_error")
    + after("b_any")
    + after("b_slow")
    + flows("deep", "ad_hoc")
    + sub(
        "ad_hoc",
        '<bpmn:extensionElements><zeebe:adHoc activeElementsCollection="=[&quot;a1&quot;]"'
        ' outputCollection="done" outputElement="=result" /></bpmn:extensionElements>',
        user("a1"),
        element("task", "a2"),
        user("a3"),
        flows("a1", "a2"),
        '<bpmn:completionCondition xsi:type="bpmn:tFormalExpression">=false'
        "</bpmn:completionCondition>",
        tag="adHocSubProcess",
        ordering="Parallel",
    )
    + flows("ad_hoc", "finish")
)

TRANSACTIONS = (
    inner(
        "bought",
        service("bought_it"),
        boundary("b_undo", "bought_it", on("compensate")),
        handler("give_back", "b_undo"),
        boundary("b_broken", "bought_it", on("error", "broken")),
        ending("cancelled", on("cancel")),
        flows("b_broken", "cancelled"),
        association("b_undo", "give_back"),
        tag="transaction",
        loop=multi(times="=2", sequential=True),
    )
    + boundary("b_cancel", "bought", on("cancel"))
    + after("b_cancel")
    + service("booked")
    + boundary("b_booked", "booked", on("compensate"))
    + handler("unbook", "b_booked", "userTask").replace(
        ">", '><bpmn:extensionElements><zeebe:assignmentDefinition assignee="kim" />'
        "</bpmn:extensionElements>", 1,
    )
    + throw("undo", on("compensate", "booked"))
    + throw("undo_all", '<bpmn:compensateEventDefinition waitForCompletion="false" />')
    + flows("bought", "booked", "undo", "undo_all", "finish")
)  # fmt: skip

UNBOOKED = association("b_booked", "unbook")
"""Artifacts come after all elements."""

ENDS = (
    parallel("finish")
    + ending("e_message", on("message", "news"))
    + ending("e_job", "<bpmn:messageEventDefinition />", extensions=JOB)
    + ending("e_signal", on("signal", "calm"))
    + ending("e_error", on("error", "late"))
    + ending("e_slow", on("escalation", "rich"))
    + ending("e_undo", on("compensate"))
    + ending("e_many", on("signal", "calm"), on("message", "news"))
    + ending("e_over", on("terminate"))
    + end("e_none")
    + "".join(
        flows("finish", one)
        for one in (
            *("e_message", "e_job", "e_signal", "e_error", "e_slow", "e_undo", "e_many"),
            *("e_over", "e_none"),
        )
    )
)


def everything() -> bytes:
    """The big diagram."""
    elements = (STARTS, TASKS, LOOPS, GATEWAYS, EVENTS, BORDERS, SUBPROCESSES, TRANSACTIONS, ENDS)
    return diagram(*elements, UNBOOKED, declared=DECLARED)


def piece(*elements: str) -> bytes:
    """A small diagram: start with a form, these, the end behind `last`."""
    return diagram(start(form="application"), *elements, declared=DECLARED)
