"""Each act has its own route of remedy (traps 6 to 9), as domain rule 3.5 writes it."""

import re
from pathlib import Path

import pytest

from processes.recruitment.application_steps import not_appointed
from processes.recruitment.rules.channel import Channel
from processes.recruitment.tables import CandidacyState
from processes.registers.norms import Certainty
from processes.registers.remedies import ISSUED_BY, NO_MORE, ROUTES, STANDING, Act, notice_of
from processes.registers.staffing.facts import Leaving

APPEALS = "事业单位工作人员申诉规定"


@pytest.mark.parametrize("act", [Act.SANCTION, Act.ASSESSMENT])
def test_what_the_appeals_regulation_lists_is_reviewed_and_appealed(act: Act) -> None:
    text = notice_of(act)
    assert "自知道之日起30日内向原处理单位申请复核" in text
    assert "向同级人力资源社会保障部门提出申诉" in text
    assert "60日内作出决定，复杂的可以延长30日" in text
    assert STANDING in text


def test_trap_7_a_pure_exit_is_not_sent_there_but_is_not_left_without() -> None:
    text = notice_of(Act.EXIT)
    assert APPEALS not in text
    assert "30日内向作出决定的单位申请复核" in text
    assert "教师法" in text
    assert "一年内向劳动人事争议仲裁委员会" in text


@pytest.mark.parametrize(
    "act", [Act.REFUSAL, Act.UPHELD, Act.NOT_CHOSEN, Act.TRIAL, Act.REVOCATION, Act.ENGAGEMENT]
)
def test_trap_7_what_the_law_opens_no_appeal_against_promises_none(act: Act) -> None:
    text = notice_of(act)
    assert "人力资源社会保障部门" not in text
    assert "仲裁委员会" not in text
    assert "教师法" not in text
    assert STANDING not in text
    assert len(text) > 20, "and says something"


def test_trap_7_a_refusal_says_whom_within_how_long_and_when_an_answer_is_due() -> None:
    assert notice_of(Act.REFUSAL, term="3个工作日", answer="5个工作日内答复") == (
        "对决定不服的，可以：自知道之日起3个工作日内向市教育局人事科提出异议（写明理由，可以附材料），"
        "由作出结论以外的人复核（5个工作日内答复）。"
    )
    assert notice_of(Act.UPHELD) == NO_MORE


ROOT = Path(__file__).parents[3]
TEXTS = [
    path
    for folder, kinds in (
        ("forms", ("*.form",)),
        ("bpmn", ("*.bpmn", "*.dmn")),
        ("processes", ("*.py", "*.html")),
    )
    for kind in kinds
    for path in sorted((ROOT / folder).rglob(kind))
]
PROMISES = re.compile(r"申诉|仲裁|行政复议|行政诉讼|第三十九条|第39条")


def test_trap_7_no_text_states_a_route_but_those_of_the_table() -> None:
    said = {
        path.relative_to(ROOT).as_posix() for path in TEXTS if PROMISES.search(path.read_text())
    }
    assert said == {"processes/registers/remedies.py"}


@pytest.mark.parametrize(
    ("form", "variable"),
    [
        ("admission_refusal", "result.remedy"),
        ("admission_result", "recheck_result.remedy"),
        ("recruitment_refusal", "refusal_remedy"),
        ("recruitment_upheld", "recheck_remedy"),
        ("recruitment_result", "round_remedy"),
    ],
)
def test_trap_7_every_text_of_a_refusal_says_the_route(form: str, variable: str) -> None:
    assert f"{{{{{variable}}}}}" in (ROOT / "forms" / f"{form}.form").read_text("utf-8")


def test_trap_6_a_trial_that_was_not_passed_is_no_exit_and_no_sanction() -> None:
    back = not_appointed(CandidacyState.RETURNED, Channel.SELECTION)
    ended = not_appointed(CandidacyState.RETURNED, Channel.OPEN)
    assert (back, ended) == (Act.TRIAL, Act.CONTRACT)
    assert not_appointed(CandidacyState.DROPPED, Channel.OPEN) is Act.NOT_CHOSEN
    assert not_appointed(CandidacyState.APPOINTED, Channel.OPEN) is None
    texts = {notice_of(one) for one in (Act.TRIAL, Act.CONTRACT, Act.EXIT, Act.SANCTION)}
    assert len(texts) == 4


def test_trap_6_each_act_is_issued_by_its_own() -> None:
    assert set(ISSUED_BY) == set(Act)
    assert "不对外行文" in ISSUED_BY[Act.EXIT], "the Party group decides, the bureau issues"
    groups = [act for act in Act if ISSUED_BY[act].startswith("局党组会同")]
    assert groups == [Act.PARTY_SANCTION], "it issues 党纪处分 alone"
    assert "2025" in ISSUED_BY[Act.PARTY_SANCTION]
    assert "派驻纪检" in ISSUED_BY[Act.PARTY_SANCTION]


def test_trap_6_a_party_sanction_is_appealed_within_the_party() -> None:
    text = notice_of(Act.PARTY_SANCTION)
    assert "党组织" in text
    assert APPEALS not in text
    assert STANDING not in text


def test_trap_8_the_first_appeal_never_goes_to_the_bureau_that_decided() -> None:
    appeals = [one for act in Act for one in ROUTES[act] if "提出申诉" in one.way]
    assert appeals
    assert not any("市教育局" in one.to for one in appeals)


def test_trap_6_a_cancelled_appointment_an_exit_and_a_sanction_have_nothing_in_common() -> None:
    assert {Leaving.EXIT, Leaving.WITHDRAWN, Leaving.CONTRACT, Leaving.DISMISSED} <= set(Leaving)
    said = {notice_of(one) for one in (Act.EXIT, Act.SANCTION, Act.CONTRACT, Act.ENGAGEMENT)}
    assert len(said) == 4


def test_a_part_timer_has_a_contract_dispute() -> None:
    text = notice_of(Act.ENGAGEMENT)
    assert "协议" in text
    assert "同级人力资源" not in text
    assert STANDING not in text


def test_every_act_has_a_route_and_what_is_ours_says_so() -> None:
    assert set(ROUTES) == set(Act)
    ours = [one for act in Act for one in ROUTES[act] if one.certainty is Certainty.PROPOSED]
    assert ours
    assert all("系统默认" in one.source for one in ours)


def test_a_revocation_says_to_whom_and_within_how_long() -> None:
    assert notice_of(Act.REVOCATION) == (
        "对决定不服的，可以：自知道之日起30日内向市教育局人事科提出，由作出决定以外的人复查（30日内答复）。"
    )
