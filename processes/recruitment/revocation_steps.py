"""The service tasks of `bpmn/appointment_revocation.bpmn`: 撤销聘任 behind a decision that is gone.

复议 takes a decision away, and nobody's post: what was carried out is undone by a decision of the
Party group on 撤销聘任 alone (domain rule of irreversible steps; 党组工作条例).
"""

from processes.recruitment import candidacies, engagements, withdrawals
from processes.recruitment.candidacies import candidacy_of
from processes.recruitment.history import newest_said, note
from processes.recruitment.revocations import Engaged, engaged_by
from processes.recruitment.rounds import post_of, register_step
from processes.recruitment.rules.channel import Channel
from processes.recruitment.steps import step_of, today_of
from processes.recruitment.tables import CandidacyState, PostState
from processes.recruitment.trial_steps import keep_again
from processes.recruitment.variables import key_of, named, text_of, words_of
from processes.recruitment.withdrawals import Ground
from processes.registers.days import said_day
from processes.registers.entries import EntryOvertaken, EntryRefused
from processes.registers.names import names_of
from processes.registers.party_group import decisions
from processes.registers.party_group.decisions import Decided
from processes.registers.refused_steps import as_error
from processes.registers.staffing import seats
from processes.registers.staffing.facts import Leaving
from processes.registers.staffing.tables import Researcher
from service.domain.errors import Conflict
from service.domain.values import Json, Variables
from service.procedure import TaskContext

KEPT_ACT = "appointment-kept"
"""Act on a round: an appointment is not revoked, and by whose decision or on what ground."""
REASON = "局党组决定撤销聘任"


class NotRevoked(Conflict):
    """局党组没有决定撤销{name}的聘任，没有办理。请核对局党组的议题。"""

    code = "recruitment.not-revoked"


def find_engaged(context: TaskContext) -> Variables:
    """`recruitment.engaged-by`: say who is in post by a decision that holds no more.

    Takes `committee_item`. Gives `engaged`; where somebody is, who and where, `researcher_key`,
    `candidacy_key` (empty for 返聘 and 兼职), `parties`, and the item on 撤销聘任 as
    `item_title`, `item_text`, `item_subjects`.
    """
    item = text_of(context.variables, "committee_item")
    found = engaged_by(context.session, item)
    if found is None:
        return {"engaged": False, **_NOBODY}
    told = _told(context, found, item)
    return {"engaged": True, "revocation_reason": "", "withdrawal_problems": [], **told}


def revoke(context: TaskContext) -> Variables:
    """`recruitment.revoke`: end the entry of somebody whose appointment the Party group revokes.

    Takes `revocation_decision` of the step before, `revocation_item`, `researcher_key` and
    `candidacy_key`. Does nothing where the entry has ended. Raises NotRevoked without a decision on
    this person, and a BpmnError `register-refused` for what the register forbids.
    """
    variables = context.variables
    entry = context.session.get_one(Researcher, key_of(variables, "researcher_key"))
    _require_decision(variables, entry)
    basis = f"{REASON}，议题 {text_of(variables, 'revocation_item')}"
    try:
        if words_of(variables, "candidacy_key"):
            _end_appointment(context, entry, basis)
        else:
            _end_engagement(context, entry, basis)
    except (EntryRefused, EntryOvertaken) as refusal:
        raise as_error(refusal) from refusal
    context.log("聘任已撤销，已离岗")
    return {}


def keep(context: TaskContext) -> Variables:
    """`recruitment.keep-appointed`: write down that it is not revoked, and by what."""
    variables = context.variables
    why = words_of(variables, "withdrawal_words") or "局党组决定不撤销聘任"
    if words_of(variables, "candidacy_key"):
        candidacy, round_ = candidacy_of(context.session, key_of(variables, "candidacy_key"))
        said = {
            "candidacy": str(candidacy.key),
            "item": text_of(variables, "committee_item"),
            "revocation": text_of(variables, "revocation_item"),
        }
        note(
            context.session, round_, KEPT_ACT, said, step_of(context),
            reason=f"{candidacy.name}：{why}",
        )  # fmt: skip
    context.log(why)
    return {}


def check_revocation(context: TaskContext) -> Variables:
    """`recruitment.check-revocation`: say what became of 撤销聘任, by the registers alone.

    Takes `researcher_key` and, of a round, `candidacy_key` and `committee_item`. Gives
    `revocation_state`: `revoked` (the entry has ended), `kept` or `open`.
    """
    variables = context.variables
    entry = context.session.get(Researcher, key_of(variables, "researcher_key"))
    if entry is not None and entry.ended_on is not None:
        return {"revocation_state": "revoked"}
    if not words_of(variables, "candidacy_key"):
        return {"revocation_state": "open"}
    candidacy, round_ = candidacy_of(context.session, key_of(variables, "candidacy_key"))
    about = {"candidacy": str(candidacy.key), "item": words_of(variables, "committee_item")}
    kept = newest_said(context.session, round_.key, KEPT_ACT, **about)
    return {"revocation_state": "open" if kept is None else "kept"}


def check_withdrawal(context: TaskContext) -> Variables:
    """`recruitment.check-withdrawal`: say whether 撤销聘任 need not be put up any more, and why.

    Takes `committee_item`, `researcher_key` and what the form asks (`withdrawal_…`). Gives
    `withdrawal_state`: `left`, `kept`, or `refused` with `withdrawal_problems`; and
    `withdrawal_words` for the histories.
    """
    variables, today = context.variables, today_of(context)
    entry = context.session.get_one(Researcher, key_of(variables, "researcher_key"))
    found = withdrawals.stand_of(context.session, text_of(variables, "committee_item"), entry)
    said = withdrawals.read(variables)
    decided = decisions.find(context.session, said.item)
    organs = decisions.organs_above(context.session, today)
    problems = withdrawals.problems(said, found, decided, organs=organs, today=today)
    if problems:
        return {
            "withdrawal_state": "refused", "withdrawal_problems": [*problems],
            "withdrawal_words": "",
        }  # fmt: skip
    context.log(f"不再提出撤销：{said.ground}")
    state = "left" if said.ground == Ground.LEFT else "kept"
    return {
        "withdrawal_state": state, "withdrawal_problems": [],
        "withdrawal_words": withdrawals.words(said, decided),
    }  # fmt: skip


HANDLERS = {
    "recruitment.check-withdrawal": check_withdrawal,
    "recruitment.engaged-by": find_engaged,
    "recruitment.revoke": revoke,
    "recruitment.keep-appointed": keep,
    "recruitment.check-revocation": check_revocation,
}

_NOBODY: dict[str, Json] = {
    **dict.fromkeys(
        ("researcher_key", "candidacy_key", "person_name", "unit_name", "seat", "kind",
         "began_on", "item_title", "item_text", "revocation_reason"), "",
    ),
    "parties": [], "item_subjects": [], "withdrawal_problems": [],
}  # fmt: skip


def _told(context: TaskContext, found: Engaged, item: str) -> Variables:
    entry = found.entry
    names = names_of(context.session, [entry.username], [entry.unit_id])
    name = names.get(entry.username, entry.username)
    unit = names.get(entry.unit_id, entry.unit_id)
    gone = decisions.find(context.session, item)
    by = "" if gone is None else _gone_by(gone)
    return {
        "researcher_key": str(entry.key),
        "candidacy_key": found.candidacy_key,
        "person_name": name,
        "unit_name": unit,
        "seat": found.seat,
        "kind": entry.kind,
        "began_on": entry.began_on.isoformat(),
        "parties": [entry.username],
        "item_title": f"撤销{name}的聘任：{unit}{found.seat}",
        "item_text": (
            f"{by}，确定{name}为拟聘人选的决定不再有效。"
            f"{name}已于{said_day(entry.began_on)}到岗（{unit}，{found.seat}，{entry.kind}）。"
            "到岗以后不自动取消，提请研究是否撤销聘任。"
        ),
        "item_subjects": [
            {
                "name": name,
                "username": entry.username,
                "unit": entry.unit_id,
                "matter": f"撤销{said_day(entry.began_on)}到岗的聘任",
            }
        ],
    }


def _gone_by(gone: Decided) -> str:
    """By whom, on which day, the decision was taken away, and what it was called."""
    day = said_day(gone.decided_on)
    by = f"{gone.organ}{day}以{gone.document}决定" if gone.organ else f"局党组{day}复议"
    return f"{by}“{gone.title}”以后"


def _require_decision(variables: Variables, entry: Researcher) -> None:
    decided = named(variables, "revocation_decision")
    fits = (
        decided.get("carried") is True
        and words_of(decided, "item_class") == decisions.REVOCATION
        and words_of(decided, "subject") == entry.username
    )
    if not fits:
        raise NotRevoked(name=words_of(variables, "person_name"))


def _end_appointment(context: TaskContext, entry: Researcher, basis: str) -> None:
    candidacy, round_ = candidacy_of(context.session, key_of(context.variables, "candidacy_key"))
    step = step_of(context)
    # who was selected keeps pay and file at the old unit until the transfer (R-T6a)
    back = round_.channel == Channel.SELECTION and candidacy.state != CandidacyState.APPOINTED
    how = Leaving.BACK if back else Leaving.WITHDRAWN
    if entry.ended_on is None:
        seats.leave(
            context.session, register_step(step, round_, REASON), username=entry.username,
            how=how.value, on=today_of(context), basis=basis,
        )  # fmt: skip
    candidacies.move(context.session, candidacy.key, CandidacyState.RETURNED, step, reason=REASON)
    post, _ = post_of(context.session, candidacy.post_code)
    if post.state == PostState.OPEN:
        keep_again(context, post.code)


def _end_engagement(context: TaskContext, entry: Researcher, basis: str) -> None:
    step = seats.Step(
        key=context.element_instance_key,
        instance_key=context.instance_key,
        actor=context.actor,
        now=context.now,
        reason=REASON,
    )
    engagements.end(
        context.session, step, entry_key=entry.key, how=Leaving.WITHDRAWN.value,
        on=today_of(context), basis=basis,
    )  # fmt: skip
