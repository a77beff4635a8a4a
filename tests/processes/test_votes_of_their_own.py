"""A vote and a mark are their owner's: nobody is given them, and nobody else's is recorded so."""

import pytest

from service.commands import instance_lock, task_handing, task_records, user_tasks
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.user_tasks import TaskIsPersonal
from tests.processes.conftest import give_right
from tests.processes.desk import COLLEAGUE, Desk
from tests.processes.reviewing import REVIEWERS, prove, seat, vote

OPERATOR = Actor("operator", "运维", frozenset({"ops"}))


def test_a_reviewers_vote_is_given_to_nobody_and_counts_for_nobody_else(
    desk: Desk,
) -> None:
    case = desk.apply().instance_key
    desk.check(case)
    with desk.rooms.database.write() as session:
        right = ("ops", "*", ObjectKind.TASK, Action.ACT)
        give_right(session, desk.rooms.keys.next(), right, desk.clock())
    prove(desk, case)
    seat(desk, case)
    (first,) = [one for one in desk.open_tasks(case) if one.assignee == REVIEWERS[0].username]
    with desk.rooms.write() as tools, pytest.raises(TaskIsPersonal):
        user_tasks.assign(
            tools, first.key, assignee=COLLEAGUE.username, actor=OPERATOR, now=desk.clock()
        )
    # as a version before this one would have left it
    with desk.rooms.write() as tools:
        instance, _ = instance_lock.lock_with_task(tools.session, first.key)
        found = task_records.find(tools.session, first.key, SYSTEM)
        task_handing.hand(tools, instance, found, COLLEAGUE.username, desk.clock())
    with pytest.raises(TaskIsPersonal):
        vote(desk, case, COLLEAGUE)
    assert desk.variables(case)["panel_votes"] == []
