"""Terms, objection, re-check, withdrawal, and the review as other procedures call it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from processes.registers.tables import (
    QualificationRecord,
    RefusalRecord,
    RefusalReviewRecord,
)
from processes.sample import ADMISSION
from service.commands import starting, user_tasks
from service.commands.deployments import Upload, deploy
from service.domain.actors import SYSTEM, Actor
from service.domain.errors import FieldsInvalid, Forbidden
from service.domain.recusal import RecusalRequired
from service.domain.values import Json
from service.jobs.runner import JobRunner
from service.settings import Settings
from service.store.tables import Incident, Job, ProcessInstance
from tests.engine.builders import diagram, element, end, flows, mapping, start, user
from tests.fixtures_store import migrated_url
from tests.processes.builders import application
from tests.processes.conftest import give_right
from tests.processes.desk import APPLICANT, COLLEAGUE, OFFICER, Desk
from tests.processes.reviewing import (
    conclude,
    examine,
    prove,
    read,
    refuse,
    seat,
    task_at,
    to_conclusion,
    vote_all,
)
from tests.processes.stages import Stages


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Of SQLite alone: what another database could change is in `test_admission_review`."""
    yield from migrated_url(request, "sqlite")


@pytest.fixture
def refused(desk: Desk, settings: Settings, stages: Stages) -> int:
    """A case that was refused because of an assessment that was entered wrongly."""

    def walk() -> int:
        key = desk.apply().instance_key
        desk.check(key)
        prove(desk, key)
        seat(desk, key)
        vote_all(desk, key)
        examine(desk, key, n4_finding="有不合格或基本合格", n4_reason="2024年度基本合格")
        refuse(desk, key)
        return key

    return stages.reach("refused", desk, settings.data_dir / "files", walk)


def run_jobs(desk: Desk) -> None:
    JobRunner(desk.rooms, owner="worker-1").run_due()


def recheck(desk: Desk, key: int, outcome: str, *, actor: Actor = COLLEAGUE) -> None:
    task = task_at(desk, key, "recheck")
    desk.complete(task, outcome, actor=actor, comment="已调阅2024年度考核登记表")


def test_an_objection_is_upheld_by_another_than_who_concluded(desk: Desk, refused: int) -> None:
    # given an applicant who objects
    read(desk, refused, "object", comment="2024年度我是合格，见登记表。")
    # when who concluded tries to check it again
    with pytest.raises(Forbidden):
        recheck(desk, refused, "uphold", actor=OFFICER)
    # then a colleague does, and the refusal stands with that beside it
    recheck(desk, refused, "uphold")
    task = task_at(desk, refused, "read_recheck")
    assert task.assignee == APPLICANT.username
    read(desk, refused)
    assert desk.instance(refused).end_event == "维持不予准入"
    with desk.rooms.read() as session:
        (refusal,) = session.scalars(select(RefusalRecord))
        (review,) = session.scalars(select(RefusalReviewRecord))
    assert (review.refusal_key, review.overturned) == (refusal.refusal_key, False)
    assert review.recorded_by == COLLEAGUE.username


def test_an_objection_that_is_right_leads_to_a_new_review_and_the_register(
    desk: Desk, refused: int
) -> None:
    read(desk, refused, "object", comment="2024年度我是合格，见登记表。")
    recheck(desk, refused, "overturn")
    # then the case is checked anew, not by who concluded, and the panel is not asked again
    with pytest.raises(Forbidden):
        desk.check(refused, actor=OFFICER)
    desk.check(refused, actor=COLLEAGUE)
    prove(desk, refused, actor=COLLEAGUE)
    examine(desk, refused, actor=COLLEAGUE)
    conclude(desk, refused, actor=COLLEAGUE)
    with desk.rooms.read() as session:
        (record,) = session.scalars(select(QualificationRecord))
        (refusal,) = session.scalars(select(RefusalRecord))
        (review,) = session.scalars(select(RefusalReviewRecord))
    assert record.recorded_by == COLLEAGUE.username
    assert (review.refusal_key, review.overturned) == (refusal.refusal_key, True)
    assert isinstance(refusal.reasons, list)
    assert [reason["rule"] for reason in refusal.reasons] == ["R-N4"]  # type: ignore[index, call-overload]


def test_the_reasons_that_are_told_name_nobody_of_the_house(desk: Desk, refused: int) -> None:
    kept = desk.variables(refused)
    assert isinstance(kept["result"], dict)
    assert "2024年度基本合格" in str(kept["result"]["reasons"])
    assert "人事科01" not in str(kept["result"])
    assert "10个工作日内向市教育局人事科提出异议" in str(kept["result"]["remedy"])
    assert "人事科01" in str(kept["findings"])


def test_who_concluded_is_not_called_a_party(desk: Desk, refused: int) -> None:
    # given a refusal that the applicant objects to
    read(desk, refused, "object", comment="不服。")
    task = task_at(desk, refused, "recheck")
    # when who assigns would hand the re-check to who concluded, or to the applicant
    for username, why in (
        (OFFICER.username, "办理过本事项前面的步骤，这一步由他人办理"),
        (APPLICANT.username, "是本事项的当事人，依照"),
    ):
        with desk.rooms.write() as tools, pytest.raises(RecusalRequired, match=why):
            user_tasks.assign(tools, task.key, assignee=username, actor=SYSTEM, now=desk.clock())


def test_an_objection_needs_its_reason(desk: Desk, refused: int) -> None:
    with pytest.raises(FieldsInvalid):
        read(desk, refused, "object")


def test_without_an_objection_in_its_term_the_case_ends(desk: Desk, refused: int) -> None:
    # given Monday the 2nd of March 2026: ten working days end on the 16th
    task = task_at(desk, refused, "read_refusal")
    assert task.due_at is not None
    assert task.due_at.date().isoformat() == "2026-03-16"
    desk.clock.pass_days(14)
    run_jobs(desk)
    task_at(desk, refused, "read_refusal")
    desk.clock.pass_days(1)
    run_jobs(desk)
    assert desk.instance(refused).end_event == "不予准入"


def test_no_timer_ends_an_objection(desk: Desk, refused: int) -> None:
    read(desk, refused, "object", comment="不服。")
    desk.clock.pass_days(400)
    run_jobs(desk)
    task_at(desk, refused, "recheck")


def test_a_supplement_that_does_not_come_is_decided_by_the_office(desk: Desk) -> None:
    # given an application that was sent back; 15 working days end on the 23rd of March
    key = desk.apply().instance_key
    desk.check(key, "supplement", comment="请补传职称证书")
    task = task_at(desk, key, "supplement")
    assert task.due_at is not None
    assert task.due_at.date().isoformat() == "2026-03-23"
    desk.clock.pass_days(21)
    run_jobs(desk)
    task_at(desk, key, "supplement")
    desk.clock.pass_days(1)
    run_jobs(desk)
    # when the office gives another term, it begins anew
    desk.complete(task_at(desk, key, "supplement_late"), "extend", actor=OFFICER)
    again = task_at(desk, key, "supplement")
    assert again.due_at is not None
    assert again.due_at > desk.clock()
    # and when that is over too, the case may be ended without a refusal
    desk.clock.pass_days(40)
    run_jobs(desk)
    late = task_at(desk, key, "supplement_late")
    with pytest.raises(FieldsInvalid):
        desk.complete(late, "withdraw", actor=OFFICER)
    desk.complete(late, "withdraw", actor=OFFICER, comment="两次通知未补正")
    assert desk.instance(key).end_event == "按撤回处理"
    assert desk.variables(key)["conclusion"] == "withdrawn"
    with desk.rooms.read() as session:
        assert session.scalars(select(RefusalRecord)).all() == []


def test_the_office_may_look_again_before_it_concludes(desk: Desk) -> None:
    key = desk.apply().instance_key
    to_conclusion(desk, key)
    conclude(desk, key, "review", comment="任教证明有疑问")
    desk.check(key, verified_title="二级教师")
    refuse(desk, key)
    result = desk.variables(key)["result"]
    assert isinstance(result, dict)
    assert [reason["rule"] for reason in result["reasons"]] == ["R-E5b"]  # type: ignore[union-attr, index, call-overload]


def calling(**inputs: str) -> bytes:
    """A procedure that calls the review with these expressions and keeps what it gave."""
    called = f'<zeebe:calledElement processId="{ADMISSION}" propagateAllChildVariables="false" />'
    io = mapping(inputs=inputs, outputs={"came": "=conclusion", "entered": "=result"})
    return diagram(
        start(), element("callActivity", "call", called + io), user("after", assignee="personnel1"),
        end(), flows("start", "call", "after", "end"), process_id="round",
    )  # fmt: skip


def call(desk: Desk, **variables: Json) -> tuple[int, int]:
    """Start it as the applicant; return the key of the round and of the review."""
    with desk.rooms.write() as tools:
        right = ("applicants", "round", "procedure", "act")
        give_right(tools.session, tools.keys.next(), right, desk.clock())  # type: ignore[arg-type]
    started = starting.start(
        desk.rooms,
        process_id="round",
        variables=variables,
        actor=APPLICANT,
        now=desk.clock(),
        through_form=False,
    )
    run_jobs(desk)
    with desk.rooms.read() as session:
        child = session.scalars(
            select(ProcessInstance.key).where(ProcessInstance.process_id == ADMISSION)
        ).one()
    return started.instance_key, child


def bring(desk: Desk, source: bytes) -> None:
    deploy(desk.rooms, [Upload("round.bpmn", source)], actor=SYSTEM, now=desk.clock())


def test_a_round_gives_person_scope_and_cut_off_and_gets_conclusion_and_key(desk: Desk) -> None:
    # given a round whose notice counts to a day before the call, six years to the day
    bring(desk, calling(person='="applicant"', seat='="初中物理"', cutoff_date='="2026-02-01"'))
    round_key, key = call(desk)
    # then the applicant fills in what is missing; the scope is there
    task = task_at(desk, key, "fill_in")
    assert (task.assignee, desk.variables(key)["seat"]) == ("applicant", "初中物理")
    filled = application(
        seat="初中物理",
        teaching_periods=[{"school": "某校", "post": "任教岗位", "starts_on": "2020-02-01"}],
    )
    evidence = ("evidence_teaching", "evidence_licence", "evidence_title", "evidence_appraisal")
    files: dict[str, Json] = {name: desk.upload(task.key, name, APPLICANT) for name in evidence}
    desk.complete(task, "submit", filled | files, actor=APPLICANT)
    assert desk.variables(key)["cutoff_date"] == "2026-02-01"
    to_conclusion(desk, key)
    conclude(desk, key)
    read(desk, key)
    run_jobs(desk)
    # and the round knows what came of it
    with desk.rooms.read() as session:
        (record,) = session.scalars(select(QualificationRecord))
    variables = desk.variables(round_key)
    assert variables["came"] == "granted"
    assert isinstance(variables["entered"], dict)
    assert variables["entered"]["qualification_key"] == str(record.qualification_key)
    assert (record.holder, record.seat) == ("applicant", "初中物理")


def test_a_day_less_than_six_years_at_the_round_s_cut_off_is_not_enough(desk: Desk) -> None:
    bring(desk, calling(cutoff_date='="2026-01-31"'))
    _, key = call(desk)
    task = task_at(desk, key, "fill_in")
    evidence = ("evidence_teaching", "evidence_licence", "evidence_title", "evidence_appraisal")
    files: dict[str, Json] = {name: desk.upload(task.key, name, APPLICANT) for name in evidence}
    periods: Json = [{"school": "某校", "post": "任教岗位", "starts_on": "2020-02-01"}]
    sent = {**application(teaching_periods=periods), **files}
    desk.complete(task, "submit", sent, actor=APPLICANT)
    desk.check(key, verified_periods=periods)
    refuse(desk, key)
    assert desk.variables(key)["conclusion"] == "refused"


@pytest.mark.parametrize("day", ["2026-03-03", "下周", "2026-02-30"])
def test_a_cut_off_that_is_no_day_or_not_there_yet_starts_nothing(desk: Desk, day: str) -> None:
    bring(desk, calling(cutoff_date=f'="{day}"'))
    _, key = call(desk)
    assert desk.open_tasks(key) == []
    with desk.rooms.read() as session:
        messages = [row.last_error for row in session.scalars(select(Job))]
        messages += [row.message for row in session.scalars(select(Incident))]
    assert any(message and "晚于今天" in message for message in messages)
