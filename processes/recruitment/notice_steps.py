"""The service tasks of `bpmn/public_notice.bpmn`: post it, set terms, answer, sum up, close."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, time, timedelta

from processes.recruitment.late_ties import require_no_tied
from processes.recruitment.rules import terms
from processes.recruitment.rules.findings import refusals
from processes.recruitment.rules.norms import NORMS, applied
from processes.recruitment.rules.notice import (
    CLEAN,
    GIVEN_UP,
    REVOKED,
    UNDETERMINED,
    Decision,
    conclusion,
    lapsed_text,
    notice_findings,
    notice_outcome,
    notice_text,
    withdrawal_text,
    withdrawn,
)
from processes.recruitment.variables import channel_of, day_or_none, named, whole_or, words_of
from processes.registers.days import BUREAU_TIME, bureau_day, said_day
from processes.registers.set_values import values_on
from service.domain.values import Json, Variables
from service.procedure import (
    OBJECTIONS_OPEN,
    BpmnError,
    NoticeText,
    ObjectionStanding,
    ObjectionState,
    TaskContext,
    answer_objection,
    close_disclosure,
    lapse_objections,
    objections_of,
    open_disclosure,
    publish_notice,
    working_days,
)

_SHOWN_FOR = timedelta(days=30)

REFUSED = "notice-refused"
"""Code of the error event for a 公示 that may not be posted: before the decision, private data."""
UNKNOWN = "objection-unknown"
"""Code of the error event for a message about an objection that this notice does not have."""
OBJECTED = "recruitment.objection"
"""Message of an objection, with the notice's key as its correlation key."""

_NORM = NORMS["R-OBJECT"]
_STATES = {
    "dismissed": ObjectionState.DISMISSED,
    "upheld": ObjectionState.UPHELD,
    "unsettled": ObjectionState.UNSETTLED,
}
"""What somebody chose, by the outcome of the diagram's step."""
_SETTLED = (ObjectionState.DISMISSED, ObjectionState.UPHELD)
"""Answered for good: before the answers of the page asked for the case's turn, it could be."""


def open_notice(context: TaskContext) -> Variables:
    """`recruitment.notice-open`: post the 公示 of one person.

    Takes `channel`, `content` (`name`, `unit`, `post`, `title`, `scores`) and `committee_decision`
    of the step before, and `post_code` where there are marks; the header `reception` says where
    objections are taken. Gives `notice_key`,
    `notice_slug`, `notice_ends_on`, `notice_over_at` (when the last day is over), `notice_length`,
    `notice_rules`, `notice_terms`, `parties`. Raises a BpmnError `notice-refused` with
    `notice_refusals`, and `marks-fell` where marks count that somebody tied has given: nothing that
    is posted can be taken back.
    """
    if code := words_of(context.variables, "post_code"):
        require_no_tied(context, code)
    channel, today = channel_of(context.variables), bureau_day(context.now)
    content, session = named(context.variables, "content"), context.session
    decision = decision_of(context.variables)
    faults: list[Json] = [*refusals(notice_findings(content, decision, today))]
    if faults:
        raise BpmnError(REFUSED, "；".join(map(str, faults)), {"notice_refusals": faults})
    values = values_on(session, today)
    length = terms.publicity(channel, values)
    last = terms.last_day(today, length, working_days(session)).date
    text = notice_text(
        channel,
        content,
        decision,
        posted_on=today,
        last=last,
        length=length,
        reception=context.headers.get("reception", ""),
        rules=applied(values),
    )
    parties = _parties(context.variables)
    posted = open_disclosure(context, text, message_name=OBJECTED, concerns=parties)
    context.log(f"已公示至{said_day(last)}（{length}）")
    return {
        "notice_key": posted.key,
        "notice_slug": posted.slug,
        "notice_posted_on": today.isoformat(),
        "notice_ends_on": last.isoformat(),
        "notice_over_at": _midnight(last + timedelta(days=1)).isoformat(),
        "notice_length": str(length),
        "notice_rules": applied(values),
        "notice_terms": asdict(terms.objection_terms(values)),
        "parties": [*parties],
    }


def set_term(context: TaskContext) -> Variables:
    """`recruitment.objection-term`: say until when an objection is to be checked.

    Takes `objection_key`, `notice_key` and `check_extended`; with the header `more` the longer
    term, once. Gives `check_due`, `check_extended`, `objection_received_on`, `objection_problems`.
    Raises a BpmnError `objection-unknown` where the notice has no such objection.
    """
    one = _standing(context)
    received = one.received_on
    more = context.headers.get("more") == "true"
    due = terms.check_due(received, working_days(context.session), _terms(context), more=more)
    again = more and context.variables.get("check_extended") is True
    return {
        "check_due": due.date.isoformat(),
        "check_extended": more,
        "objection_received_on": received.isoformat(),
        "objection_problems": [_NORM.refuses("核查期限只能延长一次")] if again else [],
    }


def answer(context: TaskContext) -> Variables:
    """`recruitment.objection-answer`: answer an objection in the name of who checked it.

    Takes `notice_key`, `objection_key`, `outcome` (`dismissed`, `upheld`, `unsettled`) and
    `objection_answer`. Gives `objection_state`, empty with `objection_problems` where it cannot.
    """
    state = _STATES.get(words_of(context.variables, "outcome"))
    written = words_of(context.variables, "objection_answer")
    standing = _standing(context).state
    settled = standing in _SETTLED
    lacking = [
        _NORM.refuses(said)
        for said, missing in (
            ("请选择核查结论。", state is None),
            ("请填写给异议人的答复。", not written and not settled),
            ("请写明怎样核查、查到什么。", not words_of(context.variables, "check_record")),
            (
                f"这件异议已经答复为{standing.label}，请按已经答复的结论提交。",
                settled and state is not standing,
            ),
        )
        if missing
    ]
    if lacking or state is None:
        problems: list[Json] = [*lacking]
        return {"objection_state": "", "objection_problems": problems}
    stands = answer_objection(
        context,
        words_of(context.variables, "notice_key"),
        words_of(context.variables, "objection_key"),
        state,
        written,
    )
    context.log("异议已答复")
    return {"objection_state": stands.value, "objection_problems": []}


def sum_up(context: TaskContext) -> Variables:
    """`recruitment.notice-close`: say what the 公示 came to, and end it.

    Takes `notice_key` and `given_up`: what cannot be settled is not waited for any more. Gives
    `notice_result` (`clean`, `upheld`, `undetermined`), `notice_given_up`, `notice_objections` (how
    many) and `notice_unsettled` (numbers and keys of those that are). One that was put off before
    is told anew when its objections are settled, or given up; what was settled meanwhile counts.
    While one is open it is the BpmnError `disclosure-objections-open`, and nothing is ended.
    """
    key = words_of(context.variables, "notice_key")
    found = _answered(context, key)
    outcome = notice_outcome([one.state for one in found])
    given_up = outcome == UNDETERMINED and context.variables.get("given_up") is True
    _end(
        context,
        key,
        conclusion=conclusion(GIVEN_UP if given_up else outcome, len(found)),
        postponed=outcome != CLEAN,
        replaces=conclusion(UNDETERMINED, len(found)),
    )
    unsettled = [one for one in found if one.state is ObjectionState.UNSETTLED]
    context.log(f"公示结束，异议{len(found)}件")
    return {
        "notice_result": outcome,
        "notice_given_up": given_up,
        "notice_objections": len(found),
        "notice_unsettled": _listed(unsettled),
    }


def _end(
    context: TaskContext, key: str, *, conclusion: str, postponed: bool, replaces: str
) -> None:
    """End a 公示; the refusal while an objection is open says by which rule."""
    try:
        close_disclosure(
            context, key, conclusion=conclusion, postponed=postponed, replaces=replaces
        )
    except BpmnError as refusal:
        raise BpmnError(refusal.code, _NORM.refuses(refusal.message)) from refusal


def withdraw(context: TaskContext) -> Variables:
    """`recruitment.notice-withdraw`: withdraw a 公示 whose decision 复议 has taken away.

    Takes `notice_key`, `notice_posted_on`, `channel` and `content`; where nothing was posted yet,
    nothing is withdrawn. The page says so and shows no name any more, and a notice tells the public
    why. Objections that were not settled end with it: who objected is told; the header `reception`
    says where else to turn. Gives `notice_result` (`revoked`) and `notice_lapsed`, their numbers.
    """
    key, posted_on = (
        words_of(context.variables, "notice_key"),
        day_or_none(context.variables.get("notice_posted_on")),
    )
    lapsed: list[Json] = []
    if key and posted_on is not None:
        found = objections_of(context, key)
        decision = decision_of(context.variables)
        reception = context.headers.get("reception", "")
        said = lapsed_text(decision, posted_on, bureau_day(context.now), reception)
        lapsed += [one.number for one in lapse_objections(context, key, said)]
        close_disclosure(
            context,
            key,
            conclusion=withdrawn(decision),
            replaces=conclusion(UNDETERMINED, len(found)),
        )
        channel = channel_of(context.variables)
        content = named(context.variables, "content")
        body = withdrawal_text(channel, content, decision, posted_on=posted_on, lapsed=len(lapsed))
        text = NoticeText(
            title=f"关于撤回拟聘教研员人选公示的公告（{channel.label}）",
            body=body,
            opens_at=context.now,
            closes_at=context.now + _SHOWN_FOR,
        )
        publish_notice(context, text)
        told = f"；没有核查完的异议{len(lapsed)}件不再核查，已告知异议人" if lapsed else ""
        context.log(f"决定已经改变，公示已撤回，撤回公告已发布{told}")
    # diagrams before this let nothing lapse, and ask for what is unsettled
    return {"notice_result": REVOKED, "notice_lapsed": lapsed, "notice_unsettled": []}


HANDLERS = {
    "recruitment.notice-open": open_notice,
    "recruitment.objection-term": set_term,
    "recruitment.objection-answer": answer,
    "recruitment.notice-close": sum_up,
    "recruitment.notice-withdraw": withdraw,
}


def decision_of(variables: Variables) -> Decision:
    """Read what `committee-decision` has found in the Party group's register."""
    row = named(variables, "committee_decision")
    return Decision(
        carried=row.get("carried") is True,
        item_class=words_of(row, "item_class"),
        subject_name=words_of(row, "subject_name"),
        decided_on=day_or_none(row.get("decided_on")),
        subject=words_of(row, "subject"),
        organ=words_of(row, "organ"),
        document=words_of(row, "document"),
    )


def _parties(variables: Variables) -> list[str]:
    """Whom the steps of this case are about: the person, where they have an account."""
    username = words_of(named(variables, "committee_decision"), "subject")
    return [username] if username else []


def _standing(context: TaskContext) -> ObjectionStanding:
    wanted = words_of(context.variables, "objection_key")
    found = objections_of(context, words_of(context.variables, "notice_key"))
    one = next((one for one in found if str(one.key) == wanted), None)
    if one is None:
        raise BpmnError(UNKNOWN, "这次公示没有收到这件异议，消息不予办理。")
    return one


def _answered(context: TaskContext, key: str) -> list[ObjectionStanding]:
    """Return the objections to a 公示, none of which is open."""
    found = objections_of(context, key)
    waiting = [one for one in found if one.state is ObjectionState.OPEN]
    if waiting:
        said = f"还有{len(waiting)}件异议没有答复"
        raise BpmnError(OBJECTIONS_OPEN, said, {"notice_unsettled": _listed(waiting)})
    return found


def _terms(context: TaskContext) -> terms.ObjectionTerms:
    """The terms of the day of posting; a 公示 that kept none goes by those of today."""
    kept = named(context.variables, "notice_terms")
    set_now = terms.objection_terms(values_on(context.session, bureau_day(context.now)))
    return terms.ObjectionTerms(
        whole_or(kept.get("days"), set_now.days), whole_or(kept.get("more"), set_now.more)
    )


def _listed(unsettled: Sequence[ObjectionStanding]) -> Json:
    return [{"key": str(one.key), "number": one.number} for one in unsettled]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BUREAU_TIME)
