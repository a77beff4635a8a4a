"""docs/patterns.md, the diagrams and the tests of the control-flow patterns say the same."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from service.feel import FeelPool
from tests.engine.checking import check, errors
from tests.engine.conftest import PATTERNS, read_model

HERE = Path(__file__).parent
TABLE = HERE.parents[1] / "docs" / "patterns.md"


class Row(NamedTuple):
    """A pattern of the table."""

    number: str
    name: str
    chinese: str
    supported: str
    how: str
    diagram: str
    test: str


ROWS = [
    Row(*(cell.strip() for cell in line.strip("|").split("|")))
    for line in TABLE.read_text().splitlines()
    if re.match(r"\| \d", line)
]


def functions_that_test() -> dict[str, set[str]]:
    """The tests of patterns by module."""
    return {
        path.name: set(re.findall(r"^def (test_\w+)", path.read_text(), re.M))
        for path in HERE.glob("test_patterns_*.py")
        if path != Path(__file__)
    }


def test_every_pattern_has_a_row() -> None:
    assert [row.number for row in ROWS] == [str(number) for number in range(1, 44)]
    assert {row.supported for row in ROWS} <= {"directly", "by a construct", "not"}


def test_every_supported_row_names_its_diagram_and_its_test() -> None:
    tests = functions_that_test()
    for row in ROWS:
        if row.supported == "not":
            assert (row.diagram, row.test) == ("–", "–"), row.name
            continue
        diagram = row.diagram.strip("`").removesuffix(".bpmn")
        module, test = row.test.strip("`").split("::")
        assert test == f"test_{diagram}", row.name
        assert test in tests[module], row.name
        assert f'pattern("{diagram}"' in (HERE / module).read_text(), row.name


def test_every_diagram_and_every_test_has_its_row() -> None:
    diagrams = {row.diagram.strip("`") for row in ROWS if row.supported != "not"}

    assert {path.name for path in PATTERNS.iterdir()} == diagrams
    for test in set().union(*functions_that_test().values()):
        assert any(test.startswith(f"test_{name[:-5]}") for name in diagrams), test


def test_a_diagram_is_named_as_its_row() -> None:
    for row in ROWS:
        if row.supported != "not":
            model = read_model((PATTERNS / row.diagram.strip("`")).read_bytes())
            assert (model.process_id, model.name) == (row.diagram.strip("`")[:-5], row.chinese)


@pytest.mark.parametrize("diagram", sorted(path.name for path in PATTERNS.iterdir()))
def test_a_diagram_may_be_deployed(feel: FeelPool, diagram: str) -> None:
    assert errors(check((PATTERNS / diagram).read_bytes(), feel)) == set()


def test_the_numbers_in_the_text_are_those_of_the_table() -> None:
    directly = sum(row.supported == "directly" for row in ROWS)
    by_construct = sum(row.supported == "by a construct" for row in ROWS)

    assert f"{directly} run directly, {by_construct} by a construct" in TABLE.read_text()
