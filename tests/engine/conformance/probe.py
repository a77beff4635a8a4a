"""What becomes of a cell: it is deployed, and if that is accepted it runs to its end."""

from collections import Counter
from dataclasses import dataclass
from enum import Enum

from service.domain.events import ElementActivated, ElementCompleted, ElementTerminated
from service.domain.problems import Severity
from service.engine import check_bpmn, process_models
from service.feel import FeelPool
from tests.engine.checking import KNOWN
from tests.engine.conformance.cells import INNER, Cell
from tests.engine.player import Player

BY_NAME = frozenset(
    {
        *("quantity", "multi-instance-behavior", "complex-gateway", "ad-hoc-sequential"),
        *("receive-task-instantiates", "parallel-multiple", "compensation-event-subprocess"),
        *("choreography", "data-store", "id-reserved"),
    }
)
"""Rules that refuse by its name what the standard allows; nothing else of it is refused."""


class Verdict(Enum):
    """What a cell is; the last two are faults."""

    RUNS = "runs"
    REFUSED = "refused"
    NOT_IN_BPMN = "not in BPMN"
    MISSING = "MISSING"
    WRONG = "WRONG"


FAULTS = (Verdict.MISSING, Verdict.WRONG)


@dataclass(frozen=True, slots=True)
class Answer:
    """A verdict with what it rests on: rules that refused, or what ran otherwise."""

    verdict: Verdict
    why: str = ""


def probe(cell: Cell, feel: FeelPool) -> Answer:
    """Deploy the cell's diagram and run it."""
    problems = check_bpmn(cell.source, resource="cell.bpmn", known=KNOWN, feel=feel)
    errors = [one for one in problems if one.severity is Severity.ERROR]
    rules = ", ".join(sorted({one.rule for one in errors}))
    if not cell.in_bpmn:
        at_it = any(one.element_id.startswith("it") for one in errors)
        wrong = f"refused elsewhere: {rules}" if errors else "accepted"
        return Answer(Verdict.NOT_IN_BPMN, rules) if at_it else Answer(Verdict.WRONG, wrong)
    if errors:
        named = {one.rule for one in errors} <= BY_NAME
        return Answer(Verdict.REFUSED if named else Verdict.MISSING, rules)
    fault = run(cell, feel)
    return Answer(Verdict.WRONG, fault) if fault else Answer(Verdict.RUNS)


def run(cell: Cell, feel: FeelPool) -> str:
    """How the run departs from what the cell says; empty if it does not."""
    model = next(m for m in process_models(cell.source) if m.process_id == "P")
    try:
        player = Player(model, feel, start_event=cell.start_event, **cell.variables)  # type: ignore[arg-type]
        for step in cell.steps:
            step(player)
    except (AssertionError, LookupError, StopIteration, ValueError) as fault:
        return f"{type(fault).__name__}: {fault}"
    return _departure(cell, player)


def _departure(cell: Cell, player: Player) -> str:
    order = trace(player)
    if player.stuck:
        return f"incident at {', '.join(player.stuck)} after {' '.join(order)}"
    if order != cell.order:
        return f"ran {' '.join(order)} instead of {' '.join(cell.order)}"
    sent = Counter(one.name for one in player.sent)
    if sent != Counter(cell.sends):
        return f"sent {sorted(sent.elements())}"
    return "" if player.ending else f"did not end; {', '.join(player.waiting)} wait"


def trace(player: Player) -> tuple[str, ...]:
    """Elements in the order in which they ended; what an ad-hoc subprocess begins is not one."""
    inner = {
        one.element_instance_key
        for one in player.events
        if isinstance(one, ElementActivated) and one.type is INNER
    }
    return tuple(
        one.element_id if isinstance(one, ElementCompleted) else f"×{one.element_id}"
        for one in player.events
        if isinstance(one, ElementCompleted | ElementTerminated)
        and one.element_instance_key not in inner
    )
