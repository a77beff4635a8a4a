"""Working copies: kept whatever they say, one a design, never overwritten unseen."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from service.commands import working_copies
from service.commands.deployments import Upload
from service.commands.working_copies import Saved
from service.domain.actors import Actor
from service.domain.designs import (
    ContentUnsuitable,
    DesignExists,
    DesignIdInvalid,
    DesignKind,
    DesignNameMissing,
    DesignNotFound,
    FileUnsuitable,
    WorkingCopyChanged,
    WorkingCopyExists,
    WorkingCopyGone,
)
from service.store.tables import WorkingCopy
from tests.fixtures_commands import DIAGRAMS, Deploy, Stage

ERRAND = (DIAGRAMS / "errand.bpmn").read_text()
BROKEN = "<definitions><这里断了"


def save(
    stage: Stage, actor: Actor, content: str = ERRAND, *, id: str = "errand", revision: int = 0
) -> Saved:
    with stage.rooms.write() as tools:
        return working_copies.save(
            tools,
            DesignKind.PROCESS,
            id,
            content=content,
            revision=revision,
            base_version=None,
            actor=actor,
            now=stage.clock.now,
        )


def create(
    stage: Stage,
    actor: Actor,
    kind: DesignKind = DesignKind.PROCESS,
    *,
    id: str = "leave",
    name: str = "请假",
) -> Saved:
    with stage.rooms.write() as tools:
        return working_copies.create(
            tools, kind, resource_id=id, name=name, actor=actor, now=stage.clock.now
        )


def import_file(stage: Stage, actor: Actor, name: str, content: bytes) -> Saved:
    with stage.rooms.write() as tools:
        return working_copies.import_file(
            tools, Upload(name, content), actor=actor, now=stage.clock.now
        )


def begin_from(stage: Stage, actor: Actor, version: int) -> Saved:
    with stage.rooms.write() as tools:
        return working_copies.begin_from(
            tools,
            DesignKind.PROCESS,
            "errand",
            version=version,
            actor=actor,
            now=stage.clock.now,
        )


def discard(stage: Stage, actor: Actor, *, revision: int) -> None:
    with stage.rooms.write() as tools:
        working_copies.discard(tools, DesignKind.PROCESS, "errand", revision=revision, actor=actor)


def test_the_first_saving_begins_a_copy_of_the_newest_version(
    stage: Stage, deploy: Deploy, operator: Actor
) -> None:
    deploy("errand.bpmn")

    assert save(stage, operator).revision == 1

    row = stage.row(WorkingCopy)
    assert (row["base_version"], row["file_name"], row["name"]) == (1, "errand.bpmn", "办一件事")
    assert (row["content"], row["edited_by"]) == (ERRAND, operator.username)


def test_what_is_no_diagram_is_kept_with_the_name_it_had(
    stage: Stage, deploy: Deploy, operator: Actor
) -> None:
    deploy("errand.bpmn")
    save(stage, operator)

    assert save(stage, operator, BROKEN, revision=1).revision == 2

    row = stage.row(WorkingCopy)
    assert (row["content"], row["name"]) == (BROKEN, "办一件事")


def test_who_comes_second_learns_who_was_first_and_overwrites_nothing(
    stage: Stage, deploy: Deploy, operator: Actor
) -> None:
    deploy("errand.bpmn")
    save(stage, operator)
    save(stage, operator, ERRAND + " ", revision=1)

    for stale in (0, 1):
        with pytest.raises(WorkingCopyChanged, match=r"赵刚在2026年3月2日 09:30") as refusal:
            save(stage, operator, BROKEN, revision=stale)
        assert refusal.value.when == stage.clock.now
    assert stage.row(WorkingCopy)["content"] == ERRAND + " "


def test_of_first_savings_at_once_one_is_kept(
    stage: Stage, deploy: Deploy, operator: Actor
) -> None:
    deploy("errand.bpmn")

    def attempt(_number: int) -> str:
        try:
            return f"kept at {save(stage, operator).revision}"
        except WorkingCopyChanged as refusal:
            return refusal.who

    with ThreadPoolExecutor(4) as people:
        outcomes = sorted(people.map(attempt, range(4)))

    assert outcomes == ["kept at 1", "赵刚", "赵刚", "赵刚"]
    assert stage.row(WorkingCopy)["revision"] == 1


def test_a_copy_that_has_gone_is_said_so(stage: Stage, deploy: Deploy, operator: Actor) -> None:
    deploy("errand.bpmn")
    save(stage, operator)
    discard(stage, operator, revision=1)

    with pytest.raises(WorkingCopyGone):
        save(stage, operator, revision=1)
    with pytest.raises(WorkingCopyGone):
        discard(stage, operator, revision=1)
    assert stage.rows(WorkingCopy) == []


def test_a_copy_that_changed_is_not_discarded_unseen(
    stage: Stage, deploy: Deploy, operator: Actor
) -> None:
    deploy("errand.bpmn")
    save(stage, operator)
    save(stage, operator, revision=1)

    with pytest.raises(WorkingCopyChanged):
        discard(stage, operator, revision=1)
    assert stage.row(WorkingCopy)["revision"] == 2


@pytest.mark.parametrize(
    ("content", "says"),
    [("字" * (2 * 1024 * 1024), "5 MB"), ("a\x00b", "字符"), ("a\ud800", "字符")],
    ids=["too large", "a zero byte", "half a character"],
)
def test_what_no_column_holds_is_refused(
    stage: Stage, deploy: Deploy, operator: Actor, content: str, says: str
) -> None:
    deploy("errand.bpmn")

    with pytest.raises(ContentUnsuitable, match=says):
        save(stage, operator, content)


@pytest.mark.parametrize("kind", DesignKind)
def test_a_new_design_begins_with_a_file_that_can_be_opened(
    stage: Stage, operator: Actor, kind: DesignKind
) -> None:
    saved = create(stage, operator, kind, id="请假", name='请假 "A" & <B>')

    row = stage.row(WorkingCopy)
    assert (saved.resource_id, saved.revision, row["base_version"]) == ("请假", 1, None)
    assert row["name"] == '请假 "A" & <B>'
    imported = import_file(stage, operator, f"x.{_ENDINGS[kind]}", _renamed(row["content"]))
    assert (imported.kind, imported.resource_id) == (kind, "销假")


_ENDINGS = {DesignKind.PROCESS: "bpmn", DesignKind.DECISION: "dmn", DesignKind.FORM: "form"}


def _renamed(content: object) -> bytes:
    return str(content).replace('"请假"', '"销假"').encode()


@pytest.mark.parametrize("id", ["", "1a", "a b", "a/b", "<a>", "a" * 201])
def test_an_id_that_cannot_be_one_is_refused(stage: Stage, operator: Actor, id: str) -> None:
    with pytest.raises(DesignIdInvalid):
        create(stage, operator, id=id)


@pytest.mark.parametrize("name", ["", "  ", "字" * 201, "a\nb"])
def test_a_design_needs_a_name(stage: Stage, operator: Actor, name: str) -> None:
    with pytest.raises(DesignNameMissing):
        create(stage, operator, name=name)


def test_an_id_is_given_once(stage: Stage, deploy: Deploy, operator: Actor) -> None:
    deploy("errand.bpmn")
    create(stage, operator)

    for taken in ("errand", "leave"):
        with pytest.raises(DesignExists):
            create(stage, operator, id=taken)


def test_an_imported_file_becomes_a_copy_of_the_process_in_it(
    stage: Stage, deploy: Deploy, operator: Actor
) -> None:
    deploy("errand.bpmn")

    saved = import_file(stage, operator, "从别处来.bpmn", "\ufeff".encode() + ERRAND.encode())

    assert (saved.kind, saved.resource_id) == (DesignKind.PROCESS, "errand")
    assert stage.row(WorkingCopy)["base_version"] == 1
    with pytest.raises(WorkingCopyExists, match="赵刚"):
        import_file(stage, operator, "errand.bpmn", ERRAND.encode())


@pytest.mark.parametrize(
    "content",
    [
        BROKEN,
        "[" * 100_000,
        '{"components": 3}',
        "null",
        "",
    ],
    ids=len,
)
def test_a_file_that_cannot_be_read_is_kept_under_its_own_name(
    stage: Stage, operator: Actor, content: str
) -> None:
    for ending in ("bpmn", "dmn", "form"):
        assert (
            import_file(stage, operator, f"断了.{ending}", content.encode()).resource_id == "断了"
        )
    assert {row["content"] for row in stage.rows(WorkingCopy)} == {content}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", b"a"),
        ("a.bpmn", "流程".encode("gbk")),
        ("a.bpmn", b"a\x00"),
        ("a.form", b" " * (5 * 1024 * 1024 + 1)),
        ("a.form", b'{"id": "a\\nb", "components": []}'),
    ],
    ids=["ending", "encoding", "zero byte", "size", "id"],
)
def test_what_is_no_design_is_not_imported(
    stage: Stage, operator: Actor, name: str, content: bytes
) -> None:
    with pytest.raises(FileUnsuitable):
        import_file(stage, operator, name, content)
    assert stage.rows(WorkingCopy) == []


def test_an_old_version_is_taken_up_again(stage: Stage, deploy: Deploy, operator: Actor) -> None:
    deploy("errand.bpmn")

    assert begin_from(stage, operator, 1).revision == 1

    assert stage.row(WorkingCopy)["content"] == ERRAND
    with pytest.raises(WorkingCopyExists):
        begin_from(stage, operator, 1)


def test_a_version_that_never_was_is_not_found(
    stage: Stage, deploy: Deploy, operator: Actor
) -> None:
    deploy("errand.bpmn")

    with pytest.raises(DesignNotFound):
        begin_from(stage, operator, 7)


def test_what_has_no_version_cannot_be_saved_into_being(stage: Stage, operator: Actor) -> None:
    with pytest.raises(DesignNotFound):
        save(stage, operator, id="nothing")


@pytest.mark.parametrize("who", ["stranger", "applicant", "officer"])
def test_who_is_no_designer_can_do_nothing(
    stage: Stage, deploy: Deploy, operator: Actor, who: str
) -> None:
    deploy("errand.bpmn")
    save(stage, operator)
    actor: Actor = getattr(stage.cast, who)

    for act in (
        lambda: save(stage, actor, revision=1),
        lambda: create(stage, actor),
        lambda: import_file(stage, actor, "a.bpmn", ERRAND.encode()),
        lambda: begin_from(stage, actor, 1),
        lambda: discard(stage, actor, revision=1),
    ):
        with pytest.raises(DesignNotFound):
            act()
    assert stage.row(WorkingCopy)["revision"] == 1
