"""Nobody gets a task that is about somebody they are tied to, whichever way it would come."""

import pytest

from service.commands import (
    rights,
    ties,
    user_tasks,
)
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import ALL, Action, Grant, GranteeKind, ObjectKind
from service.domain.recusal import (
    RecusalForbidden,
    RecusalRequired,
    TieInvalid,
    TieKind,
    TieNotFound,
    TieOfOneself,
    TieSource,
)
from service.domain.user_tasks import TaskNotFound, TaskNotYours
from service.queries import deserted_tasks
from service.queries import ties as tie_queries
from service.queries.inbox_order import Box
from service.store.tables import InboxEntry, Message, PersonalTie, TaskBar, UserTask
from tests.commands.recusing import STRANGER, claim, end, listed, start, tie
from tests.fixtures_commands import Deploy, Stage


@pytest.fixture
def stage(stage: Stage, deploy: Deploy) -> Stage:
    deploy("recusing.bpmn")
    return stage


@pytest.fixture
def personnel(stage: Stage) -> Actor:
    """Looks after recusal."""
    with stage.rooms.write() as tools:
        for action in (Action.READ, Action.ACT):
            right = Grant(GranteeKind.PERSON, STRANGER, ALL, ObjectKind.RECUSAL, action)
            rights.grant(tools, right, actor=SYSTEM, now=stage.clock.now)
    return stage.cast.stranger


def test_without_ties_the_step_goes_as_drawn(stage: Stage) -> None:
    key = start(stage, judge=STRANGER)

    assert stage.row(UserTask, element_id="given")["assignee"] == STRANGER
    assert "user-task.recused" not in stage.acts(key)
    assert listed(stage, stage.cast.officer) == ["人事科核对"]


def test_the_diagram_gives_no_task_to_who_is_tied(stage: Stage) -> None:
    tie(stage, STRANGER)

    key = start(stage, judge=STRANGER, judges=["li.na"])

    assert stage.row(UserTask, element_id="given")["assignee"] is None
    assert stage.value(key, "user-task.recused") == {"name": "指定评审", "person": STRANGER}
    assert listed(stage, stage.cast.stranger, Box.TODO) == []
    assert "指定评审" in listed(stage, stage.cast.officer)


def test_a_party_never_decides_on_themselves(stage: Stage) -> None:
    start(stage, judge="zhang.min", judges=["li.na"])

    assert stage.row(UserTask, element_id="given")["assignee"] is None
    assert listed(stage, stage.cast.applicant, Box.TODO) == ["补充材料"]


def test_who_is_tied_neither_sees_nor_claims_nor_completes(stage: Stage) -> None:
    tie(stage)
    task = stage.task(start(stage), "shared")

    assert listed(stage, stage.cast.officer) == []
    with pytest.raises(TaskNotFound):
        claim(stage, task, stage.cast.officer)
    with pytest.raises(TaskNotFound):
        stage.complete(task, stage.cast.officer)


def test_a_task_for_people_who_are_all_tied_is_deserted(
    stage: Stage, operator: Actor, personnel: Actor
) -> None:
    tie(stage)

    key = start(stage, judge=STRANGER)

    assert "user-task.nobody" in stage.acts(key)
    with stage.rooms.read() as session:
        rows = deserted_tasks.page(session, actor=operator).rows
    assert [row.name for row in rows] == ["人事科核对"]
    assert [one.why for one in rows[0].barred] == [
        "与本事项当事人张敏有亲属关系（夫妻）",
        "是本事项的当事人",
    ]


def test_who_assigns_is_told_who_is_barred_and_why(stage: Stage, operator: Actor) -> None:
    tie(stage, STRANGER, kind=TieKind.COAUTHOR)
    task = stage.task(start(stage), "shared")

    with pytest.raises(RecusalRequired) as refusal:
        stage.assign(task, STRANGER, operator)
    assert "王伟与本事项当事人张敏有关系（共同署名、合作研究）" in refusal.value.message
    with pytest.raises(RecusalRequired, match="张敏是本事项的当事人"):
        stage.assign(task, "zhang.min", operator)
    assert stage.row(UserTask, element_id="shared")["assignee"] is None


def test_the_right_to_assign_does_not_lift_the_bar(stage: Stage, operator: Actor) -> None:
    tie(stage, operator.username)
    task = stage.task(start(stage, judges=[operator.username]), "given")

    with pytest.raises(TaskNotYours):
        claim(stage, task, operator)
    with pytest.raises(TaskNotYours):
        stage.complete(task, operator)


def test_a_step_that_names_nobody_asks_nothing(stage: Stage) -> None:
    tie(stage)
    key = start(stage, judges=["li.na"])

    with stage.rooms.write() as tools:
        user_tasks.release(
            tools, stage.task(key, "free"), actor=stage.cast.applicant, now=stage.clock.now
        )
    assert "补充材料" in listed(stage, stage.cast.officer)


def test_a_tie_declared_later_takes_the_task_back(stage: Stage) -> None:
    key = start(stage, judge="li.na", judges=[STRANGER])
    shared = stage.task(key, "shared")
    claim(stage, shared, stage.cast.officer)

    tie(stage)

    assert stage.row(UserTask, element_id="given")["assignee"] is None
    assert stage.row(UserTask, element_id="shared")["assignee"] is None
    assert stage.acts(key).count("user-task.recused") == 2
    assert stage.rows(Message) == []
    assert listed(stage, stage.cast.stranger) == ["指定评审"]
    with pytest.raises(TaskNotFound):
        stage.complete(shared, stage.cast.officer)


def test_a_tie_that_is_over_lets_in_again_unless_another_holds(stage: Stage) -> None:
    marriage = tie(stage)
    work = tie(stage, kind=TieKind.COAUTHOR)
    start(stage)

    end(stage, marriage, stage.cast.officer)
    assert {row["tie_key"] for row in stage.rows(TaskBar, username="li.na")} == {work}
    assert listed(stage, stage.cast.officer) == []

    end(stage, work, stage.cast.officer)
    assert stage.rows(TaskBar, username="li.na") == []
    assert listed(stage, stage.cast.officer) == ["人事科核对"]


def test_it_holds_whoever_of_the_two_declared_it(stage: Stage) -> None:
    tie(stage, "zhang.min", "li.na")
    start(stage)

    assert listed(stage, stage.cast.officer) == []


def test_what_was_done_before_stays_done(stage: Stage) -> None:
    key = start(stage)
    stage.complete(stage.task(key, "shared"), stage.cast.officer)

    tie(stage)

    assert stage.row(InboxEntry, holder="li.na", state="done")["instance_key"] == key
    assert stage.rows(TaskBar, username="li.na", task_key=stage.task(key, "shared")) == []


def test_nobody_declares_for_others_without_the_right(stage: Stage, personnel: Actor) -> None:
    def declare(actor: Actor, source: TieSource, note: str) -> int:
        with stage.rooms.write() as tools:
            return ties.declare(
                tools,
                username="li.na",
                other="zhang.min",
                kind=TieKind.LINEAL,
                source=source,
                note=note,
                actor=actor,
                now=stage.clock.now,
            )

    with pytest.raises(RecusalForbidden):
        declare(stage.cast.applicant, TieSource.SELF, "")
    with pytest.raises(RecusalForbidden):
        declare(stage.cast.officer, TieSource.UNIT, "自己给自己定")
    with pytest.raises(TieInvalid, match="依据"):
        declare(personnel, TieSource.UNIT, " ")
    key = declare(personnel, TieSource.UNIT, "举报核实")

    with pytest.raises(RecusalForbidden):
        end(stage, key, stage.cast.officer)
    with pytest.raises(TieNotFound):
        end(stage, key, stage.cast.applicant)
    end(stage, key, personnel, "查无此事")
    with pytest.raises(TieNotFound):
        end(stage, key, personnel)


def test_nobody_lifts_a_recusal_that_keeps_them_out(stage: Stage, personnel: Actor) -> None:
    # given what others said of the office itself, and of somebody the office is tied to
    def order(username: str, other: str) -> int:
        with stage.rooms.write() as tools:
            return ties.declare(
                tools,
                username=username,
                other=other,
                kind=TieKind.SPOUSE,
                source=TieSource.UNIT,
                note="举报核实",
                actor=personnel,
                now=stage.clock.now,
            )

    of_spouse = order("li.na", "zhang.min")
    of_office = order("li.na", personnel.username)

    for key in (of_office, of_spouse):
        with pytest.raises(TieOfOneself):
            end(stage, key, personnel)

    assert all(row["ended_at"] is None for row in stage.rows(PersonalTie))


@pytest.mark.parametrize(
    ("other", "note", "words"),
    [
        ("li.na", "", "本人"),
        ("nobody.here", "", "没有用户名"),
        ("bad\0name", "", "没有用户名"),
        ("zhang.min", "长" * 501, "最多"),
    ],
)
def test_bad_declarations_are_refused_with_the_reason(
    stage: Stage, other: str, note: str, words: str
) -> None:
    with stage.rooms.write() as tools, pytest.raises(TieInvalid, match=words):
        ties.declare(
            tools,
            username="li.na",
            other=other,
            kind=TieKind.OTHER,
            note=note,
            actor=stage.cast.officer,
            now=stage.clock.now,
        )
    assert stage.rows(PersonalTie) == []


def test_the_same_tie_is_declared_once_whichever_way(stage: Stage) -> None:
    tie(stage)

    with pytest.raises(TieInvalid, match="已经登记"):
        tie(stage, "zhang.min", "li.na")


def test_people_see_what_they_declared_and_the_office_sees_all(
    stage: Stage, personnel: Actor
) -> None:
    tie(stage)

    with stage.rooms.read() as session:
        assert [one.other_name for one in tie_queries.own(session, actor=stage.cast.officer)] == [
            "张敏"
        ]
        assert tie_queries.own(session, actor=stage.cast.applicant) == ()
        [row] = tie_queries.every(session, actor=personnel, q="张").rows
        assert (row.name, row.may_end) == ("李娜", True)
        assert tie_queries.every(session, actor=personnel, q="无此人").rows == ()
        with pytest.raises(Exception, match="没有"):
            tie_queries.every(session, actor=stage.cast.officer)
