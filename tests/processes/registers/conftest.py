"""Registers on both databases: a settled bureau, and short ways to enter and to be refused."""

from dataclasses import dataclass
from datetime import datetime

import pytest

from processes.registers.editing import EntryUnfit, amend, end
from processes.registers.roster import Roster
from processes.registers.roster_search import Filters, search
from processes.registers.staffing.rosters import (
    ESTABLISHMENT_ROSTER,
    RESEARCHER_ROSTER,
    SEAT_ROSTER,
)
from service.domain.actors import SYSTEM
from service.domain.import_rows import Cell
from service.store.database import Database
from tests.fixtures_store import Write
from tests.processes.registers import entering
from tests.processes.registers.entering import establishment, on, put, settle

PAPER = "乌教人〔2026〕5号"
"""By which an entry ends."""


@dataclass(frozen=True, slots=True)
class Office:
    """Whoever keeps the registers in a test."""

    write: Write
    database: Database
    now: datetime

    def enter(self, roster: Roster, cells: dict[str, Cell]) -> int:
        """Enter one entry; return its key."""
        with self.write() as tools:
            return put(tools, roster, cells, now=self.now)

    def refused(self, roster: Roster, cells: dict[str, Cell]) -> dict[str, str]:
        """Return why an entry is refused, by field."""
        with pytest.raises(EntryUnfit) as refusal:
            self.enter(roster, cells)
        return {key: "；".join(texts) for key, texts in refusal.value.errors.items()}

    def change(
        self, roster: Roster, key: int, revision: int = 1, reason: str = "更正", **cells: Cell
    ) -> None:
        """Change an entry."""
        with self.write() as tools:
            amend(
                tools, roster, key, cells,
                revision=revision, reason=reason, actor=SYSTEM, now=self.now,
            )  # fmt: skip

    def end(
        self, roster: Roster, key: int, how: str, day: str, *, revision: int = 1, basis: str = PAPER
    ) -> None:
        """End an entry."""
        with self.write() as tools:
            end(
                tools, roster, key, how=how, on=on(day), basis=basis, revision=revision,
                reason="依据文件", actor=SYSTEM, now=self.now,
            )  # fmt: skip

    def keys(self, roster: Roster, text: str = "") -> list[int]:
        """Return the keys of the entries in force."""
        with self.database.read() as session:
            wanted = Filters(text)
            page = search(session, roster, actor=SYSTEM, filters=wanted, after=None, limit=99)
            return [row.key for row in page.rows]


@pytest.fixture
def office(write: Write, database: Database, now: datetime) -> Office:
    """The bureau with units, people, and the establishments of city, district and lender."""
    office = Office(write, database, now)
    with write() as tools:
        settle(tools.session, now)
        for unit in (entering.CITY, entering.DISTRICT, entering.LENDER):
            put(tools, ESTABLISHMENT_ROSTER, establishment(unit), now=now)
    return office


@pytest.fixture
def staffed(office: Office) -> tuple[int, int]:
    """A seat and who holds it: their keys."""
    seat = office.enter(SEAT_ROSTER, entering.seat())
    return seat, office.enter(RESEARCHER_ROSTER, entering.researcher())
