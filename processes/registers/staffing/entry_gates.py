"""What must be there before somebody is entered, whoever enters: by hand, workbook or case.

Stock from before the register was kept comes in once, with a document; everybody else needs what
recruitment asks too: a valid 准入资格 for the seat, the decision by which they come, room under the
cap, a term, and a decision of the Party group where part-timers come first.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import select

from processes.registers.days import said_day
from processes.registers.fields import Fault
from processes.registers.names import names_of
from processes.registers.party_group import decisions
from processes.registers.roster import Candidate
from processes.registers.seats import Seat
from processes.registers.staffing.appointment_gate import Appointment, appointment_faults
from processes.registers.staffing.engaged import engaged_beside
from processes.registers.staffing.engagement_terms import longest_until, term_checked
from processes.registers.staffing.facts import SLIP, Level, PersonKind
from processes.registers.staffing.norms import NORMS, STOCK_BEFORE, STOCK_UNTIL
from processes.registers.staffing.rehire import NORM as REHIRE
from processes.registers.staffing.rehire import rehire_room
from processes.registers.staffing.tables import RecordsQuery, Researcher, StaffSeat
from processes.registers.valid_qualifications import valid_qualification
from service.domain.receipts import case_number
from service.procedure import case_ended

_ENGAGEMENT = ("kind", "covers", "unit_id", "term_ends_on", "began_on", "waiver", "stock_basis")


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


def unsettled_faults(candidate: Candidate) -> Iterator[Fault]:
    """Who has left comes back when what they left behind is settled, qualification and all.

    Says of the case its number alone: what it is about is for those who may read it.
    """
    if candidate.before is not None:
        return
    unsettled = candidate.session.scalar(
        select(RecordsQuery.instance_key)
        .join(Researcher, Researcher.key == RecordsQuery.researcher_key)
        .where(
            Researcher.username == candidate.values["username"],
            Researcher.ended_on.is_not(None),
            RecordsQuery.closed_at.is_not(None),
            RecordsQuery.instance_key.is_not(None),
            ~case_ended(RecordsQuery.instance_key),
        )
        .limit(1)
    )
    if unsettled is not None:
        reason = f"此人上次离岗的事项{case_number(unsettled)}还没有办结，办结以后再登记"
        yield Fault("username", reason, NORMS["S-ADMIT"])


def seat_gate(candidate: Candidate, seat: Seat) -> Iterator[Fault]:
    """A full-time researcher needs a valid qualification for the seat they come to."""
    if is_stock(candidate) or _held_before(candidate) == seat.name:
        return
    yield from _qualification_faults(candidate, "seat_code", seat)


def appointment_gate(candidate: Candidate, seat: Seat, level: Level) -> Iterator[Fault]:
    """Who becomes full-time outside a case was decided on by those who appoint (S-APPOINT)."""
    if candidate.instance_key is not None or is_stock(candidate) or _stays(candidate, seat):
        return
    began = candidate.values["began_on"]
    begins = began if isinstance(began, date) else None
    appointment = Appointment(PersonKind.FULL_TIME, seat, begins)
    yield from appointment_faults(candidate, appointment, level)


def engagement_gate(candidate: Candidate, seat: Seat, level: Level) -> Iterator[Fault]:
    """A part-timer or retired teacher needs qualification, decision, term, and room under a cap."""
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
    if candidate.instance_key is None and _is_engaged_anew(candidate):
        yield from appointment_faults(candidate, Appointment(kind, seat, begins), level)
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


def _is_engaged_anew(candidate: Candidate) -> bool:
    """Whether this begins an engagement, a further term too: a shorter one is none."""
    values, before = candidate.values, candidate.before
    if before is None or any(before[key] != values[key] for key in ("kind", "covers", "unit_id")):
        return True
    last, ended = values["term_ends_on"], before["term_ends_on"]
    return isinstance(last, date) and (not isinstance(ended, date) or last > ended)


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
