"""What applicants from outside see of their cases: public steps, public opinions, own tasks."""

import pytest

from service.domain.actors import Actor
from service.domain.instances import InstanceNotFound
from service.domain.user_tasks import TaskNotFound
from service.queries import public_cases
from service.queries.public_cases import PublicStep
from tests.engine.builders import diagram, element, exclusive, flow, flows, properties, start, user
from tests.fixtures_commands import Stage
from tests.fixtures_events import Bring, begin_with, bring, run_due

__all__ = ["bring", "run_due"]


def named(name: str, **more: str) -> str:
    return properties(public_name=name, **more)


CHECKED = diagram(
    start(extensions=named("提交申请")),
    user("secret", assignee="li.na", extensions=properties(outcomes="ok=同意")),
    user(
        "check", assignee="li.na",
        extensions=named("材料审核", outcomes="ask=退回补正; ok=通过", public_comment="ask"),
    ),
    exclusive("which", default="which_end"),
    user("supply", assignee="=initiator", extensions=named("补正材料")),
    element("endEvent", "end", named("准予登记")),
    flows("start", "secret", "check", "which", "end"),
    flow("which_supply", "which", "supply", '=check_outcome = "ask"'),
    flows("supply", "check"),
    process_id="checked",
)  # fmt: skip

CALLING = diagram(
    start(), element("callActivity", "call", '<zeebe:calledElement processId="asking" />'),
    element("endEvent", "end"), flows("start", "call", "end"), process_id="calling",
)  # fmt: skip
ASKING = diagram(
    start(), user("supply", assignee="=initiator"), element("endEvent", "end"),
    flows("start", "supply", "end"), process_id="asking",
)  # fmt: skip


def steps(stage: Stage, key: int) -> tuple[PublicStep, ...]:
    with stage.rooms.read() as session:
        case = public_cases.get(session, actor=stage.cast.applicant, key=key)
        elements = stage.rooms.models.process(session, case.definition_key).elements
        return public_cases.steps(session, instance_key=key, elements=elements)


@pytest.fixture
def key(stage: Stage, bring: Bring) -> int:
    """A case that was sent back to its applicant once."""
    bring(CHECKED)
    key = begin_with(stage, "checked")
    officer = stage.cast.officer
    stage.complete(stage.task(key, "secret"), officer, outcome="ok", comment="内部：关系户")
    stage.complete(stage.task(key, "check"), officer, outcome="ask", comment="请补交聘书。")
    return key


def test_steps_with_a_public_name_are_shown_and_no_others(stage: Stage, key: int) -> None:
    assert [step.name for step in steps(stage, key)] == ["提交申请", "材料审核", "补正材料"]
    assert steps(stage, key)[-1].ended_at is None


def test_opinions_that_the_diagram_makes_public_are_shown_and_no_others(
    stage: Stage, key: int
) -> None:
    stage.complete(stage.task(key, "supply"), stage.cast.applicant)
    stage.complete(stage.task(key, "check"), stage.cast.officer, outcome="ok", comment="内部：勉强")
    shown = steps(stage, key)
    assert [step.comment for step in shown if step.comment] == ["请补交聘书。"]
    assert [step.name for step in shown[-2:]] == ["材料审核", "准予登记"]
    assert "内部" not in str(shown)


def test_the_list_says_where_it_waits_for_the_applicant(stage: Stage, key: int) -> None:
    with stage.rooms.read() as session:
        [row] = public_cases.own(session, actor=stage.cast.applicant).rows
        case = public_cases.get(session, actor=stage.cast.applicant, key=key)
    assert (row.key, row.waiting) == (key, 1)
    assert [task.element_id for task in case.tasks] == ["supply"]
    stage.complete(stage.task(key, "supply"), stage.cast.applicant)
    with stage.rooms.read() as session:
        [row] = public_cases.own(session, actor=stage.cast.applicant).rows
        case = public_cases.get(session, actor=stage.cast.applicant, key=key)
    assert row.waiting == 0
    assert case.tasks[0].ended_at is not None


def test_nobody_else_finds_it_not_even_who_works_on_it(stage: Stage, key: int) -> None:
    task = stage.task(key, "supply")
    for actor in (stage.cast.officer, stage.cast.stranger, Actor("nobody", public=True)):
        with stage.rooms.read() as session:
            with pytest.raises(InstanceNotFound):
                public_cases.get(session, actor=actor, key=key)
            with pytest.raises(TaskNotFound):
                public_cases.task_case(session, actor=actor, task_key=task)
            assert public_cases.own(session, actor=actor).rows == ()


def test_a_task_of_somebody_else_in_ones_own_case_is_no_task_of_ones_own(
    stage: Stage, key: int
) -> None:
    for element_id in ("secret", "check"):
        task = stage.task(key, element_id)
        with stage.rooms.read() as session, pytest.raises(TaskNotFound):
            public_cases.task_case(session, actor=stage.cast.applicant, task_key=task)


def test_a_called_process_asks_in_the_name_of_its_caller(
    stage: Stage, bring: Bring, run_due: object
) -> None:
    bring(CALLING, ASKING)
    key = begin_with(stage, "calling")
    assert callable(run_due)
    run_due()
    with stage.rooms.read() as session:
        actor = stage.cast.applicant
        [row] = public_cases.own(session, actor=actor).rows
        [task] = public_cases.get(session, actor=actor, key=key).tasks
        assert public_cases.task_case(session, actor=actor, task_key=task.key) == key
    assert (row.key, row.waiting) == (key, 1)


def test_the_list_goes_on_where_it_ended(stage: Stage, bring: Bring) -> None:
    bring(ASKING)
    keys = [begin_with(stage, "asking") for _ in range(public_cases.PAGE + 2)]
    with stage.rooms.read() as session:
        first = public_cases.own(session, actor=stage.cast.applicant)
        rest = public_cases.own(session, actor=stage.cast.applicant, older_than=first.older_than)
    assert [row.key for row in (*first.rows, *rest.rows)] == keys[::-1]
    assert rest.older_than is None
