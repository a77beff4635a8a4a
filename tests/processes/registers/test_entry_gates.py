"""Nobody comes in or leaves by hand or by workbook round admission, the cap, or the Party group."""

from datetime import UTC, datetime, timedelta

import pytest

from processes.registers import roster_workbook
from processes.registers.editing import EntryUnfit
from processes.registers.entries import EntryRefused
from processes.registers.staffing import rehire, seats
from processes.registers.staffing.norms import STOCK_BEFORE, STOCK_UNTIL
from processes.registers.staffing.rosters import RESEARCHER_ROSTER, SEAT_ROSTER
from processes.registers.staffing.seats import Step
from service.domain.actors import SYSTEM
from service.procedure import write_workbook
from service.store.database import Database
from tests.processes.registers.conftest import Office
from tests.processes.registers.entering import (
    DISTRICT,
    SEAT,
    newcomer,
    on,
    part_timer,
    qualify,
    researcher,
    seat,
)
from tests.processes.registers.gates import ITEM, admit, allow, appoint, engage, set_to


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """The gates read what the other tests try on both databases."""
    return sqlite_database


@pytest.fixture
def seated(office: Office) -> Office:
    """An office whose seat SJ-01 is free."""
    office.enter(SEAT_ROSTER, seat())
    return office


class TestQualification:
    def test_without_one_nobody_holds_a_seat(self, seated: Office) -> None:
        refused = seated.refused(RESEARCHER_ROSTER, newcomer())
        assert "没有有效的小学语文准入资格" in refused["seat_code"]
        assert "三（三），S-ADMIT" in refused["seat_code"]
        admit(seated, "researcher01")
        seated.enter(RESEARCHER_ROSTER, newcomer(appointment_basis=appoint(seated)))

    def test_one_of_another_subject_does_not_count(self, seated: Office) -> None:
        with seated.write() as tools:
            qualify(tools.session, "researcher01", seated.now, "小学数学")
        assert "S-ADMIT" in seated.refused(RESEARCHER_ROSTER, newcomer())["seat_code"]

    def test_its_last_day_counts_and_the_next_does_not(self, seated: Office) -> None:
        with seated.write() as tools:
            qualify(tools.session, "researcher01", seated.now.replace(year=2024))
            qualify(tools.session, "researcher02", seated.now.replace(year=2024) - timedelta(1))
        refused = seated.refused(RESEARCHER_ROSTER, newcomer("researcher02"))
        assert "S-ADMIT" in refused["seat_code"]
        seated.enter(RESEARCHER_ROSTER, newcomer(appointment_basis=appoint(seated)))

    def test_a_workbook_is_asked_the_same(self, seated: Office) -> None:
        head = [one.label for one in RESEARCHER_ROSTER.fields]
        line = [str(newcomer().get(one.key, "")) for one in RESEARCHER_ROSTER.fields]
        content = write_workbook([(RESEARCHER_ROSTER.title, head, [line])])
        with seated.write() as tools:
            checked = roster_workbook.check(
                tools, RESEARCHER_ROSTER, content, actor=SYSTEM, now=seated.now
            )
        assert "S-ADMIT" in checked.refusals[0].reason

    def test_a_case_is_asked_the_same_and_may_name_the_account_that_was_admitted(
        self, seated: Office
    ) -> None:
        cells = newcomer()
        with seated.database.write() as session, pytest.raises(EntryRefused, match="S-ADMIT"):
            seats.enter(session, Step(1, 1, SYSTEM, seated.now, "办理"), cells)
        admit(seated, "researcher08")
        with seated.database.write() as session:
            step = Step(2, 1, SYSTEM, seated.now, "办理", holder="researcher08")
            seats.enter(session, step, cells)

    def test_another_subject_needs_another_one(self, seated: Office) -> None:
        key = seated.enter(RESEARCHER_ROSTER, researcher())
        seated.enter(SEAT_ROSTER, seat("SJ-02", seat="小学数学"))
        seated.enter(SEAT_ROSTER, seat("SJ-03"))
        set_to(seated, STOCK_UNTIL, "2026-03-01")
        with pytest.raises(EntryUnfit) as refused:
            seated.change(RESEARCHER_ROSTER, key, seat_code="SJ-02")
        assert "S-ADMIT" in refused.value.errors["seat_code"][0]
        seated.change(RESEARCHER_ROSTER, key, seat_code="SJ-03")


class TestAppointment:
    """S12: whoever becomes full-time outside a case was decided on (S-APPOINT)."""

    @pytest.fixture(autouse=True)
    def _admitted(self, seated: Office) -> None:
        admit(seated, "researcher01")

    def refusal(self, office: Office, **changes: str) -> str:
        return office.refused(RESEARCHER_ROSTER, newcomer(**changes))["appointment_basis"]

    def test_without_a_decision_nobody_comes_by_hand(self, seated: Office) -> None:
        refused = self.refusal(seated)
        assert "须经局党组会议决定聘任" in refused
        assert "第二十二条，S-APPOINT" in refused
        assert "S-APPOINT" in self.refusal(seated, appointment_basis="乌教党〔2026〕9号")
        assert "S-APPOINT" in self.refusal(seated, appointment_basis="999")
        basis = appoint(seated)
        key = seated.enter(RESEARCHER_ROSTER, newcomer(appointment_basis=f"议题编号：{basis}"))
        seated.change(RESEARCHER_ROSTER, key, note="核对过")

    @pytest.mark.parametrize(
        ("changes", "why"),
        [
            ({"outcome": "NOT_CARRIED"}, "没有同意聘任教研员01"),
            ({"item_class": "plan"}, "不是关于聘任教研员01的决定"),
            ({"subject": "researcher02"}, "不是关于聘任教研员01的决定"),
            ({"title": "聘任教研员01为小学数学教研员"}, "不是聘任专职小学语文"),
            ({"title": f"聘任教研员01为兼职教研员（{SEAT}）"}, "不是聘任专职小学语文"),
            (
                {"decided_at": datetime(2026, 3, 1, 16, tzinfo=UTC)},
                "早于局党组决定的日期2026年3月2日",
            ),
        ],
    )
    def test_what_decides_something_else_decides_nothing_here(
        self, seated: Office, changes: dict[str, object], why: str
    ) -> None:
        assert why in self.refusal(seated, appointment_basis=appoint(seated, ITEM, **changes))

    def test_the_day_of_the_decision_itself_counts(self, seated: Office) -> None:
        basis = appoint(seated, decided_at=datetime(2026, 3, 1, 15, 59, tzinfo=UTC))
        assert "2026年3月1日" in self.refusal(
            seated, appointment_basis=basis, began_on="2026-02-28"
        )
        seated.enter(RESEARCHER_ROSTER, newcomer(appointment_basis=basis))

    def test_a_workbook_is_asked_the_same(self, seated: Office) -> None:
        head = [one.label for one in RESEARCHER_ROSTER.fields]
        line = [str(newcomer().get(one.key, "")) for one in RESEARCHER_ROSTER.fields]
        content = write_workbook([(RESEARCHER_ROSTER.title, head, [line])])
        with seated.write() as tools:
            checked = roster_workbook.check(
                tools, RESEARCHER_ROSTER, content, actor=SYSTEM, now=seated.now
            )
        (only,) = checked.refusals
        assert (only.column, "S-APPOINT" in only.reason) == ("聘任的决定", True)

    def test_a_case_has_decided_already(self, seated: Office) -> None:
        with seated.database.write() as session:
            seats.enter(session, Step(1, 1, SYSTEM, seated.now, "办理"), newcomer())

    def test_stock_of_before_the_day_of_the_setting_needs_none(self, seated: Office) -> None:
        border = researcher(began_on="2026-01-01", stock_basis="")
        assert "S-APPOINT" in seated.refused(RESEARCHER_ROSTER, border)["appointment_basis"]
        seated.enter(RESEARCHER_ROSTER, researcher(began_on="2025-12-31"))

    def test_stock_that_moves_to_another_cell_is_stock_no_more(self, seated: Office) -> None:
        key = seated.enter(RESEARCHER_ROSTER, researcher())
        seated.enter(SEAT_ROSTER, seat("SJ-02", seat="小学数学"))
        seated.enter(SEAT_ROSTER, seat("SJ-03"))
        with pytest.raises(EntryUnfit) as refused:
            seated.change(RESEARCHER_ROSTER, key, seat_code="SJ-02")
        assert "S-ADMIT" in refused.value.errors["seat_code"][0]
        assert "S-APPOINT" in refused.value.errors["appointment_basis"][0]
        seated.change(RESEARCHER_ROSTER, key, seat_code="SJ-03")

    def test_a_part_timer_becomes_full_time_by_a_decision_alone(self, seated: Office) -> None:
        key = seated.enter(RESEARCHER_ROSTER, part_timer("researcher01", waiver="1号"))
        with pytest.raises(EntryUnfit) as refused:
            seated.change(
                RESEARCHER_ROSTER, key,
                kind="专职", seat_code="SJ-01", covers="", term_ends_on="", waiver="",
            )  # fmt: skip
        assert "S-APPOINT" in refused.value.errors["appointment_basis"][0]

    def test_a_district_s_researcher_is_decided_on_by_its_own_bureau(self, seated: Office) -> None:
        seated.enter(SEAT_ROSTER, seat("HB-01", unit_id=DISTRICT))
        cells = newcomer(unit_id=DISTRICT, seat_code="HB-01")
        refused = seated.refused(RESEARCHER_ROSTER, cells)["appointment_basis"]
        assert "由区教育局党组决定聘任" in refused
        seated.enter(RESEARCHER_ROSTER, cells | {"appointment_basis": "海教党〔2026〕3号"})

    @pytest.mark.parametrize("kind", ["兼职", "返聘银龄"])
    def test_who_has_no_seat_is_decided_on_as_in_the_procedures(
        self, seated: Office, kind: str
    ) -> None:
        cells = newcomer(kind=kind, seat_code="", covers=SEAT, term_ends_on="2027-02-28")
        refused = seated.refused(RESEARCHER_ROSTER, cells)["appointment_basis"]
        assert f"{kind}教研员须经局党组会议决定聘任" in refused
        of_another = cells | {"appointment_basis": appoint(seated)}
        refused = seated.refused(RESEARCHER_ROSTER, of_another)["appointment_basis"]
        assert f"不是聘任{kind}小学语文" in refused
        item = engage(seated, ITEM + 1, "researcher01", kind)
        known = seated.refused(RESEARCHER_ROSTER, cells | {"appointment_basis": item})
        assert "appointment_basis" not in known

    def test_a_longer_term_is_decided_on_anew(self, seated: Office) -> None:
        allow(seated)
        first = engage(seated, ITEM + 1, "researcher01", "兼职")
        key = seated.enter(RESEARCHER_ROSTER, newcomer(
            kind="兼职", seat_code="", covers=SEAT, term_ends_on="2028-02-29",
            appointment_basis=first, waiver=str(ITEM),
        ))  # fmt: skip
        with pytest.raises(EntryUnfit) as refused:
            seated.change(RESEARCHER_ROSTER, key, term_ends_on="2030-02-28")
        assert "已经用过" in refused.value.errors["appointment_basis"][0]
        anew = engage(seated, ITEM + 2, "researcher01", "兼职")
        seated.change(RESEARCHER_ROSTER, key, term_ends_on="2030-02-28", appointment_basis=anew)
        seated.change(RESEARCHER_ROSTER, key, 2, term_ends_on="2029-02-28")

    def test_a_decision_is_for_one_institution(self, seated: Office) -> None:
        elsewhere = appoint(seated, unit="海勃湾区教研室")
        assert "不是聘到市教研机构的决定" in self.refusal(seated, appointment_basis=elsewhere)
        nowhere = appoint(seated, ITEM + 1, unit="")
        assert "不是聘到市教研机构的决定" in self.refusal(seated, appointment_basis=nowhere)
        by_name = appoint(seated, ITEM + 2, unit="市教研机构")
        seated.enter(RESEARCHER_ROSTER, newcomer(appointment_basis=by_name))

    @pytest.mark.parametrize("again", ["the same item", "its 复议"])
    def test_a_decision_brings_somebody_once(self, seated: Office, again: str) -> None:
        basis = appoint(seated)
        key = seated.enter(RESEARCHER_ROSTER, newcomer(appointment_basis=basis))
        seated.end(RESEARCHER_ROSTER, key, "取消聘用", "2026-03-02")
        if again == "its 复议":
            basis = appoint(seated, ITEM + 1, previous_key=ITEM, root_key=ITEM)
        told = self.refusal(seated, appointment_basis=f"议题编号：{basis}", began_on="2026-03-02")
        assert "已经用过" in told
        anew = appoint(seated, ITEM + 2)
        seated.enter(RESEARCHER_ROSTER, newcomer(appointment_basis=anew, began_on="2026-03-02"))

    def test_a_slip_uses_nothing_up(self, seated: Office) -> None:
        basis = appoint(seated)
        key = seated.enter(RESEARCHER_ROSTER, newcomer(appointment_basis=basis))
        seated.end(RESEARCHER_ROSTER, key, "登记有误", "2026-03-01", basis="")
        seated.enter(RESEARCHER_ROSTER, newcomer(appointment_basis=basis))

    def test_what_a_case_has_carried_out_is_used_up_too(self, seated: Office) -> None:
        basis = appoint(seated)
        with seated.database.write() as session:
            seats.enter(session, Step(1, 1, SYSTEM, seated.now, "办理"), newcomer())
        with seated.database.write() as session:
            step = Step(2, 1, SYSTEM, seated.now, "办理")
            seats.leave(session, step, username="researcher01", how="调出", on=on("2026-03-02"))
        again = newcomer(appointment_basis=basis, began_on="2026-03-02")
        assert "已经用过" in seated.refused(RESEARCHER_ROSTER, again)["appointment_basis"]


class TestStock:
    def test_it_comes_in_once_by_a_document(self, seated: Office) -> None:
        key = seated.enter(RESEARCHER_ROSTER, researcher())
        seated.end(RESEARCHER_ROSTER, key, "调出", "2025-03-01")
        again = researcher(began_on="2025-04-01")
        assert "S-STOCK" in seated.refused(RESEARCHER_ROSTER, again)["stock_basis"]

    def test_a_slip_is_entered_anew(self, seated: Office) -> None:
        key = seated.enter(RESEARCHER_ROSTER, researcher())
        with pytest.raises(EntryUnfit):
            seated.end(RESEARCHER_ROSTER, key, "登记有误", "2025-03-01")
        seated.end(RESEARCHER_ROSTER, key, "登记有误", "2024-09-01")
        seated.enter(RESEARCHER_ROSTER, researcher())

    def test_who_came_later_is_none(self, seated: Office) -> None:
        later = researcher(began_on="2026-01-01")
        assert "S-STOCK" in seated.refused(RESEARCHER_ROSTER, later)["stock_basis"]
        seated.enter(RESEARCHER_ROSTER, researcher(began_on="2025-12-31"))

    def test_the_bureau_says_until_when_and_from_before_when(self, seated: Office) -> None:
        set_to(seated, STOCK_BEFORE, "2026-02-01")
        set_to(seated, STOCK_UNTIL, "2026-03-01")
        late = seated.refused(RESEARCHER_ROSTER, researcher())
        assert "已于2026年3月1日截止" in late["stock_basis"]
        set_to(seated, STOCK_UNTIL, "2026-03-02")
        seated.enter(RESEARCHER_ROSTER, researcher(began_on="2026-01-31"))

    def test_no_document_makes_a_term_of_ten_years(self, seated: Office) -> None:
        cells = part_timer(kind="返聘银龄", term_ends_on="2035-01-01")
        assert "S-STOCK" in seated.refused(RESEARCHER_ROSTER, cells)["term_ends_on"]


class TestEngagements:
    def test_the_cap_holds_by_hand_too(self, seated: Office) -> None:
        admit(seated, "researcher02")
        retired = newcomer(
            "researcher02", kind="返聘银龄", seat_code="", covers=SEAT, term_ends_on="2027-02-28",
            appointment_basis=engage(seated, ITEM, "researcher02", "返聘银龄"),
        )  # fmt: skip
        refused = seated.refused(RESEARCHER_ROSTER, retired)
        assert "专职在岗0人，返聘上限0人" in refused["kind"]
        assert "三（二）4，R-CH-3" in refused["kind"]
        set_to(seated, rehire.PERCENT, "100")
        seated.enter(RESEARCHER_ROSTER, researcher())
        long = seated.refused(RESEARCHER_ROSTER, retired | {"term_ends_on": "2027-03-01"})
        assert "R-T8" in long["term_ends_on"]
        seated.enter(RESEARCHER_ROSTER, retired)

    def test_a_term_that_has_ended_leaves_its_place(self, seated: Office) -> None:
        set_to(seated, rehire.PERCENT, "100")
        seated.enter(RESEARCHER_ROSTER, researcher())
        over = part_timer("researcher02", kind="返聘银龄", term_ends_on="2026-03-01")
        seated.enter(RESEARCHER_ROSTER, over)
        admit(seated, "researcher03")
        seated.enter(
            RESEARCHER_ROSTER,
            newcomer("researcher03", kind="返聘银龄", seat_code="", covers=SEAT,
                     term_ends_on="2027-02-28",
                     appointment_basis=engage(seated, ITEM, "researcher03", "返聘银龄")),
        )  # fmt: skip

    def test_a_waiver_is_a_decision_of_the_party_group(self, seated: Office) -> None:
        admit(seated, "researcher02")
        cells = newcomer(
            "researcher02", kind="兼职", seat_code="", covers=SEAT, term_ends_on="2028-02-29",
            appointment_basis=engage(seated, ITEM + 1, "researcher02", "兼职"),
        )  # fmt: skip
        for said in ("", "同意", "局党组〔2026〕3号", str(ITEM)):
            refused = seated.refused(RESEARCHER_ROSTER, cells | {"waiver": said})
            assert "R-CH-2" in refused["covers"], said
        allow(seated)
        seated.enter(RESEARCHER_ROSTER, cells | {"waiver": f"议题{ITEM}"})

    @pytest.mark.parametrize(
        "changes",
        [{"outcome": "NOT_CARRIED"}, {"decided_at": None},
         {"title": "聘任兼职：市教研机构小学数学"},
         {"title": f"聘任兼职：海勃湾区教研室{SEAT}"}, {"subject_name": "某人"}],
    )  # fmt: skip
    def test_not_any_decision(self, seated: Office, changes: dict[str, object]) -> None:
        admit(seated, "researcher02")
        allow(seated, **changes)
        cells = newcomer(
            "researcher02", kind="兼职", seat_code="", covers=SEAT, term_ends_on="2028-02-29",
            waiver=str(ITEM),
        )  # fmt: skip
        assert "R-CH-2" in seated.refused(RESEARCHER_ROSTER, cells)["covers"]

    def test_a_term_is_not_prolonged_beyond_the_rule(self, seated: Office) -> None:
        key = seated.enter(RESEARCHER_ROSTER, part_timer(waiver="党组〔2024〕1号"))
        set_to(seated, STOCK_UNTIL, "2026-03-01")
        with pytest.raises(EntryUnfit) as refused:
            seated.change(RESEARCHER_ROSTER, key, term_ends_on="2040-01-01")
        assert "R-T9" in refused.value.errors["term_ends_on"][0]
        seated.change(RESEARCHER_ROSTER, key, note="只改备注")
