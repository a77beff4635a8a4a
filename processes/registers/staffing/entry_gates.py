"""What must be there before somebody is entered, whoever enters: by hand, workbook or case.

Stock from before the register was kept comes in once, with a document; everybody else needs what
recruitment asks too: a valid 准入资格 for the seat, room under the cap, a term, and a decision of
the Party group where part-timers come first.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.registers.days import said_day
from processes.registers.fields import Fault
from processes.registers.names import names_of
from processes.registers.party_group import decisions
from processes.registers.roster import Candidate
from processes.registers.seats import Seat
from processes.registers.staffing.engaged import engaged_beside
from processes.registers.staffing.engagement_terms import longest_until, term_checked
from processes.registers.staffing.facts import SLIP, Level, PersonKind
from processes.registers.staffing.norms import NORMS, STOCK_BEFORE, STOCK_UNTIL
from processes.registers.staffing.rehire import NORM as REHIRE
from processes.registers.staffing.rehire import rehire_room
from processes.registers.staffing.tables import Researcher, StaffSeat
from processes.registers.valid_qualifications import valid_qualification

_ENGAGEMENT = ("kind", "covers", "unit_id", "term_ends_on", "began_on", "waiver", "stock_basis")

_NOT_FULL_TIME = re.compile("兼职|返聘")
"""Says of an item that it engages somebody without a seat."""


def is_stock(candidate: Candidate) -> bool:
    """Tell whether this is 历史数据补录: with a document, from before, while that may be done.

    They come in as they were, once: what changes later is asked as of anybody.
    """
    if candidate.before is not None:
        return False
    values, began = candidate.values, candidate.values["began_on"]
    before = candidate.settings.day_of(STOCK_BEFORE)
    open_still = candidate.today <= candidate.settings.day_of(STOCK_UNTIL)
    return bool(values["stock_basis"] and open_still and isinstance(began, date) and began < before)


def stock_faults(candidate: Candidate) -> Iterator[Fault]:
    """A document makes nobody stock who came later, and nobody twice (S-STOCK)."""
    values, was = candidate.values, candidate.before
    said = ("stock_basis", "began_on")
    if not values["stock_basis"] or (was is not None and all(was[k] == values[k] for k in said)):
        return
    before = candidate.settings.day_of(STOCK_BEFORE)
    until = candidate.settings.day_of(STOCK_UNTIL)
    began = values["began_on"]
    if candidate.today > until:
        yield Fault("stock_basis", f"历史数据补录已于{said_day(until)}截止", NORMS["S-STOCK"])
    elif isinstance(began, date) and began >= before:
        reason = f"{said_day(before)}起到岗的不属于历史数据，须先经准入和招聘，不填写补录依据"
        yield Fault("stock_basis", reason, NORMS["S-STOCK"])
    if _was_there(candidate):
        reason = "此人登记过教研员并已离岗，再次到岗不属于历史数据补录"
        yield Fault("stock_basis", reason, NORMS["S-STOCK"])


def seat_gate(candidate: Candidate, seat: Seat) -> Iterator[Fault]:
    """A full-time researcher needs a valid qualification for the seat they come to."""
    if is_stock(candidate) or _held_before(candidate) == seat.name:
        return
    yield from _qualification_faults(candidate, "seat_code", seat)


def appointment_gate(candidate: Candidate, seat: Seat, level: Level) -> Iterator[Fault]:
    """Who becomes full-time outside a case was decided on by those who appoint (S-APPOINT).

    Of the city the Party group's item is looked up; what a district's decides, its paper says.
    """
    said = str(candidate.values["appointment_basis"] or "")
    if candidate.instance_key is not None or is_stock(candidate) or _stays(candidate, seat):
        return
    norm = NORMS["S-APPOINT"]
    if level is Level.DISTRICT:
        if not said:
            reason = "区级教研员由区教育局党组决定聘任，请填写决定的文件和文号"
            yield Fault("appointment_basis", reason, norm)
        return
    username, began = str(candidate.values["username"]), candidate.values["began_on"]
    found = decisions.find(candidate.session, said)
    if found is None:
        reason = "专职教研员须经局党组会议决定聘任，请填写已议定的议题编号，或者由招聘事项办理"
        yield Fault("appointment_basis", reason, norm)
        return
    name = names_of(candidate.session, [username]).get(username, username)
    if found.item_class != decisions.RECRUITMENT or not found.is_about(username, name):
        yield Fault("appointment_basis", f"议题{found.item}不是关于聘任{name}的决定", norm)
    elif seat.name not in found.title + found.text or _NOT_FULL_TIME.search(found.title):
        reason = f"议题“{found.title}”不是聘任专职{seat.name}教研员的决定"
        yield Fault("appointment_basis", reason, norm)
    elif not found.carried:
        yield Fault("appointment_basis", f"局党组没有同意聘任{name}", norm)
    elif isinstance(began, date) and began < found.decided_on:
        reason = f"到岗日早于局党组决定的日期{said_day(found.decided_on)}"
        yield Fault("appointment_basis", reason, norm)


def engagement_gate(candidate: Candidate, seat: Seat) -> Iterator[Fault]:
    """A part-timer or retired teacher needs qualification, term and room under the cap."""
    values, before = candidate.values, candidate.before
    if before is not None and all(before[key] == values[key] for key in _ENGAGEMENT):
        return
    kind = PersonKind(str(values["kind"]))
    begins, last = _begins(candidate), values["term_ends_on"]
    if is_stock(candidate):
        latest = longest_until(kind, candidate.today, candidate.settings)
        if isinstance(last, date) and last > latest:
            yield Fault("term_ends_on", f"补录的聘期不能晚于{said_day(latest)}", NORMS["S-STOCK"])
        return
    yield from _qualification_faults(candidate, "covers", seat)
    if begins is not None and isinstance(last, date):
        norm, met, text = term_checked(kind, begins, last, candidate.settings)
        if not met:
            yield Fault("term_ends_on", text, norm)
    if kind is PersonKind.RETIRED:
        met, text = rehire_room(
            *engaged_beside(
                candidate.session,
                unit_id=str(values["unit_id"]),
                username=str(values["username"]),
                values=candidate.settings,
                today=candidate.today,
            ),
            candidate.settings,
        )
        if not met:
            yield Fault("kind", text, REHIRE)


def waiver_fault(candidate: Candidate, seat: Seat) -> str:
    """Return why a waiver allows no part-timer in this cell; empty where the Party group has.

    Of stock the document is taken: the Party group's register holds no decisions from before it.
    """
    said = str(candidate.values["waiver"] or "")
    if not said or is_stock(candidate):
        return "" if said else "确需聘任的，请填写局党组同意的议题编号"
    found = decisions.find(candidate.session, said)
    if found is None or not found.carried:
        return f"“{said[:40]}”不是局党组已通过的议题编号"
    unit_id = str(candidate.values["unit_id"])
    unit = names_of(candidate.session, (), [unit_id]).get(unit_id, unit_id)
    about = found.title + found.text
    if found.subject_name or seat.name not in about or unit not in about:
        return f"议题“{found.title}”不是同意{unit}{seat.name}聘任兼职的决定"
    return ""


def exit_fault(session: Session, *, username: str, basis: str, on: date | None) -> Fault | None:
    """Return why somebody may not be said to leave by 退出: only the Party group decides that."""
    found = decisions.find(session, basis)
    norm = NORMS["S-EXIT"]
    if found is None:
        reason = "退出教研队伍须经局党组会议决定，请填写已议定的议题编号"
        return Fault("leaving_basis", reason, norm)
    name = names_of(session, [username]).get(username, username)
    if found.item_class != decisions.EXIT or not found.is_about(username, name):
        return Fault("leaving_basis", f"议题{found.item}不是关于{name}退出的决定", norm)
    if not found.carried:
        return Fault("leaving_basis", f"局党组没有同意{name}退出，本人继续在岗", norm)
    if on is not None and on < found.decided_on:
        reason = f"早于局党组决定的日期{said_day(found.decided_on)}"
        return Fault("leaving_basis", reason, norm)
    return None


def _qualification_faults(candidate: Candidate, key: str, seat: Seat) -> Iterator[Fault]:
    holder = candidate.holder or str(candidate.values["username"])
    if valid_qualification(candidate.session, holder, seat.name, candidate.today) is not None:
        return
    before = said_day(candidate.settings.day_of(STOCK_BEFORE))
    reason = (
        f"没有有效的{seat.name}准入资格，请先办理准入审核；"
        f"{before}以前已经到岗的，填写历史数据补录依据"
    )
    yield Fault(key, reason, NORMS["S-ADMIT"])


def _begins(candidate: Candidate) -> date | None:
    """The first day of what is engaged now: behind the old term where it is one more."""
    values, before = candidate.values, candidate.before
    began, last = values["began_on"], values["term_ends_on"]
    if before is not None and before["kind"] == values["kind"]:
        ended = before["term_ends_on"]
        if isinstance(ended, date) and isinstance(last, date) and last > ended:
            return ended + timedelta(days=1)
    return began if isinstance(began, date) else None


def _held_before(candidate: Candidate) -> str:
    """The stage and subject of the seat that they have held so far."""
    code = "" if candidate.before is None else str(candidate.before["seat_code"] or "")
    if not code:
        return ""
    newest = (
        select(StaffSeat.seat)
        .where(StaffSeat.code == code)
        .order_by(StaffSeat.ended_on.is_(None).desc())
        .limit(1)
    )
    return candidate.session.scalar(newest) or ""


def _stays(candidate: Candidate, seat: Seat) -> bool:
    """Whether they are full-time in the same cell already."""
    before = candidate.before
    same_unit = before is not None and before["unit_id"] == candidate.values["unit_id"]
    return same_unit and _held_before(candidate) == seat.name


def _was_there(candidate: Candidate) -> bool:
    statement = select(Researcher.key).where(
        Researcher.username == str(candidate.values["username"]),
        Researcher.key != candidate.key,
        Researcher.ended_on.is_not(None),
        Researcher.ended_how != SLIP,
    )
    return candidate.session.scalar(statement.limit(1)) is not None
