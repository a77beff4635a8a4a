"""The rules and settings of recruitment as values: sources, certainty, bounds, versions."""

from datetime import date

import pytest

from processes.recruitment.rules import settings
from processes.recruitment.rules.channel import Channel
from processes.recruitment.rules.norms import NORMS, RULES_VERSION, applied, norms_on
from processes.registers.norms import Certainty
from processes.registers.settings import Setting, SettingKind, SettingUnfit, SettingValues, defaults
from processes.registers.staffing.facts import PersonKind
from processes.registers.staffing.norms import NORMS as STAFFING

TODAY = date(2026, 11, 26)


def test_the_gates_of_part_timers_are_those_that_the_register_asks() -> None:
    assert NORMS["R-CH-1"] is STAFFING["R-CH-1"]
    assert NORMS["R-CH-2"] is STAFFING["R-CH-2"]


def test_what_was_read_in_a_law_names_the_law() -> None:
    read = [one for one in NORMS.values() if one.certainty is Certainty.READ]
    assert {"R-ORDER", "R-T5", "R-T6", "R-T7", "R-BONUS", "R-CH-5"} <= {one.id for one in read}
    assert all("《" in one.source or "通知" in one.source for one in read)


def test_what_is_a_default_of_ours_says_so() -> None:
    ours = [one for one in NORMS.values() if one.certainty is Certainty.PROPOSED]
    assert ours
    assert all("系统默认" in one.source for one in ours)


def test_the_ban_on_bonus_points_began_in_2024() -> None:
    before = {one.id for one in norms_on(date(2024, 8, 2))}
    assert NORMS["R-BONUS"].id not in before
    assert "R-BONUS" in {one.id for one in norms_on(date(2024, 8, 3))}


@pytest.mark.parametrize("setting", settings.SETTINGS, ids=lambda one: one.id)
def test_every_default_is_fit_and_names_a_rule(setting: Setting) -> None:
    assert setting.cleaned(setting.default) == setting.default
    assert NORMS[setting.norm.id] is setting.norm


def test_no_two_settings_have_one_id() -> None:
    ids = [one.id for one in settings.SETTINGS]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("setting", settings.SETTINGS, ids=lambda one: one.id)
def test_a_number_beyond_its_bounds_is_refused(setting: Setting) -> None:
    if setting.kind is SettingKind.LIST:
        for organ in setting.never:
            with pytest.raises(SettingUnfit):
                setting.cleaned(f"乌海市人社局、乌海市{organ}")
        return
    if setting.kind is not SettingKind.NUMBER:
        assert setting.kind in {SettingKind.CHOICE, SettingKind.YES_NO}
        return
    assert setting.cleaned(str(setting.most)) == str(setting.most)
    for wrong in (setting.most + 1, setting.least - 1):
        with pytest.raises(SettingUnfit):
            setting.cleaned(str(wrong))


def test_open_recruitment_is_shown_for_seven_to_fifteen_days_whatever_is_set() -> None:
    for channel in (Channel.OPEN, Channel.TALENT):
        setting = settings.PUBLICITY_DAYS[channel]
        assert (setting.least, setting.most) == (7, 15)


def test_a_decision_records_the_version_and_how_many_settings_were_changed() -> None:
    assert applied(defaults(TODAY)) == f"{RULES_VERSION}/0"
    assert applied(SettingValues(TODAY, {}, 7)) == f"{RULES_VERSION}/7"


def test_three_channels_fill_seats_and_two_never_do() -> None:
    assert [one.letter for one in Channel if one.fills_seat] == ["A", "B", "C"]
    assert [one.kind for one in Channel if not one.fills_seat] == [
        PersonKind.RETIRED,
        PersonKind.PART_TIME,
    ]
    assert [one.label for one in Channel] == [
        "集中遴选",
        "公开招聘",
        "人才引进",
        "返聘银龄",
        "兼职",
    ]
