"""Nobody leaves, by hand or by workbook, without the decision or the paper that ends it."""

import pytest

from processes.committee.rules import ItemClass
from processes.registers.editing import EntryUnfit
from processes.registers.party_group import decisions
from processes.registers.staffing import seats
from processes.registers.staffing.rosters import RESEARCHER_ROSTER, SEAT_ROSTER
from processes.registers.staffing.seats import Step
from processes.registers.staffing.tables import Researcher
from service.domain.actors import SYSTEM
from service.store.database import Database
from tests.processes.registers.conftest import PAPER, Office
from tests.processes.registers.entering import (
    DISTRICT,
    newcomer,
    on,
    part_timer,
    researcher,
    seat,
)
from tests.processes.registers.gates import ITEM, admit, appoint, decide


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """The gates read what the other tests try on both databases."""
    return sqlite_database


@pytest.fixture
def seated(office: Office) -> Office:
    """An office whose seat SJ-01 is free."""
    office.enter(SEAT_ROSTER, seat())
    return office


class TestExit:
    def end(self, office: Office, key: int, basis: str, day: str = "2026-03-02") -> None:
        office.end(RESEARCHER_ROSTER, key, "退出教研队伍", day, basis=basis)

    def test_only_the_party_group_decides_it(self, seated: Office) -> None:
        key = seated.enter(RESEARCHER_ROSTER, researcher())
        for basis in ("", "科室研究同意", str(ITEM)):
            with pytest.raises(EntryUnfit) as refused:
                self.end(seated, key, basis)
            assert "三（四），S-EXIT" in refused.value.errors["leaving_basis"][0]
        decide(seated)
        with pytest.raises(EntryUnfit, match="1 处"):
            self.end(seated, key, str(ITEM), "2026-03-01")
        self.end(seated, key, str(ITEM))
        with seated.database.read() as session:
            entry = session.get_one(Researcher, key)
            assert (entry.ended_how, entry.leaving_basis) == ("退出教研队伍", str(ITEM))

    @pytest.mark.parametrize(
        "changes",
        [{"outcome": "NOT_CARRIED"}, {"item_class": "discipline"}, {"subject": "researcher02"},
         {"subject": "", "subject_name": "教研员02"}],
    )  # fmt: skip
    def test_not_by_another_decision(self, seated: Office, changes: dict[str, object]) -> None:
        key = seated.enter(RESEARCHER_ROSTER, researcher())
        decide(seated, ITEM, **changes)
        with pytest.raises(EntryUnfit):
            self.end(seated, key, str(ITEM))

    def test_nor_by_one_that_was_reconsidered(self, seated: Office) -> None:
        key = seated.enter(RESEARCHER_ROSTER, researcher())
        decide(seated)
        decide(seated, ITEM + 1, previous_key=ITEM, root_key=ITEM, outcome="NOT_CARRIED")
        with pytest.raises(EntryUnfit):
            self.end(seated, key, str(ITEM))

    def test_nor_is_it_foretold_without_one(self, seated: Office) -> None:
        key = seated.enter(RESEARCHER_ROSTER, researcher())
        with pytest.raises(EntryUnfit) as refused:
            seated.change(RESEARCHER_ROSTER, key, leaving="退出教研队伍", leaves_on="2026-05-01")
        assert "S-EXIT" in refused.value.errors["leaving_basis"][0]

    @pytest.mark.parametrize(
        "how", ["退休", "调出", "解除聘用合同", "解除聘用协议", "开除", "到校任教", "借调"]
    )
    def test_every_other_ending_has_a_paper_of_its_own(self, seated: Office, how: str) -> None:
        key = seated.enter(RESEARCHER_ROSTER, researcher())
        with pytest.raises(EntryUnfit) as refused:
            seated.end(RESEARCHER_ROSTER, key, how, "2026-03-02", basis="")
        assert refused.value.errors["leaving_basis"][0].startswith(f"{how}须填写")
        with pytest.raises(EntryUnfit):
            seated.change(RESEARCHER_ROSTER, key, leaving=how, leaves_on="2026-05-01")
        seated.end(RESEARCHER_ROSTER, key, how, "2026-03-02", basis="教人〔2026〕8号")

    def test_a_death_has_its_paper_and_is_never_foretold(self, seated: Office) -> None:
        key = seated.enter(RESEARCHER_ROSTER, researcher())
        with pytest.raises(EntryUnfit):
            seated.change(RESEARCHER_ROSTER, key, leaving="去世", leaves_on="2026-05-01")
        with pytest.raises(EntryUnfit) as refused:
            seated.end(RESEARCHER_ROSTER, key, "去世", "2026-03-02", basis="")
        assert "死亡证明" in refused.value.errors["leaving_basis"][0]
        seated.end(RESEARCHER_ROSTER, key, "去世", "2026-03-02", basis="死亡医学证明 0301号")

    def test_the_classes_are_the_party_groups_own(self) -> None:
        assert ItemClass.EXIT == decisions.EXIT
        assert ItemClass.REVOCATION == decisions.REVOCATION
        assert ItemClass.RECRUITMENT == decisions.RECRUITMENT
        assert ItemClass.PERSONAL == decisions.PERSONAL


class TestOther:
    """其他 is no word that goes round the decision of who may end it."""

    def test_a_paper_alone_is_not_enough_and_the_item_is(self, seated: Office) -> None:
        key = seated.enter(RESEARCHER_ROSTER, researcher())
        for basis in ("", PAPER, "教人〔2026〕8号"):
            with pytest.raises(EntryUnfit) as refused:
                seated.end(RESEARCHER_ROSTER, key, "其他", "2026-03-02", basis=basis)
            assert "选“其他”的也要有局党组会议" in refused.value.errors["leaving_basis"][0]
            assert "S-ENDING" in refused.value.errors["leaving_basis"][0]
        with pytest.raises(EntryUnfit):
            seated.change(
                RESEARCHER_ROSTER, key, leaving="其他", leaves_on="2026-05-01", leaving_basis=PAPER
            )
        decide(seated, ITEM, item_class="personal", title="教研员01不再担任教研员")
        with pytest.raises(EntryUnfit):  # before it was decided
            seated.end(RESEARCHER_ROSTER, key, "其他", "2026-03-01", basis=str(ITEM))
        seated.end(RESEARCHER_ROSTER, key, "其他", "2026-03-02", basis=str(ITEM))

    @pytest.mark.parametrize(
        "changes",
        [{"title": "表彰教研员01"}, {"title": "教研员01离岗", "outcome": "NOT_CARRIED"},
         {"title": "教研员02离岗", "subject": "researcher02"},
         {"title": "教研员01离岗", "item_class": "recruitment"}],
    )  # fmt: skip
    def test_not_by_a_decision_on_something_else(
        self, seated: Office, changes: dict[str, object]
    ) -> None:
        key = seated.enter(RESEARCHER_ROSTER, researcher())
        decide(seated, ITEM, **{"item_class": "personal", **changes})
        with pytest.raises(EntryUnfit):
            seated.end(RESEARCHER_ROSTER, key, "其他", "2026-03-02", basis=str(ITEM))


class TestOfADistrict:
    """Trap 19: the city's Party group removes no district's researcher (C-LEVEL)."""

    @pytest.fixture
    def key(self, seated: Office) -> int:
        seated.enter(SEAT_ROSTER, seat("HB-01", unit_id=DISTRICT))
        return seated.enter(RESEARCHER_ROSTER, researcher(unit_id=DISTRICT, seat_code="HB-01"))

    def test_trap_19_the_district_s_own_paper_ends_it_and_the_city_s_item_does_not(
        self, seated: Office, key: int
    ) -> None:
        decide(seated)
        for basis in ("", "科室研究同意", str(ITEM)):
            with pytest.raises(EntryUnfit) as refused:
                seated.end(RESEARCHER_ROSTER, key, "退出教研队伍", "2026-03-02", basis=basis)
            assert "区教育局党组（党委）决定" in refused.value.errors["leaving_basis"][0]
            assert "C-LEVEL" in refused.value.errors["leaving_basis"][0]
        seated.end(RESEARCHER_ROSTER, key, "退出教研队伍", "2026-03-02", basis="海教党〔2026〕3号")

    def test_what_is_none_of_the_ways_is_the_district_s_to_decide(
        self, seated: Office, key: int
    ) -> None:
        decide(seated, ITEM, item_class="personal", title="教研员01离岗")
        for basis in ("", "科室研究同意", str(ITEM)):
            with pytest.raises(EntryUnfit) as refused:
                seated.end(RESEARCHER_ROSTER, key, "其他", "2026-03-02", basis=basis)
            assert "区教育局党组（党委）决定" in refused.value.errors["leaving_basis"][0]
        seated.end(RESEARCHER_ROSTER, key, "其他", "2026-03-02", basis="海教党〔2026〕3号")

    def test_its_revocation_too_has_the_district_s_paper(self, seated: Office, key: int) -> None:
        with pytest.raises(EntryUnfit):
            seated.end(RESEARCHER_ROSTER, key, "取消聘用", "2026-03-02", basis="")
        seated.end(RESEARCHER_ROSTER, key, "取消聘用", "2026-03-02", basis="海教党〔2026〕3号")


class TestRevocation:
    """取消聘用 of who is finally appointed goes round no two thirds of an exit."""

    @pytest.mark.parametrize("how", ["取消聘用", "回原单位"])
    def test_behind_a_trial_the_party_group_revokes(self, seated: Office, how: str) -> None:
        key = seated.enter(RESEARCHER_ROSTER, researcher())
        decide(seated)
        for basis in ("", PAPER, str(ITEM)):
            with pytest.raises(EntryUnfit) as refused:
                seated.end(RESEARCHER_ROSTER, key, how, "2026-03-02", basis=basis)
            assert "S-ENDING" in refused.value.errors["leaving_basis"][0]
        with pytest.raises(EntryUnfit):
            seated.change(
                RESEARCHER_ROSTER, key, leaving=how, leaves_on="2026-05-01", leaving_basis=PAPER
            )
        decide(seated, ITEM + 1, item_class="revocation", title="撤销教研员01的聘任")
        seated.end(RESEARCHER_ROSTER, key, how, "2026-03-02", basis=str(ITEM + 1))

    def test_a_trial_that_no_case_runs_ends_by_its_paper(self, seated: Office) -> None:
        admit(seated, "researcher01")
        cells = newcomer(appointment_basis=appoint(seated))
        key = seated.enter(RESEARCHER_ROSTER, cells)
        with pytest.raises(EntryUnfit):
            seated.end(RESEARCHER_ROSTER, key, "取消聘用", "2026-03-02", basis="")
        seated.end(RESEARCHER_ROSTER, key, "取消聘用", "2026-03-02")

    def test_a_trial_of_a_case_ends_in_the_case(self, seated: Office) -> None:
        admit(seated, "researcher01")
        with seated.database.write() as session:
            step = Step(1, 1, SYSTEM, seated.now, "办理")
            key = seats.enter(session, step, newcomer())
        with pytest.raises(EntryUnfit, match="1 处"):
            seated.end(RESEARCHER_ROSTER, key, "取消聘用", "2026-03-02")
        with seated.database.write() as session:
            step = Step(2, 1, SYSTEM, seated.now, "试用考核不合格")
            seats.leave(session, step, username="researcher01", how="取消聘用", on=on("2026-03-02"))

    def test_a_term_that_is_not_over_is_no_ending(self, seated: Office) -> None:
        key = seated.enter(RESEARCHER_ROSTER, part_timer(waiver="1号"))
        with pytest.raises(EntryUnfit) as refused:
            seated.end(RESEARCHER_ROSTER, key, "任期届满", "2026-03-02")
        assert "2027年8月31日" in refused.value.errors["ended_on"][0]
