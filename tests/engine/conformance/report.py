"""The cells with what became of them, as text."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, groupby

from service.feel import FeelPool
from tests.engine.conformance import activities, containers, events, gateways, named, ways
from tests.engine.conformance.cells import Cell
from tests.engine.conformance.probe import FAULTS, Answer, Verdict, probe

TEST = "tests/engine/test_conformance.py::test_a_cell"
"""The test that proves a cell; its parameter is the cell's name."""

Answered = tuple[Cell, Answer]


def all_cells() -> list[Cell]:
    """Every construct at every place."""
    kinds = (events, activities, gateways, named, ways, containers)
    return list(chain.from_iterable(kind.cells() for kind in kinds))


def answers(cells: Iterable[Cell], feel: FeelPool) -> list[Answered]:
    """What becomes of each."""
    return [(cell, probe(cell, feel)) for cell in cells]


def faulty(answered: Iterable[Answered]) -> bool:
    """Whether anything is missing or silently wrong."""
    return any(answer.verdict in FAULTS for _, answer in answered)


def lines(answered: list[Answered]) -> Iterator[str]:
    """A line a cell under its construct, then how many there are of each."""
    for (table, construct), group in groupby(
        answered, lambda one: (one[0].table, one[0].construct)
    ):
        yield f"{table}: {construct}"
        for cell, answer in group:
            yield f"  {cell.place:<47} {answer.verdict.value:<12} {_proof(cell, answer)}"
        yield ""
    yield from _totals(answered)


def _row(cell: Cell) -> tuple[str, str]:
    return cell.table, cell.construct


def _proof(cell: Cell, answer: Answer) -> str:
    """The test that runs it, the rule and the test with its diagram, or what is wrong."""
    test = f"{TEST}[{cell.name}]"
    match answer.verdict:
        case Verdict.RUNS:
            return test
        case Verdict.REFUSED:
            return f"{answer.why}, {test}"
        case _:
            return answer.why


def _totals(answered: list[Answered]) -> Iterator[str]:
    number = Counter(answer.verdict for _, answer in answered)
    yield f"{len(answered)} cells"
    for verdict in Verdict:
        if verdict is not Verdict.WRONG:
            yield f"{verdict.value}: {number[verdict]}"
    yield f"silently wrong: {number[Verdict.WRONG]}"
