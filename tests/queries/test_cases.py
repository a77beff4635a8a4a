"""A case: its timeline, its picture, what it waits for, and who may see how much."""

import pytest

from service.commands import deployments, startable
from service.commands.deployments import Upload
from service.commands.handlers import BpmnError
from service.commands.rooms import Rooms
from service.domain.actors import SYSTEM, Actor
from service.domain.instances import InstanceNotFound, ProcessNotFound, StartForbidden
from service.engine import Binding
from service.queries import (
    definitions,
    form_search,
    incidents,
    instances,
    picture,
    rights,
    timeline,
)
from tests.fixtures_commands import DIAGRAMS, REVIEW, Deploy, Desk, Stage
from tests.fixtures_store import Cast


@pytest.fixture
def case(stage: Stage, deploy: Deploy, cast: Cast) -> int:
    """A case that the office has decided, with an opinion."""
    deploy(*REVIEW)
    key = stage.start("review", variables={"姓名": "张敏"}).instance_key
    stage.clock.forward(hours=1)
    check = stage.task(key, "check")
    stage.complete(check, cast.officer, {"核对意见": "属实"}, outcome="approve", comment="齐全")
    return key


@pytest.fixture
def stopped(stage: Stage, deploy: Deploy, desk: Desk, cast: Cast) -> int:
    """A case that an incident holds."""
    desk.fails(BpmnError("停机", "登记系统停机"))
    deploy("errand.bpmn")
    key = stage.start("errand").instance_key
    stage.complete(stage.task(key, "ask"), cast.applicant)
    return key


def test_the_timeline_says_who_did_what_with_which_opinion_and_when(
    rooms: Rooms, cast: Cast, case: int, stage: Stage
) -> None:
    with rooms.read() as session:
        entries = timeline.of_instance(session, instance_key=case, with_values=True)
    told = [(one.actor, one.act, one.step, one.outcome, one.comment) for one in entries]
    assert told == [
        ("张敏", "instance.started", "", "", ""),
        ("李娜", "user-task.claimed", "核对材料", "", ""),
        ("李娜", "user-task.completed", "核对材料", "核对属实", "齐全"),
    ]
    assert entries[-1].at == stage.clock.now


def test_without_the_right_to_values_no_opinion_is_told(rooms: Rooms, case: int) -> None:
    with rooms.read() as session:
        entries = timeline.of_instance(session, instance_key=case, with_values=False)
    assert [one.comment for one in entries] == ["", "", ""]


def test_what_was_submitted_can_be_read_again(rooms: Rooms, case: int, stage: Stage) -> None:
    check = stage.task(case, "check")
    with rooms.read() as session:
        started = timeline.submission(session, instance_key=case, element_instance_key=None)
        checked = timeline.submission(session, instance_key=case, element_instance_key=check)
        confirm = stage.task(case, "confirm")
        none = timeline.submission(session, instance_key=case, element_instance_key=confirm)
    assert started == {"姓名": "张敏", "教龄": None}
    assert checked == {"姓名": "张敏", "核对意见": "属实"}
    assert none is None


def test_the_picture_marks_what_is_done_and_what_is_current(
    rooms: Rooms, cast: Cast, case: int
) -> None:
    with rooms.read() as session:
        drawn = picture.get(session, actor=cast.applicant, instance_key=case)
        steps = picture.passages(session, instance_key=case)
    assert (drawn.done, drawn.current, drawn.stopped) == (
        ("check", "record", "start"),
        ("confirm",),
        (),
    )
    assert [one.name for one in steps] == ["提交", "核对材料", "登记", "确认结果"]
    assert [one.ended_at is None for one in steps] == [False, False, False, True]


def test_the_picture_marks_what_was_ended_without_being_done(
    rooms: Rooms, cast: Cast, case: int, stage: Stage, operator: Actor
) -> None:
    stage.cancel(case, operator)
    with rooms.read() as session:
        drawn = picture.get(session, actor=cast.applicant, instance_key=case)
        steps = picture.passages(session, instance_key=case)
    assert (drawn.current, drawn.terminated) == ((), ("confirm",))
    assert drawn.done == ("check", "record", "start")
    assert [one.state for one in steps] == [*["COMPLETED"] * 3, "TERMINATED"]


def test_the_picture_marks_what_an_incident_holds(rooms: Rooms, cast: Cast, stopped: int) -> None:
    with rooms.read() as session:
        drawn = picture.get(session, actor=cast.applicant, instance_key=stopped)
        steps = picture.passages(session, instance_key=stopped)
    assert drawn.stopped == ("work",)
    assert [one.name for one in steps if one.stopped] == ["办理"]


def test_who_started_it_sees_the_steps_but_may_not_open_those_of_others(
    rooms: Rooms, cast: Cast, deploy: Deploy, stage: Stage
) -> None:
    deploy(*REVIEW)
    case = stage.start("review", variables={"姓名": "张敏"}).instance_key
    with rooms.read() as session:
        [seen] = instances.open_steps(session, actor=cast.applicant, instance_key=case)
        [own] = instances.open_steps(session, actor=cast.officer, instance_key=case)
    assert (seen.name, seen.holder, seen.groups, seen.openable) == (
        "核对材料",
        None,
        ("人事科",),
        False,
    )
    assert own.openable


def test_forms_of_done_tasks_are_for_those_who_held_them(
    rooms: Rooms, cast: Cast, case: int
) -> None:
    with rooms.read() as session:
        office = instances.submitted(session, actor=cast.officer, instance_key=case)
        applicant = instances.submitted(session, actor=cast.applicant, instance_key=case)
    assert [one.name for one in office] == ["核对材料"]
    assert applicant == ()


def test_a_stranger_is_told_that_there_is_no_case(rooms: Rooms, cast: Cast, case: int) -> None:
    with rooms.read() as session:
        with pytest.raises(InstanceNotFound):
            instances.get(session, actor=cast.stranger, key=case)
        with pytest.raises(InstanceNotFound):
            picture.get(session, actor=cast.stranger, instance_key=case)


def test_who_oversees_the_running_reads_no_values_and_may_end_it(
    rooms: Rooms, case: int, operator: Actor, cast: Cast
) -> None:
    with rooms.read() as session:
        page = instances.get(session, actor=operator, key=case)
        own = instances.get(session, actor=cast.applicant, key=case)
    assert (page.may_read_values, page.may_cancel) == (False, True)
    assert (own.may_read_values, own.may_cancel) == (True, False)


def test_incidents_are_for_who_oversees_the_running(
    rooms: Rooms, cast: Cast, stopped: int, operator: Actor
) -> None:
    with rooms.read() as session:
        [found] = incidents.open_page(session, actor=operator).rows
        for other in cast:
            assert incidents.open_page(session, actor=other).rows == ()
            assert not rights.oversees(session, actor=other)
        assert rights.oversees(session, actor=operator)
    assert (found.instance_key, found.element_name, found.may_retry) == (stopped, "办理", True)


def test_incidents_are_paged_newest_first(
    rooms: Rooms, cast: Cast, stage: Stage, stopped: int, desk: Desk, operator: Actor
) -> None:
    desk.fails(BpmnError("停机", "登记系统停机"), times=2)
    for _ in range(2):
        key = stage.start("errand").instance_key
        stage.complete(stage.task(key, "ask"), cast.applicant)
    with rooms.read() as session:
        first = incidents.open_page(session, actor=operator, limit=2)
        rest = incidents.open_page(session, actor=operator, limit=2, after=first.next)
    keys = [one.key for one in (*first.rows, *rest.rows)]
    assert keys == sorted(keys, reverse=True)
    assert (len(keys), rest.next) == (3, None)


def test_what_may_be_started_is_offered_in_its_newest_version(
    rooms: Rooms, cast: Cast, deploy: Deploy
) -> None:
    deploy(*REVIEW)
    with rooms.read() as session:
        [offered] = definitions.startable(session, actor=cast.applicant)
        assert definitions.startable(session, actor=cast.stranger) == ()
        assert definitions.to_start(session, actor=cast.applicant, process_id="review") == offered
    assert (offered.process_id, offered.version, offered.start_form_id) == (
        "review",
        1,
        "application",
    )


def test_a_stranger_to_a_process_is_told_that_there_is_none(
    rooms: Rooms, cast: Cast, deploy: Deploy, operator: Actor
) -> None:
    deploy(*REVIEW)
    with rooms.read() as session:
        with pytest.raises(ProcessNotFound):
            definitions.to_start(session, actor=cast.stranger, process_id="review")
        with pytest.raises(StartForbidden):
            definitions.to_start(session, actor=operator, process_id="review")


def upload(name: str, *changes: tuple[str, str]) -> Upload:
    """A file beside the tests, with pieces of its text replaced."""
    text = (DIAGRAMS / name).read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return Upload(name, text.encode())


BOUND = ('formId="application"', 'formId="application" bindingType="deployment"')


@pytest.mark.parametrize("binding", Binding)
def test_all_doors_give_the_same_version_of_a_start_form(
    stage: Stage, deploy: Deploy, cast: Cast, binding: Binding
) -> None:
    changes = [BOUND] if binding is Binding.DEPLOYMENT else []
    files = [upload("review.bpmn", *changes), *map(upload, REVIEW[1:])]
    receipt = deployments.deploy(stage.rooms, files, actor=SYSTEM, now=stage.clock.now)
    case = stage.start("review", variables={"姓名": "张敏"}).instance_key
    newer = upload("application.form", ("教龄", "从教年限"))
    stage.clock.forward(hours=1)
    later = deployments.deploy(stage.rooms, [newer], actor=SYSTEM, now=stage.clock.now)

    [first] = [one.key for one in receipt.forms if one.form_id == "application"]
    expected = later.forms[0].key if binding is Binding.LATEST else first
    definition = receipt.processes[0].key
    with stage.rooms.reading() as tools:
        session = tools.session
        bound = {"definition_key": definition, "form_id": "application", "binding": binding}
        assert form_search.form_key(session, **bound) == expected  # type: ignore[arg-type]
        at_api = form_search.start_form(
            session, actor=cast.applicant, key=definition, binding=binding
        )
        assert at_api is not None
        assert at_api.key == expected
        found = startable.find(session, cast.applicant, process_id="review")
        used = startable.form_of(tools, found, tools.models.process(session, definition))
        assert used is tools.models.form(session, expected)
        started_at = instances.get(session, actor=cast.applicant, key=case).started_at
        then = form_search.form_key(session, **bound, started_at=started_at)  # type: ignore[arg-type]
        assert then == first


def test_a_form_that_nobody_deployed_has_no_version(rooms: Rooms, cast: Cast) -> None:
    with rooms.read() as session:
        for binding in Binding:
            key = form_search.form_key(session, definition_key=1, form_id="gone", binding=binding)
            assert key is None


def test_a_case_keeps_the_start_form_whose_file_was_deleted_later(
    stage: Stage, deploy: Deploy
) -> None:
    [form] = deploy("score.form").forms
    then = stage.clock.now
    deleted_at = stage.clock.forward(hours=1)
    with stage.rooms.write() as tools:
        deployments.delete_resource(tools, form.resource_key, actor=SYSTEM, now=deleted_at)

    with stage.rooms.read() as session:
        wanted = {"definition_key": 1, "form_id": "score", "binding": Binding.LATEST}
        found = [
            form_search.form_key(session, **wanted, started_at=moment)  # type: ignore[arg-type]
            for moment in (then, deleted_at, None)
        ]
    assert found == [form.key, None, None]
