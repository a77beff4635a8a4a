"""An application that comes straight back says that it was not taken, and where the reasons are."""

from service.commands import deployments
from service.commands.deployments import Upload
from service.domain.actors import SYSTEM
from tests.fixtures_commands import DIAGRAMS, Stage
from tests.fixtures_events import bring
from tests.web.public import Outsider, apply, case_of, guest, offered, outsider, settings, text

__all__ = ["bring", "guest", "offered", "outsider", "settings"]

OFFICE = '<zeebe:assignmentDefinition candidateGroups="personnel-office"/>'
ASKED = (
    OFFICE + '<zeebe:formDefinition formId="opinion"/>',
    '<zeebe:assignmentDefinition assignee="=initiator"/>'
    '<zeebe:formDefinition formId="application"/>',
)


def ask_again_at_once(stage: Stage) -> None:
    """A version of the review whose first step is the applicant's form again."""
    text_of = (DIAGRAMS / "review.bpmn").read_text("utf-8")
    joined = "".join(line.strip() for line in text_of.splitlines())
    assert ASKED[0] in joined
    changed = joined.replace(*ASKED).replace(
        '<zeebe:property name="jiaoyan.comment-required" value="reject"/>', ""
    )
    upload = Upload("review.bpmn", changed.encode())
    deployments.deploy(stage.rooms, [upload], actor=SYSTEM, now=stage.clock.now)


def test_what_comes_straight_back_was_not_taken(
    outsider: Outsider, stage: Stage, offered: str
) -> None:
    ask_again_at_once(stage)
    visitor, _actor = outsider()
    answer = apply(visitor, stage)
    location = str(answer.get_json()["location"])
    assert location.startswith("/public/tasks/")
    page = text(visitor.get(location))
    assert "还没有受理，请按下面的原因改正" in page
    assert "请记下受理编号" not in page
    case = page.split('href="/public/applications/')[1].split('"')[0]
    status = text(visitor.get(f"/public/applications/{case}"))
    assert "还没有受理，请改正" in status
    assert "查看原因并改正" in status
    assert "需要你办理" not in status


def test_what_is_taken_says_so_and_a_later_step_is_to_be_done(
    outsider: Outsider, stage: Stage, offered: str
) -> None:
    visitor, _actor = outsider()
    key = case_of(apply(visitor, stage))
    assert "已提交，请记下受理编号" in text(visitor.get(f"/public/applications/{key}"))
    stage.complete(stage.task(key, "check"), stage.cast.officer, {}, outcome="approve")
    page = text(visitor.get(f"/public/applications/{key}"))
    assert "需要你办理：确认结果" in page
    assert "还没有受理" not in page
