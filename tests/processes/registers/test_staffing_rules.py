"""The staffing matrix as a rule: which cells there must be, of what colour, why and from when."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from processes.registers.norms import Certainty
from processes.registers.seats import CROSS_STAGE, SEATS, SPANNING, find_seat, shown_at
from processes.registers.settings import Setting, SettingUnfit, SettingValues, defaults
from processes.registers.staffing import norms
from processes.registers.staffing.facts import CellFacts, Holder, Leaving, Level, OpenSeat
from processes.registers.staffing.rules import (
    CellState,
    Colour,
    cell_state,
    part_time_fault,
    required_seats,
    scope_fault,
    stages_fault,
)

SOFT, HARD = date(2025, 10, 20), date(2026, 10, 20)
TODAY = date(2026, 3, 2)
CHINESE, MUSIC = SEATS["小学语文"], SEATS["跨学段音乐"]
HOLDER = Holder(1, "researcher01", "教研员01", date(2024, 9, 1), "SJ-01")
DAY = timedelta(days=1)


def state(
    *holders: Holder,
    today: date = TODAY,
    facts: CellFacts | None = None,
    values: SettingValues | None = None,
) -> CellState:
    wanted = facts or CellFacts("city-research", Level.CITY, CHINESE)
    return cell_state(replace(wanted, holders=holders), today, values or defaults(today))


def texts(found: CellState) -> str:
    return "；".join(one.text for one in found.reasons)


def rules(found: CellState) -> set[str]:
    return {one.norm.id for one in found.reasons}


def having(**values: str) -> SettingValues:
    return SettingValues(TODAY, {key.replace("_", "-"): text for key, text in values.items()})


class TestWhichCells:
    """Arithmetic of domain: city 32 or 33, a district 22, none above its stages."""

    def test_the_city_has_33_seats_and_without_general_technology_32(self) -> None:
        assert len(required_seats(Level.CITY, defaults(TODAY))) == 33
        assert len(required_seats(Level.CITY, having(general_technology="否"))) == 32

    def test_a_district_has_22(self) -> None:
        seats = required_seats(Level.DISTRICT, defaults(TODAY))
        stages = Counter(one.stage for one in seats)
        assert stages == {"学前": 1, "小学": 5, "初中": 9, CROSS_STAGE: 7}
        assert len(seats) * 3 + 33 == 99

    def test_a_lender_has_none(self) -> None:
        assert required_seats(Level.LENDER, defaults(TODAY)) == ()

    @pytest.mark.parametrize("name", ["普通高中语文", "普通高中通用技术", "特殊教育"])
    def test_no_district_has_a_cell_of_senior_high_or_special_schools(self, name: str) -> None:
        fault = scope_fault(Level.DISTRICT, SEATS[name])
        assert fault is not None
        assert fault.norm.id == "S-DISTRICT"
        assert SEATS[name] not in required_seats(Level.DISTRICT, defaults(TODAY))
        assert scope_fault(Level.CITY, SEATS[name]) is None


class TestNames:
    """What subjects are called in other years and stages means the same seat."""

    @pytest.mark.parametrize(
        ("text", "seat"),
        [
            ("小学英语", "小学外语"), ("信息科技", "跨学段信息技术"),
            ("小学 劳动", "跨学段劳动教育"),
            ("高中政治", "普通高中思想政治"), ("初中生物", "初中生物学"), ("特教", "特殊教育"),
            ("初中美术", "跨学段美术"), ("学前", "学前教育"), ("语文", None), ("小学物理", None),
        ],
    )  # fmt: skip
    def test_a_text_names_a_seat(self, text: str, seat: str | None) -> None:
        found = find_seat(text)
        assert (None if found is None else found.name) == seat

    def test_the_compulsory_stage_says_what_its_curriculum_says(self) -> None:
        assert shown_at("信息技术", "小学") == "信息科技"
        assert shown_at("信息技术", "普通高中") == "信息技术"
        assert len(SPANNING) == 7


class TestColours:
    """Green, soon, missing, overdue; at each border."""

    def test_whoever_holds_it_makes_it_green(self) -> None:
        assert state(HOLDER).colour is Colour.STAFFED

    @pytest.mark.parametrize(
        ("today", "colour", "word"),
        [
            (SOFT, Colour.GAP, "应在2025年10月20日前"),
            (SOFT + DAY, Colour.GAP, "已过2025年10月20日"),
            (HARD, Colour.GAP, "已过2025年10月20日"),
            (HARD + DAY, Colour.OVERDUE, "逾期1天"),
        ],
    )
    def test_a_gap_is_overdue_after_the_last_day(
        self, today: date, colour: Colour, word: str
    ) -> None:
        found = state(today=today)
        assert found.colour is colour
        assert word in texts(found)
        assert "S-DUE" in rules(found)

    def test_the_days_are_settings(self) -> None:
        later = having(hard_due="2027-01-01")
        assert state(today=HARD + DAY, values=later).colour is Colour.GAP

    def test_a_gap_began_when_the_last_holder_left(self) -> None:
        facts = CellFacts("u", Level.CITY, CHINESE, lost_on=date(2025, 12, 1))
        assert state(facts=facts).since == date(2025, 12, 1)
        assert state().since == date(2023, 10, 20)

    def test_a_seat_that_is_kept_stays_a_gap(self) -> None:
        facts = CellFacts(
            "u", Level.CITY, CHINESE, open_seats=(OpenSeat("SJ-01", TODAY, "遴选2026-1"),)
        )
        found = state(facts=facts)
        assert found.colour is Colour.GAP
        assert "遴选2026-1" in texts(found)

    def test_part_time_and_retired_never_make_it_green(self) -> None:
        facts = CellFacts("u", Level.CITY, CHINESE, part_time=("甲",), retired=("乙",))
        found = state(facts=facts)
        assert found.colour is Colour.GAP
        assert "M3" in rules(found)


class TestWhoWillLeave:
    """M5: what is known to end, ahead of time; what has ended is a gap."""

    @pytest.mark.parametrize(
        ("leaves", "colour"),
        [
            (date(2027, 3, 3), Colour.STAFFED),
            (date(2027, 3, 2), Colour.FORECAST),
            (TODAY + DAY, Colour.FORECAST),
            (TODAY, Colour.GAP),
        ],
    )
    def test_an_approved_retirement_is_foretold_12_months_ahead(
        self, leaves: date, colour: Colour
    ) -> None:
        found = state(replace(HOLDER, leaves_on=leaves, leaving=Leaving.RETIREMENT))
        assert found.colour is colour
        assert ("M5" in rules(found)) is (colour is not Colour.STAFFED)

    def test_how_long_ahead_is_a_setting(self) -> None:
        leaving = replace(HOLDER, leaves_on=date(2026, 9, 1), leaving=Leaving.TRANSFER)
        assert state(leaving, values=having(forecast_months="3")).colour is Colour.STAFFED
        assert state(leaving, values=having(forecast_months="6")).colour is Colour.FORECAST

    @pytest.mark.parametrize(
        ("ends", "colour"),
        [(TODAY, Colour.FORECAST), (TODAY - DAY, Colour.GAP), (date(2030, 1, 1), Colour.STAFFED)],
    )
    def test_a_loan_counts_to_its_last_day(self, ends: date, colour: Colour) -> None:
        found = state(replace(HOLDER, loan="借编", loan_ends_on=ends))
        assert found.colour is colour
        assert found.borrowed is (colour is not Colour.GAP)
        assert "M5" not in rules(found), "its source is about retirement"
        assert "S-SOURCE" in rules(found)

    def test_a_cell_that_fell_vacant_after_the_last_day_says_from_when_it_counts(self) -> None:
        lent = replace(HOLDER, loan="借编", loan_ends_on=date(2026, 10, 27))
        late = state(lent, today=date(2026, 11, 26)).reasons[0].text
        assert "逾期37天：从配齐的期限起算，不从空出的2026年10月28日起算" in late
        before = replace(lent, loan_ends_on=date(2026, 10, 19))
        assert state(before, today=date(2026, 11, 26)).reasons[0].text.endswith("逾期37天")

    def test_a_term_counts_to_its_last_day(self) -> None:
        assert state(replace(HOLDER, term_ends_on=TODAY)).colour is Colour.FORECAST
        assert state(replace(HOLDER, term_ends_on=TODAY - DAY)).colour is Colour.GAP

    def test_who_is_away_at_a_school_counts_again_when_back(self) -> None:
        away = replace(
            HOLDER,
            leaves_on=TODAY,
            leaving=Leaving.SCHOOL,
            returns_on=date(2027, 3, 2),
        )
        assert state(away).colour is Colour.GAP
        assert state(away, today=date(2027, 3, 2)).colour is Colour.STAFFED

    def test_a_second_holder_keeps_it_green(self) -> None:
        leaving = replace(HOLDER, leaves_on=TODAY + DAY, leaving=Leaving.EXIT)
        other = replace(HOLDER, researcher_key=2, username="researcher02", seat_code="SJ-02")
        assert state(leaving, other).colour is Colour.STAFFED


class TestSpanningSeats:
    """M4: one of the seven is green for the stages it covers, and for no other."""

    FACTS = CellFacts("u", Level.CITY, MUSIC)

    def test_it_covers_all_stages_unless_it_says_which(self) -> None:
        found = state(HOLDER, facts=self.FACTS)
        assert found.colour is Colour.STAFFED
        assert [one for one, _ in found.stages] == ["小学", "初中", "普通高中"]

    def test_a_stage_that_nobody_covers_is_a_gap(self) -> None:
        found = state(replace(HOLDER, stages=("小学", "初中")), facts=self.FACTS)
        assert dict(found.stages) == {
            "小学": Colour.STAFFED, "初中": Colour.STAFFED, "普通高中": Colour.GAP,
        }  # fmt: skip
        assert found.colour is Colour.GAP
        assert "M4" in rules(found)

    def test_a_second_subject_counts_once_it_is_allowed(self) -> None:
        second = replace(HOLDER, second=True, seat_code="")
        assert state(second, facts=self.FACTS).colour is Colour.STAFFED
        refused = state(second, facts=self.FACTS, values=having(second_subject="否"))
        assert refused.colour is Colour.GAP
        assert "M2" in rules(refused)

    def test_a_subject_of_one_stage_is_not_shared(self) -> None:
        fault = stages_fault(Level.CITY, CHINESE, ("小学", "初中"))
        assert fault is not None
        assert fault.norm.id == "M1"
        assert stages_fault(Level.CITY, CHINESE, ("小学",)) is None

    def test_a_district_spans_the_compulsory_stages_alone(self) -> None:
        fault = stages_fault(Level.DISTRICT, MUSIC, ("初中", "普通高中"))
        assert fault is not None
        assert "普通高中" in fault.text


class TestPartTimers:
    """R-CH-2: full-time first; which cells are meant is a setting."""

    CELLS = ((CHINESE, state(HOLDER)), (SEATS["小学数学"], state()))

    def test_the_same_cell_must_be_staffed(self) -> None:
        assert part_time_fault(CHINESE, self.CELLS, defaults(TODAY)) is None
        fault = part_time_fault(SEATS["小学数学"], self.CELLS, defaults(TODAY))
        assert fault is not None
        assert fault.norm.id == "R-CH-2"

    def test_or_the_whole_institution(self) -> None:
        whole = having(part_time_scope="整个机构")
        assert part_time_fault(CHINESE, self.CELLS, whole) is not None


class TestSettings:
    """What the text leaves open is a setting with its rule; no other value is taken."""

    def test_every_open_rule_has_a_setting(self) -> None:
        set_by = {one.norm.id for one in norms.SETTINGS}
        unsure = {Certainty.PROPOSED, Certainty.UNCERTAIN}
        assert {one.id for one in norms.NORMS.values() if one.certainty in unsure} <= set_by

    @pytest.mark.parametrize(
        ("setting", "text"),
        [
            (norms.HARD_DUE, "2026-13-01"), (norms.HARD_DUE, "明年"), (norms.FORECAST_MONTHS, "0"),
            (norms.FORECAST_MONTHS, "37"), (norms.SECOND_SUBJECT, "也许"), (norms.ORGANS, "、"),
            (norms.PART_TIME_SCOPE, "全市"),
        ],
    )  # fmt: skip
    def test_a_value_that_means_nothing_is_refused(self, setting: Setting, text: str) -> None:
        with pytest.raises(SettingUnfit):
            setting.cleaned(text)

    def test_every_default_is_a_value(self) -> None:
        assert [one.cleaned(one.default) for one in norms.SETTINGS] == [
            one.default for one in norms.SETTINGS
        ]
