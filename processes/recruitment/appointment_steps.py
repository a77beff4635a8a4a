"""The service tasks of an appointment: filed outside, entered, tried, made final or sent back."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from processes.recruitment import candidacies, filings, replies, rounds
from processes.recruitment.candidacies import candidacy_of, seated_already, valid_qualification
from processes.recruitment.filings import Filing
from processes.recruitment.history import note
from processes.recruitment.late_ties import order_problems, require_no_tied
from processes.recruitment.notice_steps import decision_of
from processes.recruitment.rounds import post_of, register_step
from processes.recruitment.rules import settings
from processes.recruitment.rules.channel import Channel
from processes.recruitment.rules.findings import refusals
from processes.recruitment.rules.limits import appointment_limits
from processes.recruitment.rules.norms import NORMS
from processes.recruitment.rules.notice import decided_finding
from processes.recruitment.rules.terms import (
    PersonType,
    ends_on,
    engagement_findings,
    trial_finding,
    trial_months,
)
from processes.recruitment.steps import person, step_of, today_of
from processes.recruitment.tables import Candidacy, CandidacyState
from processes.recruitment.variables import (
    day_of,
    day_or_none,
    key_of,
    text_of,
    whole_or,
    words_of,
)
from processes.registers.days import BUREAU_TIME, said_day
from processes.registers.entries import EntryOvertaken, EntryRefused
from processes.registers.fields import Fault
from processes.registers.names import Names, names_of
from processes.registers.norms import Refusal
from processes.registers.refused_steps import as_error
from processes.registers.staffing import seats
from processes.registers.staffing.norms import NORMS as STAFFING
from processes.registers.staffing.rosters import RESEARCHER_ROSTER
from service.domain.actors import SYSTEM
from service.domain.errors import Conflict
from service.domain.values import Variables
from service.procedure import TaskContext

_LONGEST_CONTRACT = 10
_ACCOUNT = RESEARCHER_ROSTER.field("username")


class NotDecided(Conflict):
    """{reason}，没有办理。请核对局党组的议题。"""

    code = "recruitment.not-decided"


def appointment_sheet(context: TaskContext) -> Variables:
    """Say who is to be appointed to which seat, with the trial that the rules propose.

    Takes `committee_decision` of the step before. Raises NotDecided for whom the Party group has
    not decided on, MoveRefused for who was not proposed.
    """
    candidacy, round_ = candidacy_of(context.session, key_of(context.variables, "candidacy_key"))
    decided = decided_finding(
        decision_of(context.variables), candidacy.name, today_of(context),
        username=candidacy.username, act="聘任",
    )  # fmt: skip
    if not decided.met:
        raise NotDecided(reason=decided.refusal)
    if candidacy.state != CandidacyState.PROPOSED:
        raise candidacies.refused_move(candidacy, CandidacyState.FILING)
    candidacies.move(
        context.session, candidacy.key, CandidacyState.FILING, step_of(context),
        reason="等待备案",
    )  # fmt: skip
    post, _ = post_of(context.session, candidacy.post_code)
    values = rounds.values_of(context.session, today_of(context))
    kind = _kind(Channel(round_.channel))
    years = values.number(settings.CONTRACT_YEARS)
    months = trial_months(kind, years, values)
    return {
        **person(candidacy, round_, post.seat),
        "seat_code": post.seat_code,
        "appointment_problems": [],
        "filing_problems": [],
        "register_refusals": [],
        "person_type": kind.value if kind is PersonType.SELECTED else None,
        "trial_months": months,
        "contract_years": years,
        "appointee": _own_account(context, candidacy),
    }


def check_filing(context: TaskContext) -> Variables:
    """Look at the answer to the filing (人社备案): `filing_state`.

    `approved`, `refused`, or `unusable` with `filing_problems`: then the case waits on. Only what
    was registered on the round's page is an answer. Gives `appointment_limits` as they are now.
    """
    state, problems = answered(context, "filing", filings.FILING_ACT)
    values = rounds.values_of(context.session, today_of(context))
    return {
        "filing_state": state,
        "filing_problems": [*problems],
        "appointment_limits": appointment_limits(values),
    }


def check_appointment(context: TaskContext) -> Variables:
    """Look at qualification, contract and trial (R-T6, R-T7) and whom the seat is given to.

    Gives `appointee` as the user name of the candidate, however it was written, and
    `appointment_limits`. A diagram that looks at the marks behind this step says so by the header
    `marks`; in a case of an older one nobody is appointed by an order of void marks (R-VOID).
    """
    variables, today = context.variables, today_of(context)
    values = rounds.values_of(context.session, today)
    channel = Channel(text_of(variables, "channel"))
    kind = _person_type(variables)
    began = day_or_none(variables.get("began_on"))
    years, months = (
        whole_or(variables.get("contract_years"), 0),
        whole_or(variables.get("trial_months"), 0),
    )
    candidacy, _ = candidacy_of(context.session, key_of(variables, "candidacy_key"))
    post, _ = post_of(context.session, candidacy.post_code)
    earliest = _earliest(context, candidacy)
    problems = order_problems(context, candidacy)
    if valid_qualification(context.session, candidacy.username, post.seat, today) is None:
        lost = f"{candidacy.name}的{post.seat}准入资格已经失效，不能聘任"
        problems.append(STAFFING["S-ADMIT"].refuses(lost))
    if began is None:
        problems.append(NORMS["R-FILLED"].refuses("没有填写到岗日"))
    elif began > today:
        problems.append(NORMS["R-FILLED"].refuses("到岗日不能晚于今天：到岗以后再登记"))
    else:
        last = ends_on(began, 12 * min(max(years, 0), _LONGEST_CONTRACT)) if years > 0 else began
        problems += refusals(engagement_findings(channel, began, last, values))
    if began is not None and began < earliest:
        soon = f"到岗日不能早于{said_day(earliest)}：公示结束、备案同意以后才能聘任"
        problems.append(NORMS["R-STEPS"].refuses(soon))
    if kind is None:
        problems.append(NORMS["R-T6"].refuses("没有选择人员类型"))
    elif (kind is PersonType.SELECTED) != (channel is Channel.SELECTION):
        said = "应为“遴选”" if channel is Channel.SELECTION else "不能是“遴选”"
        problems.append(NORMS["R-T6a"].refuses(f"{channel.label}的人员类型{said}"))
    else:
        problems += refusals([trial_finding(kind, years, months, values)])
    if channel is not Channel.SELECTION and not words_of(variables, "employment_basis"):
        lacking = "没有写明凭什么认定是否初次就业（档案、社保缴费记录等）"
        problems.append(NORMS["R-T6"].refuses(lacking))
    if not words_of(variables, "appointment_number"):
        problems.append(NORMS["R-FILLED"].refuses("没有填写聘任文号"))
    appointee, refused = _appointee(context, candidacy, words_of(variables, "appointee"))
    problems += refused
    if problems or began is None:
        return {
            "appointment_problems": [*problems], "trial_ends_on": None, "trial_over": None,
            "appointee": words_of(variables, "appointee"),
            "appointment_limits": appointment_limits(values),
        }  # fmt: skip
    ends = ends_on(began, months)
    return {
        "appointment_problems": [],
        "appointment_limits": appointment_limits(values),
        "appointee": appointee,
        "trial_ends_on": ends.isoformat(),
        "trial_over": _begin_of(ends + timedelta(days=1)),
    }


def appoint(context: TaskContext) -> Variables:
    """Enter the researcher with the seat that the round keeps: from now on the cell is staffed.

    Raises a BpmnError `register-refused` where a rule of the register forbids it: a seat that is
    taken, somebody who holds another one; and `marks-fell` where the header `marks` says that the
    diagram looks at the marks first, and some count that somebody tied has given.
    """
    variables = context.variables
    candidacy, round_ = candidacy_of(context.session, key_of(variables, "candidacy_key"))
    if context.headers.get("marks") and candidacy.state != CandidacyState.ON_TRIAL:
        require_no_tied(context, candidacy.post_code)
    post, _ = post_of(context.session, candidacy.post_code)
    said = {
        "username": text_of(variables, "appointee"),
        "unit_id": round_.unit_id,
        "kind": Channel(round_.channel).kind.value,
        "began_on": day_of(variables, "began_on").isoformat(),
        "seat_code": post.seat_code,
        "term_ends_on": "", "waiver": "", "covers": "",
    }  # fmt: skip
    step = step_of(context)
    entered = replace(register_step(step, round_, "聘任到岗"), holder=candidacy.username)
    try:
        key = seats.enter(context.session, entered, said)
    except (EntryRefused, EntryOvertaken) as refusal:
        raise as_error(refusal) from refusal
    if candidacy.state != CandidacyState.ON_TRIAL:
        account = {
            "candidacy": str(candidacy.key), "account": said["username"],
            "person_type": text_of(variables, "person_type"),
        }  # fmt: skip
        note(context.session, round_, "appointed", account, step, reason="聘任到岗，使用此账号")
    candidacies.move(
        context.session, candidacy.key, CandidacyState.ON_TRIAL, step, reason="已聘任，进入试用期"
    )
    context.log("已聘任到岗，登入教研员名册")
    return {"researcher_key": str(key), "register_refusals": []}


def give_up_filing(context: TaskContext) -> Variables:
    """Write down that this candidate is not appointed: not filed, could not be, or not to be.

    Gives `appointment_result`: `not_filed`, `not_appointed`.
    """
    filed = words_of(context.variables, "filing_state") != "refused"
    organ, number = (words_of(context.variables, f"filing_{one}") for one in ("organ", "number"))
    reason = "备案以后没有办成聘任" if filed else f"备案未同意（{organ}，{number}）"
    decision = decision_of(context.variables)
    if not decision.carried:
        filed, reason = True, f"{decision.organ or '局党组复议'}改变了决定"
    candidacies.move(
        context.session, key_of(context.variables, "candidacy_key"), CandidacyState.DROPPED,
        step_of(context), reason=reason,
    )  # fmt: skip
    context.log(f"{reason}，不聘任")
    return {"appointment_result": "not_appointed" if filed else "not_filed"}


def answered(context: TaskContext, prefix: str, act: str) -> tuple[str, list[Refusal]]:
    """What an answer comes to that the round waits for: its state, and why it is none."""
    variables = context.variables
    candidacy, round_ = candidacy_of(context.session, key_of(variables, "candidacy_key"))
    answer = Filing(
        approved=variables.get(f"{prefix}_approved") is True,
        organ=words_of(variables, f"{prefix}_organ"),
        number=words_of(variables, f"{prefix}_number"),
        dated_on=day_or_none(variables.get(f"{prefix}_dated_on")),
    )
    problems = filings.answer_problems(
        context.session, candidacy, act, answer, today=today_of(context)
    )
    said = filings.filing_said(candidacy.key, answer)
    problems += replies.unregistered(context.session, round_.key, act, said)
    state = "approved" if answer.approved else "refused"
    return "unusable" if problems else state, problems


def _kind(channel: Channel) -> PersonType:
    return PersonType.SELECTED if channel is Channel.SELECTION else PersonType.EXPERIENCED


def _earliest(context: TaskContext, candidacy: Candidacy) -> date:
    """The first day on which somebody may begin: disclosed and filed, whichever came later."""
    disclosed = filings.waits_since(context.session, candidacy, CandidacyState.FILING)
    filed = day_or_none(context.variables.get("filing_dated_on"))
    return disclosed if filed is None else max(disclosed, filed)


def _person_type(variables: Variables) -> PersonType | None:
    text = words_of(variables, "person_type")
    return PersonType(text) if text in set(PersonType) else None


def _appointee(
    context: TaskContext, candidacy: Candidacy, written: str
) -> tuple[str, list[Refusal]]:
    """The account that the seat goes to, or why none: the candidate's own, else of their name."""
    filled, decided = NORMS["R-FILLED"], NORMS["R-ORDER"]
    if not written:
        return "", [filled.refuses("没有填写聘任人员的账号")]
    names, own = Names(context.session, SYSTEM), _own_account(context, candidacy)
    if own and isinstance(names.resolved(_ACCOUNT, own), Fault):
        locked = f"{candidacy.name}本人的账号{own}已经停用，先请系统管理员恢复，再办理聘任"
        return "", [filled.refuses(locked)]
    found = names.resolved(_ACCOUNT, written)
    if isinstance(found, Fault):
        return "", [filled.refuses(found.text)]
    account = str(found)
    if own and account != own:
        another = f"账号{account}不是{candidacy.name}本人的，本人的账号是{own}"
        return "", [decided.refuses(another)]
    if not own and names_of(context.session, [account]).get(account) != candidacy.name:
        stranger = f"账号{account}的姓名不是{candidacy.name}，只能聘任公示的本人"
        return "", [decided.refuses(stranger)]
    return account, seated_already(context.session, account)


def _own_account(context: TaskContext, candidacy: Candidacy) -> str:
    """The staff account by which the candidate applied, a closed one too; empty from outside."""
    staff = names_of(context.session, [candidacy.username])
    return candidacy.username if candidacy.username in staff else ""


def _begin_of(day: date) -> str:
    return datetime.combine(day, time(0), BUREAU_TIME).isoformat()
