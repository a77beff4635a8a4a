"""The bureau's own rules of procedure undo no law, and change nothing that was decided before."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from processes.committee import rule_settings, superior
from processes.committee.norms import organs_above, settings_as_json, settings_of
from processes.committee.refusals import (
    Backdated,
    BelowTheLaw,
    MeetingNotFound,
    RulesForbidden,
    Unfit,
)
from processes.committee.rules import DEFAULT_QUORUMS, ItemClass, Quorum, RuleSettings
from processes.committee.superior import Sent
from processes.registers.days import bureau_day
from processes.registers.settings import SettingUnfit
from processes.registers.staffing.norms import ORGANS
from service.domain.actors import Actor
from service.feel import FeelPool
from tests.processes.desk import Desk
from tests.processes.party_group import RULE_SETTER, SECRETARY, actor_of, open_bureau


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("settings"), feel) as desk:
        yield desk


def set_half(
    desk: Desk, item_class: ItemClass, *, days: int = 0, actor: Actor = RULE_SETTER
) -> int:
    with desk.rooms.write() as tools:
        return rule_settings.set_rules(
            tools,
            RuleSettings(quorums={**DEFAULT_QUORUMS, item_class: Quorum.HALF}),
            effective_from=bureau_day(desk.clock()) + timedelta(days=days),
            source="议事规则",
            actor=actor,
            now=desk.clock(),
        )


def test_no_secretary_sets_the_rules_and_a_stranger_finds_none_to_set(bureau: Desk) -> None:
    with pytest.raises(RulesForbidden, match="党组议事规则"):
        set_half(bureau, ItemClass.EXIT, actor=SECRETARY)
    with pytest.raises(MeetingNotFound):
        set_half(bureau, ItemClass.EXIT, actor=actor_of(2))
    with bureau.rooms.read() as session:
        assert rule_settings.versions(session) == []


def test_a_sanction_never_needs_less_than_two_thirds(bureau: Desk) -> None:
    with pytest.raises(BelowTheLaw, match=r"处分.*C-2/3.*干部选拔任用工作条例"):
        set_half(bureau, ItemClass.DISCIPLINE)


def test_nothing_is_set_for_days_that_have_passed(bureau: Desk) -> None:
    with pytest.raises(Backdated, match="过去的日期"):
        set_half(bureau, ItemClass.EXIT, days=-1)
    assert set_half(bureau, ItemClass.EXIT) == 1


@pytest.mark.parametrize("organs", ["乌海市教育局", "市委编办、海勃湾区教育局"])
def test_no_education_bureau_approves_establishments(organs: str) -> None:
    with pytest.raises(SettingUnfit, match=r"S-ORGAN.*管理条例"):
        ORGANS.cleaned(organs)
    assert ORGANS.cleaned("乌海市委编办") == "乌海市委编办"


def test_the_organ_above_is_one_of_those_that_the_rules_name() -> None:
    organs = organs_above(RuleSettings())
    assert organs == ("中共乌海市委", "中共乌海市委组织部")
    sent = Sent("某某公司党支部", "乌教党字〔2026〕3号", date(2026, 3, 2), ["1"])
    (told,) = superior.sent_problems(sent, organs=organs, today=date(2026, 3, 2))
    assert "应为议事规则设定的中共乌海市委、中共乌海市委组织部（规则 C-NEVER" in told
    fine = replace(sent, organ=organs[1])
    assert superior.sent_problems(fine, organs=organs, today=date(2026, 3, 2)) == []


def test_other_organs_above_are_set_and_the_bureau_is_none() -> None:
    organs = rule_settings.organs_of("中共乌海市委\n中共乌海市直属机关工委、中共乌海市委")
    assert organs == ("中共乌海市委", "中共乌海市直属机关工委")
    again = settings_of(settings_as_json(RuleSettings(organs_above=organs)))
    assert organs_above(again) == organs
    # as a version that was set before anybody asked has it
    assert organs_above(settings_of({})) == organs_above(RuleSettings())
    with pytest.raises(Unfit, match=r"乌海市教育局党组.*C-NEVER"):
        rule_settings.organs_of("乌海市教育局党组")
