"""What diagrams may ask of the registers: cells, seats, researchers entering and leaving.

Each is a service task type that any procedure may use. It runs in the transaction of its step and
does its work once for an element instance. What a rule forbids is a BPMN error `register-refused`,
its message the reason with the rule's source: a diagram may catch it, else it is an incident.
"""

from dataclasses import replace
from datetime import date

from processes.registers import set_values
from processes.registers.days import bureau_day
from processes.registers.entries import EntryOvertaken, EntryRefused
from processes.registers.fields import Fault
from processes.registers.names import Names
from processes.registers.refused_steps import as_error
from processes.registers.seats import Seat, find_seat
from processes.registers.staffing import seats
from processes.registers.staffing.matrix import Cell, without_people
from processes.registers.staffing.rosters import SEAT_ROSTER
from processes.registers.staffing.seats import Step
from service.domain.actors import SYSTEM
from service.domain.values import Json, Variables
from service.procedure import TaskContext


def look_up_cell(context: TaskContext) -> Variables:
    """`registers.cell`: say what a cell is today. Takes `unit` and `seat`, gives `cell`.

    `cell`: `exists`, `gap`, `colour`, `required`, `staffed`, `since`, `until`, `due`, `reserved`,
    `reasons` (texts with their sources).
    """
    unit, seat = _unit(context), _seat(context)
    found = seats.look_up(context.session, unit=unit, seat=seat, day=bureau_day(context.now))
    # Whoever reads the case need not read the register of researchers.
    if found is not None:
        today = bureau_day(context.now)
        found = without_people(found, today, set_values.values_on(context.session, today))
    return {"cell": _said(found)}


def reserve_seat(context: TaskContext) -> Variables:
    """`registers.seat-reserve`: keep a free seat for this case.

    Takes `unit` and `seat`, the header `purpose` says what people read. Gives `seat_code`.
    """
    unit, seat = _unit(context), _seat(context)
    try:
        found = seats.reserve(
            context.session,
            _step(context),
            unit=unit,
            seat=seat,
            purpose=context.headers.get("purpose", ""),
        )
    except (EntryRefused, EntryOvertaken) as refused:
        raise as_error(refused) from refused
    context.log(f"岗位{found.code}已预留")
    return {"seat_code": found.code, "seat_source": found.source}


def release_seat(context: TaskContext) -> Variables:
    """`registers.seat-release`: give back the seat that this case has kept. Takes `seat_code`."""
    code = _text(context, "seat_code")
    seats.release(context.session, _step(context), code=code)
    context.log(f"岗位{code}不再预留")
    return {}


def occupy_seat(context: TaskContext) -> Variables:
    """`registers.seat-occupy`: give a seat to a full-time researcher of the roster.

    Takes `person` (user name) and `seat_code`, gives `researcher_key`.
    """
    try:
        key = seats.occupy(
            context.session,
            _step(context),
            username=_text(context, "person"),
            code=_text(context, "seat_code"),
        )
    except (EntryRefused, EntryOvertaken) as refused:
        raise as_error(refused) from refused
    context.log("岗位已占用")
    return {"researcher_key": str(key)}


def enter_researcher(context: TaskContext) -> Variables:
    """`registers.researcher-enter`: enter somebody; a full-time one holds `seat_code` from then on.

    Takes `person`, `unit`, `kind` (专职, 兼职, 返聘银龄), `began_on`, and as the kind asks
    `seat_code`, or `seat`, `term_ends_on` and `waiver`; `deciding_rules`, the version of other
    rules by which it was decided, is recorded with it. Gives `researcher_key`.
    """
    said = {
        "username": _text(context, "person"),
        "unit_id": _text(context, "unit"),
        "kind": _text(context, "kind"),
        "began_on": _text(context, "began_on"),
        "seat_code": _text(context, "seat_code", required=False),
        "term_ends_on": _text(context, "term_ends_on", required=False),
        "waiver": _text(context, "waiver", required=False),
        "covers": "",
    }
    if not said["seat_code"]:
        said["covers"] = _text(context, "seat")
    try:
        decided_by = _text(context, "deciding_rules", required=False)
        step = replace(_step(context), decided_by=decided_by)
        key = seats.enter(context.session, step, said)
    except (EntryRefused, EntryOvertaken) as refused:
        raise as_error(refused) from refused
    context.log("已登入教研员名册")
    return {"researcher_key": str(key)}


def leave_researcher(context: TaskContext) -> Variables:
    """`registers.researcher-leave`: end somebody's entry; their seat is vacant from `left_on`.

    Takes `person`, `left_on`, `how` (退休, 调出, 退出教研队伍, …) and `basis`, the
    paper: of 退出 the key of the Party group's item. Gives `researcher_key`.
    """
    try:
        key = seats.leave(
            context.session,
            _step(context),
            username=_text(context, "person"),
            how=_text(context, "how"),
            on=_day(context, "left_on"),
            basis=_text(context, "basis", required=False),
        )
    except (EntryRefused, EntryOvertaken) as refused:
        raise as_error(refused) from refused
    context.log("已登记离岗")
    return {"researcher_key": str(key)}


HANDLERS = {
    "registers.cell": look_up_cell,
    "registers.seat-reserve": reserve_seat,
    "registers.seat-release": release_seat,
    "registers.seat-occupy": occupy_seat,
    "registers.researcher-enter": enter_researcher,
    "registers.researcher-leave": leave_researcher,
}


def _step(context: TaskContext) -> Step:
    return Step(
        key=context.element_instance_key,
        instance_key=context.instance_key,
        actor=context.actor,
        now=context.now,
        reason=context.headers.get("reason", "办理事项"),
    )


def _unit(context: TaskContext) -> str:
    field = SEAT_ROSTER.field("unit_id")
    found = Names(context.session, SYSTEM).resolved(field, _text(context, "unit"))
    if isinstance(found, Fault):
        raise as_error(EntryRefused([found]))
    return str(found)


def _seat(context: TaskContext) -> Seat:
    text = _text(context, "seat")
    found = find_seat(text)
    if found is None:
        raise as_error(EntryRefused([Fault("seat", f"没有“{text[:30]}”这个学段学科")]))
    return found


def _text(context: TaskContext, name: str, *, required: bool = True) -> str:
    value = context.variables.get(name)
    text = value.strip() if isinstance(value, str) else ""
    if required and not text:
        raise as_error(EntryRefused([Fault(name, f"流程没有给出 {name}")]))
    return text


def _day(context: TaskContext, name: str) -> date:
    try:
        return date.fromisoformat(_text(context, name))
    except ValueError:
        raise as_error(EntryRefused([Fault(name, f"{name} 应为日期")])) from None


def _said(found: Cell | None) -> Json:
    if found is None:
        return {"exists": False, "gap": False}
    state = found.state
    return {
        "exists": True,
        "gap": state.colour.is_gap,
        "colour": state.colour.value,
        "required": state.required,
        "staffed": state.staffed,
        "since": None if state.since is None else state.since.isoformat(),
        "until": None if state.until is None else state.until.isoformat(),
        "due": state.due.isoformat(),
        "reserved": any(one.reserved_for for one in found.facts.open_seats),
        "reasons": [f"{one.text}（{one.norm.sourced()}）" for one in state.reasons],
    }
