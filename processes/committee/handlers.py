"""The service tasks of the Party group; `committee-item` is there for all diagrams."""

from datetime import datetime

from processes.committee import agenda, archive, consent, decisions, meetings, signers
from processes.committee.keeping_out import chairs_of_items_kept_from_the_chair
from processes.committee.proposals import Proposal, Subject
from processes.committee.refusals import (
    AlreadyUp,
    AnotherClass,
    Blocked,
    MattersJoined,
    NothingNew,
    OnePersonOneItem,
    OutOfJurisdiction,
    Unfit,
)
from processes.committee.rules import ItemClass, Outcome
from processes.committee.superior_steps import as_choice, organs_on
from processes.committee.tables import Item, Meeting
from processes.registers.days import BUREAU_TIME, bureau_day, said_day
from service.domain.errors import Invalid
from service.domain.values import Json, Variables
from service.procedure import (
    BpmnError,
    TaskContext,
    completed_by,
    completed_with,
    one_case,
    opinion_on,
)

REFUSED = "committee-item-refused"
"""Code of the error event for an item that may not be put up: two people in one, nothing new."""

_REFUSALS = (
    AlreadyUp, AnotherClass, Blocked, MattersJoined, NothingNew, OnePersonOneItem,
    OutOfJurisdiction, Unfit,
)  # fmt: skip

NOT_THE_CHAIR = "committee-not-chair"
"""Code of the error event for minutes that somebody else than the chair has signed."""

SIGNING = "sign_minutes"
"""Element of the step by which minutes are signed."""

SIGNING_PARTS = "sign_items"
"""Element of the step by which members sign what the signer of the minutes is kept from."""


class VariableUnusable(Invalid):
    """事项中的“{name}”没有填写或不在可选范围内，这一步没有执行。请补充后在异常中重试。"""

    code = "committee.variable-unusable"


def put_item_up(context: TaskContext) -> Variables:
    """Put the case's matter up for decision; the task type is `committee-item`.

    Takes `item_class` (one of `ItemClass`), `item_title`, `item_text`, `item_subjects` (a list of
    one `{name, username, unit, matter}`, empty where nobody is concerned), `item_materials`
    (names), `item_new_materials` (names a line, of what was not there before),
    `item_new_evidence`. Gives `committee_item`, the correlation key of `committee.decided`. Raises
    a BpmnError `committee-item-refused` with `committee_refusal` for what may not be put up.
    """
    variables = context.variables
    proposal = Proposal(
        item_class=_class(variables),
        title=_text(variables, "item_title"),
        text=_text(variables, "item_text"),
        subjects=_subjects(variables),
        materials=[*_texts(variables, "item_materials"), *_new_materials(variables)],
        ground=_text(variables, "item_new_evidence", required=False),
        matter=_matter(variables) or str(context.instance_key),
        process_id=context.process_id,
        instance_key=context.instance_key,
    )
    try:
        item = agenda.put_up(
            context.session,
            context.element_instance_key,
            proposal,
            actor=context.actor,
            now=context.now,
        )
    except _REFUSALS as refusal:
        raise BpmnError(
            REFUSED, refusal.message, {"committee_refusal": refusal.message}
        ) from refusal
    context.log("议题已提交党组会议")
    return {"committee_item": str(item.key)}


def take_item_back(context: TaskContext) -> Variables:
    """Withdraw an item that has not come up, and is to be put up otherwise or not at all.

    The task type is `committee-item-take-back`, for all diagrams. Takes `committee_item`, which
    this case or the one that called it has put up, and the header `reason`. Gives
    `item_taken_back`: false where the group has come to it, so that its decision is waited for.
    """
    key = _number(_text(context.variables, "committee_item", required=False))
    item = context.session.get(Item, key)
    own = (
        item is not None
        and item.instance_key is not None
        and one_case(context.session, item.instance_key, context.instance_key)
    )
    taken = own and agenda.take_back(
        context.session, key, context.headers.get("reason", ""), now=context.now
    )
    if taken:
        context.log("议题没有上会，已经撤回")
    return {"item_taken_back": taken}


def look_up_decision(context: TaskContext) -> Variables:
    """Say what became of an item; the task type is `committee-decision`, for all diagrams.

    Takes `committee_item`, gives `committee_decision`: `item`, `carried`, `outcome` (empty before
    the decision), `item_class`, `subject` (user name), `subject_name`, `decided_on`,
    `rules_version`, `reconsidered` (it is not the first decision on this item), `reconsidering`
    (复议 was agreed to and is not over; the decision holds until then), `escalate` (the group can
    never decide it). Of the case that reports a 复议 to the organ above `again` is true, and
    `overturned` where that has taken the decision away; `root` is the item decided first. An item
    that is not there is one that nobody has decided. Gives `superior_organs`, too: to whom the
    office may report it.
    """
    organs = as_choice(organs_on(context.session, bureau_day(context.now)))
    return {"committee_decision": _decision(context), "superior_organs": organs}


def _decision(context: TaskContext) -> Json:
    text = _text(context.variables, "committee_item", required=False)
    asked = context.session.get(Item, _number(text))
    if asked is None or asked.decided_at is None:
        return {"item": text, "root": text, **_UNDECIDED}
    waits = decisions.awaited(context.session, asked.root_key) is asked
    again = asked.key != asked.root_key
    item = asked if waits else decisions.standing(context.session, asked) or asked
    by = decisions.above(context.session, item)
    # what the organ above decides of the first item itself changes no decision
    again_by = item.key if by is None else item.previous_key
    day = bureau_day(item.decided_at or asked.decided_at) if by is None else by.dated_on
    return {
        "item": text,
        "carried": item.outcome == Outcome.CARRIED,
        "outcome": item.outcome,
        "title": item.title,
        "words": item.words,
        "item_class": item.item_class,
        "subject": item.subject,
        "subject_name": item.subject_name,
        "parties": [item.subject] if item.subject else [],
        "decided_on": day.isoformat(),
        "rules_version": item.rules_version,
        "reconsidered": again_by != item.root_key,
        "reconsidering": not again and decisions.taken_up(context.session, item) is not None,
        "escalate": waits,
        "root": str(asked.root_key),
        "again": again,
        "overturned": again
        and by is not None
        and item.previous_key == asked.key
        and item.outcome == Outcome.NOT_CARRIED
        and decisions.changes(context.session, item),
        "organ": "" if by is None else by.organ,
        "document": "" if by is None else by.number,
    }


def convene_meeting(context: TaskContext) -> Variables:
    """Make the meeting of this instance, with the members in office on its day."""
    variables = context.variables
    meeting = meetings.convene(
        context.session,
        context.instance_key,
        planned_at=_moment(variables, "planned_at"),
        place=_text(variables, "place"),
        recorder=context.actor,
        now=context.now,
    )
    return {
        "meeting_key": str(meeting.key),
        "meeting_number": meeting.number,
        "meeting_day": _day(meeting.planned_at),
        "meeting_chair": meeting.chair,
        "meeting_recorder": meeting.recorder,
    }


def list_members(context: TaskContext) -> Variables:
    """Say who is due, who chairs, and once it is closed who checks and signs the minutes."""
    meeting, due = meetings.due_at(context.session, context.instance_key)
    return {
        "meeting_members": [one.username for one in due],
        "meeting_chair": signers.signer_of(context.session, meeting),
        "meeting_recorder": signers.checker_of(context.session, meeting)[0],
        "meeting_number": meeting.number,
        "meeting_day": _day(meeting.planned_at),
        "place": meeting.place,
        "item_chairs": [*chairs_of_items_kept_from_the_chair(context.session, meeting)],
    }


def keep_answer(context: TaskContext) -> Variables:
    """Keep what became of the agenda that was put before the 书记; the task type is
    `committee.agenda`.

    With the header `onward`, what is kept from them is put before the next member at once: gives
    `agenda_more`, and who is asked for what. Diagrams without it leave that to the secretary.
    """
    meeting = context.session.get_one(
        Meeting, context.instance_key, with_for_update=True, populate_existing=True
    )
    kept = consent.answer(
        context.session,
        meeting,
        question=_text(context.variables, "agenda_question"),
        agreed=context.variables.get(f"{consent.AGREEING}_outcome") == "agree",
        words=opinion_on(context, consent.AGREEING),
        username=completed_by(context, consent.AGREEING),
        now=context.now,
    )
    context.log("议程的审定结果已登记" if kept else "审定以后议程又有改动，这次审定不作数")
    onward = kept and context.headers.get("onward") == "true"
    asked = consent.ask_onward(context.session, meeting) if onward else None
    if asked is None:
        return {"agenda_more": False}
    context.log(asked.words)
    return {"agenda_more": True, **asked.variables}


def archive_minutes(context: TaskContext) -> Variables:
    """Archive the minutes that their signer has signed: DOCX and PDF, hashed and locked."""
    meeting = context.session.get_one(Meeting, context.instance_key)
    # Not the actor: a retry comes later, in the system's name.
    signed_by = completed_by(context, SIGNING)
    if signed_by != signers.signer_of(context.session, meeting):
        raise BpmnError(NOT_THE_CHAIR, "纪要应由主持会议的成员（或者变更后的签发人）签发")
    if "item_chairs" in context.variables:  # an older diagram asks nobody to sign a part
        due = chairs_of_items_kept_from_the_chair(context.session, meeting)
        if {*due} - completed_with(context, SIGNING_PARTS, "sign"):
            raise BpmnError(NOT_THE_CHAIR, "签发人回避的议题，主持该项的成员还没有签认，不能归档")
    kept = archive.archive(
        context.session, context.instance_key, signed_by=signed_by, now=context.now
    )
    context.log("会议纪要已归档锁定")
    return {"archive_number": kept.archive_number, "minutes_sha256": kept.pdf_sha256}


_UNDECIDED: dict[str, Json] = {
    "carried": False, "outcome": "", "reconsidered": False, "reconsidering": False,
    "escalate": False, "again": False, "overturned": False, "parties": [],
    "organ": "", "document": "",
}  # fmt: skip


def _number(text: str) -> int:
    """Return a key that a case holds as text; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _day(moment: datetime) -> str:
    return said_day(bureau_day(moment))


def _class(variables: Variables) -> ItemClass:
    text = _text(variables, "item_class")
    if text not in set(ItemClass):
        raise VariableUnusable(name="item_class")
    return ItemClass(text)


def _subjects(variables: Variables) -> list[Subject]:
    given = variables.get("item_subjects") or []
    if not isinstance(given, list):
        raise VariableUnusable(name="item_subjects")
    return [_subject(one) for one in given]


def _subject(one: Json) -> Subject:
    name = one.get("name") if isinstance(one, dict) else None
    username = one.get("username") if isinstance(one, dict) else None
    if not isinstance(name, str) or not name.strip():
        raise VariableUnusable(name="item_subjects")
    unit = one.get("unit") if isinstance(one, dict) else None
    return Subject(
        name.strip(),
        username if isinstance(username, str) else "",
        unit if isinstance(unit, str) else "",
    )


def _matter(variables: Variables) -> str:
    """What tells the matter apart beside its person, from the one subject; else it is the case."""
    given = variables.get("item_subjects")
    first = given[0] if isinstance(given, list) and given else None
    matter = first.get("matter") if isinstance(first, dict) else None
    return matter if isinstance(matter, str) else ""


def _new_materials(variables: Variables) -> list[str]:
    return _text(variables, "item_new_materials", required=False).splitlines()


def _text(variables: Variables, name: str, *, required: bool = True) -> str:
    value = variables.get(name)
    if isinstance(value, str) and (value.strip() or not required):
        return value
    if value is None and not required:
        return ""
    raise VariableUnusable(name=name)


def _texts(variables: Variables, name: str) -> list[str]:
    value = variables.get(name)
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _moment(variables: Variables, name: str) -> datetime:
    """Read what a form's date and time gives: with an offset, or the bureau's own time."""
    text = _text(variables, name)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise VariableUnusable(name=name) from error
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=BUREAU_TIME)
