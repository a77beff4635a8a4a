"""A deputy: both see the task, whoever is first does it, the record names both."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from service.commands import deputies, user_tasks
from service.commands.accounts import AccountsForbidden, PersonNotFound
from service.commands.deputies import DeputyNotFound, DeputyRefused, DeputyUnfit
from service.domain.actors import SYSTEM, Actor
from service.domain.user_tasks import (
    TaskAlreadyCompleted,
    TaskHeldByOther,
    TaskNotFound,
)
from service.queries import inbox, tasks, timeline
from service.queries.inbox_filter import InboxFilter
from service.queries.inbox_order import Box
from service.queries.tasks import Reason
from service.store.tables import AccessEvent, Deputy, InboxEntry, Person, UserTask
from tests.fixtures_commands import REVIEW, Deploy, Stage
from tests.fixtures_organization import actor_now
from tests.fixtures_store import OFFICE

DAY = timedelta(days=1)


def appoint(
    stage: Stage,
    principal: str = "li.na",
    deputy: str = "wang.wei",
    *,
    first: timedelta = -DAY,
    last: timedelta = DAY,
    processes: tuple[str, ...] = (),
    covers_open: bool = True,
    actor: Actor = SYSTEM,
) -> int:
    now = stage.clock.now
    with stage.rooms.write() as tools:
        return deputies.appoint(
            tools,
            principal=principal,
            deputy=deputy,
            starts_at=now + first,
            ends_at=now + last,
            process_ids=processes,
            covers_open=covers_open,
            actor=actor,
            now=now,
        )


def dismiss(stage: Stage, key: int, actor: Actor) -> None:
    with stage.rooms.write() as tools:
        deputies.dismiss(tools, key=key, actor=actor, now=stage.clock.now)


def person(stage: Stage, username: str) -> Actor:
    """As the next request finds them."""
    with stage.rooms.read() as session:
        return actor_now(session, username, stage.clock.now)


def deputy(stage: Stage) -> Actor:
    return person(stage, "wang.wei")


def claim(stage: Stage, task: int, actor: Actor) -> None:
    with stage.rooms.write() as tools:
        user_tasks.claim(tools, task, actor=actor, now=stage.clock.now)


def listed(stage: Stage, actor: Actor, box: Box) -> list[tuple[int | None, str | None]]:
    with stage.rooms.read() as session:
        page = inbox.page(session, actor=actor, box=box, wanted=InboxFilter(), now=stage.clock.now)
    return [(row.task_key, row.principal) for row in page.rows]


def people_of(stage: Stage, instance_key: int) -> list[tuple[str, str]]:
    with stage.rooms.read() as session:
        entries = timeline.of_instance(session, instance_key=instance_key, with_values=True)
    return [(entry.act, entry.actor) for entry in entries]


@pytest.fixture
def case(stage: Stage, deploy: Deploy) -> int:
    """A case whose first task waits for the office."""
    deploy(*REVIEW)
    return stage.start("review", variables={"姓名": "王小明"}).instance_key


@pytest.fixture
def task(stage: Stage, case: int) -> int:
    return stage.task(case, "check")


def test_a_groups_task_may_be_claimed_for_who_is_away(stage: Stage, case: int, task: int) -> None:
    with pytest.raises(TaskNotFound):
        claim(stage, task, deputy(stage))
    appoint(stage)
    assert listed(stage, deputy(stage), Box.CLAIMABLE) == [(task, "李娜")]
    assert listed(stage, person(stage, "li.na"), Box.CLAIMABLE) == [(task, None)]

    claim(stage, task, deputy(stage))

    claimed = stage.value(case, "user-task.claimed")
    assert (claimed["groups"], claimed["principal"]) == ([OFFICE], "li.na")
    with stage.rooms.read() as session:
        shown = tasks.get(session, actor=deputy(stage), key=task)
    assert (shown.reason, shown.principal, shown.may_complete) == (Reason.CLAIMED, "李娜", True)
    assert shown.assignee == "王伟（代李娜）"
    with pytest.raises(TaskHeldByOther, match="王伟"):
        claim(stage, task, person(stage, "li.na"))


def test_what_a_deputy_does_is_in_both_lists_and_names_both(
    stage: Stage, case: int, task: int
) -> None:
    appoint(stage)

    stage.complete(task, deputy(stage), {"核对意见": "属实"}, outcome="approve")

    assert ("user-task.completed", "王伟（代李娜）") in people_of(stage, case)
    assert stage.value(case, "user-task.completed")["principal"] == "li.na"
    row = stage.row(UserTask, key=task)
    assert (row["ended_by"], row["on_behalf_of"]) == ("wang.wei", "li.na")
    for who in ("wang.wei", "li.na"):
        assert listed(stage, person(stage, who), Box.DONE) == [(task, None)]


def test_the_second_of_both_is_told_who_was_first(stage: Stage, task: int) -> None:
    appoint(stage)
    stage.complete(task, deputy(stage), outcome="approve")
    with pytest.raises(TaskAlreadyCompleted, match="王伟（代李娜）"):
        stage.complete(task, person(stage, "li.na"), outcome="approve")


def test_the_deputy_who_is_second_is_told_as_well(stage: Stage, task: int) -> None:
    appoint(stage)
    before = deputy(stage)
    stage.complete(task, person(stage, "li.na"), outcome="approve")
    with pytest.raises(TaskAlreadyCompleted, match="李娜"):
        stage.complete(task, before, outcome="approve")
    with stage.rooms.read() as session, pytest.raises(TaskNotFound):
        tasks.get(session, actor=deputy(stage), key=task)


def test_what_the_principal_holds_is_done_and_not_taken(stage: Stage, task: int) -> None:
    claim(stage, task, person(stage, "li.na"))
    appoint(stage)

    assert listed(stage, deputy(stage), Box.TODO) == [(task, "李娜")]
    assert listed(stage, person(stage, "li.na"), Box.TODO) == [(task, None)]
    with pytest.raises(TaskHeldByOther):
        claim(stage, task, deputy(stage))
    stage.complete(task, deputy(stage), outcome="approve")

    states = {row["holder"]: row["state"] for row in stage.rows(InboxEntry, task_key=task)}
    assert states == {OFFICE: "closed", "li.na": "done", "wang.wei": "done"}


def test_it_counts_from_its_beginning_to_its_end(stage: Stage, task: int) -> None:
    appoint(stage, first=DAY, last=2 * DAY)
    assert deputy(stage).principals == ()
    stage.clock.forward(days=1)
    assert [one.username for one in deputy(stage).principals] == ["li.na"]
    stage.clock.forward(days=1)
    assert deputy(stage).principals == ()
    assert listed(stage, deputy(stage), Box.CLAIMABLE) == []


def test_what_was_claimed_stays_behind_the_end(stage: Stage, case: int, task: int) -> None:
    key = appoint(stage)
    claim(stage, task, deputy(stage))
    dismiss(stage, key, person(stage, "li.na"))

    stage.complete(task, deputy(stage), outcome="approve")

    assert ("user-task.completed", "王伟（代李娜）") in people_of(stage, case)


def test_given_back_it_is_nobodys_behalf(stage: Stage, task: int) -> None:
    appoint(stage)
    claim(stage, task, deputy(stage))
    with stage.rooms.write() as tools:
        user_tasks.release(tools, task, actor=deputy(stage), now=stage.clock.now)
    assert stage.row(UserTask, key=task)["on_behalf_of"] is None
    claim(stage, task, person(stage, "li.na"))


def test_tasks_from_before_only_where_it_says_so(stage: Stage, task: int) -> None:
    stage.clock.forward(hours=1)
    appoint(stage, first=timedelta(), covers_open=False)

    assert listed(stage, deputy(stage), Box.CLAIMABLE) == []
    with pytest.raises(TaskNotFound):
        claim(stage, task, deputy(stage))
    later = stage.task(stage.start("review", variables={"姓名": "李四"}).instance_key, "check")
    assert listed(stage, deputy(stage), Box.CLAIMABLE) == [(later, "李娜")]


def test_other_procedures_stay_apart(stage: Stage, task: int) -> None:
    appoint(stage, processes=("errand",))
    assert listed(stage, deputy(stage), Box.CLAIMABLE) == []
    with pytest.raises(TaskNotFound):
        claim(stage, task, deputy(stage))


def test_never_in_a_case_of_ones_own(stage: Stage, task: int) -> None:
    """The applicant started it."""
    appoint(stage, deputy="zhang.min")
    applicant = person(stage, "zhang.min")

    assert [one.username for one in applicant.principals] == ["li.na"]
    assert listed(stage, applicant, Box.CLAIMABLE) == []
    for act in (claim, lambda stage, task, actor: stage.complete(task, actor, outcome="approve")):
        with pytest.raises(TaskNotFound):
            act(stage, task, applicant)


def test_never_at_a_step_that_forbids_it(stage: Stage, deploy: Deploy) -> None:
    deploy("ballot.bpmn")
    appoint(stage)
    key = stage.start("ballot").instance_key

    assert listed(stage, deputy(stage), Box.CLAIMABLE) == []
    with pytest.raises(TaskNotFound):
        claim(stage, stage.task(key, "vote"), deputy(stage))
    claim(stage, stage.task(key, "vote"), person(stage, "li.na"))
    assert listed(stage, deputy(stage), Box.TODO) == []


def test_a_chain_hands_on_as_far_as_all_allow(stage: Stage, case: int, task: int) -> None:
    appoint(stage, "li.na", "zhang.min")
    appoint(stage, "zhang.min", "wang.wei", processes=("review",))

    assert [one.username for one in deputy(stage).principals] == ["li.na", "zhang.min"]
    stage.complete(task, deputy(stage), outcome="approve")
    assert ("user-task.completed", "王伟（代李娜）") in people_of(stage, case)


def test_a_chain_ends_where_their_procedures_part(stage: Stage, task: int) -> None:
    appoint(stage, "li.na", "zhang.min", processes=("errand",))
    appoint(stage, "zhang.min", "wang.wei", processes=("review",))

    assert [one.username for one in deputy(stage).principals] == ["zhang.min"]


def test_ones_own_place_comes_first(stage: Stage, task: int, deploy: Deploy) -> None:
    """Who is in the group as well acts for themselves."""
    appoint(stage, "wang.wei", "li.na")
    stage.complete(task, person(stage, "li.na"), outcome="approve")
    assert stage.row(UserTask, key=task)["on_behalf_of"] is None


def test_a_closed_account_has_no_deputy(stage: Stage, task: int) -> None:
    appoint(stage)
    with stage.rooms.write() as tools:
        tools.session.execute(update(Person).where(Person.username == "li.na").values(active=False))
    assert deputy(stage).principals == ()


def test_a_person_names_their_own_deputy_and_nobody_elses(stage: Stage, task: int) -> None:
    officer = stage.cast.officer
    key = appoint(stage, actor=officer)
    with pytest.raises(AccountsForbidden):
        appoint(stage, "zhang.min", "wang.wei", actor=officer)
    with pytest.raises(DeputyNotFound):
        dismiss(stage, key, stage.cast.applicant)
    dismiss(stage, key, stage.cast.stranger)
    with pytest.raises(DeputyNotFound):
        dismiss(stage, key, officer)
    assert stage.row(Deputy)["ended_by"] == "wang.wei"
    with stage.rooms.read() as session:
        kinds = session.scalars(select(AccessEvent.kind).order_by(AccessEvent.key)).all()
    assert kinds[-2:] == ["deputy_changed", "deputy_changed"]


@pytest.mark.parametrize(
    ("principal", "deputy", "refusal"),
    [
        ("li.na", "li.na", DeputyRefused),
        ("li.na", "no.body", PersonNotFound),
        ("li.na", "", PersonNotFound),
        ("li.na", "x\x00", PersonNotFound),
    ],
)
def test_odd_pairs_are_refused(
    stage: Stage, task: int, principal: str, deputy: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        appoint(stage, principal, deputy)


def test_what_lies_behind_or_is_a_ring_is_refused(stage: Stage, task: int) -> None:
    with pytest.raises(DeputyRefused, match="已经过去"):
        appoint(stage, first=-2 * DAY, last=timedelta())
    appoint(stage)
    with pytest.raises(DeputyRefused, match="环"):
        appoint(stage, "wang.wei", "li.na")


def test_only_staff_with_open_accounts(stage: Stage, task: int) -> None:
    for values in ({"active": False}, {"active": True, "kind": "public"}):
        with stage.rooms.write() as tools:
            tools.session.execute(
                update(Person).where(Person.username == "wang.wei").values(**values)
            )
        with pytest.raises(DeputyUnfit):
            appoint(stage)
