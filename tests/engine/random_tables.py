"""Random decision tables, and a small judge of them that shares nothing with the engine."""

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from service.domain.values import Json
from tests.engine.tables import column, decision, dmn, table

WORDS = ("甲", "乙", "丙")
AGGREGATED = ("COLLECT SUM", "COLLECT MIN", "COLLECT MAX", "COLLECT COUNT")
POLICIES = (
    *("UNIQUE", "ANY", "FIRST", "PRIORITY", "RULE ORDER", "OUTPUT ORDER", "COLLECT"),
    *AGGREGATED,
)

Outcome = tuple[str, Json, list[int]]
"""How it ended (`ok` or what was violated), the output, and the rows."""


@dataclass(frozen=True)
class Cell:
    """A test of a number: any of `equal`, between `low` and `high`, or the opposite."""

    equal: tuple[int, ...] = ()
    low: int | None = None
    high: int | None = None
    denied: bool = False

    def text(self) -> str:
        """The cell as FEEL."""
        if self.low is not None and self.high is not None:
            return f"[{self.low}..{self.high}]"
        if self.low is not None:
            return f">= {self.low}"
        if self.high is not None:
            return f"< {self.high}"
        listed = ", ".join(map(str, self.equal))
        return f"not({listed})" if self.denied else listed or "-"

    def meets(self, value: int | None) -> bool:
        """Whether a number, or nothing, meets the cell."""
        if value is None:
            return self.low is None and self.high is None and (not self.equal or self.denied)
        if self.low is not None and self.high is not None:
            return self.low <= value <= self.high
        if self.low is not None:
            return value >= self.low
        if self.high is not None:
            return value < self.high
        return not self.equal or (value in self.equal) is not self.denied


@dataclass(frozen=True)
class Table:
    """A table of two inputs `x` and `y` and one or two outputs, `words` of the given order."""

    policy: str
    order: tuple[str, ...]
    rows: tuple[tuple[Cell, Cell, Json, int], ...]
    default: tuple[Json, int] | None
    two: bool

    def content(self) -> bytes:
        """The table as a file."""
        policy, _, aggregation = (
            self.policy.partition(" ")
            if self.aggregates
            else (
                self.policy,
                "",
                "",
            )
        )
        more = f' aggregation="{aggregation}"' if aggregation else ""
        columns = column("input", 1, "x") + column("input", 2, "y")
        default = ["", ""] if self.default is None else [_feel(one) for one in self.default]
        allowed = {} if self.aggregates else {"allowed": ", ".join(map(_feel, self.order))}
        columns += column("output", 1, name="a", default=default[0], **allowed)
        columns += column("output", 2, name="b", default=default[1]) if self.two else ""
        rules = [
            ([x.text(), y.text()], [_feel(a), _feel(b)][: 1 + self.two]) for x, y, a, b in self.rows
        ]
        logic = table(rules, policy=policy, columns=columns, more=more)
        return dmn(decision(logic))

    @property
    def aggregates(self) -> bool:
        """Whether numbers are made of the first column."""
        return self.policy in AGGREGATED


def _feel(value: Json) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def judged(table: Table, x: int | None, y: int) -> Outcome:
    """What the standard says of a table and two numbers."""
    met = [i for i, row in enumerate(table.rows) if row[0].meets(x) and row[1].meets(y)]
    results: list[Json] = [_result(table, (table.rows[i][2], table.rows[i][3])) for i in met]
    if not met:
        return _without_rule(table)
    if table.aggregates:
        return "ok", _aggregated(table, [table.rows[i][2] for i in met]), met
    if table.policy in ("PRIORITY", "OUTPUT ORDER"):
        ranks = [table.order.index(str(table.rows[i][2])) for i in met]
        return _ordered(table, met, results, ranks)
    return _plain(table, met, results)


def _without_rule(table: Table) -> Outcome:
    lists = table.policy in ("RULE ORDER", "OUTPUT ORDER", "COLLECT")
    if table.policy == "COLLECT COUNT":
        return "ok", 0, []
    if table.default is None:
        return "ok", [] if lists else None, []
    default = _result(table, table.default)
    return "ok", [default] if lists else default, []


def _result(table: Table, values: tuple[Json, int]) -> Json:
    return {"a": values[0], "b": values[1]} if table.two else values[0]


def _aggregated(table: Table, values: Sequence[Json]) -> Json:
    numbers = [value for value in values if isinstance(value, int)]
    match table.policy:
        case "COLLECT SUM":
            return sum(numbers)
        case "COLLECT MIN":
            return min(numbers)
        case "COLLECT MAX":
            return max(numbers)
        case _:
            return len(numbers)


def _ordered(table: Table, met: list[int], results: list[Json], ranks: list[int]) -> Outcome:
    places = sorted(range(len(met)), key=lambda i: (ranks[i], met[i]))
    if table.policy == "OUTPUT ORDER":
        return "ok", [results[i] for i in places], [met[i] for i in places]
    best = [i for i in places if ranks[i] == ranks[places[0]]]
    if any(results[i] != results[best[0]] for i in best):
        return "tied", None, [met[i] for i in best]
    return "ok", results[best[0]], [met[best[0]]]


def _plain(table: Table, met: list[int], results: list[Json]) -> Outcome:
    if table.policy == "UNIQUE" and len(met) > 1:
        return "not unique", None, met
    if table.policy == "ANY" and any(result != results[0] for result in results):
        return "not unanimous", None, met
    if table.policy == "FIRST":
        return "ok", results[0], met[:1]
    return "ok", results if table.policy in ("RULE ORDER", "COLLECT") else results[0], met


_NUMBERS = st.integers(0, 9)
_CELLS = st.one_of(
    st.just(Cell()),
    st.builds(Cell, low=_NUMBERS),
    st.builds(Cell, high=_NUMBERS),
    st.tuples(_NUMBERS, _NUMBERS).map(lambda ends: Cell(low=min(ends), high=max(ends))),
    st.builds(
        Cell,
        equal=st.lists(_NUMBERS, min_size=1, max_size=3).map(tuple),
        denied=st.booleans(),
    ),
)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Tables of every hit policy."""
    policy = draw(st.sampled_from(POLICIES))
    aggregates = policy in AGGREGATED
    first: st.SearchStrategy[Json] = st.integers(-20, 20) if aggregates else st.sampled_from(WORDS)
    second = st.integers(0, 1)
    rows = st.lists(st.tuples(_CELLS, _CELLS, first, second), min_size=1, max_size=6).map(tuple)
    has_default = policy != "COLLECT COUNT" and draw(st.booleans())
    return Table(
        policy=policy,
        order=tuple(draw(st.permutations(WORDS))),
        rows=draw(rows),
        default=draw(st.tuples(first, second)) if has_default else None,
        two=not aggregates and draw(st.booleans()),
    )
