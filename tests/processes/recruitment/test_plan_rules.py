"""What a plan takes from the bureau's settings, and what it keeps when they change afterwards."""

from datetime import date

from processes.recruitment import plans
from processes.recruitment.rules.channel import Channel
from processes.registers.settings import SettingValues

_DAY = date(2026, 11, 2)


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
