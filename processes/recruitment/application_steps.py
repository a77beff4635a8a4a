"""The service tasks of one application: entered, its qualification found, admitted or refused."""

from processes.recruitment import applications, candidacies, rounds
from processes.recruitment.applications import Applicant
from processes.recruitment.candidacies import candidacy_of, valid_qualification
from processes.recruitment.rounds import post_of, values_of
from processes.recruitment.rules.channel import Channel
from processes.recruitment.rules.channels import Selected
from processes.recruitment.rules.terms import check_terms
from processes.recruitment.steps import step_of, today_of
from processes.recruitment.tables import CandidacyState
from processes.recruitment.variables import key_of, text_of, texts_of, words_of
from processes.registers.days import said_day
from processes.registers.remedies import Act, notice_of
from processes.registers.tables import QualificationRecord
from processes.registers.valid_qualifications import stock_note
from service.domain.values import Variables
from service.procedure import TaskContext, completed_by

_RESULTS = {
    CandidacyState.APPOINTED: "已正式聘任",
    CandidacyState.ON_TRIAL: "已聘任，在试用期",
    CandidacyState.TRANSFERRING: "试用合格，正在办理调动",
    CandidacyState.RETURNED: "试用期内离开，没有聘任",
    CandidacyState.REFUSED: "资格审查没有通过",
    CandidacyState.WITHDRAWN: "已放弃报名",
}
_ON, _YES, _PROVED = "事业编制", "是", "已核对，属实"
_UPHOLD = "uphold"
"""Outcome of a re-check that leaves the refusal as it is."""


def enter(context: TaskContext) -> Variables:
    """Enter the application for `post_code`, or say why not.

    `entry_state`: `entered`; `problems` where the applicant can mend it; `closed` where nobody
    can, with `entry_problems` in both cases. `applied`: the terms of this day, in working days.
    """
    variables, session = context.variables, context.session
    code = words_of(variables, "post_code").upper()
    username = context.started_by
    entered = applications.enter(session, code, _applicant(context), step_of(context))
    common: Variables = {
        "post_code": code, "applicant": username, "parties": [username],
        "kept_out": [username], "entry_problems": [*entered.problems],
        "applied": check_terms(values_of(session, today_of(context))),
    }  # fmt: skip
    if entered.candidacy is None:
        state = "closed" if entered.closed else "problems"
        return {**common, "entry_state": state, "candidacy_key": "", "round_key": "",
                "round_title": "", "channel": "", "seat": "", "cutoff_date": None}  # fmt: skip
    post, round_ = post_of(session, code)
    context.log("报名已登记")
    return {
        **common,
        "entry_state": "entered",
        "candidacy_key": str(entered.candidacy.key),
        "round_key": str(round_.key),
        "round_title": round_.title,
        "channel": round_.channel,
        "seat": post.seat,
        "cutoff_date": rounds.cutoff_of(round_),
    }


def supplement(context: TaskContext) -> Variables:
    """Take what was mended into the candidacy, and ask again who this channel is for (R-CH-5).

    Gives `entry_problems`, with which the formal check cannot be passed, the `post_code` that was
    applied for, since another post is another application, and no `honours_checked`: what the
    office had checked before may have changed.
    """
    key = key_of(context.variables, "candidacy_key")
    problems = applications.supplement(context.session, key, _applicant(context), step_of(context))
    candidacy, _ = candidacy_of(context.session, key)
    context.log("补正材料已登记")
    return {
        "entry_problems": [*problems],
        "post_code": candidacy.post_code,
        "honours_checked": None,
    }


def find_qualification(context: TaskContext) -> Variables:
    """Look whether the applicant has a valid 准入资格 for the seat: `qualification_found`.

    Gives `checks_from` too, the day before which no query of records counts.
    """
    today = today_of(context)
    found = valid_qualification(
        context.session,
        text_of(context.variables, "applicant"),
        text_of(context.variables, "seat"),
        today,
    )
    if found is not None and (note := stock_note(found)):
        context.log(f"准入资格为{note}")
    return {
        "qualification_found": found is not None,
        "qualification_key": "" if found is None else str(found.qualification_key),
        "qualification_until": None if found is None else found.valid_until.isoformat(),
        "checks_from": today.isoformat(),
    }


def admit(context: TaskContext) -> Variables:
    """Write down that the formal check is passed, by which qualification.

    A title of E5d counts from now on as the office has found it (`honours_checked`).
    """
    text = words_of(context.variables, "qualification_key")
    key = key_of(context.variables, "candidacy_key")
    qualification_key = int(text) if text.isascii() and text.isdigit() else None
    candidacies.confirm_honours(
        context.session,
        key,
        step_of(context),
        confirmed=words_of(context.variables, "honours_checked") == _PROVED,
    )
    candidacies.move(
        context.session,
        key,
        CandidacyState.ADMITTED,
        step_of(context),
        reason=f"资格审查通过{_stock(context, qualification_key)}",
        qualification_key=qualification_key,
    )
    context.log("资格审查通过")
    return {"entry_result": "资格审查通过"}


def _stock(context: TaskContext, key: int | None) -> str:
    """What is said where the qualification is from before the register (S-STOCK)."""
    record = None if key is None else context.session.get(QualificationRecord, (key, 1))
    note = "" if record is None else stock_note(record)
    return f"（准入资格为{note}）" if note else ""


def note_refusal(context: TaskContext) -> Variables:
    """Note who refused and why, to be told; it is final when the objection is over.

    Gives `kept_out`: who refused does not re-check; `refusal_remedy`: what is open to them.
    """
    variables = context.variables
    candidacy, _ = candidacy_of(context.session, key_of(variables, "candidacy_key"))
    before = texts_of(variables.get("kept_out"))
    refused_by = completed_by(context, "formal_check")
    reason = words_of(variables, "check_reason") or "不符合公告的条件"
    return {
        "kept_out": [*dict.fromkeys([*before, candidacy.username, *filter(None, [refused_by])])],
        "refusal_reason": reason,
        "refusal_remedy": notice_of(Act.REFUSAL, **_terms_said(variables)),
    }


def _terms_said(variables: Variables) -> dict[str, str]:
    """The terms of the application, as the remedy quotes them."""
    applied = variables.get("applied")
    days = applied if isinstance(applied, dict) else {}
    term, answer = days.get("objection_days"), days.get("reply_days")
    return {
        "term": f"{term}个工作日" if term else "",
        "answer": f"{answer}个工作日内答复" if answer else "",
    }


def refuse(context: TaskContext) -> Variables:
    """Write down that the formal check is not passed, for good.

    Gives `entry_result`, and `recheck_upheld` where a re-check has upheld it: since when
    (`recheck_upheld_on`, a day as people write it) and what is open to the applicant
    (`recheck_remedy`).
    """
    not_admitted = words_of(context.variables, "conclusion") == "refused"
    reason = words_of(context.variables, "refusal_reason") or "不符合公告的条件"
    reason = "没有取得教研员准入资格" if not_admitted else reason
    candidacies.move(
        context.session,
        key_of(context.variables, "candidacy_key"),
        CandidacyState.REFUSED,
        step_of(context),
        reason=reason,
    )
    context.log("资格审查没有通过")
    upheld = words_of(context.variables, "recheck_outcome") == _UPHOLD
    return {
        "entry_result": "资格审查没有通过",
        "recheck_upheld": upheld,
        "recheck_upheld_on": said_day(today_of(context)) if upheld else "",
        "recheck_remedy": notice_of(Act.UPHELD) if upheld else "",
    }


def look_up_result(context: TaskContext) -> Variables:
    """Say what became of the applicant, as the register has it: a message alone tells nothing.

    Gives `result_known`, false while neither post nor round has ended, `round_result`, and
    `round_remedy`: what is open to who was not appointed.
    """
    key = key_of(context.variables, "candidacy_key")
    candidacy, round_ = candidacy_of(context.session, key)
    known = candidacies.is_settled(context.session, candidacy)
    state = CandidacyState(candidacy.state)
    words = _RESULTS.get(state) or candidacy.reason or "没有进入聘任"
    if state == CandidacyState.ADMITTED:
        words = post_of(context.session, candidacy.post_code)[0].reason
    act = not_appointed(state, Channel(round_.channel))
    return {
        "result_known": known,
        "round_result": words if known else "",
        "round_remedy": notice_of(act) if known and act is not None else "",
    }


def not_appointed(state: CandidacyState, channel: Channel) -> Act | None:
    """What an applicant is told who was not appointed: neither an exit nor a sanction (trap 6)."""
    if state is CandidacyState.RETURNED:
        return Act.TRIAL if channel is Channel.SELECTION else Act.CONTRACT
    chosen = (CandidacyState.APPOINTED, CandidacyState.ON_TRIAL, CandidacyState.TRANSFERRING)
    return None if state in (*chosen, CandidacyState.WITHDRAWN) else Act.NOT_CHOSEN


def withdraw(context: TaskContext) -> Variables:
    """Write down that the applicant has given up, or the supplements never came."""
    key = words_of(context.variables, "candidacy_key")
    if key:
        candidacies.move(
            context.session, int(key), CandidacyState.WITHDRAWN, step_of(context),
            reason=context.headers.get("reason", "放弃报名"),
        )  # fmt: skip
    context.log("报名已撤回")
    return {"entry_result": "报名已撤回"}


def _applicant(context: TaskContext) -> Applicant:
    """What the applicant has filled in; who it is, the case knows."""
    variables = context.variables
    return Applicant(
        username=context.started_by,
        name=text_of(variables, "applicant_name"),
        unit=text_of(variables, "unit"),
        title=words_of(variables, "title"),
        honoured=bool(texts_of(variables.get("honours"))),
        selected=Selected(
            on_establishment=words_of(variables, "employment") == _ON,
            in_city=words_of(variables, "in_city") == _YES,
            in_post=words_of(variables, "in_post") == _YES,
            school_agrees=words_of(variables, "school_agrees") == _YES,
            authority_agrees=words_of(variables, "authority_agrees") == _YES,
        ),
        doctor=words_of(variables, "doctor") == _YES,
    )
