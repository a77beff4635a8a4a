"""What the law lets go goes, from closed cases whose time is over; the record still verifies."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from service.commands import documents, erasure, process_instances, rights
from service.commands.accounts import PersonNotFound
from service.commands.erasure import Erased, ErasureReasonMissing, Holdings, NothingToErase
from service.domain.accounts import PersonKind
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.domain.errors import NotFound
from service.store.history import values_of
from service.store.tables import (
    AccessEvent,
    Document,
    Person,
    PersonalDatum,
    ProcessInstance,
    Variable,
)
from service.store.verification import verify
from tests.closed_cases import closed_case, deploy_evidence
from tests.fixtures_commands import Deploy, Stage
from tests.fixtures_store import AUDIT_KEY
from tests.recorded import record_cast

pytestmark = pytest.mark.usefixtures("deploy")  # lets the applicant start

REASON = "本人书面申请，保存期满"


@pytest.fixture
def administrator(stage: Stage) -> Actor:
    """Administers accounts; sees no case."""
    right = Grant(GranteeKind.PERSON, "wang.wei", "*", ObjectKind.ACCOUNT, Action.ACT)
    with stage.rooms.write() as tools:
        record_cast(tools, stage.clock.now)
        rights.grant(tools, right, actor=SYSTEM, now=stage.clock.now)
    return stage.cast.stranger


def look(stage: Stage, actor: Actor, username: str = "zhang.min") -> Holdings:
    with stage.rooms.read() as session:
        return erasure.holdings(session, stage.rooms.models, username, actor=actor)


def erase(stage: Stage, actor: Actor, reason: str = REASON) -> Erased:
    with stage.rooms.write() as tools:
        return erasure.erase(tools, "zhang.min", reason=reason, actor=actor, now=stage.clock.now)


def test_it_goes_when_its_time_is_over_and_the_record_verifies(
    stage: Stage, administrator: Actor
) -> None:
    key = closed_case(stage)
    stage.clock.forward(days=190)

    done = erase(stage, administrator)

    assert (done.cases, done.documents) == (1, 1)
    assert done.values > 1
    assert stage.rows(Variable) == []
    assert stage.rows(Document) == []
    assert "证明" not in str(stage.row(ProcessInstance)["title"])
    with stage.rooms.read() as session:
        [kept] = values_of(session, key).values()
        assert verify(session, AUDIT_KEY).findings == ()
    assert isinstance(kept, dict)
    assert kept["reason"] == REASON
    assert "材料属实" not in str(kept)
    event = stage.row(AccessEvent, kind="data_erased")
    assert (event["person"], event["subject"], event["retention"]) == (
        "wang.wei",
        "zhang.min",
        "permanent",
    )
    assert REASON in str(event["details"])


def test_the_bytes_of_the_files_go_with_the_next_upkeep(stage: Stage, administrator: Actor) -> None:
    closed_case(stage)
    stage.clock.forward(days=190)
    erase(stage, administrator)
    later = stage.clock.now + timedelta(days=10_000)  # files are dated by the machine's clock
    assert documents.clean_up(stage.rooms, now=later) == 1


def test_it_happens_once(stage: Stage, administrator: Actor) -> None:
    closed_case(stage)
    stage.clock.forward(days=190)
    erase(stage, administrator)
    assert look(stage, administrator).cases[0].erased
    with pytest.raises(NothingToErase):
        erase(stage, administrator)


@pytest.mark.parametrize(("retention", "days"), [("P190D", 189), ("permanent", 99_999)])
def test_nothing_goes_before_its_time(
    stage: Stage, administrator: Actor, retention: str, days: int
) -> None:
    closed_case(stage, retention)
    stage.clock.forward(days=days)
    with pytest.raises(NothingToErase):
        erase(stage, administrator)
    assert len(stage.rows(Document)) == 1


def test_nothing_goes_where_the_process_says_nothing(
    stage: Stage, deploy: Deploy, administrator: Actor
) -> None:
    deploy("errand.bpmn")
    key = stage.start("errand", variables={"姓名": "张敏"}).instance_key
    with stage.rooms.write() as tools:
        process_instances.cancel(tools, key, reason="不需要", actor=SYSTEM, now=stage.clock.now)
    stage.clock.forward(days=99_999)
    [case] = look(stage, administrator).cases
    assert (case.kept_until, case.erased) == (None, False)


def test_an_open_case_is_left_alone(stage: Stage, administrator: Actor) -> None:
    deploy_evidence(stage, "P1D")
    stage.start("evidence", variables={})
    stage.clock.forward(days=100)
    found = look(stage, administrator)
    assert (found.open_cases, found.cases) == (1, ())
    with pytest.raises(NothingToErase):
        erase(stage, administrator)


def test_what_others_have_stays(stage: Stage, administrator: Actor) -> None:
    closed_case(stage)
    other = stage.start("evidence", stage.cast.officer).instance_key
    stage.complete(stage.task(other, "check"), stage.cast.officer, comment="别人的意见")
    stage.clock.forward(days=190)
    erase(stage, administrator)
    with stage.rooms.read() as session:
        assert "别人的意见" in str(values_of(session, other))


@pytest.mark.parametrize(
    ("kind", "active", "left"),
    [
        (PersonKind.PUBLIC, False, 0),
        (PersonKind.PUBLIC, True, 1),
        (PersonKind.STAFF, False, 1),
    ],
)
def test_the_accounts_data_goes_of_outsiders_whose_account_is_closed(
    stage: Stage, administrator: Actor, kind: PersonKind, active: bool, left: int
) -> None:
    with stage.rooms.write() as tools:
        tools.session.add(
            PersonalDatum(
                username="zhang.min",
                kind="mobile",
                sealed="x",
                lookup="x",
                changed_at=stage.clock.now,
            )
        )
        tools.session.execute(
            update(Person).where(Person.username == "zhang.min").values(kind=kind, active=active)
        )
    if left:
        with pytest.raises(NothingToErase):
            erase(stage, administrator)
    else:
        assert erase(stage, administrator).account_data == 1
    assert len(stage.rows(PersonalDatum)) == left


@pytest.mark.parametrize("reason", ["", "  \n ", "x" * 201])
def test_it_needs_a_reason(stage: Stage, administrator: Actor, reason: str) -> None:
    closed_case(stage)
    stage.clock.forward(days=190)
    with pytest.raises(ErasureReasonMissing):
        erase(stage, administrator, reason)
    assert len(stage.rows(Document)) == 1


def test_nobody_else_learns_or_erases_anything(stage: Stage, administrator: Actor) -> None:
    closed_case(stage)
    for actor in (stage.cast.applicant, stage.cast.officer):
        with pytest.raises(NotFound):
            look(stage, actor)
        with pytest.raises(NotFound):
            erase(stage, actor)
    with pytest.raises(PersonNotFound):
        look(stage, administrator, "no.body")
