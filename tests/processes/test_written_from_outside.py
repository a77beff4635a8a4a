"""What decides a case of the bureau is written by its people and steps, by nobody from outside."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from service.app import ROOT
from service.commands import element_instances, messages
from service.commands.tie_effects import TASK_TAKEN_BACK
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.instances import InstanceSealed
from service.domain.values import Json
from service.engine import process_models
from service.store.tables import ElementInstance
from tests.fixtures_store import migrated_url
from tests.processes.conftest import give_right
from tests.processes.desk import Desk
from tests.processes.reviewing import PANEL, prove, seat, to_conclusion, voters

OPERATOR = Actor("operator", "运维", frozenset({"ops"}))
DIAGRAMS = sorted(path.stem for path in (ROOT / "bpmn").glob("*.bpmn"))


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    yield from migrated_url(request, "sqlite")


@pytest.fixture
def case(desk: Desk) -> int:
    """An application; somebody may act on whatever runs."""
    with desk.rooms.database.write() as session:
        for action in (Action.READ, Action.ACT):
            right = ("ops", "*", ObjectKind.RUNNING, action)
            give_right(session, desk.rooms.keys.next(), right, desk.clock())
    return desk.apply().instance_key


@pytest.mark.parametrize("name", DIAGRAMS)
def test_every_procedure_of_the_bureau_is_sealed(name: str) -> None:
    models = process_models((ROOT / "bpmn" / f"{name}.bpmn").read_bytes())
    assert [one.process_id for one in models if not one.is_sealed] == []


@pytest.mark.parametrize(
    "forged",
    [
        {"panel_votes": []},
        {"n1_finding": "没有记录"},
        {"applicant": "researcher05", "applicant_name": "教研员05"},
        {"kept_out": []},
        {"concluded_by": "somebody"},
    ],
)
def test_an_operator_writes_nothing_into_a_review(
    desk: Desk, case: int, forged: dict[str, Json]
) -> None:
    to_conclusion(desk, case)
    with desk.rooms.read() as session:
        elements = session.scalars(
            select(ElementInstance.key).where(ElementInstance.instance_key == case)
        ).all()
    before = desk.variables(case)
    for key in (case, elements[-1]):
        for local in (True, False):
            with pytest.raises(InstanceSealed), desk.rooms.write() as tools:
                element_instances.set_variables(
                    tools, key, forged, local=local, actor=OPERATOR, now=desk.clock()
                )
    assert desk.variables(case) == before


def test_an_operator_takes_no_reviewer_from_the_panel(desk: Desk, case: int) -> None:
    desk.check(case)
    prove(desk, case)
    seat(desk, case)
    for reviewer in PANEL:
        with desk.rooms.write() as tools:
            sent = messages.publish(
                tools, TASK_TAKEN_BACK, correlation_key=f"{case}/{reviewer}", variables={},
                actor=OPERATOR, now=desk.clock(),
            )  # fmt: skip
        assert sent.instance_keys == ()
    assert voters(desk, case) == set(PANEL)
