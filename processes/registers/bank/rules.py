"""Who of the banks may take part, and why not: the declarations are facts, this is what follows.

Pure. A tie to a party is no matter of this module: who has declared one is kept out of the step
itself, wherever it is asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from processes.registers.bank.norms import (
    AGREEMENT,
    DECLARATION_YEAR,
    EXCLUDE_TEACHING,
    NORMS,
    SCOPE_BOUND,
)
from processes.registers.norms import Norm
from processes.registers.settings import SettingValues


@dataclass(frozen=True, slots=True)
class Declared:
    """What is in the bank of one person."""

    begins_on: date
    ends_on: date
    declared_year: int | None
    work: tuple[str, ...] = ()
    seats: tuple[str, ...] = ()
    teaches: tuple[str, ...] = ()
    relative_sits: tuple[str, ...] = ()
    test_prep: bool = False
    tutoring: bool = False
    agreement_no: str = ""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Why somebody may not take part, and by which rule."""

    text: str
    norm: Norm


def declaration_year(day: date, values: SettingValues) -> int:
    """Return the year for which a declaration must have been made: the calendar's or school's.

    A school year is called by the calendar year in which it begins, on 1 September.
    """
    if values.text(DECLARATION_YEAR) == "学年" and day.month < 9:
        return day.year - 1
    return day.year


def exclusions(
    person: Declared, day: date, values: SettingValues, *, grade: str = "", seat: str = ""
) -> tuple[Exclusion, ...]:
    """Return why a setter may not work on a paper of this grade (`九年级`) and seat (`初中数学`).

    Without a grade and a seat: why they may not set anything at present. Empty: they may.
    """
    found: list[Exclusion] = []
    if not person.begins_on <= day <= person.ends_on:
        found.append(Exclusion("不在入库期限内", NORMS["B-TERM"]))
    if person.declared_year != (year := declaration_year(day, values)):
        kind = values.text(DECLARATION_YEAR)
        found.append(Exclusion(f"没有{year}{kind}的申报", NORMS["B-DECLARE"]))
    if person.test_prep:
        found.append(Exclusion("申报编写教辅、备考资料", NORMS["B-PREP"]))
    if person.tutoring:
        found.append(Exclusion("申报参加校外培训", NORMS["B-PREP"]))
    if not person.agreement_no and values.truth(AGREEMENT):
        found.append(Exclusion("没有保密协议", NORMS["B-SECRET"]))
    if seat and seat not in person.seats and values.truth(SCOPE_BOUND):
        found.append(Exclusion(f"入库的学段学科不含{seat}", NORMS["B-TERM"]))
    if grade:
        found += _of_grade(person, values, grade, seat)
    return tuple(found)


def _of_grade(
    person: Declared, values: SettingValues, grade: str, seat: str
) -> Sequence[Exclusion]:
    found: list[Exclusion] = []
    if grade in person.relative_sits:
        found.append(Exclusion(f"有直系亲属在{grade}参加本次考试", NORMS["B-KIN"]))
    if values.truth(EXCLUDE_TEACHING):
        taught = [
            one
            for one in person.teaches
            if one.startswith(grade) and (not seat or seat.endswith(one.removeprefix(grade)))
        ]
        if taught:
            found.append(Exclusion(f"正在任教{'、'.join(taught)}", NORMS["B-TEACH"]))
    return found
