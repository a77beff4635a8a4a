"""The service tasks of a trial: ended early, passed, transferred, made final or sent back."""

from processes.recruitment import candidacies, filings, replies
from processes.recruitment.appointment_steps import answered
from processes.recruitment.candidacies import candidacy_of
from processes.recruitment.replies import TrialEnd
from processes.recruitment.rounds import post_of, register_step
from processes.recruitment.rules.channel import Channel
from processes.recruitment.rules.terms import EarlyEnd
from processes.recruitment.steps import step_of, today_of
from processes.recruitment.tables import CandidacyState
from processes.recruitment.variables import day_or_none, key_of, text_of, words_of
from processes.registers.entries import EntryOvertaken, EntryRefused
from processes.registers.refused_steps import as_error
from processes.registers.seats import SEATS
from processes.registers.staffing import seats
from processes.registers.staffing.facts import Leaving
from processes.registers.staffing.tables import Researcher
from service.domain.values import Variables
from service.procedure import TaskContext


def check_trial_end(context: TaskContext) -> Variables:
    """Look at what says that a trial ends early (R-T6b): `trial_end_state`, `usable` or not.

    Only what was registered on the round's page counts.
    """
    variables = context.variables
    candidacy, round_ = candidacy_of(context.session, key_of(variables, "candidacy_key"))
    ended = TrialEnd(
        words_of(variables, "trial_end_ground"),
        words_of(variables, "trial_end_number"),
        day_or_none(variables.get("trial_end_dated_on")),
    )
    problems = replies.trial_end_problems(ended, today=today_of(context))
    said = replies.trial_end_said(candidacy.key, ended)
    problems += replies.unregistered(context.session, round_.key, replies.TRIAL_END_ACT, said)
    return {"trial_end_state": "unusable" if problems else "usable"}


def begin_transfer(context: TaskContext) -> Variables:
    """Let somebody wait for the transfer: the trial was passed, pay and file move over now."""
    candidacies.move(
        context.session, key_of(context.variables, "candidacy_key"), CandidacyState.TRANSFERRING,
        step_of(context), reason="试用合格，等待编制和调动手续",
    )  # fmt: skip
    context.log("试用合格，等待编制和调动手续的答复")
    return {}


def check_transfer(context: TaskContext) -> Variables:
    """Look at the answer to the transfer: `transfer_state`, `approved`, `refused`, `unusable`."""
    state, _ = answered(context, "transfer", filings.TRANSFER_ACT)
    return {"transfer_state": state}


def confirm(context: TaskContext) -> Variables:
    """Make the appointment final: the trial was passed, and where there is a transfer, that."""
    candidacies.move(
        context.session, key_of(context.variables, "candidacy_key"), CandidacyState.APPOINTED,
        step_of(context), reason="试用合格，正式聘任",
    )  # fmt: skip
    context.log("已正式聘任")
    return {"appointment_result": "final"}


def send_back(context: TaskContext) -> Variables:
    """End a trial that was not passed, or came to nothing: the seat is kept for the next one.

    Whose appointment was revoked has gone already.
    """
    candidacy, round_ = candidacy_of(context.session, key_of(context.variables, "candidacy_key"))
    if candidacy.state == CandidacyState.RETURNED:
        return {"appointment_result": "returned"}
    step, reason = step_of(context), _why_returned(context.variables)
    how = Leaving.BACK if round_.channel == Channel.SELECTION else Leaving.WITHDRAWN
    try:
        seats.leave(
            context.session, register_step(step, round_, reason),
            username=_username(context), how=how.value, on=today_of(context),
        )  # fmt: skip
    except (EntryRefused, EntryOvertaken) as refusal:
        raise as_error(refusal) from refusal
    keep_again(context, candidacy.post_code)
    candidacies.move(context.session, candidacy.key, CandidacyState.RETURNED, step, reason=reason)
    context.log(f"{reason}，已离岗")
    return {"appointment_result": "returned"}


def keep_again(context: TaskContext, code: str) -> None:
    """Keep the seat of a post for its round, unless it was withdrawn in the meantime."""
    post, round_ = post_of(context.session, code)
    try:
        seats.reserve(
            context.session,
            register_step(step_of(context), round_, "试用未通过，为下一名预留"),
            unit=round_.unit_id,
            seat=SEATS[post.seat],
            purpose=f"{Channel(round_.channel).label}{round_.number}",
            code=post.seat_code,
        )
    except EntryRefused as refusal:
        why = "；".join(fault.text for fault in refusal.faults)
        context.log(f"岗位{post.seat_code}没有再预留：{why}")


_EARLY = {
    EarlyEnd.UNFIT: "试用期内提前考核不合格",
    EarlyEnd.RESIGNED: "试用期内本人提出离开",
    EarlyEnd.RECORD: "试用期内记录查询不合格",
}


def _why_returned(variables: Variables) -> str:
    """Why somebody leaves, for all who read the round: of a record no more than that."""
    if words_of(variables, "trial_end_state") == "usable":
        return _EARLY[EarlyEnd(text_of(variables, "trial_end_ground"))]
    if words_of(variables, "transfer_state") == "refused":
        organ, number = (words_of(variables, f"transfer_{one}") for one in ("organ", "number"))
        return f"编制和调动手续没有办成（{organ}，{number}）"
    return "试用考核不合格"


def _username(context: TaskContext) -> str:
    """Whom the appointment entered into the roster."""
    key = key_of(context.variables, "researcher_key")
    return context.session.get_one(Researcher, key).username
