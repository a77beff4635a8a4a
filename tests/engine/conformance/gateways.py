"""Gateways × what they are used for. BPMN 2.0.2, 10.6 and 13.4."""

from collections.abc import Iterator

from tests.engine.builders import (
    catch,
    element,
    end,
    event_gateway,
    exclusive,
    flow,
    flows,
    inclusive,
    on,
    parallel,
)
from tests.engine.conformance.cells import Cell, Step, do, fire, process, startless, users

TABLE = "gateways"

SPLIT, JOIN, MIXED = "split", "join", "join and split"
DEFAULT, CONDITION = "default flow", "condition on a flow"
FIRST = "begins the process"

Frame = tuple[bytes, str, tuple[Step, ...]]
"""A diagram, the order of what ends in it (empty where BPMN has no such thing), and the steps."""

AHEAD = parallel("fork") + users("a", "b") + flows("start", "fork", "a", "it")
AHEAD += flows("fork", "b", "it")
"""Two tokens on their way to the gateway."""

AFTER = users("c", "d") + end() + flows("c", "end") + flows("d", "end")
WAYS = flow("it_c", "it", "c", "=n = 1") + flow("it_d", "it", "d", "=n = 2")
BOTH = flow("it_c", "it", "c", "=n = 1") + flow("it_d", "it", "d", "=n > 0")
PLAIN = flows("it", "c") + flows("it", "d")
ONE = flows("it", "end") + end()


def exclusive_cells() -> dict[str, Frame]:
    """The first flow whose condition is true; each token by itself."""
    it = exclusive("it")
    chosen = exclusive("it", default="it_d")
    other = flow("it_c", "it", "c", "=n = 2") + flows("it", "d")
    return {
        SPLIT: (process(flows("start", "it"), it, WAYS, AFTER), "start it c end", do("c")),
        JOIN: (process(AHEAD, it, ONE), "start fork a it end b it end", do("a", "b")),
        MIXED: (
            process(AHEAD, it, WAYS, AFTER),
            "start fork a it c end b it c end",
            do("a", "c", "b", "c"),
        ),
        DEFAULT: (process(flows("start", "it"), chosen, other, AFTER), "start it d end", do("d")),
        CONDITION: (process(flows("start", "it"), it, BOTH, AFTER), "start it c end", do("c")),
        FIRST: (startless(it, users("c", "d"), WAYS), "it c", do("c")),
    }


def parallel_cells() -> dict[str, Frame]:
    """Every flow; a token of each."""
    it = parallel("it")
    one = "start it d end c end"
    chosen = parallel("it", default="it_d")
    return {
        SPLIT: (process(flows("start", "it"), it, PLAIN, AFTER), one, do("d", "c")),
        JOIN: (process(AHEAD, it, ONE), "start fork b a it end", do("b", "a")),
        MIXED: (
            process(AHEAD, it, PLAIN, AFTER),
            "start fork b a it d end c end",
            do("b", "a", "d", "c"),
        ),
        DEFAULT: (process(flows("start", "it"), chosen, PLAIN, AFTER), "", ()),
        CONDITION: (process(flows("start", "it"), it, BOTH, AFTER), "", ()),
        FIRST: (startless(it, users("c", "d"), PLAIN), "it d c", do("d", "c")),
    }


def inclusive_cells() -> dict[str, Frame]:
    """Each flow whose condition is true; all tokens that can still come."""
    it = inclusive("it")
    chosen = inclusive("it", default="it_d")
    none = flow("it_c", "it", "c", "=n = 2") + flows("it", "d")
    return {
        SPLIT: (
            process(flows("start", "it"), it, BOTH, AFTER),
            "start it c end d end",
            do("c", "d"),
        ),
        JOIN: (process(AHEAD, it, ONE), "start fork b a it end", do("b", "a")),
        MIXED: (
            process(AHEAD, it, BOTH, AFTER),
            "start fork b a it d end c end",
            do("b", "a", "d", "c"),
        ),
        DEFAULT: (process(flows("start", "it"), chosen, none, AFTER), "start it d end", do("d")),
        CONDITION: (process(flows("start", "it"), it, WAYS, AFTER), "start it c end", do("c")),
        FIRST: (startless(it, users("c", "d"), BOTH), "it d c", do("d", "c")),
    }


def event_cells() -> dict[str, Frame]:
    """The event that happens first."""
    it = event_gateway("it")
    events = catch("c", on("message", "order")) + catch("d", on("signal", "x")) + end()
    events += flows("c", "end") + flows("d", "end")
    with_condition = flow("it_c", "it", "c", "=n = 1") + flows("it", "d")
    joined = (flows("it", "c", "end"), catch("c", on("signal", "x")), end())
    chosen = event_gateway("it", default="it_d")
    begins = event_gateway("it", instantiate="true")
    both = event_gateway("it", instantiate="true", eventGatewayType="Parallel")
    return {
        SPLIT: (process(flows("start", "it"), it, PLAIN, events), "start it d end", fire("d")),
        JOIN: (process(AHEAD, it, *joined), "", ()),
        MIXED: (
            process(AHEAD, it, PLAIN, events),
            "start fork a it c end b it d end",
            (*do("a"), *fire("c"), *do("b"), *fire("d")),
        ),
        DEFAULT: (process(flows("start", "it"), chosen, PLAIN, events), "", ()),
        CONDITION: (process(flows("start", "it"), it, with_condition, events), "", ()),
        FIRST: (startless(begins, PLAIN, events), "c end", ()),
        "begins the process, all of its events": (startless(both, PLAIN, events), "c d end", ()),
    }


def complex_cells() -> dict[str, Frame]:
    """The gateway with an activation rule of its own."""
    it = element("complexGateway", "it")
    return {
        SPLIT: (process(flows("start", "it"), it, BOTH, AFTER), "start it c end d end", ()),
        JOIN: (process(AHEAD, it, ONE), "start fork a it end b", ()),
        MIXED: (process(AHEAD, it, BOTH, AFTER), "start fork a it c end d end b", ()),
    }


def cells() -> Iterator[Cell]:
    """Every gateway at every place."""
    for construct, frames in {
        "exclusive gateway": exclusive_cells(),
        "parallel gateway": parallel_cells(),
        "inclusive gateway": inclusive_cells(),
        "event based gateway": event_cells(),
        "complex gateway": complex_cells(),
    }.items():
        for place, (source, order, steps) in frames.items():
            begun = "c" if construct == "event based gateway" and FIRST in place else None
            yield Cell(TABLE, construct, place, source, tuple(order.split()), steps, begun)
