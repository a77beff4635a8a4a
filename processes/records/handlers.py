"""The service tasks of the yearly query of records, from whom it is about to what follows.

What was found stays in the case, which is closed. The register has the day of a query that found
nothing; of whom a record was found it has that their duties are paused, with the number of the case
and neither the query nor the law, so that nobody who reads it learns the finding. No step writes
退出教研队伍: that is for the Party group, and neither a dismissal nor a transfer (S-ENDING).
"""

from datetime import date

from sqlalchemy import select

from processes.records.withdrawing import REVOKES, look_at_qualifications
from processes.registers import set_values
from processes.registers.days import bureau_day, said_day
from processes.registers.entries import EntryRefused
from processes.registers.fields import Values
from processes.registers.names import names_of
from processes.registers.norms import Refusal
from processes.registers.staffing import seats
from processes.registers.staffing.facts import Leaving, PersonKind
from processes.registers.staffing.norms import NORMS, RECORDS_LATE
from processes.registers.staffing.seats import Step
from processes.registers.staffing.tables import RecordsQuery, Researcher, StaffSeat
from processes.registers.staffing.yearly_records import earliest, note
from processes.registers.valid_qualifications import valid_qualifications
from service.domain.errors import Invalid
from service.domain.receipts import case_number
from service.domain.values import Json, Variables
from service.procedure import TaskContext, completed_by

CLEAR, FOUND = "没有记录", "有记录"
QUERIED = "年度违法犯罪记录查询"
"""Why the register has a new day of a query."""
PAUSED, RESUMED = "暂停岗位职责", "恢复岗位职责"
"""What the register says of whom a record was found: never of what, nor by which law."""
STAYS = "不撤销准入资格"
"""What the note says where a qualification stays, in diagrams without a step for it."""
YEARLY, ENDING = NORMS["S-RECORDS"], NORMS["S-ENDING"]
FULL_TIME_ENDINGS = (Leaving.CONTRACT, Leaving.TRANSFER, Leaving.DISMISSED)
OTHER_ENDINGS = (Leaving.AGREEMENT, Leaving.TERM)
"""How somebody leaves behind it, by the kind of researcher."""


class QueryUnknown(Invalid):
    """没有这次年度查询的登记，或者已经由另一个事项办理，这一步没有执行。本事项可以终止。"""

    code = "records.query-unknown"


def begin(context: TaskContext) -> Variables:
    """`records.begin`: read whom the query is about, and make this case the one that answers it.

    Takes `query_key`. Gives the person's keys and names, `parties`, `due_on`, `is_late`,
    `late_days`, `checks_from`, and `in_post`. Raises QueryUnknown.
    """
    session, today = context.session, bureau_day(context.now)
    query = _query(context)
    if query.instance_key not in {None, context.instance_key}:
        raise QueryUnknown
    query.instance_key = context.instance_key
    one = session.get_one(Researcher, query.researcher_key)
    if one.ended_on is not None:
        query.closed_at = context.now
    names = names_of(session, [one.username], [one.unit_id])
    return {
        "researcher_key": str(one.key),
        "person": one.username,
        "person_name": names.get(one.username, one.username),
        "person_unit": names.get(one.unit_id, one.unit_id),
        "kind": one.kind,
        "seat": _seat(context, one),
        "parties": [one.username],
        "due_on": query.due_on.isoformat(),
        "is_late": query.due_on < today,
        "late_days": set_values.values_on(session, today).number(RECORDS_LATE),
        "checks_from": earliest(query.due_on).isoformat(),
        "in_post": one.ended_on is None,
    }


def assess(context: TaskContext) -> Variables:
    """`records.assess`: look whether the answer is complete, and keep who has looked it up.

    Gives `query_problems`, `query_clear` and `looked_up_by`.
    """
    variables, today = context.variables, bureau_day(context.now)
    result, on = _words(variables, "query_result"), _day(variables, "query_on")
    since = _day(variables, "checks_from")
    problems: list[Refusal] = []
    if result not in {CLEAR, FOUND}:
        problems.append(YEARLY.refuses("没有选择查询结果"))
    if not _words(variables, "query_organ"):
        problems.append(YEARLY.refuses("没有填写查询机关"))
    if not variables.get("query_document"):
        problems.append(YEARLY.refuses("没有上传查询结果"))
    if on is None:
        problems.append(YEARLY.refuses("没有填写查询日期"))
    elif on > today:
        problems.append(YEARLY.refuses("查询日期不能晚于今天"))
    elif since is not None and on < since:
        early = f"查询日期不能早于{said_day(since)}，以前的结果不算本年度的"
        problems.append(NORMS["S-RECORDS-DAY"].refuses(early))
    if result == FOUND and not _words(variables, "query_note"):
        problems.append(YEARLY.refuses("查出记录的，须写明是什么记录、谁核实的"))
    return {
        "query_problems": [*problems],
        "query_clear": result == CLEAR,
        "looked_up_by": completed_by(context, "look_up"),
    }


def note_query(context: TaskContext) -> Variables:
    """`records.note`: write the day of the query into the register; the query is answered."""
    _close(context)
    _note(context, {"records_on": _day(context.variables, "query_on")}, QUERIED)
    context.log("已登记年度查询的日期")
    return {}


def note_corrected(context: TaskContext) -> Variables:
    """`records.note-corrected`: write the day of the corrected answer into the register.

    A change of its own, so that the register does not say why the duties were paused.
    """
    query, on = _query(context), _day(context.variables, "dismissal_on")
    query.looked_up_on = on
    _note(context, {"records_on": on}, QUERIED)
    context.log("已登记年度查询的日期")
    return {}


def stop_duties(context: TaskContext) -> Variables:
    """`records.stop-duties`: from today on the person has none of the post's duties.

    Gives `stood`, what the register said of a leave before, for who is taken back.
    """
    session, today = context.session, bureau_day(context.now)
    one = session.get_one(Researcher, _researcher(context))
    stood: dict[str, Json] = {
        "leaving": one.leaving,
        "leaves_on": None if one.leaves_on is None else one.leaves_on.isoformat(),
        "returns_on": None if one.returns_on is None else one.returns_on.isoformat(),
        "leaving_basis": one.leaving_basis,
    }
    _close(context)
    stopped: Values = {
        "leaving": Leaving.OTHER.value,
        "leaves_on": max(today, one.began_on),
        "returns_on": None,
        "leaving_basis": f"{PAUSED}，见事项{case_number(context.instance_key)}",
    }
    _note(context, stopped, PAUSED)
    context.log("已停止岗位职责，等待依法解聘或者调离")
    return {"stood": stood, "settle_problems": []}


def settle(context: TaskContext) -> Variables:
    """`records.settle`: book what was decided: dismissed or moved, or the finding was wrong.

    Takes `dismiss_outcome` (`left`, `mistaken`), `dismissal_how`, `dismissal_on`,
    `dismissal_number`, `dismissal_document`. Gives `settled`: `left`, `resumed`, or nothing with
    `settle_problems`. Whoever has left by another act meanwhile stays as that act has it.

    Diagrams without the header `withdrawal` have no step of their own for the 准入资格: there this
    one holds the case until none is valid any more, or the note says why it stays.
    """
    variables, session = context.variables, context.session
    one = session.get_one(Researcher, _researcher(context))
    if one.ended_on is not None:
        context.log(f"名册里已经离岗（{one.ended_how}）")
        return _left(context, one)
    mistaken = _words(variables, "dismiss_outcome") == "mistaken"
    problems = _settle_problems(context, mistaken=mistaken, kind=PersonKind(one.kind))
    if problems:
        return {"settled": "", "settle_problems": [*problems]}
    if mistaken:
        _note(context, _stood(variables), RESUMED)
        context.log("查询结果已经更正，恢复岗位职责")
        return {"settled": "resumed", "settle_problems": []}
    how, on = _words(variables, "dismissal_how"), _day(variables, "dismissal_on")
    assert on is not None  # noqa: S101 - asked by the problems above
    number = _words(variables, "dismissal_number")
    try:
        seats.leave(session, _step(context, how), username=one.username, how=how, on=on,
                    basis=number)  # fmt: skip
    except EntryRefused as refused:
        return {"settled": "", "settle_problems": [f"{one.text}。" for one in refused.faults]}
    context.log(f"已登记离岗（{how}）")
    return _left(context, one)


HANDLERS = {
    "records.begin": begin,
    "records.assess": assess,
    "records.note": note_query,
    "records.note-corrected": note_corrected,
    "records.stop-duties": stop_duties,
    "records.settle": settle,
    "records.qualifications": look_at_qualifications,
}


def _left(context: TaskContext, one: Researcher) -> Variables:
    done: Variables = {"settled": "left", "settle_problems": []}
    if context.headers.get("withdrawal") == "step":
        return done
    held = valid_qualifications(context.session, one.username, bureau_day(context.now))
    if not held or STAYS in _words(context.variables, "dismissal_note"):
        return done
    seats_held = "、".join(each.seat for each in held)
    still = REVOKES.refuses(
        f"离岗已经登记，{seats_held}的准入资格在名册里仍然有效：撤销以后再提交一次；"
        f"依法不撤销的，在说明里写明“{STAYS}”和理由再提交"
    )
    return {"settled": "", "settle_problems": [still]}


def _settle_problems(context: TaskContext, *, mistaken: bool, kind: PersonKind) -> list[Refusal]:
    variables, today = context.variables, bureau_day(context.now)
    problems: list[Refusal] = []
    if not variables.get("dismissal_document"):
        problems.append(ENDING.refuses("没有上传文件"))
    if not _words(variables, "dismissal_number"):
        problems.append(ENDING.refuses("没有填写文件名称和文号"))
    on, asked = _day(variables, "dismissal_on"), _day(variables, "query_on")
    if on is None:
        problems.append(ENDING.refuses("没有填写日期"))
    elif on > today:
        problems.append(ENDING.refuses("日期不能晚于今天：办成以后再登记"))
    elif asked is not None and on < asked:
        problems.append(ENDING.refuses(f"日期不能早于查询日期{said_day(asked)}"))
    if mistaken:
        if completed_by(context, "dismiss") == _words(variables, "looked_up_by"):
            problems.append(YEARLY.refuses("查询结果有误的，须由查询人以外的人核实更正"))
        return problems
    endings = FULL_TIME_ENDINGS if kind is PersonKind.FULL_TIME else OTHER_ENDINGS
    if _words(variables, "dismissal_how") not in set(endings):
        allowed = "、".join(endings)
        unfit = f"{kind}教研员离岗的方式应为{allowed}；退出教研队伍须经局党组决定，另行办理"
        problems.append(ENDING.refuses(unfit))
    return problems


def _query(context: TaskContext) -> RecordsQuery:
    text = _words(context.variables, "query_key")
    query = None
    if text.isascii() and text.isdigit() and len(text) < 20:
        wanted = select(RecordsQuery).where(RecordsQuery.key == int(text)).with_for_update()
        query = context.session.scalar(wanted)
    if query is None:
        raise QueryUnknown
    return query


def _close(context: TaskContext) -> None:
    query = _query(context)
    if query.instance_key != context.instance_key:
        raise QueryUnknown
    query.looked_up_on = _day(context.variables, "query_on")
    query.closed_at = query.closed_at or context.now


def _note(context: TaskContext, values: Values, reason: str) -> None:
    note(context.session, _step(context, reason), _researcher(context), values)


def _stood(variables: Variables) -> Values:
    kept = variables.get("stood")
    before = kept if isinstance(kept, dict) else {}
    return {
        "leaving": _words(before, "leaving"),
        "leaves_on": _day(before, "leaves_on"),
        "returns_on": _day(before, "returns_on"),
        "leaving_basis": _words(before, "leaving_basis"),
    }


def _researcher(context: TaskContext) -> int:
    return _query(context).researcher_key


def _seat(context: TaskContext, one: Researcher) -> str:
    if one.covers:
        return one.covers
    held = select(StaffSeat.seat).where(StaffSeat.code == one.seat_code)
    return context.session.scalar(held.order_by(StaffSeat.ended_on.is_(None).desc())) or ""


def _step(context: TaskContext, reason: str) -> Step:
    return Step(
        context.element_instance_key, context.instance_key, context.actor, context.now, reason
    )


def _words(variables: Variables, name: str) -> str:
    value = variables.get(name)
    return value.strip() if isinstance(value, str) else ""


def _day(variables: Variables, name: str) -> date | None:
    try:
        return date.fromisoformat(_words(variables, name)[:10])
    except ValueError:
        return None
