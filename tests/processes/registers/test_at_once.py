"""Two who fill the last seat at the same moment: one holds it, the other is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from processes.registers.editing import EntryUnfit
from processes.registers.entries import EntryOvertaken
from processes.registers.staffing.rosters import RESEARCHER_ROSTER, SEAT_ROSTER
from tests.processes.registers.conftest import Office
from tests.processes.registers.entering import researcher, seat


def test_one_seat_has_one_holder_however_many_come_at_once(office: Office) -> None:
    office.enter(SEAT_ROSTER, seat())
    gate = Barrier(4)

    def coming(number: int) -> Callable[[], str]:
        def come() -> str:
            gate.wait(timeout=30)
            try:
                office.enter(RESEARCHER_ROSTER, researcher(f"researcher{number:02}"))
            except (EntryUnfit, EntryOvertaken) as refusal:
                return refusal.code
            return "held"

        return come

    with ThreadPoolExecutor(4) as pool:
        said = [one.result() for one in [pool.submit(coming(number)) for number in range(1, 5)]]
    assert said.count("held") == 1
    assert set(said) <= {"held", EntryUnfit.code, EntryOvertaken.code}
    assert len(office.keys(RESEARCHER_ROSTER)) == 1
