"""Random decision tables of every hit policy agree with a judge that shares nothing with them."""

import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.engine import DecisionFailure, check_dmn, decision_models, try_decision
from service.feel import FeelPool
from tests.engine.player import NOW
from tests.engine.random_tables import Outcome, Table, judged, tables

EXAMPLES = int(os.environ.get("JIAOYAN_EXAMPLES", "150"))

_ENDS = {
    "decision-not-unique": "not unique",
    "decision-not-unanimous": "not unanimous",
    "decision-priority-tied": "tied",
}


def evaluated(table: Table, x: int | None, y: int, feel: FeelPool) -> Outcome:
    """How the engine ends."""
    [model] = decision_models(table.content())
    result = try_decision(model, "grade", {"x": x, "y": y}, feel=feel, now=NOW)
    rows = [rule.index - 1 for rule in result.evaluated[-1].matched_rules]
    if isinstance(result, DecisionFailure):
        return _ENDS[result.error.code], None, rows
    return "ok", result.output, rows


@given(table=tables(), x=st.none() | st.integers(-1, 10), y=st.integers(-1, 10))
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_table_decides_as_the_standard_says(
    feel: FeelPool, table: Table, x: int | None, y: int
) -> None:
    end, output, rows = judged(table, x, y)
    found = evaluated(table, x, y, feel)

    assert found[:2] == (end, output)
    assert found[2] == rows or end == "tied"


@given(table=tables())
@settings(
    max_examples=EXAMPLES // 5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_such_tables_may_be_deployed(feel: FeelPool, table: Table) -> None:
    assert check_dmn(table.content(), resource="table.dmn", feel=feel) == []
