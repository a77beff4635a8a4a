"""Each act has its own route of remedy (traps 6 to 9), as domain rule 3.5 writes it."""

import pytest

from processes.registers.norms import Certainty
from processes.registers.remedies import ROUTES, STANDING, Act, notice_of
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
