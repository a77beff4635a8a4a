"""Kinds of activities × what may be said of them. BPMN 2.0.2, 10.3 and 10.7."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.engine.builders import (
    boundary,
    element,
    end,
    extended,
    flow,
    flows,
    multi,
    on,
    start,
    sub,
    user,
)
from tests.engine.conformance.cells import (
    Cell,
    Step,
    alive,
    do,
    fire,
    process,
    startless,
    users,
    write,
)

TABLE = "activities"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of activity: its diagram's text, and what one pass of it is.

    `begins` and `ends` are the elements that end before it waits and after; `goes_on` is what ends
    the waiting, which some do not do. `sends` is the message that a pass sends.
    """

    name: str
    tag: str
    extensions: str = ""
    inside: str = ""
    more: tuple[tuple[str, str], ...] = ()
    begins: str = ""
    ends: str = "it"
    goes_on: tuple[Step, ...] = ()
    sends: tuple[str, ...] = ()
    open_within: tuple[str, ...] = ()

    def text(self, characteristics: str = "", **more: str) -> str:
        """The activity, with loop characteristics and attributes."""
        attributes = {**dict(self.more), **more}
        return element(self.tag, "it", self.extensions, characteristics + self.inside, **attributes)

    @property
    def one_pass(self) -> str:
        """What ends in one pass."""
        return f"{self.begins} {self.ends}"

    @property
    def withdrawn(self) -> str:
        """What is terminated when it is interrupted."""
        return " ".join(f"×{one}" for one in (*self.open_within, "it"))


JOB = '<zeebe:taskDefinition type="work" />'
ASSIGNED = '<zeebe:userTask /><zeebe:assignmentDefinition assignee="kim" />'
SCRIPT = '<zeebe:script expression="=1" resultVariable="result" />'
DECISION = '<zeebe:calledDecision decisionId="grade" resultVariable="result" />'
CALLED = '<zeebe:calledElement processId="P" />'
AD_HOC = '<zeebe:adHoc activeElementsCollection="=[&quot;deep&quot;]" />'
ROW = start("s") + users("deep") + end("e") + flows("s", "deep", "e")
LOOP = (
    '<bpmn:standardLoopCharacteristics testBefore="true">'
    '<bpmn:loopCondition xsi:type="bpmn:tFormalExpression">=loopCounter &lt; 3'
    "</bpmn:loopCondition></bpmn:standardLoopCharacteristics>"
)
COMPOSITE = {"begins": "s", "ends": "deep e it", "goes_on": do("deep"), "open_within": ("deep",)}

KINDS = (
    Kind("task without a type", "task"),
    Kind("manual task", "manualTask"),
    Kind("user task", "userTask", ASSIGNED, goes_on=do("it")),
    Kind("service task", "serviceTask", JOB, goes_on=do("it")),
    Kind("send task, job", "sendTask", JOB, goes_on=do("it")),
    Kind("send task, message", "sendTask", more=(("messageRef", "m_order"),), sends=("order",)),
    Kind("receive task", "receiveTask", more=(("messageRef", "m_order"),), goes_on=fire()),
    Kind("script task", "scriptTask", SCRIPT),
    Kind("script task, job", "scriptTask", JOB, goes_on=do("it")),
    Kind("business rule task", "businessRuleTask", DECISION),
    Kind("business rule task, job", "businessRuleTask", JOB, goes_on=do("it")),
    Kind("call activity", "callActivity", CALLED, goes_on=do("it")),
    Kind("subprocess", "subProcess", inside=ROW, **COMPOSITE),  # type: ignore[arg-type]
    Kind("transaction", "transaction", inside=ROW, **COMPOSITE),  # type: ignore[arg-type]
    Kind(
        "ad-hoc subprocess",
        "adHocSubProcess",
        AD_HOC,
        users("deep"),
        ends="deep it",
        goes_on=do("deep"),
        open_within=("deep",),
    ),
)

Frame = tuple[bytes, str, tuple[Step, ...], int]
"""A diagram, the order of what ends in it, what is done from outside, and how often it passes."""


def between(text: str) -> bytes:
    """Start, the activity, end."""
    return process(text, end(), flows("start", "it", "end"))


def plain(kind: Kind) -> Frame:
    return between(kind.text()), f"start {kind.one_pass} end", kind.goes_on, 1


def in_parallel(kind: Kind) -> Frame:
    source = between(kind.text(multi(times="3")))
    if not kind.goes_on:
        return source, "start it it it it end", (), 3
    order = f"start {repeated(kind.begins)} {repeated(kind.ends)} it end"
    return source, order, (*alive(4), *kind.goes_on * 3), 3


def repeated(order: str) -> str:
    """The same three times."""
    return f"{order} {order} {order}"


def in_sequence(kind: Kind) -> Frame:
    return one_after_the_other(kind, multi(times="3", sequential=True))


def in_a_loop(kind: Kind) -> Frame:
    return one_after_the_other(kind, LOOP)


def one_after_the_other(kind: Kind, characteristics: str) -> Frame:
    source = between(kind.text(characteristics))
    one_pass = (*alive(2), *kind.goes_on) if kind.goes_on else ()
    return source, f"start {repeated(kind.one_pass)} it end", one_pass * 3, 3


def interrupted(kind: Kind) -> Frame:
    return bordered(kind, interrupting=True)


def joined_in(kind: Kind) -> Frame:
    return bordered(kind, interrupting=False)


def bordered(kind: Kind, *, interrupting: bool) -> Frame:
    """A message at its border; what does not wait is past before it could come."""
    border = boundary("edge", "it", on("message", "reply"), interrupting=interrupting)
    ways = flows("start", "it", "end") + flows("edge", "handler", "handled")
    source = process(kind.text(), border, users("handler"), end(), end("handled"), ways)
    if not kind.goes_on:
        return source, f"start {kind.one_pass} end", (), 1
    before = f"start {kind.begins}"
    if interrupting:
        order = f"{before} {kind.withdrawn} edge handler handled"
        return source, order, (*fire("edge"), *do("handler")), 1
    order = f"{before} edge handler handled {kind.ends} end"
    return source, order, (*fire("edge"), *do("handler"), *kind.goes_on), 1


def compensating(kind: Kind) -> Frame:
    link = '<bpmn:association id="undo_it" sourceRef="undo" targetRef="it" />'
    source = process(
        element("task", "act"),
        boundary("undo", "act", on("compensate")),
        kind.text(isForCompensation="true"),
        element("intermediateThrowEvent", "back", inside=on("compensate")),
        end(),
        flows("start", "act", "back", "end"),
        link,
    )
    return source, f"start act undo {kind.one_pass} back end", kind.goes_on, 1


def compensated(kind: Kind) -> Frame:
    link = '<bpmn:association id="undo_undone" sourceRef="undo" targetRef="undone" />'
    source = process(
        kind.text(),
        boundary("undo", "it", on("compensate")),
        element("task", "undone", isForCompensation="true"),
        element("intermediateThrowEvent", "back", inside=on("compensate", "it")),
        end(),
        flows("start", "it", "back", "end"),
        link,
    )
    return source, f"start {kind.one_pass} undo undone back end", kind.goes_on, 1


def with_several_ways(kind: Kind) -> Frame:
    ways = flows("start", "it", "a", "end") + flows("it", "b", "end")
    source = process(kind.text(), users("a", "b"), end(), ways)
    return source, f"start {kind.one_pass} b end a end", (*kind.goes_on, *do("b", "a")), 1


def with_conditions(kind: Kind) -> Frame:
    ways = flows("start", "it", "c") + "".join(flows(one, "end") for one in "abc")
    ways += flow("it_a", "it", "a", "=n = 1") + flow("it_b", "it", "b", "=n = 2")
    source = process(kind.text(default="it_c"), users("a", "b", "c"), end(), ways)
    return source, f"start {kind.one_pass} a end", (*kind.goes_on, *do("a")), 1


def with_several_entries(kind: Kind) -> Frame:
    """Each token that comes begins it anew."""
    split = flows("start", "a", "it", "end") + flows("start", "b", "it")
    source = process(users("a", "b"), kind.text(), end(), split)
    order = f"start a {kind.one_pass} end b {kind.one_pass} end"
    return source, order, (*do("a"), *kind.goes_on, *do("b"), *kind.goes_on), 2


def in_an_ad_hoc_subprocess(kind: Kind) -> Frame:
    active = extended('<zeebe:adHoc activeElementsCollection="=[&quot;it&quot;]" />')
    box = sub("box", active, kind.text(), user("other"), tag="adHocSubProcess")
    source = process(box, end(), flows("start", "box", "end"))
    return source, f"start {kind.one_pass} box end", kind.goes_on, 1


def on_a_condition(kind: Kind) -> Frame:
    """A conditional event at its border, met while it waits."""
    border = boundary("edge", "it", on("conditional", "=n > 3"), interrupting=True)
    ways = flows("start", "it", "end") + flows("edge", "handled")
    source = process(kind.text(), border, end(), end("handled"), ways)
    if not kind.goes_on:
        return source, f"start {kind.one_pass} end", (), 1
    return source, f"start {kind.begins} {kind.withdrawn} edge handled", write(n=5), 1


def where_nothing_leads(kind: Kind) -> Frame:
    """A process without start and end events begins with it."""
    return startless(kind.text()), kind.one_pass, kind.goes_on, 1


PLACES: dict[str, Callable[[Kind], Frame]] = {
    "once": plain,
    "multi-instance, parallel": in_parallel,
    "multi-instance, sequential": in_sequence,
    "standard loop": in_a_loop,
    "boundary event that interrupts": interrupted,
    "boundary event that does not": joined_in,
    "conditional boundary event": on_a_condition,
    "compensated": compensated,
    "for compensation": compensating,
    "several flows out": with_several_ways,
    "conditional and default flows out": with_conditions,
    "several flows in": with_several_entries,
    "without start and end events": where_nothing_leads,
    "in an ad-hoc subprocess": in_an_ad_hoc_subprocess,
}


def around_event_subprocess(more: str = "", inside: str = "", **attributes: str) -> bytes:
    """A process with an event subprocess that has something which only others may have."""
    first = element("startEvent", "s", inside=on("signal", "x"))
    row = (inside, first, users("deep"), end("e"), flows("s", "deep", "e"))
    box = sub("it", *row, triggeredByEvent="true", **attributes)
    return process(users("work"), box, end(), flows("start", "work", "end"), more)


EVENT_SUBPROCESS = {
    "multi-instance": around_event_subprocess(inside=multi(times="3")),
    "standard loop": around_event_subprocess(inside=LOOP),
    "boundary event": around_event_subprocess(
        boundary("it_edge", "it", on("message", "reply")) + flows("it_edge", "end")
    ),
    "for compensation": around_event_subprocess(isForCompensation="true"),
    "flows in": around_event_subprocess(flows("work", "it")),
    "flows out": around_event_subprocess(flows("it", "end")),
}
"""An event subprocess stands by itself. Where it may be is among the events."""


def cells() -> Iterator[Cell]:
    """Every kind at every place."""
    for place, source in EVENT_SUBPROCESS.items():
        yield Cell(TABLE, "event subprocess", place, source)
    for kind in KINDS:
        for place, frame in PLACES.items():
            source, order, steps, passes = frame(kind)
            yield Cell(
                TABLE,
                kind.name,
                place,
                source,
                order=tuple(order.split()),
                steps=steps,
                sends=kind.sends * passes,
            )
