"""The arithmetic of decisions: thresholds of 5 to 11 members, and the cases a lawyer would ask."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.committee.desk import there_of
from processes.committee.rules import (
    ItemClass,
    Outcome,
    Quorum,
    RecusalBase,
    Room,
    RuleSettings,
    Tally,
    chair_votes_last,
    one_person_each,
    quorum_needed,
    readiness,
    reconsidered,
    result,
    votes_needed,
    waits_for,
)
from processes.committee.tables import Attendee, Presence

STRICT = RuleSettings()
INCLUSIVE = RuleSettings(half_includes_half=True)
COUNTED = RuleSettings(recused_count_for_quorum=True)
HALF, TWO_THIRDS = Quorum.HALF, Quorum.TWO_THIRDS
CARRIED, NOT_CARRIED = Outcome.CARRIED, Outcome.NOT_CARRIED
DEFERRED, NO_QUORUM = Outcome.DEFERRED, Outcome.NO_QUORUM


@pytest.mark.parametrize(
    ("due", "half", "half_inclusive", "two_thirds", "yes"),
    [
        (5, 3, 3, 4, 3),
        (6, 4, 3, 4, 4),
        (7, 4, 4, 5, 4),
        (8, 5, 4, 6, 5),
        (9, 5, 5, 6, 5),
        (10, 6, 5, 7, 6),
        (11, 6, 6, 8, 6),
    ],
)
def test_the_table_of_thresholds(
    due: int, half: int, half_inclusive: int, two_thirds: int, yes: int
) -> None:
    assert quorum_needed(due, HALF, STRICT) == half
    assert quorum_needed(due, HALF, INCLUSIVE) == half_inclusive
    assert quorum_needed(due, TWO_THIRDS, STRICT) == two_thirds
    assert votes_needed(due) == yes


@pytest.mark.parametrize(
    ("room", "quorum", "settings", "outcome"),
    [
        pytest.param(Room(7, 4, 1, 1), HALF, STRICT, DEFERRED, id="1"),
        pytest.param(Room(7, 4, 1, 1), TWO_THIRDS, STRICT, NO_QUORUM, id="2"),
        pytest.param(Room(7, 5, 1, 1), TWO_THIRDS, STRICT, DEFERRED, id="3"),
        pytest.param(Room(7, 5, 1, 1), TWO_THIRDS, COUNTED, None, id="3 with the recused counted"),
        pytest.param(Room(5, 5, 3, 3), TWO_THIRDS, STRICT, DEFERRED, id="10"),
        pytest.param(Room(5, 5, 3, 3), HALF, COUNTED, DEFERRED, id="10 with the recused counted"),
        pytest.param(Room(6, 3), HALF, STRICT, NO_QUORUM, id="11"),
        pytest.param(Room(6, 3), HALF, INCLUSIVE, DEFERRED, id="11 inclusive: 3 cannot reach 4"),
        pytest.param(Room(7, 7, 1, 1), TWO_THIRDS, STRICT, None, id="12"),
        pytest.param(Room(7, 5), TWO_THIRDS, STRICT, None, id="13: five left"),
        pytest.param(Room(7, 4), TWO_THIRDS, STRICT, NO_QUORUM, id="13: four left"),
    ],
)
def test_who_is_there_is_checked_before_the_vote(
    room: Room, quorum: Quorum, settings: RuleSettings, outcome: Outcome | None
) -> None:
    assert readiness(room, quorum, settings).outcome is outcome


@pytest.mark.parametrize(
    ("room", "tally", "quorum", "settings", "outcome"),
    [
        pytest.param(Room(7, 5, 1, 1), Tally(4), TWO_THIRDS, COUNTED, CARRIED, id="3 unanimous"),
        pytest.param(Room(7, 5, 1, 1), Tally(3, 1), TWO_THIRDS, COUNTED, NOT_CARRIED, id="3 not"),
        pytest.param(Room(7, 5, 1, 1), Tally(4), TWO_THIRDS, STRICT, DEFERRED, id="3 by default"),
        pytest.param(Room(7, 6), Tally(3, 1, 2), TWO_THIRDS, STRICT, NOT_CARRIED, id="4"),
        pytest.param(Room(7, 5), Tally(3, 2), TWO_THIRDS, STRICT, NOT_CARRIED, id="5"),
        pytest.param(Room(8, 8), Tally(4, 4), TWO_THIRDS, STRICT, NOT_CARRIED, id="6"),
        pytest.param(Room(8, 6), Tally(4, 1, 1), TWO_THIRDS, STRICT, NOT_CARRIED, id="7"),
        pytest.param(Room(9, 6), Tally(5, 1), TWO_THIRDS, STRICT, CARRIED, id="8"),
        pytest.param(Room(7, 7), Tally(4, 3), TWO_THIRDS, STRICT, CARRIED, id="9"),
        pytest.param(Room(7, 7), Tally(4, 3), HALF, STRICT, CARRIED, id="9 of any class"),
        pytest.param(Room(6, 3), Tally(3), HALF, STRICT, NO_QUORUM, id="11"),
        pytest.param(Room(6, 3), Tally(3), HALF, INCLUSIVE, NOT_CARRIED, id="11 inclusive"),
        pytest.param(Room(7, 7, 1, 1), Tally(5, 1), TWO_THIRDS, STRICT, CARRIED, id="12"),
    ],
)
def test_what_the_votes_come_to(
    room: Room, tally: Tally, quorum: Quorum, settings: RuleSettings, outcome: Outcome
) -> None:
    assert result(room, tally, quorum, settings).outcome is outcome


def test_a_group_that_can_never_decide_asks_who_set_it_up() -> None:
    ready = readiness(Room(5, 5, 3, 3), TWO_THIRDS, STRICT)
    assert ready.escalate
    assert "报请批准设立党组的党组织" in ready.words
    assert not readiness(Room(7, 4, 1, 1), HALF, STRICT).escalate


def test_the_result_says_the_rule_in_words_and_figures() -> None:
    said = result(Room(7, 6), Tally(4, 1, 1), TWO_THIRDS, STRICT).words
    assert said == "应到7人，实到6人，赞成4票，反对1票，弃权1票，超过应到半数（3.5），通过"
    said = result(Room(8, 8), Tally(4, 4), HALF, STRICT).words
    assert said.endswith("赞成4票，反对4票，没有超过应到半数（4），须5票，未通过")


def test_the_base_stays_whole_unless_the_bureau_says_otherwise() -> None:
    room, tally = Room(8, 8, 2, 2), Tally(4, 2)
    reduced = RuleSettings(recusal_base=RecusalBase.REDUCED)
    assert result(room, tally, TWO_THIRDS, STRICT).outcome is NOT_CARRIED
    assert result(room, tally, TWO_THIRDS, reduced).outcome is CARRIED
    assert "应到（不含应回避的）半数（3）" in result(room, tally, TWO_THIRDS, reduced).words


@pytest.mark.parametrize(
    ("item_class", "subjects", "allowed"),
    [
        (ItemClass.EXIT, ("甲",), True),
        (ItemClass.EXIT, ("甲", "乙"), False),
        (ItemClass.RECRUITMENT, (), False),
        (ItemClass.PLAN, (), True),
        (ItemClass.OTHER, ("甲", "乙"), False),
    ],
)
def test_one_person_is_one_item(
    item_class: ItemClass, subjects: tuple[str, ...], allowed: bool
) -> None:
    assert one_person_each(item_class, len(subjects)) is allowed


def test_who_chairs_votes_last() -> None:
    assert chair_votes_last(["b", "c", "chair"], "chair")
    assert not chair_votes_last(["chair", "b", "c"], "chair")
    assert waits_for({"chair", "b", "c"}, {"b"}, "chair") == ("c",)


@pytest.mark.parametrize(
    ("due", "consenting", "allowed"), [(7, 3, False), (7, 4, True), (8, 4, False)]
)
def test_taking_up_again_needs_more_than_half(due: int, consenting: int, allowed: bool) -> None:
    assert reconsidered(due, consenting) is allowed


def test_the_meeting_itself_needs_half() -> None:
    due = [Attendee(presence=Presence.PRESENT) for _ in range(3)]
    due += [Attendee(presence=Presence.ABSENT) for _ in range(3)]
    assert there_of(due, STRICT).words == "应到6人，实到3人，不足4人"
    assert not there_of(due, INCLUSIVE).is_too_few
    due[3].presence = Presence.REMOTE
    assert there_of(due, STRICT).is_too_few
    assert not there_of(due, replace(STRICT, remote_counts=True)).is_too_few


@given(
    due=st.integers(1, 15),
    data=st.data(),
    quorum=st.sampled_from(Quorum),
    inclusive=st.booleans(),
    counted=st.booleans(),
)
def test_trap_4_nothing_is_carried_by_half_of_those_due_or_less(
    due: int, data: st.DataObject, quorum: Quorum, inclusive: bool, counted: bool
) -> None:
    present = data.draw(st.integers(0, due))
    recused = data.draw(st.integers(0, present))
    yes = data.draw(st.integers(0, present - recused))
    room = Room(due, present, recused, recused)
    settings = RuleSettings(half_includes_half=inclusive, recused_count_for_quorum=counted)
    found = result(room, Tally(yes), quorum, settings)
    assert (found.outcome is CARRIED) <= (2 * yes > due)
    assert (found.outcome is CARRIED) <= (present >= quorum_needed(due, quorum, settings))
