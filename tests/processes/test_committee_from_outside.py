"""Who may act on the running of meetings writes nothing into one, and signs for nobody."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from processes.committee import discussion
from processes.committee.tables import MeetingState, MinutesFile
from service.commands import element_instances, messages
from service.domain.authorization import Action, ObjectKind
from service.domain.instances import InstanceSealed
from service.feel import FeelPool
from service.store.tables import Variable
from tests.processes.conftest import give_right
from tests.processes.desk import Desk
from tests.processes.party_group import (
    PROCESS,
    SECRETARIES,
    SECRETARY,
    Group,
    about_exit,
    actor_of,
    complete,
    next_day,
    open_bureau,
)


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("outside"), feel) as desk:
        with desk.rooms.database.write() as session:
            for action in (Action.READ, Action.ACT):
                right = (SECRETARIES, PROCESS, ObjectKind.RUNNING, action)
                give_right(session, desk.rooms.keys.next(), right, desk.clock())
        yield desk


@pytest.fixture
def group(bureau: Desk) -> Group:
    """Seven members, all there, one exit on the agenda; the chair keeps out, another leads it."""
    next_day(bureau)
    group = Group(bureau, 7)
    group.begin(about_exit(f"某人{bureau.clock():%m%d}"), present=7)
    group.discuss(recuse=[1])
    with group.sitting() as sitting:
        discussion.delegate_item(sitting, group.only, actor_of(2).username)
    group.begin_vote()
    return group


def close(group: Group) -> None:
    group.votes(5, 1, voters=range(2, 8), chair=2)
    group.close_vote()
    group.close()
    group.run_jobs()


def test_a_secretary_writes_nothing_and_closes_nothing_by_a_message(group: Group) -> None:
    desk = group.desk
    with pytest.raises(InstanceSealed), desk.rooms.write() as tools:
        element_instances.set_variables(
            tools, group.key, {"item_chairs": []}, local=False, actor=SECRETARY, now=desk.clock()
        )
    for name, key in (("committee.closed", group.key), ("committee.agenda", group.key)):
        with desk.rooms.write() as tools:
            sent = messages.publish(
                tools, name, correlation_key=str(key), variables={"agenda_by": SECRETARY.username},
                time_to_live=timedelta(minutes=5), actor=SECRETARY, now=desk.clock(),
            )  # fmt: skip
        assert sent.instance_keys == ()
    group.run_jobs()
    assert [task.element_id for task in desk.open_tasks(group.key)] == []
    close(group)
    assert [task.element_id for task in desk.open_tasks(group.key)] == ["check_minutes"]


def test_no_minutes_are_archived_without_the_part_that_another_signs(group: Group) -> None:
    # given minutes whose list of who signs a part was emptied beside the program
    desk = group.desk
    close(group)
    with desk.rooms.database.write() as session:
        session.execute(
            update(Variable)
            .where(Variable.instance_key == group.key, Variable.name == "item_chairs")
            .values(value=[])
        )
    complete(desk, group, "check_minutes", "ready", SECRETARY)
    group.run_jobs()
    complete(desk, group, "sign_minutes", "sign", actor_of(1))
    group.run_jobs()
    with desk.rooms.read() as session:
        assert session.get(MinutesFile, group.key) is None
    assert group.meeting().state == MeetingState.CLOSED


def test_they_are_archived_with_it(group: Group) -> None:
    desk = group.desk
    close(group)
    complete(desk, group, "check_minutes", "ready", SECRETARY)
    group.run_jobs()
    complete(desk, group, "sign_items", "sign", actor_of(2))
    group.run_jobs()
    complete(desk, group, "sign_minutes", "sign", actor_of(1))
    group.run_jobs()
    with desk.rooms.read() as session:
        assert session.get(MinutesFile, group.key) is not None
