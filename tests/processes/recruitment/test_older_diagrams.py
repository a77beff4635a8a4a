"""Cases begun on the diagrams or by the settings of an earlier day, with what is there today."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from processes.committee.rules import Outcome
from processes.recruitment.history import acts_of
from processes.recruitment.tables import CandidacyState
from processes.registers.admission_norms import APPRAISAL_YEARS
from processes.registers.set_values import set_value, values_on
from service.commands import calendar_estimates, deployments
from service.commands.deployments import Upload
from service.domain.actors import SYSTEM
from service.domain.values import Json
from service.feel import FeelPool
from tests.processes.desk import OFFICER, Desk
from tests.processes.recruitment.deciding import (
    incidents,
    newest,
    pass_days,
    run_jobs,
    settle_waiting,
    tasks,
    wait_until,
)
from tests.processes.recruitment.engaging import (
    HEAD,
    RESEARCHER,
    TEACHER,
    apply,
    do,
    engagement,
    entries,
    look_up_record,
    pass_notice,
    qualify,
    sign,
)
from tests.processes.recruitment.marking import TURNS, marked
from tests.processes.recruitment.reconsidering import overturn
from tests.processes.recruitment.selecting_bureau import begin_post, open_bureau
from tests.processes.recruitment.selection_cast import MORE, SUBJECTS

FULL = SUBJECTS[-1]
"""The one cell with nobody missing, as a part-timer may be taken for."""
OLDER = Path(__file__).with_name("older")


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    """A bureau whose newest diagrams are those of the earlier release, as they were then."""
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("older"), feel) as desk:
        calendar_estimates.bring_up_to_date(desk.rooms, now=desk.clock())
        files = [Upload(one.name, one.read_bytes()) for one in sorted(OLDER.glob("*.bpmn"))]
        # what was deployed then was not asked yet whether it looks at a decision again
        handlers = desk.rooms.handlers
        guards, handlers.guards = handlers.guards, ()
        deployments.deploy(desk.rooms, files, actor=SYSTEM, now=desk.clock())
        handlers.guards = guards
        yield desk


def test_an_older_post_goes_on_with_who_is_first_by_the_marks_that_count(bureau: Desk) -> None:
    post = marked(bureau, SUBJECTS[0], TURNS)
    post.one.examine()
    post.carry()
    post.end_notice()
    post.tie()
    post.one.file(post.one.candidacy(post.first).key)
    post.one.appoint(post.first)
    # its diagram knows nothing of the look; what it calls does
    assert post.one.open_elements() == ["take_up"]
    post.overturn()
    assert post.state(post.first) == CandidacyState.ADMITTED
    assert post.state(post.second) == CandidacyState.PROPOSED
    assert post.order()[0] == (post.second.display_name, "84.80")
    assert post.one.open_elements() == ["inspection", "medical", "record"]


def test_an_older_appointment_is_refused_by_an_order_of_void_marks(bureau: Desk) -> None:
    file = OLDER / "marks" / "recruitment_appointment.bpmn"
    upload = [Upload(file.name, file.read_bytes())]
    deployments.deploy(bureau.rooms, upload, actor=SYSTEM, now=bureau.clock())
    bureau.clock.pass_days(7)
    post = marked(bureau, SUBJECTS[5], TURNS)
    post.one.examine()
    post.carry()
    post.end_notice()
    post.tie()
    post.one.file(post.one.candidacy(post.first).key)
    post.one.appoint(post.first)
    assert post.one.open_elements() == ["appoint"]
    told = str(bureau.variables(post.one.called("recruitment_appointment"))["appointment_problems"])
    assert "不能按原来的名次聘任，请提请局党组复议" in told
    assert "R-VOID" in told
    post.overturn()
    assert post.one.candidacy(post.first).reason == "局党组复议改变了决定"
    assert post.state(post.second) == CandidacyState.PROPOSED


def test_an_older_case_passes_its_query_of_records_and_the_yearly_one(bureau: Desk) -> None:
    qualify(bureau, TEACHER, FULL)
    case = apply(bureau, wanted_seat=FULL)
    do(bureau, case, "recommend", "recommend", HEAD, school_opinion="同意")
    today = bureau.clock().date().isoformat()
    look_up_record(bureau, case, record_on=today)
    # the diagram lets only what it lists out of the form
    assert "record_n3_sanction" not in bureau.variables(case)
    assert bureau.variables(case)["record_problems"] == []
    do(bureau, case, "assess", "pass", RESEARCHER, assess_record="述职答辩合格")
    agreed = engagement(bureau, case)
    settle_waiting(bureau, agreed)
    pass_notice(bureau, agreed)
    sign(bureau, agreed, "2027-02-01", "2029-01-31")
    again = date(2028, 2, 1)
    wait_until(bureau, f"{again.isoformat()}T08:00:00+08:00")
    look_up_record(bureau, agreed, "record_again", record_on=again.isoformat())
    assert entries(bureau, TEACHER)[0].records_on == again
    assert tasks(bureau, agreed, "record_again") == []
    assert incidents(bureau, case) + incidents(bureau, agreed) == []


def test_checks_ask_for_the_years_that_were_set_when_they_began(bureau: Desk) -> None:
    one = begin_post(bureau, MORE[1:2], SUBJECTS[2], process="recruitment_checks")
    one.pass_days(1)
    with bureau.rooms.write() as tools:
        revision = values_on(tools.session, bureau.clock().date()).revision
        set_value(
            tools, APPRAISAL_YEARS, "5", register="recruitment-rules",
            effective_from=bureau.clock().date(), reason="局党组会议决定", revision=revision,
            actor=OFFICER, now=bureau.clock(),
        )  # fmt: skip
    assert "record_n4_first_year" not in bureau.variables(one.case)
    one.examine()
    assert bureau.variables(one.case)["record_problems"] == []
    assert bureau.variables(one.case)["checks_passed"] is True
    # while those that begin now ask for five
    later = begin_post(bureau, MORE[2:3], SUBJECTS[3], process="recruitment_checks")
    later.examine()
    assert "近5年" in str(bureau.variables(later.case)["record_problems"])


def test_an_older_revocation_goes_on_as_it_began(bureau: Desk) -> None:
    one = begin_post(bureau, MORE[3:4], SUBJECTS[4], process="recruitment_appointment")
    one.file(one.key_of_first)
    one.appoint(MORE[3])
    overturn(bureau, int(str(bureau.variables(one.case)["committee_item"])))
    case = newest(bureau, "appointment_revocation")
    assert "withdrawal_problems" not in bureau.variables(case)
    (task,) = tasks(bureau, case, "prepare")
    bureau.complete(task, "ready", actor=OFFICER)
    settle_waiting(bureau, case, Outcome.DEFERRED)
    (task,) = tasks(bureau, case, "again")
    bureau.complete(task, "again", {"item_new_evidence": "补充说明"}, actor=OFFICER)
    run_jobs(bureau)
    (task,) = tasks(bureau, case, "prepare")
    bureau.complete(task, "ready", actor=OFFICER)
    settle_waiting(bureau, case, Outcome.NOT_CARRIED)
    assert bureau.instance(case).end_event == "不撤销，继续聘任"
    assert incidents(bureau, case) == []


def test_an_older_post_does_not_go_on_below_its_ratio_without_an_approval(bureau: Desk) -> None:
    one = begin_post(
        bureau, MORE[:1], SUBJECTS[1], plan_ratio=2, plan_ratio_basis="乌人社〔2026〕9号"
    )
    task = one.task("below_ratio")
    given: dict[str, Json] = {
        "ratio_organ": "乌海市人社局", "ratio_basis": "乌人社〔2026〕10号",
        "ratio_dated_on": one.later(30),
        "ratio_document": bureau.upload(task.key, "ratio_document", OFFICER),
    }  # fmt: skip
    bureau.complete(task, "lower", given, actor=OFFICER)
    for _ in range(4):
        pass_days(bureau, 1)
    (why,) = incidents(bureau, one.case)
    assert why.startswith("lower_ratio: ")
    assert "批准日期没有填写，或者晚于今天" in why
    assert "R-RATIO" in why
    assert one.called("recruitment_scores") == 0
    with bureau.rooms.read() as session:
        assert "ratio-lowered" not in {act.act for act in acts_of(session, one.round.key)}
