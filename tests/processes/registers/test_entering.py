"""What may be entered of establishments, seats and researchers; each refusal names its rule."""

import pytest

from processes.registers.editing import (
    EndingTooEarly,
    NothingChanged,
    ReasonMissing,
)
from processes.registers.entries import EntryChanged, EntryEnded
from processes.registers.staffing.rosters import (
    ESTABLISHMENT_ROSTER,
    RESEARCHER_ROSTER,
    SEAT_ROSTER,
)
from service.store.database import Database
from tests.processes.registers.conftest import Office
from tests.processes.registers.entering import (
    CITY,
    DISTRICT,
    LENDER,
    borrowed,
    establishment,
    part_timer,
    researcher,
    seat,
)


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """What is refused is the same on both: see `test_at_once` for what might differ."""
    return sqlite_database


class TestEstablishments:
    def test_an_education_bureau_cannot_approve_one(self, office: Office) -> None:
        cells = establishment("root", level="市级", organ="乌海市教育局")
        refused = office.refused(ESTABLISHMENT_ROSTER, cells)
        assert "S-ORGAN" in refused["organ"]
        assert "乌海市委编办" in refused["organ"]

    def test_a_unit_has_one(self, office: Office) -> None:
        assert "不能登记两次" in office.refused(ESTABLISHMENT_ROSTER, establishment())["unit_id"]


class TestSeats:
    def test_a_district_has_none_of_senior_high(self, office: Office) -> None:
        cells = seat(unit_id=DISTRICT, seat="高中语文")
        assert "S-DISTRICT" in office.refused(SEAT_ROSTER, cells)["seat"]

    def test_a_subject_of_one_stage_is_not_shared(self, office: Office) -> None:
        refused = office.refused(SEAT_ROSTER, seat(stages="小学、初中"))
        assert "M1" in refused["stages"]

    @pytest.mark.parametrize(
        "missing", ["organ", "approval_no", "lender_id", "ends_on", "return_rule"]
    )
    def test_a_borrowed_one_needs_all_its_papers(self, office: Office, missing: str) -> None:
        refused = office.refused(SEAT_ROSTER, borrowed(**{missing: ""}))
        assert list(refused) == [missing]
        assert "S-SOURCE" in refused[missing] or "S-ORGAN" in refused[missing]

    def test_borrowing_makes_the_lenders_free_seats_fewer(self, office: Office) -> None:
        lender = establishment("root", level="出借单位", approved_seats=1)
        office.enter(ESTABLISHMENT_ROSTER, lender)
        office.enter(SEAT_ROSTER, borrowed("SJ-21", lender_id="root"))
        refused = office.refused(SEAT_ROSTER, borrowed("SJ-22", lender_id="root"))
        assert "S-LIMIT" in refused["lender_id"]
        office.enter(SEAT_ROSTER, borrowed("SJ-22", lender_id=LENDER))

    def test_no_more_seats_than_were_approved(self, office: Office) -> None:
        city = office.keys(ESTABLISHMENT_ROSTER, "市教研机构")[0]
        office.change(ESTABLISHMENT_ROSTER, city, approved_seats=1)
        office.enter(SEAT_ROSTER, seat())
        refused = office.refused(SEAT_ROSTER, seat("SJ-02", seat="小学数学"))
        assert "核定编制1个" in refused["source"]
        assert "S-LIMIT" in refused["source"]
        office.enter(SEAT_ROSTER, borrowed())

    def test_posts_are_a_limit_of_their_own(self, office: Office) -> None:
        city = office.keys(ESTABLISHMENT_ROSTER, "市教研机构")[0]
        office.change(ESTABLISHMENT_ROSTER, city, approved_posts=0)
        assert "S-POSTS" in office.refused(SEAT_ROSTER, seat())["source"]

    def test_one_that_is_held_is_neither_moved_nor_closed(
        self, office: Office, staffed: tuple[int, int]
    ) -> None:
        with pytest.raises(Exception, match="1 处") as moved:
            office.change(SEAT_ROSTER, staffed[0], seat="小学数学")
        assert "教研员01" in str(moved.value.errors)  # type: ignore[attr-defined]
        with pytest.raises(Exception, match="1 处"):
            office.end(SEAT_ROSTER, staffed[0], "撤销", "2026-03-01")


class TestResearchers:
    def test_two_people_on_one_seat(self, office: Office, staffed: tuple[int, int]) -> None:
        refused = office.refused(RESEARCHER_ROSTER, researcher("researcher02"))
        assert "岗位已由教研员01占用" in refused["seat_code"]
        assert "M2" in refused["seat_code"]

    def test_two_seats_for_one_person(self, office: Office, staffed: tuple[int, int]) -> None:
        office.enter(SEAT_ROSTER, seat("SJ-02", seat="小学数学"))
        refused = office.refused(RESEARCHER_ROSTER, researcher(seat_code="SJ-02"))
        assert "不能登记两次" in refused["username"]

    @pytest.mark.parametrize("kind", ["兼职", "返聘银龄"])
    def test_a_part_timer_on_a_full_seat(
        self, office: Office, staffed: tuple[int, int], kind: str
    ) -> None:
        office.enter(SEAT_ROSTER, seat("SJ-02", seat="小学数学"))
        cells = part_timer(kind=kind, seat_code="SJ-02")
        assert "R-CH-1" in office.refused(RESEARCHER_ROSTER, cells)["seat_code"]

    def test_a_full_timer_without_a_seat(self, office: Office) -> None:
        refused = office.refused(RESEARCHER_ROSTER, researcher(seat_code=""))
        assert "S-LIMIT" in refused["seat_code"]

    def test_a_part_timer_needs_the_full_timer_first_or_a_decision(self, office: Office) -> None:
        assert "R-CH-2" in office.refused(RESEARCHER_ROSTER, part_timer())["covers"]
        office.enter(RESEARCHER_ROSTER, part_timer(waiver="局党组〔2026〕3号"))
        office.enter(SEAT_ROSTER, seat())
        office.enter(RESEARCHER_ROSTER, researcher())
        office.enter(RESEARCHER_ROSTER, part_timer("researcher03"))

    def test_a_second_subject_is_one_of_the_seven_and_approved(
        self, office: Office, staffed: tuple[int, int]
    ) -> None:
        office.enter(SEAT_ROSTER, seat("SJ-02", seat="小学数学"))
        second = researcher("researcher02", seat_code="SJ-02", second_subject="小学音乐")
        assert "M2" in office.refused(RESEARCHER_ROSTER, second)["second_basis"]
        maths = second | {"second_subject": "初中数学", "second_basis": "批复"}
        assert "M1" in office.refused(RESEARCHER_ROSTER, maths)["second_subject"]
        office.enter(RESEARCHER_ROSTER, second | {"second_basis": "批复〔2026〕1号"})

    @pytest.mark.parametrize(
        ("cells", "field", "rule"),
        [
            ({"leaving": "退休", "leaves_on": "2026-12-01"}, "leaving_basis", "M5"),
            ({"leaving": "借调", "leaves_on": "2026-12-01", "returns_on": "2027-06-01"},
             "leaving_basis", "S-GUARD"),
            ({"leaving": "借调", "leaves_on": "2026-12-01", "leaving_basis": "批文"},
             "returns_on", "S-GUARD"),
            ({"leaving": "到校任教", "leaves_on": "2026-12-01", "leaving_basis": "教人〔2026〕9号"},
             "returns_on", "M5"),
            ({"leaves_on": "2026-12-01"}, "leaving", ""),
        ],
    )  # fmt: skip
    def test_a_leave_has_its_papers(
        self, office: Office, cells: dict[str, str], field: str, rule: str
    ) -> None:
        office.enter(SEAT_ROSTER, seat())
        refused = office.refused(RESEARCHER_ROSTER, researcher(**cells))
        assert list(refused) == [field]
        assert rule in refused[field]

    def test_a_seat_is_free_from_the_day_the_last_one_left(
        self, office: Office, staffed: tuple[int, int]
    ) -> None:
        office.end(RESEARCHER_ROSTER, staffed[1], "调出", "2025-03-01")
        early = researcher("researcher02", began_on="2025-02-28")
        assert "2025年3月1日" in office.refused(RESEARCHER_ROSTER, early)["began_on"]
        office.enter(RESEARCHER_ROSTER, early | {"began_on": "2025-03-01"})

    def test_an_expired_loan_takes_nobody(self, office: Office) -> None:
        office.enter(SEAT_ROSTER, borrowed("SJ-01", ends_on="2025-12-31"))
        refused = office.refused(RESEARCHER_ROSTER, researcher(began_on="2026-01-01"))
        assert "到期" in refused["seat_code"]

    def test_nobody_comes_in_above_what_is_approved(self, office: Office) -> None:
        office.enter(SEAT_ROSTER, seat())
        city = office.keys(ESTABLISHMENT_ROSTER, "市教研机构")[0]
        office.change(ESTABLISHMENT_ROSTER, city, approved_seats=0)
        assert "超编" in office.refused(RESEARCHER_ROSTER, researcher())["seat_code"]

    def test_a_person_who_is_not_there(self, office: Office) -> None:
        office.enter(SEAT_ROSTER, seat())
        assert "没有这个人" in office.refused(RESEARCHER_ROSTER, researcher("nobody"))["username"]


class TestChanges:
    def test_a_change_needs_a_reason_and_a_difference(
        self, office: Office, staffed: tuple[int, int]
    ) -> None:
        with pytest.raises(ReasonMissing):
            office.change(RESEARCHER_ROSTER, staffed[1], reason=" ", note="x")
        with pytest.raises(NothingChanged):
            office.change(RESEARCHER_ROSTER, staffed[1], unit_id=CITY)

    def test_who_saw_an_older_entry_is_told(self, office: Office, staffed: tuple[int, int]) -> None:
        office.change(RESEARCHER_ROSTER, staffed[1], note="一")
        with pytest.raises(EntryChanged, match="第2次变更"):
            office.change(RESEARCHER_ROSTER, staffed[1], note="二")

    def test_an_end_is_no_plan_and_not_undone(
        self, office: Office, staffed: tuple[int, int]
    ) -> None:
        with pytest.raises(EndingTooEarly):
            office.end(RESEARCHER_ROSTER, staffed[1], "退休", "2026-03-03")
        office.end(RESEARCHER_ROSTER, staffed[1], "退休", "2026-03-02")
        with pytest.raises(EntryEnded):
            office.change(RESEARCHER_ROSTER, staffed[1], revision=2, note="三")
