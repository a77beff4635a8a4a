"""Diagrams that hold an element that no program runs, each by the name of the element."""

from tests.engine.builders import (
    diagram,
    element,
    end,
    flows,
    multi,
    on,
    properties,
    start,
    sub,
    user,
)
from tests.engine.checking import around
from tests.engine.everything import begin, piece
from tests.engine.faults_elements import (
    DATA_ASSOCIATION,
    IO,
    Fault,
    beside,
    pools,
    read_from,
)

_SHORT = (start(form="application"), user("it"), end(), flows("start", "it", "end"))

BY_NAME: dict[str, Fault] = {
    "start quantity": (around(user("it", startQuantity="2")), "quantity", "it"),
    "completion quantity": (around(user("it", completionQuantity="3")), "quantity", "it"),
    "multi-instance behavior": (
        around(user("it", inside=multi(times="2").replace("isSeq", 'behavior="One" isSeq'))),
        "multi-instance-behavior",
        "it",
    ),
    "a retention that is none": (
        diagram(
            start(form="application"),
            user("it"),
            end(),
            flows("start", "it", "end"),
            extensions=properties(retention="ten years"),
        ),
        "process-retention",
        "P",
    ),
    "a mark that is neither": (
        diagram(*_SHORT, extensions=properties(closed="ja")),
        "process-closed",
        "P",
    ),
    "a seal that is neither true nor false": (
        diagram(*_SHORT, extensions=properties(sealed="ja")),
        "process-sealed",
        "P",
    ),
    "a mark of being called that is neither": (
        diagram(
            start(form="application"),
            user("it"),
            end(),
            flows("start", "it", "end"),
            extensions=properties(called_only="ja"),
        ),
        "process-called-only",
        "P",
    ),
    "called only, with a form to start it": (
        diagram(
            start(form="application"),
            user("it"),
            end(),
            flows("start", "it", "end"),
            extensions=properties(called_only="true"),
        ),
        "process-called-only",
        "P",
    ),
    "deadlines of a process that cannot be": (
        diagram(
            start(form="application"),
            user("it"),
            end(),
            flows("start", "it", "end"),
            extensions=properties(owner="group:", remind_after="0"),
        ),
        "deadline",
        "P",
    ),
    "complex gateway": (around(element("complexGateway", "it")), "complex-gateway", "it"),
    "sequential ad-hoc subprocess": (
        around(
            sub(
                "it", user("one"),
                tag="adHocSubProcess", ordering="Sequential",
            )
        ),
        "ad-hoc-sequential",
        "it",
    ),
    "receive task that instantiates": (
        piece(
            element("receiveTask", "it", messageRef="m_paid", instantiate="true"),
            end(),
            flows("start", "it", "end"),
        ),
        "receive-task-instantiates",
        "it",
    ),
    "parallel multiple start": (
        piece(
            begin("all", on("signal", "alarm"), on("signal", "calm"), parallelMultiple="true"),
            user("a"),
            end(),
            flows("start", "a", "end"),
            flows("all", "a"),
        ),
        "parallel-multiple",
        "all",
    ),
    "parallel event gateway": (
        piece(
            element("eventBasedGateway", "g", eventGatewayType="Parallel"),
            *(
                element("intermediateCatchEvent", one, inside=on("signal", "alarm"))
                for one in ("a", "b")
            ),
            end(),
            flows("start", "g", "a", "end"),
            flows("g", "b", "end"),
        ),
        "parallel-multiple",
        "g",
    ),
    "compensation event subprocess": (
        piece(
            sub("it", user("work"), end("over"),
                sub(
                    "undo", begin("undo_start", on("compensate")), end("undo_end"),
                    flows("undo_start", "undo_end"), triggeredByEvent="true",
                ),
                start("in"), flows("in", "work", "over")),
            end(),
            flows("start", "it", "end"),
        ),
        "compensation-event-subprocess",
        "undo_start",
    ),
    "choreography": (beside('<bpmn:choreography id="c" />'), "choreography", "c"),
    "choreography task": (
        around(
            user("it")
            + '<bpmn:choreographyTask id="c" initiatingParticipantRef="a" />'
        ),
        "choreography",
        "c",
    ),
    "conversation": (
        pools('<bpmn:conversation id="talk"><bpmn:participantRef>us</bpmn:participantRef>'
              "<bpmn:participantRef>them</bpmn:participantRef></bpmn:conversation>"),
        "choreography",
        "talk",
    ),
    "data store with content": (
        beside('<bpmn:dataStore id="d" name="x" itemSubjectRef="item" />'), "data-store", "d",
    ),
    "data store with a state": (
        around(user("it") + '<bpmn:dataStoreReference id="archive" name="档案">'
               "<bpmn:dataState /></bpmn:dataStoreReference>"),
        "data-store",
        "archive",
    ),
    "data store that is read": (
        around(user("it", inside=read_from("archive"))
               + '<bpmn:dataStoreReference id="archive" name="档案" />'),
        "data-store",
        "it",
    ),
    "input of data": (around(user("it", inside=IO)), "data-content", "it"),
    "data that is assigned": (around(user("it", inside=DATA_ASSOCIATION)), "data-content", "it"),
    "items of data": (
        around(
            user(
                "it",
                inside='<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>x'
                "</bpmn:loopDataInputRef></bpmn:multiInstanceLoopCharacteristics>",
            )
        ),
        "data-content",
        "it",
    ),
    **{
        f"the id {name}": (
            piece(user(name), end(), flows("start", name, "end")), "id-reserved", name,
        )
        for name in ("Start", "End", "Root")
    },
}  # fmt: skip
"""What is refused by its name."""
