"""When somebody may stand in for somebody: no ring, no long chain, one at a time."""

from datetime import UTC, datetime, timedelta

import pytest

from service.domain.deputies import LONGEST, Deputizing, acting_name, fault_of

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def days(principal: str, deputy: str, first: int = 0, last: int = 7, of: str = "") -> Deputizing:
    """From so many days behind Monday to so many, the end not included."""
    return Deputizing(
        principal,
        deputy,
        MONDAY + timedelta(days=first),
        MONDAY + timedelta(days=last),
        frozenset(of.split()) or None,
    )


def test_a_deputy_for_a_week_is_in_order() -> None:
    assert fault_of(days("a", "b"), []) is None


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (days("a", "a"), "本人"),
        (days("a", "b", 7, 7), "晚于"),
        (days("a", "b", 7, 3), "晚于"),
        (days("a", "b", 0, LONGEST.days + 1), "366 天"),
    ],
)
def test_what_makes_no_sense_is_refused(wanted: Deputizing, why: str) -> None:
    assert why in str(fault_of(wanted, []))


def test_one_deputy_at_a_time_for_one_procedure() -> None:
    agreed = [days("a", "b", 0, 7, "admission")]
    assert "已经委托过" in str(fault_of(days("a", "c", 6, 9), agreed))
    assert fault_of(days("a", "c", 7, 9), agreed) is None
    assert fault_of(days("a", "c", 6, 9, "seal"), agreed) is None


def test_nobody_stands_in_for_their_own_deputy() -> None:
    assert "环" in str(fault_of(days("b", "a"), [days("a", "b")]))
    assert "环" in str(fault_of(days("c", "a"), [days("a", "b"), days("b", "c")]))
    assert "环" in str(fault_of(days("b", "c"), [days("c", "a"), days("a", "b")]))


def test_a_ring_needs_one_moment_and_one_procedure() -> None:
    assert fault_of(days("b", "a", 7, 9), [days("a", "b", 0, 7)]) is None
    assert fault_of(days("b", "a", of="seal"), [days("a", "b", of="admission")]) is None
    later = [days("a", "b", 0, 5), days("b", "c", 5, 9)]
    assert fault_of(days("c", "a", 0, 9), later) is None


def test_a_chain_has_three_links_at_most() -> None:
    chain = [days("a", "b"), days("b", "c")]
    assert fault_of(days("c", "d"), chain) is None
    longer = [*chain, days("c", "d")]
    assert "3 层" in str(fault_of(days("d", "e"), longer))
    assert "3 层" in str(fault_of(days("z", "a"), longer))
    assert "3 层" in str(fault_of(days("b", "c"), [days("z", "a"), days("a", "b"), days("c", "d")]))


def test_the_record_names_both() -> None:
    assert acting_name("李娜", "张敏") == "李娜（代张敏）"
    assert acting_name("李娜", None) == "李娜"
