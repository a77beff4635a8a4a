"""What may be entered of researchers, and by which rule it may not."""

from collections.abc import Iterator
from datetime import date
from typing import cast

from processes.registers.days import said_day
from processes.registers.fields import Fault
from processes.registers.roster import Candidate
from processes.registers.seats import CROSS_STAGE, SEATS, Seat
from processes.registers.staffing.ending_papers import leaving_papers
from processes.registers.staffing.entry_gates import (
    appointment_gate,
    engagement_gate,
    seat_gate,
    stock_faults,
    unsettled_faults,
    waiver_fault,
)
from processes.registers.staffing.facts import SLIP, Leaving, Level, PersonKind
from processes.registers.staffing.matrix import institutions
from processes.registers.staffing.norms import NORMS, SECOND_SUBJECT
from processes.registers.staffing.query_offices import queries_itself
from processes.registers.staffing.rules import part_time_fault, scope_fault
from processes.registers.staffing.seat_checks import (
    fault_of,
    holder_of,
    last_held_until,
    lock_establishment,
    lock_seat,
    name_of,
    standing_on,
)
from processes.registers.staffing.sources import OWN_SOURCES, Source
from processes.registers.staffing.tables import Establishment, StaffSeat

_FORETOLD = ("leaving", "leaves_on", "leaving_basis")


def researcher_faults(candidate: Candidate) -> Iterator[Fault]:
    """教研员名册: one seat a person; part-time and retired ones hold none."""
    values, session = candidate.values, candidate.session
    establishment = lock_establishment(session, values["unit_id"])
    if establishment is None or establishment.level == Level.LENDER:
        yield Fault("unit_id", "请先登记这个教研机构的核定编制", NORMS["S-LIMIT"])
        return
    yield from unsettled_faults(candidate)
    yield from stock_faults(candidate)
    if values["kind"] == PersonKind.FULL_TIME:
        yield from _full_time_faults(candidate, establishment)
    elif values["kind"] in set(PersonKind):
        yield from _unseated_faults(candidate, Level(establishment.level))
    yield from _days_faults(candidate)
    yield from _records_faults(candidate)


def researcher_ending(candidate: Candidate) -> Iterator[Fault]:
    """Nobody leaves before they came, nor by an act that nobody has decided."""
    values = candidate.values
    began, ended, how = values["began_on"], values["ended_on"], values["ended_how"]
    if isinstance(began, date) and isinstance(ended, date) and ended < began:
        yield Fault("ended_on", f"早于到岗日{said_day(began)}")
    if how == SLIP and ended != began:
        reason = f"登记有误的从未起作用，日期应为到岗日{said_day(cast('date', began))}"
        yield Fault("ended_on", reason)
    yield from leaving_papers(candidate, str(how), ended if isinstance(ended, date) else None)


def _full_time_faults(candidate: Candidate, establishment: Establishment) -> Iterator[Fault]:
    values = candidate.values
    if values["covers"]:
        yield Fault("covers", "专职教研员的学段学科由岗位决定，不用填写")
    if values["waiver"]:
        yield Fault("waiver", "只有兼职教研员才填写")
    code = str(values["seat_code"] or "")
    if not code:
        yield Fault("seat_code", "专职教研员须有岗位和编制，没有空编不能进人", NORMS["S-LIMIT"])
        return
    seat = lock_seat(candidate.session, code)
    if seat is None:
        yield Fault("seat_code", "没有这个岗位，或者已经撤销")
        return
    yield from _seat_free_faults(candidate, seat, establishment)
    yield from seat_gate(candidate, SEATS[seat.seat])
    yield from appointment_gate(candidate, SEATS[seat.seat], Level(establishment.level))
    yield from _second_faults(candidate, SEATS[seat.seat])


def _seat_free_faults(
    candidate: Candidate, seat: StaffSeat, establishment: Establishment
) -> Iterator[Fault]:
    values, session = candidate.values, candidate.session
    if seat.unit_id != establishment.unit_id:
        yield Fault("seat_code", "这个岗位不在这个机构")
    holder = holder_of(session, seat.code, candidate.key)
    if holder is not None:
        name = name_of(session, holder.username)
        yield Fault("seat_code", f"岗位已由{name}占用，一个岗位只能有一个人", NORMS["M2"])
    if seat.reserved_instance and seat.reserved_instance != candidate.instance_key:
        yield Fault("seat_code", f"岗位已为{seat.reserved_for}预留")
    began = values["began_on"]
    freed = last_held_until(session, seat.code, candidate.key)
    if isinstance(began, date) and freed is not None and began < freed:
        yield Fault("began_on", f"岗位到{said_day(freed)}才空出，一个岗位只能有一个人", NORMS["M2"])
    if isinstance(began, date) and began < seat.begins_on:
        yield Fault("began_on", f"早于岗位的起始日{said_day(seat.begins_on)}")
    if isinstance(began, date) and seat.ends_on is not None and began > seat.ends_on:
        yield Fault("seat_code", f"{seat.source}已于{said_day(seat.ends_on)}到期")
    was_there = candidate.before is not None and candidate.before["seat_code"] == seat.code
    if Source(seat.source) in OWN_SOURCES and not was_there:
        used = standing_on(session, establishment.unit_id, 0)
        if used > establishment.approved_seats:
            yield Fault(
                "seat_code",
                f"核定编制{establishment.approved_seats}个，已设和借出{used}个，超编时不能进人",
                NORMS["S-LIMIT"],
            )


def _second_faults(candidate: Candidate, own: Seat) -> Iterator[Fault]:
    values = candidate.values
    second = SEATS.get(str(values["second_subject"] or ""))
    if second is None:
        if values["second_basis"]:
            yield Fault("second_basis", "没有填写兼任的学科")
        return
    if second.stage != CROSS_STAGE:
        yield Fault("second_subject", f"{second.name}不能兼任，只能兼可跨学段的学科", NORMS["M1"])
    elif own.stage == CROSS_STAGE:
        yield Fault("second_subject", f"已有{own.subject}，不能再兼{second.subject}", NORMS["M2"])
    if not candidate.settings.truth(SECOND_SUBJECT):
        yield Fault("second_subject", "现在的设置不允许兼任", NORMS["M2"])
    elif not values["second_basis"]:
        yield Fault("second_basis", "兼任须写明批准的依据", NORMS["M2"])


def _unseated_faults(candidate: Candidate, level: Level) -> Iterator[Fault]:
    values = candidate.values
    kind = PersonKind(str(values["kind"]))
    if values["seat_code"]:
        yield Fault("seat_code", f"{kind}不能占专职教研员的岗位和编制", NORMS["R-CH-1"])
    for key in ("second_subject", "second_basis"):
        if values[key]:
            yield Fault(key, "只有专职教研员才填写", NORMS["M2"])
    if not values["term_ends_on"]:
        yield Fault("term_ends_on", f"{kind}须有聘期，请填写聘期届满日")
    seat = SEATS.get(str(values["covers"] or ""))
    if seat is None:
        yield Fault("covers", f"请填写{kind}承担的学段学科")
        return
    if reason := scope_fault(level, seat):
        yield fault_of("covers", reason)
    elif kind is PersonKind.PART_TIME and _engaged_now(candidate):
        yield from _precondition_faults(candidate, seat)
    yield from engagement_gate(candidate, seat, level)


def _engaged_now(candidate: Candidate) -> bool:
    """Whether this begins an engagement: what was right then is not asked again."""
    before = candidate.before
    asked = ("kind", "covers", "unit_id", "term_ends_on", "waiver")
    return before is None or any(before[key] != candidate.values[key] for key in asked)


def _precondition_faults(candidate: Candidate, seat: Seat) -> Iterator[Fault]:
    refusal = waiver_fault(candidate, seat)
    if not refusal:
        return
    unit_id = str(candidate.values["unit_id"])
    found = institutions(candidate.session, candidate.today, candidate.settings, units=[unit_id])
    cells = [(one.seat, one.state) for each in found for one in each.cells]
    if reason := part_time_fault(seat, cells, candidate.settings):
        yield Fault("covers", f"{reason.text}；{refusal}", reason.norm)


def _days_faults(candidate: Candidate) -> Iterator[Fault]:
    values = candidate.values
    began = cast("date | None", values["began_on"])
    if began is None:
        return
    term = values["term_ends_on"]
    if isinstance(term, date) and term < began:
        yield Fault("term_ends_on", f"早于到岗日{said_day(began)}")
    if values["leaving"] in set(Leaving):
        yield from _leaving_faults(candidate, Leaving(str(values["leaving"])), began)
        return
    for key in ("leaves_on", "returns_on", "leaving_basis"):
        if values[key]:
            yield Fault("leaving", "填写了离岗的内容，请选择离岗原因")
            return


def _records_faults(candidate: Candidate) -> Iterator[Fault]:
    """The day of a query comes from its case; of stock the last one before may be entered.

    A district that queries by itself has no case: who keeps the register enters the newer day.
    """
    on, before = candidate.values["records_on"], candidate.before
    known = None if before is None else before["records_on"]
    if candidate.instance_key is not None or on == known:
        return
    told = isinstance(on, date) and (not isinstance(known, date) or on > known)
    by_itself = (
        before is not None
        and told
        and queries_itself(candidate.session, str(candidate.values["unit_id"]))
    )
    if not by_itself and (known is not None or not candidate.values["stock_basis"]):
        reason = "由年度记录查询登记，不能手工填写或者修改"
        yield Fault("records_on", reason, NORMS["S-RECORDS"])
    elif isinstance(on, date) and on > candidate.today:
        yield Fault("records_on", "不能晚于今天")


def _leaving_faults(candidate: Candidate, how: Leaving, began: date) -> Iterator[Fault]:
    values = candidate.values
    leaves, returns = values["leaves_on"], values["returns_on"]
    if not isinstance(leaves, date):
        yield Fault("leaves_on", f"请填写{how}的日期", NORMS["M5"])
    elif leaves < began:
        yield Fault("leaves_on", f"早于到岗日{said_day(began)}")
    before = candidate.before
    if before is None or any(before[key] != values[key] for key in _FORETOLD):
        yield from leaving_papers(candidate, how, leaves if isinstance(leaves, date) else None)
    if how.comes_back and not isinstance(returns, date):
        norm = NORMS["S-GUARD" if how is Leaving.SECONDMENT else "M5"]
        yield Fault("returns_on", f"{how}须有期限，请填写返回日期", norm)
    if not how.comes_back and returns:
        yield Fault("returns_on", f"{how}后不再返回，不用填写")
    if isinstance(leaves, date) and isinstance(returns, date) and returns <= leaves:
        yield Fault("returns_on", f"应在{said_day(leaves)}以后")
