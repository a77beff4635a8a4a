"""The designer's list, a design as it is opened, and its versions."""

import pytest

from service.commands import deployments, rights, working_copies
from service.commands.deployments import Upload
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.domain.designs import DesignKind, DesignNotFound
from service.queries import design_references, design_versions, designs
from tests.fixtures_commands import DIAGRAMS, RATING, REVIEW, Deploy, Stage

ERRAND = (DIAGRAMS / "errand.bpmn").read_text()
PROCESS, DECISION, FORM = DesignKind


def grant(stage: Stage, actor: Actor, process_id: str, *actions: Action) -> None:
    with stage.rooms.write() as tools:
        for action in actions:
            right = Grant(
                GranteeKind.PERSON, actor.username, process_id, ObjectKind.DEPLOYMENT, action
            )
            rights.grant(tools, right, actor=SYSTEM, now=stage.clock.now)


def listed(stage: Stage, actor: Actor, q: str = "", kind: DesignKind | None = None) -> list[str]:
    with stage.rooms.read() as session:
        found = designs.listed(session, actor=actor, q=q, kind=kind)
    return [row.resource_id for row in found.rows]


def change(stage: Stage, actor: Actor, content: str) -> None:
    with stage.rooms.write() as tools:
        working_copies.save(
            tools,
            PROCESS,
            "errand",
            content=content,
            revision=0,
            base_version=None,
            actor=actor,
            now=stage.clock.now,
        )


def deploy_changed(stage: Stage, actor: Actor, note: str) -> None:
    upload = Upload("errand.bpmn", ERRAND.replace("办一件事", note).encode())
    checked = deployments.prepare(stage.rooms, [upload], actor=actor)
    with stage.rooms.write() as tools:
        deployments.deploy_checked(tools, checked, actor=actor, now=stage.clock.now, note=note)


def test_everything_that_may_be_designed_is_listed(
    stage: Stage, deploy: Deploy, operator: Actor
) -> None:
    deploy(*RATING)

    assert sorted(listed(stage, operator)) == ["level", "rating", "score"]
    assert listed(stage, operator, kind=DECISION) == ["level"]
    assert listed(stage, operator, kind=FORM) == ["score"]


def test_what_was_touched_last_comes_first_with_its_copy(
    stage: Stage, deploy: Deploy, operator: Actor
) -> None:
    deploy("errand.bpmn")
    stage.clock.forward(hours=1)
    deploy("level.dmn")
    stage.clock.forward(hours=1)
    change(stage, operator, ERRAND.replace("办一件事", "办三件事"))

    with stage.rooms.read() as session:
        first, second = designs.listed(session, actor=operator).rows

    assert (first.resource_id, first.version, first.name) == ("errand", 1, "办三件事")
    assert first.working_copy is not None
    assert (first.working_copy.edited_by, first.working_copy.edited_at) == (
        "赵刚",
        stage.clock.now,
    )
    assert (second.resource_id, second.deployed_by, second.working_copy) == ("level", "系统", None)


def test_what_is_new_is_listed_before_it_has_a_version(stage: Stage, operator: Actor) -> None:
    with stage.rooms.write() as tools:
        working_copies.create(
            tools, FORM, resource_id="leave", name="请假单", actor=operator, now=stage.clock.now
        )

    with stage.rooms.read() as session:
        [row] = designs.listed(session, actor=operator, kind=FORM).rows
    assert (row.resource_id, row.name, row.version) == ("leave", "请假单", None)
    assert listed(stage, operator, kind=PROCESS) == []


@pytest.mark.parametrize(("q", "found"), [("评定", ["rating"]), ("LEV", ["level"]), ("%", [])])
def test_a_search_looks_at_names_and_ids(
    stage: Stage, deploy: Deploy, operator: Actor, q: str, found: list[str]
) -> None:
    deploy(*RATING)

    assert listed(stage, operator, q) == found


def test_a_file_with_several_processes_is_one_design(
    stage: Stage, deploy: Deploy, operator: Actor
) -> None:
    deploy("errand.bpmn")
    [process] = _two_processes(stage)

    assert process == ["errand"]
    assert listed(stage, operator) == ["errand"]


def _two_processes(stage: Stage) -> list[list[str]]:
    second = (
        '<bpmn:process id="second" name="第二" isExecutable="true">'
        '<bpmn:startEvent id="s2"><bpmn:outgoing>f2</bpmn:outgoing></bpmn:startEvent>'
        '<bpmn:endEvent id="e2"><bpmn:incoming>f2</bpmn:incoming></bpmn:endEvent>'
        '<bpmn:sequenceFlow id="f2" sourceRef="s2" targetRef="e2" /></bpmn:process>'
    )
    content = ERRAND.replace("</bpmn:process>", "</bpmn:process>" + second)
    receipt = deployments.deploy(
        stage.rooms, [Upload("errand.bpmn", content.encode())], actor=SYSTEM, now=stage.clock.now
    )
    return [[one.process_id for one in receipt.processes][:1]]


def test_a_designer_of_one_process_sees_that_one(stage: Stage, deploy: Deploy) -> None:
    deploy("errand.bpmn", *REVIEW)
    designer = stage.cast.officer
    grant(stage, designer, "errand", Action.READ, Action.ACT)

    assert listed(stage, designer) == ["errand"]
    with stage.rooms.read() as session, pytest.raises(DesignNotFound):
        designs.get(session, actor=designer, kind=PROCESS, resource_id="review")


@pytest.mark.parametrize(
    ("rights_given", "may"),
    [
        ([("*", Action.READ), ("*", Action.ACT)], True),
        ([("*", Action.READ), ("errand", Action.ACT)], True),
        ([("errand", Action.READ), ("*", Action.ACT)], True),
        ([("errand", Action.READ), ("errand", Action.ACT)], True),
        ([("errand", Action.READ), ("review", Action.ACT)], False),
        ([("*", Action.READ)], False),
        ([("*", Action.ACT)], False),
        ([], False),
    ],
)
def test_designing_takes_reading_and_deploying_the_same(
    stage: Stage, rights_given: list[tuple[str, Action]], may: bool
) -> None:
    for process_id, action in rights_given:
        grant(stage, stage.cast.officer, process_id, action)

    with stage.rooms.read() as session:
        assert designs.may_design(session, actor=stage.cast.officer) is may
        assert designs.may_design(session, actor=SYSTEM)


def test_a_design_opens_with_its_copy_or_its_newest_version(
    stage: Stage, deploy: Deploy, operator: Actor
) -> None:
    deploy("errand.bpmn")
    with stage.rooms.read() as session:
        opened = designs.get(session, actor=operator, kind=PROCESS, resource_id="errand")
    assert (opened.newest, opened.content, opened.working_copy) == (1, ERRAND, None)

    change(stage, operator, "<broken")

    with stage.rooms.read() as session:
        opened = designs.get(session, actor=operator, kind=PROCESS, resource_id="errand")
    assert (opened.newest, opened.content) == (1, "<broken")
    assert opened.working_copy is not None
    assert opened.working_copy.revision == 1


def test_the_versions_say_who_why_and_how_many_run(
    stage: Stage, deploy: Deploy, operator: Actor
) -> None:
    deploy("errand.bpmn")
    stage.start("errand")
    deploy_changed(stage, operator, "办两件事")

    with stage.rooms.read() as session:
        second, first = design_versions.listed(
            session, actor=operator, kind=PROCESS, resource_id="errand"
        )

    assert (second.version, second.note, second.deployed_by, second.running) == (
        2,
        "办两件事",
        "赵刚",
        0,
    )
    assert (first.version, first.note, first.deployed_by, first.running) == (1, None, "系统", 1)


@pytest.mark.parametrize(
    ("says", "name"),
    [('"name": "请假单",', "请假单"), ("", "请假申请"), ('"name": 3,', "请假申请")],
)
def test_a_form_is_listed_and_found_by_its_name(
    stage: Stage, operator: Actor, says: str, name: str
) -> None:
    heading = '{"type": "text", "text": "# 请假申请"}'
    content = f'{{"type": "default", "id": "leave", {says} "components": [{heading}]}}'
    upload = Upload("leave.form", content.encode())
    deployments.deploy(stage.rooms, [upload], actor=operator, now=stage.clock.now)

    with stage.rooms.read() as session:
        [row] = designs.listed(session, actor=operator, q=name).rows
        opened = designs.get(session, actor=operator, kind=FORM, resource_id="leave")
    assert (row.resource_id, row.name, opened.name) == ("leave", name, name)


def test_the_open_tasks_of_a_form_are_counted(
    stage: Stage, deploy: Deploy, operator: Actor
) -> None:
    deploy(*REVIEW)
    stage.start("review", variables={"姓名": "张敏"})

    with stage.rooms.read() as session:
        [version] = design_versions.listed(
            session, actor=operator, kind=FORM, resource_id="opinion"
        )
    assert version.running == 1


def test_any_version_can_be_read(stage: Stage, deploy: Deploy, operator: Actor) -> None:
    deploy("errand.bpmn")
    deploy_changed(stage, operator, "办两件事")

    with stage.rooms.read() as session:
        old = design_versions.content(
            session, actor=operator, kind=PROCESS, resource_id="errand", version=1
        )
    assert (old.name, old.file_name, old.content) == ("办一件事", "errand.bpmn", ERRAND)


def test_a_diagram_may_refer_to_what_is_published_and_what_is_not(
    stage: Stage, deploy: Deploy, operator: Actor
) -> None:
    deploy("errand.bpmn")
    deploy(*RATING)
    deploy_changed(stage, operator, "办两件事")
    with stage.rooms.write() as tools:
        working_copies.create(
            tools, FORM, resource_id="leave", name="请假单", actor=operator, now=stage.clock.now
        )
        working_copies.begin_from(
            tools, DECISION, "level", version=1, actor=operator, now=stage.clock.now
        )

    with stage.rooms.read() as session:
        found = design_references.references(session, actor=operator)

    assert {kind: [(o.id, o.name, o.published) for o in ones] for kind, ones in found.items()} == {
        PROCESS: [("errand", "办两件事", True), ("rating", "评定等次", True)],
        DECISION: [("level", "等次", True)],
        FORM: [("score", "score", True), ("leave", "请假单", False)],
    }


def test_only_what_one_may_design_is_offered(stage: Stage, deploy: Deploy, operator: Actor) -> None:
    deploy(*RATING)
    grant(stage, stage.cast.officer, "score", Action.READ, Action.ACT)

    with stage.rooms.read() as session:
        found = design_references.references(session, actor=stage.cast.officer)

    assert {one.id for ones in found.values() for one in ones} == {"score"}


@pytest.mark.parametrize("who", ["stranger", "applicant", "officer"])
def test_who_is_no_designer_finds_nothing(stage: Stage, deploy: Deploy, who: str) -> None:
    deploy("errand.bpmn")
    actor: Actor = getattr(stage.cast, who)

    with stage.rooms.read() as session:
        with pytest.raises(DesignNotFound):
            designs.listed(session, actor=actor)
        with pytest.raises(DesignNotFound):
            design_references.references(session, actor=actor)
        with pytest.raises(DesignNotFound):
            designs.get(session, actor=actor, kind=PROCESS, resource_id="errand")
        with pytest.raises(DesignNotFound):
            design_versions.content(
                session, actor=actor, kind=PROCESS, resource_id="errand", version=1
            )
        assert (
            design_versions.listed(session, actor=actor, kind=PROCESS, resource_id="errand") == ()
        )
