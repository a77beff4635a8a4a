"""The ranking: a total order, the announced tie-break, the extra test, who moves up."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.recruitment.rules.channel import Channel
from processes.recruitment.rules.ranking import Standing, rank, substitute, substitution_finding
from processes.recruitment.rules.scores import Scheme, TieBreak, default_scheme
from processes.registers.settings import defaults

DEFAULTS = defaults(date(2026, 3, 2))
SELECTION = default_scheme(Channel.SELECTION, DEFAULTS)
OPEN = default_scheme(Channel.OPEN, DEFAULTS)
UNTIL = date(2026, 6, 30)


def standing(
    name: str,
    total: str = "80",
    *,
    written: str = "80",
    interview: str = "80",
    honoured: bool = False,
    extra: str | tuple[str, ...] = (),
) -> Standing:
    marks = tuple(map(Decimal, (extra,) if isinstance(extra, str) else extra))
    return Standing(name, Decimal(total), Decimal(written), Decimal(interview), honoured, marks)


def order(*people: Standing, scheme: Scheme = OPEN) -> list[str]:
    return [one.candidate for one in rank(people, scheme).ranks]


def test_the_higher_total_comes_first() -> None:
    assert order(standing("a", "80.01"), standing("b", "80.02")) == ["b", "a"]


def test_in_a_selection_an_honour_comes_before_the_interview() -> None:
    honoured, better = standing("a", honoured=True), standing("b", interview="90", written="65")
    assert order(better, honoured, scheme=SELECTION) == ["a", "b"]


def test_in_open_recruitment_an_honour_that_was_not_announced_changes_nothing() -> None:
    honoured, better = standing("a", honoured=True), standing("b", interview="90", written="65")
    assert order(honoured, better) == ["b", "a"]


def test_an_honour_never_outweighs_a_hundredth() -> None:
    assert order(standing("a", "80", honoured=True), standing("b", "80.01"), scheme=SELECTION) == [
        "b",
        "a",
    ]


def test_after_the_interview_the_written_examination_decides() -> None:
    people = standing("a", interview="80", written="70"), standing("b", written="71")
    found = rank(people, OPEN)
    assert [(one.candidate, one.broken_by) for one in found.ranks] == [
        ("b", TieBreak.WRITTEN),
        ("a", TieBreak.WRITTEN),
    ]


def test_equal_after_all_needs_an_extra_test_which_then_decides() -> None:
    found = rank([standing("a"), standing("b")], OPEN)
    assert found.undecided == (("a", "b"),)
    assert found.proposed(1) == ()
    assert found.proposed(2) == ("a", "b")
    settled = rank([standing("a", extra="70"), standing("b", extra="71")], OPEN)
    assert settled.proposed(1) == ("b",)


def test_a_second_extra_test_never_overturns_the_first() -> None:
    people = standing("a", extra="70"), standing("b", extra="60"), standing("c", extra="60")
    assert rank(people, OPEN).undecided == (("b", "c"),)
    again = standing("b", extra=("60", "90")), standing("c", extra=("60", "95"))
    assert order(people[0], *again) == ["a", "c", "b"]


def test_without_an_announced_tie_break_equals_go_to_the_extra_test_at_once() -> None:
    bare = replace(OPEN, tie_breaks=())
    assert rank([standing("a", interview="90"), standing("b")], bare).undecided == (("a", "b"),)


def test_who_did_not_reach_the_line_is_not_ranked() -> None:
    found = rank([replace(standing("a"), passed=False), standing("b")], OPEN)
    assert found.failed == ("a",)
    assert found.proposed(2) == ("b",)


def test_the_next_candidate_moves_up() -> None:
    found = rank([standing("a", "90"), standing("b", "85"), standing("c", "80")], OPEN)
    assert substitute(found, {"a"}, today=UNTIL, until=UNTIL) == ("b",)
    assert substitute(found, {"a", "b"}, today=UNTIL, until=UNTIL) == ("c",)
    assert substitute(found, {"a", "b", "c"}, today=UNTIL, until=UNTIL) == ()


def test_equals_who_would_move_up_are_named_together() -> None:
    found = rank([standing("a", "90"), standing("b"), standing("c")], OPEN)
    assert substitute(found, {"a"}, today=UNTIL, until=UNTIL) == ("b", "c")
    assert substitute(found, {"a", "b"}, today=UNTIL, until=UNTIL) == ("c",)


def test_nobody_moves_up_after_the_announced_day() -> None:
    found = rank([standing("a", "90"), standing("b")], OPEN)
    after = UNTIL + timedelta(days=1)
    assert substitute(found, {"a"}, today=after, until=UNTIL) == ()
    assert substitution_finding(UNTIL, UNTIL).met
    assert substitution_finding(after, UNTIL).norm.id == "R-NEXT"


def test_without_an_announced_day_nobody_moves_up() -> None:
    found = rank([standing("a", "90"), standing("b")], OPEN)
    assert substitute(found, {"a"}, today=UNTIL, until=None) == ()


_MARKS = st.decimals(min_value=0, max_value=3, places=0)
_PEOPLE = st.lists(
    st.builds(Standing, st.text("abcdefgh", min_size=1), _MARKS, _MARKS, _MARKS, st.booleans()),
    unique_by=lambda one: one.candidate,
)


@given(_PEOPLE)
def test_the_order_does_not_depend_on_who_was_entered_first(people: list[Standing]) -> None:
    found = rank(people, SELECTION)
    assert rank(people[::-1], SELECTION) == found
    assert sorted(one.candidate for one in found.ranks) == sorted(one.candidate for one in people)


@given(_PEOPLE, st.integers(0, 8))
def test_no_more_are_proposed_than_there_are_posts(people: list[Standing], posts: int) -> None:
    assert len(rank(people, SELECTION).proposed(posts)) <= posts


@pytest.mark.parametrize("scheme", [SELECTION, OPEN])
def test_places_are_counted_past_those_who_share_one(scheme: Scheme) -> None:
    found = rank([standing("a"), standing("b"), standing("c", "70")], scheme)
    assert [one.place for one in found.ranks] == [1, 1, 3]
