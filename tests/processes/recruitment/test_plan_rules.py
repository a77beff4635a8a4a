"""What a plan takes from the bureau's settings, and what it keeps when they change afterwards."""

from datetime import date, timedelta

import pytest

from processes.recruitment import plans
from processes.recruitment.rules.channel import Channel
from processes.recruitment.rules.scores import default_scheme, scheme_findings
from processes.registers.days import said_day
from processes.registers.settings import SettingValues
from service.domain.values import Json
from service.domain.working_days import WorkingDays
from service.store.published_years import published_years

CALENDAR = WorkingDays(published_years())
_DAY = date(2026, 11, 2)
APPROVAL: dict[str, Json] = {
    "plan_ratio_organ": "乌海市人社局", "plan_ratio_basis": "乌人社〔2026〕9号",
    "plan_ratio_dated_on": str(_DAY), "plan_ratio_document": ["1"],
}  # fmt: skip


def _set(**values: str) -> SettingValues:
    return SettingValues(
        _DAY, {f"recruit-{key.replace('_', '-')}": one for key, one in values.items()}
    )


def test_what_counts_as_late_stays_as_it_was_announced() -> None:
    before, after = _set(late_minutes="15"), _set(late_minutes="5")
    announced = plans.as_json(plans.read(plans.proposed(Channel.SELECTION, before), before))
    kept = plans.read(announced, after)
    assert kept.scheme.late_minutes == 15
    assert any("迟到15分钟以上" in line for line in plans.told(kept))


def test_a_plan_not_announced_yet_goes_by_what_is_set() -> None:
    now = _set(late_minutes="5")
    assert plans.read(plans.proposed(Channel.SELECTION, now), now).scheme.late_minutes == 5


def _told(channel: Channel, **changes: Json) -> str:
    values = _set(ratio_selection="5", pass_line="65")
    filled: dict[str, Json] = {
        **plans.proposed(channel, values),
        "plan_written_on": "2026-11-20",
        "plan_interview_on": "2026-11-21",
        "plan_scores_until": "2026-11-22",
        "plan_substitutes_until": "2027-02-01",
        "plan_contact": "人事科",
    }
    plan = plans.read(filled | changes, values)
    found = plans.problems(channel, plan, _DAY, CALENDAR, values)
    return "\n".join(map(str, found))


def test_what_the_settings_propose_may_be_announced() -> None:
    assert _told(Channel.SELECTION) == ""
    assert _told(Channel.SELECTION, plan_ratio=6, plan_pass_line=66) == ""


@pytest.mark.parametrize(
    ("channel", "ratio", "rest"),
    [(Channel.SELECTION, 4, "5∶1"), (Channel.OPEN, 3, "4∶1")],
)
def test_a_lower_ratio_names_its_approval(channel: Channel, ratio: int, rest: str) -> None:
    refused = _told(channel, plan_ratio=ratio)
    for word in ("R-RATIO", rest, "文号"):
        assert word in refused
    # a number alone is no approval: the same four things as at the post
    missing = _told(channel, plan_ratio=ratio, plan_ratio_basis="乌人社〔2026〕9号")
    for word in ("没有填写批准单位", "批准日期没有填写", "没有上传批准文件"):
        assert word in missing
    assert "没有填写批准文号" not in missing
    late = _DAY + timedelta(days=1)
    told = _told(channel, plan_ratio=ratio, **APPROVAL | {"plan_ratio_dated_on": str(late)})
    assert "晚于今天" in told
    assert _told(channel, plan_ratio=ratio, **APPROVAL) == ""


def test_the_notice_names_the_approval_of_a_lower_ratio() -> None:
    values = _set()
    plan = plans.read({"plan_ratio": 2, **APPROVAL}, values)
    said = f"乌海市人社局乌人社〔2026〕9号，{said_day(_DAY)}"
    assert any(said in line for line in plans.told(plan))
    assert plans.read(plans.as_json(plan), values).ratio_approval == plan.ratio_approval
    # what was announced before these were asked is told as it was
    before = plans.read({"plan_ratio": 2, "plan_ratio_basis": "市人社局〔2026〕9号"}, values)
    assert any("（依据：市人社局〔2026〕9号）" in line for line in plans.told(before))


def test_a_pass_line_below_the_bureau_s_is_refused() -> None:
    refused = _told(Channel.SELECTION, plan_pass_line=64)
    assert "R-PASS" in refused
    assert "65分" in refused


def test_a_plan_cannot_leave_the_extremes_in_while_the_bureau_drops_them() -> None:
    assert "R-DROP" in _told(Channel.SELECTION, plan_drop_extremes=False)
    values = _set(drop_extremes="否")
    scheme = default_scheme(Channel.SELECTION, values)
    assert all(one.met for one in scheme_findings(Channel.SELECTION, scheme, values))
