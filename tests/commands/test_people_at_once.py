"""Two administrators at once, or one who clicks twice: one change, one record of it."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from service.commands import (
    account_states,
    accounts,
    api_tokens,
    deputies,
    groups,
    handing_over,
    organization_import,
    password_links,
    posts,
    rights,
    ties,
)
from service.commands.account_states import PersonLeft
from service.commands.accounts import PersonIsGone, UsernameTaken
from service.commands.deputies import DeputyRefused
from service.commands.posts import PostNotFound, UnitHasHead
from service.commands.toolbox import Toolbox
from service.commands.user_tasks import Completed
from service.domain.actors import SYSTEM
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.domain.handing_over import HandoverPlan
from service.domain.password_links import LinkUsed
from service.domain.recusal import TieInvalid, TieKind
from service.domain.user_tasks import TaskNotFound, TaskNotYours
from service.domain.verification import CodeRefused
from service.store import record_check
from service.store.tables import (
    ApiToken,
    AuthorizationGrant,
    Membership,
    Person,
    PersonalTie,
    Post,
    PostLabel,
    UserTask,
    WebSession,
)
from tests.books import book
from tests.commands.coming_in import Pocket, ask, deliver, enter
from tests.commands.test_two_at_once import at_once
from tests.fixtures_commands import Deploy, Stage
from tests.fixtures_organization import Bureau
from tests.fixtures_store import OFFICE, PASSWORD
from tests.recorded import record_cast


@pytest.fixture
def house(stage: Stage, bureau: Bureau) -> Stage:
    with stage.rooms.write() as tools:
        record_cast(tools, stage.clock.now)
    return stage


def refusals(answers: list[object]) -> list[type[object]]:
    return [type(one) for one in answers if isinstance(one, Exception)]


def writing(stage: Stage, command: Callable[..., object], **what: object) -> object:
    """Run a command in a transaction of its own, as the system."""
    with stage.rooms.write() as tools:
        return command(tools, actor=SYSTEM, now=stage.clock.now, **what)


def assert_sound(stage: Stage) -> None:
    with stage.rooms.read() as session:
        assert record_check.verify(session) == []


def test_a_post_is_ended_once(house: Stage, bureau: Bureau) -> None:
    key = bureau.begin("li.na", "city", labels=["数学"])
    end = partial(writing, house, posts.end_post, key=key)
    assert refusals(at_once(end, end)) == [PostNotFound]
    assert_sound(house)


def test_a_post_is_changed_once(house: Stage, bureau: Bureau) -> None:
    key = bureau.begin("li.na", "city", labels=["数学"])
    change = partial(writing, house, posts.change_post, key=key, title="教研员", labels=["语文"])
    assert refusals(at_once(change, change)) == [PostNotFound]
    assert len(house.rows(PostLabel, label="语文")) == 1
    assert_sound(house)


def test_a_unit_gets_one_head(house: Stage) -> None:
    begin = partial(writing, house, posts.begin_post, unit_id="city", title="主任", heads_unit=True)
    answers = at_once(partial(begin, username="li.na"), partial(begin, username="wang.wei"))
    assert refusals(answers) == [UnitHasHead]
    assert_sound(house)


def test_an_account_is_made_once(house: Stage) -> None:
    invite = partial(writing, house, accounts.create_person, username="new", display_name="新人")
    assert refusals(at_once(invite, invite)) == [UsernameTaken]
    assert_sound(house)


def test_of_two_links_the_newer_serves_and_once(house: Stage) -> None:
    writing(house, accounts.create_person, username="new", display_name="新人")
    until = house.clock.now + timedelta(days=1)
    link = partial(writing, house, password_links.make, username="new", expires_at=until)
    made = at_once(link, link)
    assert refusals(made) == []
    tokens = [one.token for one in made if isinstance(one, password_links.NewLink)]

    def use(token: str) -> object:
        return password_links.accept(
            house.rooms, token=token, password=PASSWORD, address="", now=house.clock.now
        )

    answers = at_once(*(partial(use, token) for token in tokens * 2))
    assert answers.count("new") == 1
    assert LinkUsed in refusals(answers)
    assert_sound(house)


def test_somebody_leaves_once(house: Stage) -> None:
    leave = partial(writing, house, account_states.leave, username="li.na")
    assert refusals(at_once(leave, leave)) == [PersonLeft]
    assert_sound(house)


def join(tools: Toolbox, **when: object) -> None:
    groups.add_member(tools, group_id=OFFICE, username="wang.wei", **when)  # type: ignore[arg-type]


def hold(tools: Toolbox, **when: object) -> None:
    right = Grant(GranteeKind.PERSON, "wang.wei", "*", ObjectKind.CASE, Action.READ)
    rights.grant(tools, right, **when)  # type: ignore[arg-type]


def begin(tools: Toolbox, **when: object) -> None:
    posts.begin_post(tools, username="wang.wei", unit_id="city", title="科员", **when)  # type: ignore[arg-type]


def program(tools: Toolbox, **when: object) -> None:
    api_tokens.create_token(tools, username="wang.wei", name="报表", **when)  # type: ignore[arg-type]


@pytest.mark.parametrize("give", [join, hold, begin, program])
def test_nothing_given_at_that_moment_outlasts_a_leaving(
    house: Stage, give: Callable[..., object]
) -> None:
    answers = at_once(
        partial(writing, house, give),
        partial(writing, house, account_states.leave, username="wang.wei"),
    )
    assert refusals(answers) in ([], [PersonIsGone])
    assert house.rows(Membership, username="wang.wei") == []
    assert house.rows(AuthorizationGrant, grantee="wang.wei") == []
    assert house.rows(Post, username="wang.wei", ended_at=None) == []
    assert house.rows(ApiToken, username="wang.wei", revoked_at=None) == []
    assert_sound(house)


def test_who_leaves_while_completing_has_completed_or_left_the_task(
    house: Stage, deploy: Deploy
) -> None:
    deploy("errand.bpmn")
    task = house.task(house.start("errand").instance_key, "ask")

    done, left = at_once(
        lambda: house.complete(task, house.cast.applicant),
        lambda: handing_over.leave(
            house.rooms,
            username="zhang.min",
            plan=HandoverPlan("wang.wei"),
            actor=SYSTEM,
            now=house.clock.now,
        ),
    )

    assert not isinstance(left, Exception)
    row = house.row(UserTask, key=task)
    if isinstance(done, Completed):
        assert (row["state"], row["ended_by"]) == ("COMPLETED", "zhang.min")
    else:
        assert type(done) in {TaskNotFound, TaskNotYours} or "TaskHeld" in type(done).__name__
        assert (row["state"], row["assignee"]) == ("CREATED", "wang.wei")
    assert house.row(Person, username="zhang.min")["active"] is False
    assert_sound(house)


def test_an_import_is_taken_once(house: Stage) -> None:
    content = book(
        [["s1", "示例小学01", "学校", "bureau", ""]],
        [["t1", "教师001", "s1", "教师", "数学", "是", None, None, None]],
    )

    def take() -> object:
        with house.rooms.write() as tools:
            return organization_import.apply(tools, content, actor=SYSTEM, now=house.clock.now)

    answers = at_once(take, take)
    counted = [
        len(one.people.begun) for one in answers if isinstance(one, organization_import.Checked)
    ]
    assert sorted(counted) in ([0, 1], [1])
    assert len(house.rows(Post, username="t1")) == 1
    assert_sound(house)


def test_two_do_not_become_deputies_of_each_other(house: Stage) -> None:
    window = {"starts_at": house.clock.now, "ends_at": house.clock.now + timedelta(days=1)}
    appoint = partial(writing, house, deputies.appoint, **window)
    answers = at_once(
        partial(appoint, principal="li.na", deputy="wang.wei"),
        partial(appoint, principal="wang.wei", deputy="li.na"),
    )
    assert refusals(answers) == [DeputyRefused]
    assert_sound(house)


def test_a_tie_is_declared_once(house: Stage) -> None:
    declare = partial(writing, house, ties.declare, kind=TieKind.SPOUSE)
    answers = at_once(
        partial(declare, username="li.na", other="wang.wei"),
        partial(declare, username="wang.wei", other="li.na"),
    )
    assert refusals(answers) == [TieInvalid]
    assert len(house.rows(PersonalTie)) == 1
    assert_sound(house)


def test_a_code_admits_once_however_often_it_is_sent(house: Stage) -> None:
    pocket = Pocket()
    ask(house)
    deliver(house, pocket)
    answers = at_once(*(partial(enter, house, pocket.code) for _ in range(4)))
    assert refusals(answers) == [CodeRefused] * 3
    assert len(house.rows(Person, kind="public")) == 1
    assert len(house.rows(WebSession)) == 1
    assert_sound(house)
