"""Who can be given what: members of staff who are here, under a lock that keeps them here."""

from collections.abc import Callable

import pytest
from sqlalchemy import update

from service.commands import account_states, api_tokens, groups, posts, rights
from service.commands.accounts import PersonIsGone, PersonNotStaff
from service.commands.toolbox import Toolbox
from service.domain.accounts import PUBLIC_APPLICANTS
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.domain.user_tasks import AssigneeUnknown
from service.queries import deserted_tasks
from service.store.tables import Membership, Person, Post
from tests.commands.coming_in import come_in
from tests.fixtures_commands import REVIEW, Deploy, Stage
from tests.fixtures_organization import Bureau
from tests.fixtures_store import OFFICE

Give = Callable[[Toolbox, str, Stage], object]


def into_group(tools: Toolbox, username: str, stage: Stage) -> None:
    groups.add_member(tools, group_id=OFFICE, username=username, actor=SYSTEM, now=stage.clock.now)


def a_right(tools: Toolbox, username: str, stage: Stage) -> None:
    right = Grant(GranteeKind.PERSON, username, "*", ObjectKind.CASE, Action.READ)
    rights.grant(tools, right, actor=SYSTEM, now=stage.clock.now)


def a_token(tools: Toolbox, username: str, stage: Stage) -> None:
    api_tokens.create_token(
        tools, username=username, name="报表", actor=SYSTEM, now=stage.clock.now
    )


def a_post(tools: Toolbox, username: str, stage: Stage) -> None:
    posts.begin_post(
        tools,
        username=username,
        unit_id="city",
        title="教研员",
        actor=SYSTEM,
        now=stage.clock.now,
    )


@pytest.mark.parametrize("give", [into_group, a_right, a_token, a_post])
def test_who_has_left_is_given_nothing(stage: Stage, bureau: Bureau, give: Give) -> None:
    """They would have it again when they come back, who come back with nothing."""
    with stage.rooms.write() as tools:
        account_states.leave(tools, username="wang.wei", actor=SYSTEM, now=stage.clock.now)
    with stage.rooms.write() as tools, pytest.raises(PersonIsGone):
        give(tools, "wang.wei", stage)


@pytest.mark.parametrize("give", [into_group, a_post])
def test_an_outsider_has_no_place_among_staff(stage: Stage, bureau: Bureau, give: Give) -> None:
    outsider = come_in(stage).signed_in.username
    with stage.rooms.write() as tools, pytest.raises(PersonNotStaff):
        give(tools, outsider, stage)
    assert [one["group_id"] for one in stage.rows(Membership, username=outsider)] == [
        PUBLIC_APPLICANTS
    ]
    assert stage.rows(Post) == []


def test_a_case_of_others_is_not_assigned_to_an_outsider(
    stage: Stage, deploy: Deploy, operator: Actor
) -> None:
    deploy(*REVIEW)
    outsider = come_in(stage).signed_in.username
    task = stage.task(stage.start("review", variables={"姓名": "王小明"}).instance_key, "check")
    with pytest.raises(AssigneeUnknown):
        stage.assign(task, outsider, operator)


class TestWhoIsBehindATask:
    """Somebody who could do it: nobody else counts."""

    @pytest.fixture
    def case(self, stage: Stage, deploy: Deploy) -> int:
        deploy(*REVIEW)
        return stage.start("review", variables={"姓名": "王小明"}).instance_key

    def deserted(self, stage: Stage, operator: Actor) -> list[str]:
        with stage.rooms.read() as session:
            return [one.name for one in deserted_tasks.page(session, actor=operator).rows]

    def test_who_was_invited_and_has_not_come_does_not_count(
        self, stage: Stage, case: int, operator: Actor
    ) -> None:
        assert self.deserted(stage, operator) == []
        its = update(Person).where(Person.username == "li.na")
        with stage.rooms.write() as tools:
            tools.session.execute(its.values(password_hash=None))
        assert len(self.deserted(stage, operator)) == 1

    def test_a_program_needs_no_password(self, stage: Stage, case: int, operator: Actor) -> None:
        its = update(Person).where(Person.username == "li.na")
        with stage.rooms.write() as tools:
            tools.session.execute(its.values(password_hash=None))
            a_token(tools, "li.na", stage)
        assert self.deserted(stage, operator) == []

    def test_an_outsider_put_into_the_group_by_hand_does_not_count(
        self, stage: Stage, case: int, operator: Actor
    ) -> None:
        its = update(Person).where(Person.username == "li.na")
        with stage.rooms.write() as tools:
            tools.session.execute(its.values(kind="public"))
        assert len(self.deserted(stage, operator)) == 1

    def test_an_outsider_counts_for_what_was_given_to_them(
        self, stage: Stage, case: int, operator: Actor
    ) -> None:
        stage.assign(stage.task(case, "check"), "wang.wei", operator)
        its = update(Person).where(Person.username == "wang.wei")
        with stage.rooms.write() as tools:
            tools.session.execute(its.values(kind="public", password_hash=None))
        assert self.deserted(stage, operator) == []
