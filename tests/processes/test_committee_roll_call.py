"""Calling the roll: the absent one by one, the rest at a press that single presses still change."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from processes.committee import meetings
from processes.committee.desk_acts import ACTS, Sent
from processes.committee.refusals import WrongState
from processes.committee.tables import Presence
from service.feel import FeelPool
from tests.processes.desk import Desk
from tests.processes.party_group import Group, about_plan, actor_of, next_day, open_bureau

_plans = count(1)


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("roll"), feel) as desk:
        yield desk


@pytest.fixture
def group(bureau: Desk) -> Group:
    next_day(bureau)
    group = Group(bureau, 5)
    group.prepare(about_plan(f"计划{next(_plans)}"))
    return group


def test_the_rest_are_there_and_who_was_called_stays(group: Group) -> None:
    group.mark(2, Presence.ABSENT)
    group.mark(3, Presence.REMOTE)
    assert call_the_rest(group) == ("其余3人已登记到会。登记错的，在他的名字下改选后再按“登记”。")
    assert presences(group) == [
        Presence.PRESENT, Presence.ABSENT, Presence.REMOTE, Presence.PRESENT, Presence.PRESENT,
    ]  # fmt: skip
    assert call_the_rest(group) == "应到成员都已经登记，没有改动。"


def test_a_single_press_takes_back_one_of_the_rest(group: Group) -> None:
    call_the_rest(group)
    group.mark(4, Presence.ABSENT)
    assert presences(group).count(Presence.PRESENT) == 4


def test_who_comes_after_all_keeps_no_reason_of_absence(group: Group) -> None:
    group.mark(2, Presence.ABSENT)
    group.mark(2, Presence.PRESENT)
    with group.sitting() as sitting:
        came = sitting.member(actor_of(2).username)
    assert came is not None
    assert (came.presence, came.note) == (Presence.PRESENT, "")


def test_nobody_is_called_before_the_notice_or_after_the_meeting(group: Group) -> None:
    with group.sitting() as sitting:
        meetings.cancel(sitting, "改期另开")
    with pytest.raises(WrongState):
        call_the_rest(group)


def call_the_rest(group: Group) -> str:
    with group.sitting() as sitting:
        return ACTS["mark-rest"](sitting, Sent({}))


def presences(group: Group) -> list[Presence]:
    with group.sitting() as sitting:
        return [Presence(one.presence) for one in sitting.attendees(due=True)]
