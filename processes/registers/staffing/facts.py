"""What is recorded of the cells of the staffing matrix, as values. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from processes.registers.seats import Seat


class Level(StrEnum):
    """To which level an institution belongs; a lender has seats and no cells."""

    CITY = "市级"
    DISTRICT = "区级"
    LENDER = "出借单位"


class PersonKind(StrEnum):
    """How a researcher belongs to the institution."""

    FULL_TIME = "专职"
    PART_TIME = "兼职"
    RETIRED = "返聘银龄"


class Leaving(StrEnum):
    """How somebody leaves a seat, or is to leave it."""

    RETIREMENT = "退休"
    TRANSFER = "调出"
    EXIT = "退出教研队伍"
    SCHOOL = "到校任教"
    SECONDMENT = "借调"
    TERM = "任期届满"
    OTHER = "其他"

    @property
    def comes_back(self) -> bool:
        """Whether the seat stays theirs while they are away."""
        return self in {Leaving.SCHOOL, Leaving.SECONDMENT}


@dataclass(frozen=True, slots=True)
class Holder:
    """A full-time researcher in a cell, by a seat or by an approved second subject.

    Days are inclusive last or first days as their names say; `stages` are those a spanning seat
    covers.
    """

    researcher_key: int
    username: str
    name: str
    began_on: date
    seat_code: str = ""
    stages: tuple[str, ...] = ()
    second: bool = False
    loan: str = ""
    """借编, 借岗 or 区域统筹 where the seat is lent; empty for one's own."""
    loan_ends_on: date | None = None
    leaves_on: date | None = None
    leaving: Leaving | None = None
    returns_on: date | None = None
    term_ends_on: date | None = None

    def end(self, today: date) -> tuple[date, str] | None:
        """Return the first day on which nobody holds the cell any more through them, and why."""
        ends: list[tuple[date, str]] = []
        if self.leaves_on and self.leaving and not self._is_back(today):
            how = "外出到校任教" if self.leaving is Leaving.SCHOOL else self.leaving.value
            ends.append((self.leaves_on, how))
        if self.loan_ends_on:
            ends.append((_next(self.loan_ends_on), f"{self.loan}到期"))
        if self.term_ends_on:
            ends.append((_next(self.term_ends_on), "聘期届满"))
        return min(ends, default=None)

    def counts(self, today: date) -> bool:
        """Tell whether the cell is held through them today."""
        ended = self.end(today)
        return self.began_on <= today and (ended is None or today < ended[0])

    def _is_back(self, today: date) -> bool:
        back = self.returns_on
        return bool(self.leaving and self.leaving.comes_back and back and back <= today)


@dataclass(frozen=True, slots=True)
class OpenSeat:
    """A seat of the cell that nobody holds: since when, and for what it is kept."""

    code: str
    free_since: date
    reserved_for: str = ""


@dataclass(frozen=True, slots=True)
class CellFacts:
    """What is recorded of one cell; `lost_on` is when the last full-time holder left."""

    unit_id: str
    level: Level
    seat: Seat
    holders: tuple[Holder, ...] = ()
    open_seats: tuple[OpenSeat, ...] = ()
    part_time: tuple[str, ...] = ()
    """Names of part-time researchers."""
    retired: tuple[str, ...] = ()
    """Names of retired teachers who came back."""
    lost_on: date | None = None


def _next(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)
