"""The gates between the channels, at their borders."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from processes.recruitment.rules import settings
from processes.recruitment.rules.channel import Channel
from processes.recruitment.rules.channels import (
    CENTRAL,
    FUNDS,
    OWN_FUNDS,
    Rehired,
    Retirement,
    Selected,
    Talent,
    full_time_first,
    rehire_findings,
    rehire_room,
    seat_finding,
    selection_findings,
    talent_findings,
)
from processes.recruitment.rules.findings import refusals, unmet
from processes.registers.seats import SEATS, Seat
from processes.registers.settings import SettingValues, defaults
from processes.registers.staffing.facts import CellFacts, Holder, Level
from processes.registers.staffing.rehire import rehire_cap
from processes.registers.staffing.rules import CellState, cell_state
from processes.registers.titles import Rank, find_title

TODAY = date(2026, 11, 26)
DEFAULTS = defaults(TODAY)
CHINESE, MUSIC = SEATS["小学语文"], SEATS["跨学段音乐"]
HELD = Holder(1, "researcher01", "教研员01", date(2024, 9, 1), "SJ-01")
TEACHER = Selected(True, True, True, True, True)
RETIRED = Rehired(
    Retirement("乌海人社退〔2026〕15号", date(2026, 8, 20), date(2026, 9, 1)),
    date(1963, 5, 6),
    Rank.ASSOCIATE,
    date(2026, 12, 1),
    date(2027, 11, 30),
    OWN_FUNDS,
    consents=True,
    fit=True,
)


def having(**values: str) -> SettingValues:
    return SettingValues(TODAY, {key.replace("_", "-"): text for key, text in values.items()})


def cells(*holders: Holder) -> list[tuple[Seat, CellState]]:
    facts = CellFacts("city-research", Level.CITY, CHINESE, holders)
    other = CellFacts("city-research", Level.CITY, MUSIC)
    return [(one.seat, cell_state(one, TODAY, DEFAULTS)) for one in (facts, other)]


def unmet_rules(person: Rehired, values: SettingValues = DEFAULTS) -> list[str]:
    return [one.norm.id for one in unmet(rehire_findings(person, values))]


class TestSeats:
    """R-CH-1."""

    @pytest.mark.parametrize("channel", [Channel.REHIRE, Channel.PART_TIME])
    def test_a_retired_or_part_time_one_on_a_seat_is_refused(self, channel: Channel) -> None:
        found = seat_finding(channel, "SJ-01")
        assert (found.met, found.norm.id) == (False, "R-CH-1")
        assert seat_finding(channel, "").met

    @pytest.mark.parametrize("channel", [Channel.SELECTION, Channel.OPEN, Channel.TALENT])
    def test_the_others_do_not_come_in_without_one(self, channel: Channel) -> None:
        assert seat_finding(channel, "SJ-01").met
        assert not seat_finding(channel, "").met


class TestFullTimeFirst:
    """R-CH-2."""

    def test_a_part_timer_comes_where_the_cell_is_held(self) -> None:
        assert full_time_first(CHINESE, cells(HELD), "", DEFAULTS).met

    def test_an_empty_cell_refuses_with_the_rule_and_its_source(self) -> None:
        found = full_time_first(CHINESE, cells(), "", DEFAULTS)
        assert not found.met
        assert "三（二）4，R-CH-2" in found.refusal

    def test_a_waiver_by_the_party_group_is_recorded_in_the_finding(self) -> None:
        found = full_time_first(CHINESE, cells(), "局党组2026年第9次会议", DEFAULTS)
        assert found.met
        assert "局党组2026年第9次会议" in found.reason

    def test_a_blank_is_no_waiver(self) -> None:
        assert not full_time_first(CHINESE, cells(), "  ", DEFAULTS).met

    def test_the_whole_institution_may_be_asked_for(self) -> None:
        whole = having(part_time_scope="整个机构")
        assert not full_time_first(CHINESE, cells(HELD), "", whole).met


class TestCap:
    """R-CH-3."""

    @pytest.mark.parametrize(
        ("full_time", "cap"), [(0, 0), (9, 0), (10, 1), (19, 1), (20, 2), (50, 5), (99, 5)]
    )
    def test_a_tenth_of_the_full_time_ones_and_five_at_most(self, full_time: int, cap: int) -> None:
        assert rehire_cap(full_time, DEFAULTS) == cap

    def test_the_last_place_may_be_taken_and_none_beyond_it(self) -> None:
        assert rehire_room(20, 1, DEFAULTS).met
        over = rehire_room(20, 2, DEFAULTS)
        assert not over.met
        assert "上限2人" in over.reason
        assert "已返聘2人" in over.reason

    def test_both_numbers_may_be_set(self) -> None:
        values = having(recruit_rehire_percent="50", recruit_rehire_most="3")
        assert rehire_cap(4, values) == 2
        assert rehire_cap(40, values) == 3


class TestRehired:
    """R-CH-4."""

    def test_whoever_meets_all_of_it_comes_back(self) -> None:
        assert refusals(rehire_findings(RETIRED, DEFAULTS)) == []

    def test_nobody_is_taken_for_retired_by_their_age(self) -> None:
        old = replace(RETIRED, retirement=Retirement("", None, None))
        assert unmet_rules(old) == ["R-CH-4a"]

    def test_somebody_younger_than_the_old_limits_is_retired_by_approval(self) -> None:
        assert unmet_rules(replace(RETIRED, born_on=date(1973, 2, 1))) == []

    def test_the_agreement_may_begin_on_the_day_of_retirement_and_not_before(self) -> None:
        def retired_on(day: date) -> Rehired:
            return replace(RETIRED, retirement=replace(RETIRED.retirement, retired_on=day))

        assert unmet_rules(retired_on(RETIRED.begins_on)) == []
        assert unmet_rules(retired_on(RETIRED.begins_on + timedelta(days=1))) == ["R-CH-4a"]

    def test_an_approval_of_today_counts_and_one_of_tomorrow_is_none_yet(self) -> None:
        def approved_on(day: date) -> Rehired:
            return replace(RETIRED, retirement=replace(RETIRED.retirement, approved_on=day))

        assert unmet_rules(approved_on(TODAY)) == []
        assert unmet_rules(approved_on(TODAY + timedelta(days=1))) == ["R-FILLED"]

    def test_sixty_five_is_not_too_old_and_the_next_birthday_is(self) -> None:
        turns_66_the_day_after = date(1961, 12, 1)
        assert unmet_rules(replace(RETIRED, born_on=turns_66_the_day_after)) == []
        assert unmet_rules(replace(RETIRED, born_on=date(1961, 11, 30))) == ["R-CH-4"]

    @pytest.mark.parametrize(
        ("title", "met"),
        [("一级教师", True), ("小学高级教师", True), ("小学一级教师", False), ("二级教师", False)],
    )
    def test_a_title_counts_by_its_rank_and_never_by_its_letters(
        self, title: str, met: bool
    ) -> None:
        person = replace(RETIRED, rank=find_title(title).rank)
        assert (unmet_rules(person) == []) is met

    def test_the_least_title_may_be_set_higher(self) -> None:
        higher = having(recruit_rehire_title="副高级")
        assert unmet_rules(replace(RETIRED, rank=Rank.INTERMEDIATE), higher) == ["R-CH-4"]
        assert unmet_rules(RETIRED, higher) == []

    def test_central_funds_are_refused_with_the_reason(self) -> None:
        (found,) = unmet(rehire_findings(replace(RETIRED, funds=CENTRAL), DEFAULTS))
        assert "不是国家银龄讲学计划" in found.reason
        assert found.norm.id == "R-CH-4"

    @pytest.mark.parametrize("funds", [one for one in FUNDS if one != CENTRAL])
    def test_other_funds_are_lawful(self, funds: str) -> None:
        assert unmet_rules(replace(RETIRED, funds=funds)) == []

    def test_unknown_funds_are_not(self) -> None:
        assert unmet_rules(replace(RETIRED, funds="")) == ["R-CH-4"]

    def test_consent_and_the_medical_are_needed(self) -> None:
        assert unmet_rules(replace(RETIRED, consents=False)) == ["R-CH-4"]
        assert unmet_rules(replace(RETIRED, fit=False)) == ["R-CH-4"]


class TestSelected:
    """R-CH-5 and article 11."""

    def test_a_teacher_of_the_city_with_both_consents_may_be_selected(self) -> None:
        assert refusals(selection_findings(TEACHER)) == []

    @pytest.mark.parametrize(
        ("person", "rule"),
        [
            (replace(TEACHER, on_establishment=False), "R-CH-5"),
            (replace(TEACHER, in_city=False), "R-CH-A"),
            (replace(TEACHER, in_post=False), "R-CH-A"),
            (replace(TEACHER, school_agrees=False), "R-CH-A"),
            (replace(TEACHER, authority_agrees=False), "R-CH-A"),
        ],
    )
    def test_what_is_lacking_refuses(self, person: Selected, rule: str) -> None:
        assert [one.norm.id for one in unmet(selection_findings(person))] == [rule]

    def test_somebody_new_to_the_establishment_is_sent_to_open_recruitment(self) -> None:
        (found,) = unmet(selection_findings(replace(TEACHER, on_establishment=False)))
        assert "公开招聘" in found.reason
        assert "第八条" in found.refusal


class TestTalent:
    """Channel C."""

    @pytest.mark.parametrize(
        ("rank", "doctor", "met"),
        [
            (Rank.ASSOCIATE, False, True),
            (Rank.SENIOR, False, True),
            (Rank.INTERMEDIATE, False, False),
            (Rank.INTERMEDIATE, True, True),
            (Rank.NONE, True, True),
        ],
    )
    def test_direct_assessment_is_for_high_titles_and_doctors(
        self, rank: Rank, doctor: bool, met: bool
    ) -> None:
        found = talent_findings(Talent(rank, doctor, in_catalogue=True, group_agreed=True))
        assert (unmet(found) == ()) is met

    @pytest.mark.parametrize(("listed", "agreed"), [(False, True), (True, False)])
    def test_the_catalogue_and_the_consent_are_needed(self, listed: bool, agreed: bool) -> None:
        person = Talent(Rank.SENIOR, doctor=True, in_catalogue=listed, group_agreed=agreed)
        assert [one.norm.id for one in unmet(talent_findings(person))] == ["R-CH-C2"]


def test_a_finding_is_a_row_as_those_of_admission() -> None:
    row = rehire_room(20, 2, DEFAULTS).row()
    assert list(row) == ["rule", "clause", "title", "effect", "reason"]
    assert (row["rule"], row["effect"]) == ("R-CH-3", "不符合")


def test_all_settings_of_rehiring_are_shown_with_the_rule_they_belong_to() -> None:
    shown = {one.norm.id for one in settings.SETTINGS if one.id.startswith("recruit-rehire")}
    assert shown == {"R-CH-3", "R-CH-4", "R-T8"}
