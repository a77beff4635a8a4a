"""Evidence and the panel of an admission, through the commands and the shipped diagram."""

from collections.abc import Iterator

import pytest

from processes.admission.rules import refused
from processes.registers.admission_norms import CHECKS_BEFORE_REFUSAL, RULES_VERSION
from processes.registers.roster import RegisterSetting
from service.domain.errors import JiaoyanError, NotFound
from service.domain.values import Json
from service.settings import Settings
from service.store.tables import UserTask
from tests.fixtures_store import migrated_url
from tests.processes.desk import APPLICANT, Desk
from tests.processes.reviewing import (
    PANEL,
    REVIEWERS,
    conclude,
    counted,
    examine,
    prove,
    refuse,
    seat,
    task_at,
    tie,
    to_conclusion,
    vote,
    vote_all,
    voters,
    words,
)
from tests.processes.stages import Stages


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Of SQLite alone: what another database could change is in `test_admission_review`."""
    yield from migrated_url(request, "sqlite")


@pytest.fixture
def case(desk: Desk, settings: Settings, stages: Stages) -> int:
    """A case that waits for E1 and E4."""

    def walk() -> int:
        key = desk.apply().instance_key
        desk.check(key)
        return key

    return stages.reach("evidence", desk, settings.data_dir / "files", walk)


def grounds(desk: Desk, key: int) -> list[Json]:
    findings = words(desk, key, "findings")
    return [row["rule"] for row in findings if isinstance(row, dict) and row["effect"] == "不符合"]


def test_evidence_that_is_not_complete_comes_back(desk: Desk, case: int) -> None:
    prove(desk, case, e1_dated_on="2026-03-03")
    task_at(desk, case, "evidence_check")
    assert words(desk, case, "evidence_problems") == [
        refused("党组织鉴定：日期不能晚于今天", "R-E1")
    ]


@pytest.mark.parametrize(
    ("field", "finding", "rule"),
    [("e1", "不合格", "R-E1"), ("e4", "有查实的失信记录", "R-E4")],
)
def test_a_veto_ends_the_review_with_its_reason_and_asks_no_panel(
    desk: Desk, case: int, field: str, finding: str, rule: str
) -> None:
    against: dict[str, Json] = {
        f"{field}_finding": finding,
        f"{field}_reason": "见2025年第3号认定书",
    }
    prove(desk, case, **against)  # type: ignore[arg-type]
    examine(desk, case)
    assert grounds(desk, case) == [rule]
    refuse(desk, case)
    result = desk.variables(case)["result"]
    assert isinstance(result, dict)
    assert "见2025年第3号认定书" in str(result["reasons"])


def test_the_bureau_may_ask_for_the_checks_before_a_grant_alone(desk: Desk) -> None:
    # given a case that began before the bureau set it so, and one that began after
    before = desk.apply().instance_key
    with desk.rooms.database.write() as session:
        session.add(
            RegisterSetting(
                revision=1, setting=CHECKS_BEFORE_REFUSAL.id, value="否",
                effective_from=desk.clock().date(), reason="局法规科意见", at=desk.clock(),
                by="personnel1", by_name="人事科01",
            )
        )  # fmt: skip
    after = desk.apply().instance_key
    # when both have a title that is not enough
    for key in (before, after):
        desk.check(key, verified_title="二级教师")
    # then each goes by what was set when it began, and the decision says which version that was
    task_at(desk, before, "compulsory_check")
    task_at(desk, after, "conclude")
    refuse(desk, after)
    result = desk.variables(after)["result"]
    assert isinstance(result, dict)
    assert result["rules_version"] == f"{RULES_VERSION}/1"


def test_a_panel_of_two_is_refused_with_the_rule(desk: Desk, case: int) -> None:
    prove(desk, case)
    seat(desk, case, PANEL[:2])
    task_at(desk, case, "choose_panel")
    (problem,) = words(desk, case, "panel_problems")
    assert "至少3人" in str(problem)
    assert "R-PANEL" in str(problem)


def test_a_cousin_is_not_proposed_and_refused_with_the_source(desk: Desk, case: int) -> None:
    # given a reviewer who has declared that the applicant is a cousin
    tie(desk, "researcher02")
    prove(desk, case)
    # then another is proposed, and the office is told why
    assert words(desk, case, "panel_choice") == ["researcher01", "researcher03", "researcher04"]
    (barred,) = words(desk, case, "panel_barred")
    assert isinstance(barred, dict)
    assert "三代以内旁系血亲" in str(barred["reason"])
    # and who is chosen nevertheless gets no task
    seat(desk, case, ["researcher01", "researcher02", "researcher03"])
    task_at(desk, case, "choose_panel")
    problems = words(desk, case, "panel_problems")
    assert "人社部规〔2019〕1号" in str(problems[0])
    assert "可以评议的有2人" in str(problems[1])
    seat(desk, case, ["researcher01", "researcher03", "researcher04"])
    assert voters(desk, case) == {"researcher01", "researcher03", "researcher04"}


def test_somebody_from_outside_the_group_cannot_be_chosen(desk: Desk, case: int) -> None:
    prove(desk, case)
    with pytest.raises(JiaoyanError):
        seat(desk, case, [*PANEL[:2], "personnel2"])


def test_a_reviewer_votes_alone_and_for_themselves(desk: Desk, case: int) -> None:
    prove(desk, case)
    seat(desk, case)
    (first,) = [task for task in desk.open_tasks(case) if task.assignee == PANEL[0]]
    assert first.no_deputy
    with pytest.raises(NotFound):
        desk.complete(first, "submit", {"vote_stance": "申请回避"}, actor=REVIEWERS[4])
    vote(desk, case, REVIEWERS[0], vote_e2="不符合")
    vote(desk, case, REVIEWERS[1])
    assert [one["e2"] for one in words(desk, case, "panel_votes") if isinstance(one, dict)] == [
        "不符合",
        "符合",
    ]


def test_one_of_three_against_passes_and_two_do_not(desk: Desk, case: int) -> None:
    prove(desk, case)
    seat(desk, case)
    vote(desk, case, REVIEWERS[0], vote_e5c="不符合")
    vote(desk, case, REVIEWERS[1], vote_e5c="不符合")
    vote(desk, case, REVIEWERS[2])
    assert counted(desk, case)["outcome"] == "failed"
    examine(desk, case)
    assert grounds(desk, case) == ["R-E5c"]
    refuse(desk, case)


def test_a_tie_found_after_the_vote_voids_it_and_the_panel_votes_again(
    desk: Desk, case: int
) -> None:
    # given a case that is ready to be concluded
    prove(desk, case)
    seat(desk, case)
    vote_all(desk, case)
    examine(desk, case)
    # when it becomes known that one of the three is a cousin, and the office grants
    tie(desk, "researcher03")
    conclude(desk, case)
    # then nothing is granted: the vote is void, two are too few, the panel is filled up
    assert counted(desk, case)["outcome"] == "short"
    assert "三代以内旁系血亲" in str(counted(desk, case)["void"])
    seat(desk, case, [*PANEL[:2], "researcher05"])
    vote(desk, case, REVIEWERS[4])
    examine(desk, case)
    conclude(desk, case)
    assert desk.variables(case)["conclusion"] == "granted"


def test_a_tie_found_after_the_vote_leaves_a_larger_panel_its_result(desk: Desk, case: int) -> None:
    prove(desk, case)
    seat(desk, case, [*PANEL, "researcher04"])
    for reviewer in REVIEWERS[:4]:
        vote(desk, case, reviewer)
    examine(desk, case)
    tie(desk, "researcher03")
    conclude(desk, case)
    assert desk.variables(case)["conclusion"] == "granted"
    assert (counted(desk, case)["counted"], counted(desk, case)["base"]) == (3, 3)


def test_the_applicant_is_told_no_name_and_no_vote(desk: Desk, case: int) -> None:
    prove(desk, case)
    seat(desk, case)
    for task in desk.open_tasks(case):
        assert isinstance(task, UserTask)
        with pytest.raises(NotFound):
            desk.complete(task, "submit", {}, actor=APPLICANT)


def test_a_compulsory_check_against_the_applicant_is_refused_with_its_law(
    desk: Desk, case: int
) -> None:
    prove(desk, case)
    seat(desk, case)
    vote_all(desk, case)
    examine(desk, case, n1_finding="有记录", n1_reason="公安机关查询结果第8号")
    assert grounds(desk, case) == ["R-N1"]
    # and the office cannot conclude otherwise
    conclude(desk, case)
    task_at(desk, case, "conclude")
    assert "未成年人保护法第62条" in str(words(desk, case, "problems"))
    refuse(desk, case)
    assert desk.variables(case)["conclusion"] == "refused"


def test_a_check_that_is_missing_keeps_the_conclusion_away(desk: Desk, case: int) -> None:
    prove(desk, case)
    seat(desk, case)
    vote_all(desk, case)
    examine(desk, case, n3_dated_on="2026-03-03")
    task_at(desk, case, "compulsory_check")
    late = refused("N3 处分期、接受调查：日期不能晚于今天", "R-N3")
    assert words(desk, case, "compulsory_problems") == [late]


def test_who_meets_everything_cannot_be_refused(desk: Desk) -> None:
    key = desk.apply().instance_key
    to_conclusion(desk, key)
    refuse(desk, key)
    task_at(desk, key, "conclude")
    assert "不能不予准入" in str(words(desk, key, "problems"))
