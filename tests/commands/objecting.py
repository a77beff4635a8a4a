"""Objections to the disclosure of the tests: submitted, looked up, answered."""

import pytest

from service.commands import objection_answers, objections
from service.commands.objections import Progress, Receipt
from service.domain.actors import Actor
from service.domain.disclosures import (
    ObjectionState,
    ObjectionText,
)
from service.store.tables import Objection
from tests.fixtures_commands import Desk, Stage
from tests.fixtures_events import Bring
from tests.fixtures_public import (
    disclose,
    let_office_publish,
)

WRITTEN = ObjectionText("教师甲任教不满六年，见附件。", "王某", "13800138000")


def object_to(
    stage: Stage, slug: str, *, form: str = "form-1", address: str = "10.0.0.1", **more: object
) -> Receipt:
    return objections.submit(
        stage.rooms,
        slug,
        more.pop("text", WRITTEN),  # type: ignore[arg-type]  # of the test's own making
        form=form,
        address=address,
        now=stage.clock.now,
        **more,  # type: ignore[arg-type]  # the same
    )


def look_up(stage: Stage, receipt: Receipt, *, address: str = "10.0.0.9") -> Progress:
    return objections.look_up(
        stage.rooms, receipt.number, receipt.secret, address=address, now=stage.clock.now
    )


def answer(
    stage: Stage,
    state: ObjectionState = ObjectionState.DISMISSED,
    actor: Actor | None = None,
    text: str = "经核查，任教满六年。",
) -> None:
    with stage.rooms.write() as tools:
        objection_answers.answer(
            tools,
            stage.key(Objection),
            state=state,
            record="查阅档案，向学校核实。",
            text=text,
            actor=actor or stage.cast.officer,
            now=stage.clock.now,
        )


@pytest.fixture
def disclosed(stage: Stage, bring: Bring, desk: Desk) -> tuple[int, str]:
    """An open disclosure: instance and slug."""
    let_office_publish(stage.rooms, "discloses")
    return disclose(stage, bring, desk)
