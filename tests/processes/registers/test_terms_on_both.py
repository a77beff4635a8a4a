"""What terms, stock and history ask of the database, on both kinds."""

from dataclasses import replace
from datetime import date, timedelta
from typing import cast

import pytest
from sqlalchemy import func, select

from processes.registers import qualification_stock, revision_history, roster_history, terms
from processes.registers.days import bureau_day
from processes.registers.entries import EntryOvertaken
from processes.registers.qualification_stock import Stock
from processes.registers.seats import SEATS
from processes.registers.settings import defaults
from processes.registers.staffing.rosters import RESEARCHER_ROSTER, SEAT_ROSTER
from processes.registers.tables import QualificationRecord, TermNotice
from processes.registers.term_notices import tell_keepers
from processes.registers.told_acts import Period
from service.domain.actors import SYSTEM
from service.procedure import Toolbox
from tests.processes.registers.conftest import Office
from tests.processes.registers.entering import SEAT, borrowed

STOCK = Stock(
    "researcher01", "教研员01", "学校", SEATS[SEAT], date(2025, 3, 2), date(2027, 3, 1), False,
    "乌教发〔2025〕3号", date(2025, 2, 20), "乌海市教育局",
)  # fmt: skip


def test_one_and_the_same_is_entered_once_however_many_enter_it(office: Office) -> None:
    def enter(stock: Stock) -> None:
        with office.write() as tools:
            qualification_stock.enter(
                tools.session, stock, key=tools.keys.next(), reason="补录",
                settings=defaults(bureau_day(office.now)), actor=SYSTEM, now=office.now,
            )  # fmt: skip

    enter(STOCK)
    with pytest.raises(EntryOvertaken):
        enter(STOCK)
    enter(replace(STOCK, holder="researcher02"))


def test_terms_are_found_told_once_and_their_history_read(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (roster_history, revision_history):
        monkeypatch.setattr(module, "_AT_ONCE", 2)
    today = bureau_day(office.now)
    over, soon = today - timedelta(days=90), today + timedelta(days=30)
    for code, last in (("SJ-01", over), ("SJ-02", soon), ("SJ-03", soon + timedelta(days=1))):
        office.enter(SEAT_ROSTER, borrowed(code, ends_on=last.isoformat()))
    with office.write() as tools:
        for key, holder in ((1, "researcher01"), (2, "researcher02")):
            qualification_stock.enter(
                tools.session, replace(STOCK, holder=holder), key=key, reason="补录",
                settings=defaults(today), actor=SYSTEM, now=office.now,
            )  # fmt: skip
        record = tools.session.get_one(QualificationRecord, (2, 1))
        columns = [one.name for one in QualificationRecord.__table__.columns]
        said = {one: getattr(record, one) for one in columns}
        tools.session.add(QualificationRecord(**said | {"revision": 2, "unit": "另一所学校"}))
    with office.database.read() as session:
        spans = (terms.standing_over(today), terms.just_over(today), terms.near(today, 30))
        found = [
            [one.who for one in terms.of_rosters(session, span, actor=SYSTEM, most=9)]
            for span in spans
        ]
        acts = roster_history.acts(session, SEAT_ROSTER, actor=SYSTEM, period=Period(today, today))
        assert [one.entry for one in acts] == ["SJ-01", "SJ-02", "SJ-03"]
        nobody = roster_history.acts(session, RESEARCHER_ROSTER, actor=SYSTEM, period=Period())
        assert list(nobody) == []
        told = revision_history.of_qualifications(session, actor=SYSTEM)
        assert [(one.entry, one.number) for one in told] == [("1", 1), ("2", 1), ("2", 2)]
    assert found == [["SJ-01"], [], ["SJ-02"]]
    for _ in range(2):
        with office.write() as tools:
            tell_keepers(cast(Toolbox, tools), office.now)
    with office.database.read() as session:
        assert session.scalar(select(func.count()).select_from(TermNotice)) == 1
