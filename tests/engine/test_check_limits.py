"""Huge and deep models are checked within a bounded time, or refused."""

from time import monotonic

from service.feel import FeelPool
from tests.engine.builders import diagram, element, end, flows, on, script, start, sub, user
from tests.engine.checking import check, errors
from tests.engine.everything import catch, piece, throw

SECONDS = 60
"""Far above what it takes on an idle machine (4 s): quadratic work takes minutes."""


def in_time(source: bytes, feel: FeelPool) -> set[tuple[str, str]]:
    """The errors of a diagram that must not take long."""
    begun = monotonic()
    found = errors(check(source, feel))
    assert monotonic() - begun < SECONDS
    return found


def test_five_thousand_elements_are_checked(feel: FeelPool) -> None:
    names = [f"t{i}" for i in range(4_990)]
    scripts = [script(name, "=score + 1") for name in names]

    assert in_time(piece(*scripts, end(), flows("start", *names, "end")), feel) == set()


def test_five_thousand_loose_elements_are_told_up_to_a_bound(feel: FeelPool) -> None:
    names = [f"t{i}" for i in range(4_990)]

    problems = check(piece(*map(user, names), end(), flows("start", "end")), feel)

    assert len(problems) == 500


def test_thousands_of_links_pair_up(feel: FeelPool) -> None:
    links = [
        element("task", f"k{i}")
        + throw(f"a{i}", on("link", f"{i}"))
        + catch(f"c{i}", on("link", f"{i}"))
        for i in range(1_600)
    ]
    ways = [flows(f"k{i}", f"a{i}") + flows(f"c{i}", f"k{i + 1}") for i in range(1_599)]
    last = flows("k1599", "a1599") + flows("c1599", "end")

    assert in_time(piece(*links, end(), flows("start", "k0"), *ways, last), feel) == set()


def nested(levels: int) -> bytes:
    """Subprocesses in one another."""
    inside, name = element("task", "deepest"), "deepest"
    for level in range(levels):
        ends = f"in{level}", f"out{level}"
        inside = sub(
            f"s{level}", start(ends[0]), inside, end(ends[1]), flows(ends[0], name, ends[1])
        )
        name = f"s{level}"
    return piece(inside, end(), flows("start", name, "end"))


def test_nearly_two_hundred_levels_are_checked(feel: FeelPool) -> None:
    assert in_time(nested(190), feel) == set()


def test_more_than_two_hundred_levels_are_refused(feel: FeelPool) -> None:
    assert in_time(nested(210), feel) == {("xml-depth", "")}


def test_thousands_of_schema_errors_are_told_up_to_a_bound(feel: FeelPool) -> None:
    tasks = [f'<bpmn:task id="t{i}" colour="red" />' for i in range(4_000)]

    begun = monotonic()
    assert len(check(diagram(*tasks), feel)) <= 500
    assert monotonic() - begun < SECONDS


def test_one_id_five_thousand_times_is_one_problem(feel: FeelPool) -> None:
    assert ("id-unique", "same") in in_time(diagram(*[element("task", "same")] * 4_990), feel)
