"""Nobody leaves as 退出教研队伍, by hand or by workbook, without the Party group."""

import pytest

from processes.committee.rules import ItemClass
from processes.registers.editing import EntryUnfit
from processes.registers.party_group import decisions
from processes.registers.staffing.rosters import RESEARCHER_ROSTER, SEAT_ROSTER
from processes.registers.staffing.tables import Researcher
from service.store.database import Database
from tests.processes.registers.conftest import Office
from tests.processes.registers.entering import (
    researcher,
    seat,
)
from tests.processes.registers.gates import ITEM, decide


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

    @pytest.mark.parametrize("how", ["解除聘用合同", "开除"])
    def test_a_sanction_and_a_contract_have_papers_of_their_own(
        self, seated: Office, how: str
    ) -> None:
        key = seated.enter(RESEARCHER_ROSTER, researcher())
        with pytest.raises(EntryUnfit) as refused:
            seated.end(RESEARCHER_ROSTER, key, how, "2026-03-02")
        assert "S-ENDING" in refused.value.errors["leaving_basis"][0]
        seated.end(RESEARCHER_ROSTER, key, how, "2026-03-02", basis="教人〔2026〕8号")

    def test_the_class_is_the_party_groups_own(self) -> None:
        assert ItemClass.EXIT == decisions.EXIT
