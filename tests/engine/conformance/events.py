"""Kinds of events × places. BPMN 2.0.2, 10.5.2 to 10.5.6; table 10.93 is what it allows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.engine.builders import (
    boundary,
    catch,
    element,
    end,
    end_on,
    event_gateway,
    flows,
    on,
    start,
    sub,
)
from tests.engine.conformance.cells import (
    Cell,
    Step,
    do,
    fire,
    process,
    startless,
    users,
    write,
)

TABLE = "events"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of event: its definitions, the places where the standard allows it, what it sends.

    `happens` makes it happen from outside; kinds without it are thrown from within.
    """

    name: str
    definition: str
    places: str
    happens: tuple[Step, ...] = ()
    sends: tuple[str, ...] = ()
    parallel: bool = False

    @property
    def throws(self) -> bool:
        """Whether it is thrown from within, to whoever catches it."""
        return self.main in ("error", "escalation", "cancel", "compensation")

    @property
    def main(self) -> str:
        """What it is named by, beside a signal too."""
        return self.name.removeprefix("multiple, with ")


Frame = tuple[bytes, str, tuple[Step, ...]]
"""A diagram, the order of what ends in it, and what is done from outside."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place of events: its letter, and how a cell for a kind is made."""

    letter: str
    name: str
    frame: Callable[[Kind], Frame]


SIGNAL = on("signal", "x")
CONDITION = on("conditional", "=n > 3")
BOTH = on("message", "order") + on("signal", "x")

KINDS = (
    Kind("none", "", "pstn"),
    Kind("message", on("message", "order"), "piecbotng", fire(), ("order",)),
    Kind("timer, duration", on("timeDuration", "PT1H"), "piecbog", fire()),
    Kind("timer, date", on("timeDate", "2030-01-01T08:00:00+08:00"), "piecbog", fire()),
    Kind("timer, cycle", on("timeCycle", "R2/P1D"), "piecbog", fire()),
    Kind("conditional", CONDITION, "piecbog", write(n=5)),
    Kind("signal", on("signal", "x"), "piecbotng", fire(), ("x",)),
    Kind("error", on("error", "x"), "ibn"),
    Kind("escalation", on("escalation", "x"), "iebotn"),
    Kind("cancel", on("cancel"), "bn"),
    Kind("compensation", on("compensate"), "ibotn"),
    Kind("link", on("link", "x"), "ct"),
    Kind("terminate", on("terminate"), "n"),
    Kind("multiple", BOTH, "piecbotng", fire(), ("order", "x")),
    Kind("multiple, with compensation", SIGNAL + on("compensate"), "itn", sends=("x",)),
    Kind("multiple, with escalation", SIGNAL + on("escalation", "x"), "iebotn", sends=("x",)),
    Kind("multiple, with error", SIGNAL + on("error", "x"), "ibn", sends=("x",)),
    Kind("multiple, with cancel", SIGNAL + on("cancel"), "bn", sends=("x",)),
    Kind("multiple, with link", SIGNAL + on("link", "x"), "t", sends=("x",)),
    Kind("multiple, with terminate", SIGNAL + on("terminate"), "n", sends=("x",)),
    Kind("parallel multiple", BOTH, "piecbo", fire(), parallel=True),
)

COMPENSATED = (
    element("task", "act")
    + boundary("undo", "act", on("compensate"))
    + element("task", "undone", isForCompensation="true")
)
"""An activity with what undoes it."""

UNDO = '<bpmn:association id="undo_undone" sourceRef="undo" targetRef="undone" />'


def event(tag: str, kind: Kind, **more: str) -> str:
    """The event that is asked about."""
    if kind.parallel:
        more["parallelMultiple"] = "true"
    return element(tag, "it", inside=kind.definition, **more)


def at_process_start(kind: Kind) -> Frame:
    source = startless(event("startEvent", kind), users("work"), end(), flows("it", "work", "end"))
    return source, "it work end", do("work")


def at_subprocess_start(kind: Kind) -> Frame:
    inside = (event("startEvent", kind), users("work"), end("done"), flows("it", "work", "done"))
    source = process(sub("box", *inside), end(), flows("start", "box", "end"))
    return source, "start it work done box end", do("work")


def at_interrupting_start(kind: Kind) -> Frame:
    box = handling(kind, isInterrupting="true")
    if kind.happens or not kind.throws:
        source = process(users("work"), end(), box, flows("start", "work", "end"))
        return source, "start ×work it handler done box", (*kind.happens, *do("handler"))
    # an escalation is thrown before its event is over, an error once nothing else can follow
    ended = "×thrower" if kind.main == "escalation" else "thrower"
    thrower = end_on("thrower", kind.definition)
    source = process(users("work"), thrower, box, flows("start", "work", "thrower"))
    return source, f"start work {ended} it handler done box", do("work", "handler")


def at_other_start(kind: Kind) -> Frame:
    box = handling(kind, isInterrupting="false")
    if kind.happens or not kind.throws:
        source = process(users("work"), end(), box, flows("start", "work", "end"))
        order = "start it handler done box work end"
        return source, order, (*kind.happens, *do("handler", "work"))
    thrower = element("intermediateThrowEvent", "thrower", inside=kind.definition)
    ways = flows("start", "thrower", "work", "end")
    source = process(thrower, users("work"), end(), box, ways)
    return source, "start it thrower handler done box work end", do("handler", "work")


def handling(kind: Kind, **more: str) -> str:
    """An event subprocess that the event begins."""
    first = event("startEvent", kind, **more)
    inside = (first, users("handler"), end("done"), flows("it", "handler", "done"))
    return sub("box", *inside, triggeredByEvent="true")


def caught_between(kind: Kind) -> Frame:
    it = event("intermediateCatchEvent", kind)
    if kind.main == "link":
        there = element("intermediateThrowEvent", "there", inside=kind.definition)
        ways = flows("start", "there") + flows("it", "work", "end")
        return process(there, it, users("work"), end(), ways), "start there it work end", do("work")
    source = process(it, users("work"), end(), flows("start", "it", "work", "end"))
    return source, "start it work end", (*kind.happens, *do("work"))


def thrown_between(kind: Kind) -> Frame:
    it = event("intermediateThrowEvent", kind)
    if kind.main == "link":
        ways = flows("start", "it") + flows("here", "work", "end")
        here = catch("here", on("link", "x"))
        return process(it, here, users("work"), end(), ways), "start it here work end", do("work")
    if kind.main == "escalation":
        return escalating(it, interrupting=False, edge="edge")
    if kind.main == "compensation":
        ways = flows("start", "act", "it", "end")
        source = process(COMPENSATED, it, end(), ways, UNDO)
        return source, "start act undo undone it end", ()
    source = process(it, users("work"), end(), flows("start", "it", "work", "end"))
    return source, "start it work end", do("work")


def at_interrupting_border(kind: Kind) -> Frame:
    if kind.main == "compensation":
        return at_compensating_border(kind, interrupting=True)
    if kind.throws and not kind.happens:
        return thrown_to_border(kind, end_on("thrower", kind.definition), edge="it")
    ways = flows("start", "work", "end") + flows("it", "handler", "handled")
    source = process(users("work", "handler"), edge_of(kind, "work"), end(), end("handled"), ways)
    return source, "start ×work it handler handled", (*kind.happens, *do("handler"))


def at_other_border(kind: Kind) -> Frame:
    if kind.main == "compensation":
        return at_compensating_border(kind, interrupting=False)
    it = edge_of(kind, "work", interrupting=False)
    if kind.main == "escalation":
        thrower = element("intermediateThrowEvent", "thrower", inside=kind.definition)
        return escalating(thrower, interrupting=False, edge="it")
    ways = flows("start", "work", "end") + flows("it", "handler", "handled")
    source = process(users("work", "handler"), it, end(), end("handled"), ways)
    order = "start it handler handled work end"
    return source, order, (*kind.happens, *do("handler", "work"))


def edge_of(kind: Kind, host: str, *, interrupting: bool = True) -> str:
    """The boundary event that is asked about."""
    cancel = str(interrupting).lower()
    return event("boundaryEvent", kind, attachedToRef=host, cancelActivity=cancel)


def at_compensating_border(kind: Kind, *, interrupting: bool) -> Frame:
    """It is neither: the activity is over when it is compensated."""
    undone = element("task", "undone", isForCompensation="true")
    it = edge_of(kind, "act", interrupting=interrupting)
    link = '<bpmn:association id="it_undone" sourceRef="it" targetRef="undone" />'
    throw = element("intermediateThrowEvent", "thrower", inside=kind.definition)
    ways = flows("start", "act", "thrower", "end")
    source = process(element("task", "act"), it, undone, throw, end(), ways, link)
    return source, "start act it undone thrower end", ()


def escalating(thrower: str, *, interrupting: bool, edge: str) -> Frame:
    """A subprocess that goes on after the escalation at its border."""
    name = "it" if edge != "it" else "thrower"
    first = (start("begin"), thrower, users("work"), end("done"))
    box = sub("box", *first, flows("begin", name, "work", "done"))
    border = boundary(edge, "box", on("escalation", "x"), interrupting=interrupting)
    ways = flows("start", "box", "end") + flows(edge, "handler", "handled")
    source = process(box, border, users("handler"), end(), end("handled"), ways)
    order = f"start begin {edge} {name} handler handled work done box end"
    return source, order, do("handler", "work")


def thrown_to_border(kind: Kind, thrower: str, *, edge: str) -> Frame:
    """A subprocess that ends by what its border catches."""
    name = "it" if edge != "it" else "thrower"
    tag = "transaction" if kind.main == "cancel" else "subProcess"
    inside = (start("begin"), users("work"), thrower, flows("begin", "work", name))
    border = boundary(edge, "box", kind.definition)
    ways = flows("start", "box", "end") + flows(edge, "handler", "handled")
    around = (border, users("handler"), end(), end("handled"), ways)
    source = process(sub("box", *inside, tag=tag), *around)
    ended = f"×{name}" if kind.main == "escalation" else name
    return source, f"start begin work {ended} ×box {edge} handler handled", do("work", "handler")


def at_end(kind: Kind) -> Frame:
    it = event("endEvent", kind)
    if kind.main in ("error", "escalation", "cancel"):
        return thrown_to_border(kind, it, edge="edge")
    if kind.main == "compensation":
        source = process(COMPENSATED, it, flows("start", "act", "it"), UNDO)
        return source, "start act undo undone it", ()
    if kind.main == "terminate":
        ways = flows("start", "work", "it") + flows("start", "other", "end")
        return process(users("work", "other"), it, end(), ways), "start work it ×other", do("work")
    return process(users("work"), it, flows("start", "work", "it")), "start work it", do("work")


def behind_event_gateway(kind: Kind) -> Frame:
    it = event("intermediateCatchEvent", kind)
    late = catch("late", on("timeDuration", "P30D"))
    ways = flows("start", "choice", "it", "work", "end") + flows("choice", "late", "end")
    source = process(event_gateway("choice"), it, late, users("work"), end(), ways)
    return source, "start choice it work end", (*kind.happens, *do("work"))


PLACES = (
    Place("p", "start of a process", at_process_start),
    Place("s", "start of a subprocess", at_subprocess_start),
    Place("i", "start of an event subprocess, interrupting", at_interrupting_start),
    Place("e", "start of an event subprocess, not interrupting", at_other_start),
    Place("c", "intermediate catch", caught_between),
    Place("t", "intermediate throw", thrown_between),
    Place("b", "boundary, interrupting", at_interrupting_border),
    Place("o", "boundary, not interrupting", at_other_border),
    Place("n", "end", at_end),
    Place("g", "behind an event based gateway", behind_event_gateway),
)


def cells() -> Iterator[Cell]:
    """Every kind at every place."""
    for kind in KINDS:
        for place in PLACES:
            source, order, steps = place.frame(kind)
            allowed = place.letter in kind.places
            yield Cell(
                TABLE,
                kind.name,
                place.name,
                source,
                order=tuple(order.split()) if allowed else (),
                steps=steps,
                start_event="it" if place.letter == "p" and kind.name != "none" else None,
                sends=kind.sends if place.letter in "tn" or kind.throws else (),
            )
