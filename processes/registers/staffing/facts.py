"""What is recorded of the cells of the staffing matrix, as values. Pure."""

from dataclasses import dataclass, replace
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
    """By a decision of the Party group: neither a sanction nor the end of a contract."""
    WITHDRAWN = "取消聘用"
    """The trial was not passed, or the appointment was revoked."""
    BACK = "回原单位"
    """The trial of somebody who was transferred was not passed."""
    CONTRACT = "解除聘用合同"
    """On the grounds of the law alone (事业单位人事管理条例 15, 16)."""
    AGREEMENT = "解除聘用协议"
    """Of a part-timer or retired teacher, before the term is over."""
    DISMISSED = "开除"
    """The sanction."""
    SCHOOL = "到校任教"
    SECONDMENT = "借调"
    TERM = "任期届满"
    DEATH = "去世"
    OTHER = "其他"
    """None of these: in the city what the Party group has decided of them."""

    @property
    def comes_back(self) -> bool:
        """Whether the seat stays theirs while they are away."""
        return self in {Leaving.SCHOOL, Leaving.SECONDMENT}


FORETOLD = tuple(how for how in Leaving if how is not Leaving.DEATH)
"""The ways of leaving that can be known ahead."""

SLIP = "登记有误"
"""How an entry ends that should never have been."""


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
    unnamed: bool = False
    """For who sees the seats alone: neither who it is nor why they leave."""

    def without_person(self) -> "Holder":
        """Return the same for who may not read the register of researchers."""
        return replace(self, researcher_key=0, username="", name="", unnamed=True)

    def end(self, today: date) -> tuple[date, str] | None:
        """Return the first day on which nobody holds the cell any more through them, and why."""
        ends: list[tuple[date, str]] = []
        if self.leaves_on and self.leaving and not self._is_back(today):
            how = "外出到校任教" if self.leaving is Leaving.SCHOOL else self.leaving.value
            ends.append((self.leaves_on, "离岗" if self.unnamed else how))
        if self._loan_over:
            ends.append(self._loan_over)
        if self.term_ends_on:
            ends.append((_next(self.term_ends_on), "离岗" if self.unnamed else "聘期届满"))
        return min(ends, default=None)

    def ends_by_loan(self, today: date) -> bool:
        """Tell whether what ends first is the loan of the seat, not their time in it."""
        over = self._loan_over
        return over is not None and self.end(today) == over

    def counts(self, today: date) -> bool:
        """Tell whether the cell is held through them today."""
        ended = self.end(today)
        return self.began_on <= today and (ended is None or today < ended[0])

    @property
    def _loan_over(self) -> tuple[date, str] | None:
        return (_next(self.loan_ends_on), f"{self.loan}到期") if self.loan_ends_on else None

    def _is_back(self, today: date) -> bool:
        return is_back(self.leaving, self.returns_on, today)


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
    """Names of part-time researchers engaged today; empty texts for who may not read them."""
    retired: tuple[str, ...] = ()
    """The same of retired teachers who came back."""
    lost_on: date | None = None


def is_back(leaving: Leaving | None, returns_on: date | None, today: date) -> bool:
    """Tell whether somebody was away for a while and is there again."""
    return bool(leaving and leaving.comes_back and returns_on and returns_on <= today)


def is_engaged(
    began_on: date,
    term_ends_on: date | None,
    leaving: Leaving | None,
    leaves_on: date | None,
    today: date,
) -> bool:
    """Tell whether an entry in force counts today: begun, its term not over, not left for good."""
    over = term_ends_on is not None and term_ends_on < today
    gone = leaving is not None and not leaving.comes_back
    return began_on <= today and not over and not (gone and leaves_on and leaves_on <= today)


def _next(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)
