"""The service tasks of 返聘 and 兼职: asked for, gates, the agreement, the term and its end."""

from datetime import date, datetime, time, timedelta

from processes.recruitment import engagements
from processes.recruitment.candidacies import valid_qualification
from processes.recruitment.engagements import Wanted
from processes.recruitment.rules.channel import Channel
from processes.recruitment.rules.channels import Rehired, Retirement, rehire_findings
from processes.recruitment.rules.findings import Finding, refusals
from processes.recruitment.rules.limits import engagement_limits
from processes.recruitment.rules.norms import NORMS, applied
from processes.recruitment.steps import today_of
from processes.recruitment.variables import (
    VariableUnusable,
    channel_of,
    day_of,
    day_or_none,
    key_of,
    text_of,
    words_of,
)
from processes.registers.days import BUREAU_TIME, add_months, said_day
from processes.registers.names import names_of
from processes.registers.norms import Norm, Refusal
from processes.registers.seats import SEATS
from processes.registers.set_values import values_on
from processes.registers.settings import SettingValues
from processes.registers.staffing.norms import NORMS as STAFFING
from processes.registers.staffing.norms import RECORDS_LEAD
from processes.registers.staffing.seats import Step
from processes.registers.staffing.yearly_records import earliest, note
from processes.registers.titles import Rank, find_title
from service.domain.values import Json, Variables
from service.procedure import TaskContext, posts_of_each

ANNUAL, TERM = "annual", "term"
"""What comes next of an engagement: the yearly query of records, or its end."""
_YEAR = 12


def open_request(context: TaskContext) -> Variables:
    """`recruitment.engagement-open`: read who is to be engaged, where, for what.

    Takes the header `channel`, and `wanted_unit`, `wanted_seat`, `wanted_person` (who started the
    case where it is not given). Gives the keys and names, `parties`, `engagement_problems`, for a
    part-timer `waiver_needed` with `waiver_reason`, and `engagement_ready`.
    """
    variables, session, today = context.variables, context.session, today_of(context)
    channel, values = Channel(context.headers["channel"]), values_on(session, today)
    who = words_of(variables, "wanted_person") or context.started_by
    wanted, problems = engagements.resolve(
        session,
        channel,
        person=who,
        unit=words_of(variables, "wanted_unit"),
        seat=words_of(variables, "wanted_seat"),
    )
    if wanted is not None:
        problems = engagements.request_problems(session, wanted)
    if wanted is None or problems:
        return _not_opened(channel, problems, values)
    found = engagements.findings(session, wanted, values, today)
    lacking = engagements.needs_waiver(session, wanted, values, today)
    told = [one for one in found if lacking is None or one.norm.id != lacking.norm.id]
    names = names_of(session, [wanted.username], [wanted.unit_id])
    posts = posts_of_each(session, [wanted.username])[wanted.username]
    return {
        "channel": channel.value,
        "person": wanted.username,
        "person_name": names.get(wanted.username, wanted.username),
        "person_unit": posts[0].unit if posts else "",
        "recommender": f"负责人 @ {posts[0].unit_id}" if posts else "",
        "unit": wanted.unit_id,
        "unit_name": names.get(wanted.unit_id, wanted.unit_id),
        "unit_group": f"@ {wanted.unit_id}",
        "seat": wanted.seat.name,
        "kind": channel.kind.value,
        "parties": [wanted.username],
        "engagement_problems": [*refusals(told)],
        "engagement_ready": not refusals(told),
        "engagement_findings": _rows(found),
        "waiver_needed": lacking is not None,
        "waiver_reason": "" if lacking is None else lacking.refusal,
        "waiver": "",
        "engagement_rules": applied(values),
        "engagement_limits": engagement_limits(values),
    }


def note_waiver(context: TaskContext) -> Variables:
    """`recruitment.note-waiver`: keep the decision by which the 党组 allows a part-timer."""
    decision = context.variables.get("waiver_decision")
    row = decision if isinstance(decision, dict) else {}
    if row.get("carried") is not True:
        raise VariableUnusable(name="waiver_decision")
    meeting, organ = words_of(context.variables, "committee_meeting"), words_of(row, "organ")
    by = f"{organ}（{words_of(row, 'document')}）" if organ else f"局党组{meeting}会议"
    day = said_day(day_or_none(row.get("decided_on")))
    said = f"{by}{day}决定同意，议题{words_of(row, 'item')}"
    context.log("局党组同意在专职教研员未配齐时聘任兼职教研员")
    return {"waiver": said}


def check_materials(context: TaskContext) -> Variables:
    """`recruitment.rehire-check`: look at R-CH-4 by what the office has verified."""
    values = values_on(context.session, today_of(context))
    found = rehire_findings(_rehired(context.variables, today_of(context)), values)
    return _told(found, values)


def check_engagement(context: TaskContext) -> Variables:
    """`recruitment.engagement-check`: look at all gates again before somebody is entered.

    Takes the keys of the case with `begins_on`, `last_day` and `waiver`. Gives
    `engagement_problems`, `engagement_ready`, `engagement_findings`, `engagement_rules`.
    """
    variables, today = context.variables, today_of(context)
    values = values_on(context.session, today)
    begins, last = day_or_none(variables.get("begins_on")), day_or_none(variables.get("last_day"))
    if begins is None or last is None:
        missing = _term(channel_of(variables)).refuses("请填写开始日和届满日")
        return {**_told((), values), "engagement_problems": [missing], "engagement_ready": False}
    wanted = Wanted(
        channel_of(variables),
        text_of(variables, "person"),
        text_of(variables, "unit"),
        SEATS[text_of(variables, "seat")],
        begins,
        last,
        words_of(variables, "waiver"),
    )
    found = engagements.findings(context.session, wanted, values, today, lock=True)
    if wanted.channel is Channel.REHIRE:
        found += rehire_findings(_rehired(variables, begins), values)
    told = _told(found, values)
    problems = told["engagement_problems"]
    more: list[Refusal] = []
    if begins < today:
        more.append(_term(wanted.channel).refuses("开始日不能早于今天"))
    if valid_qualification(context.session, wanted.username, wanted.seat.name, today) is None:
        lost = f"{wanted.seat.name}的准入资格已经失效，不能聘任"
        more.append(STAFFING["S-ADMIT"].refuses(lost))
    if more and isinstance(problems, list):
        told["engagement_problems"] = [*problems, *more]
        told["engagement_ready"] = False
    return told


def plan_next(context: TaskContext) -> Variables:
    """`recruitment.engagement-next`: say what comes next, and when.

    Takes `begins_on`, `last_day` and `annual_checks` (how many were made). Gives `next_what`
    (`annual` or `term`), `next_at` and `term_over_at`, moments with the bureau's offset, and
    `checks_from` and `query_due_on`, the first and the last day of the query. It is repeated every
    year (未成年人保护法 62) and reckoned as for all in the register (S-RECORDS-DAY): due on the
    anniversary, asked for so many days before, and one that is too early is that of the year
    before. The day of one that was made (`record_on`, `researcher_key`) goes into the register.
    """
    variables = context.variables
    begins, last = day_of(variables, "begins_on"), day_of(variables, "last_day")
    _note_query(context)
    made = variables.get("annual_checks")
    count = made if isinstance(made, int) and not isinstance(made, bool) else 0
    anniversary = add_months(begins, _YEAR * (count + 1))
    over = last + timedelta(days=1)
    annual = anniversary < over
    lead = values_on(context.session, today_of(context)).number(RECORDS_LEAD)
    following = anniversary - timedelta(days=lead) if annual else over
    return {
        "next_what": ANNUAL if annual else TERM,
        "next_at": _midnight(following).isoformat(),
        "checks_from": earliest(anniversary).isoformat(),
        "query_due_on": anniversary.isoformat(),
        "term_over_at": _midnight(over).isoformat(),
        "annual_checks": count + 1 if annual else count,
    }


def end_engagement(context: TaskContext) -> Variables:
    """`recruitment.engagement-end`: end the entry in the researchers' register.

    Takes `researcher_key`, the header `how`. Does nothing where somebody has ended it before.
    """
    ended = engagements.end(
        context.session,
        _register_step(context, context.headers.get("reason", "聘期结束")),
        entry_key=key_of(context.variables, "researcher_key"),
        how=context.headers.get("how", "任期届满"),
        on=today_of(context),
    )
    context.log("已登记离岗" if ended else "名册里已经离岗")
    return {}


HANDLERS = {
    "recruitment.engagement-open": open_request,
    "recruitment.note-waiver": note_waiver,
    "recruitment.rehire-check": check_materials,
    "recruitment.engagement-check": check_engagement,
    "recruitment.engagement-next": plan_next,
    "recruitment.engagement-end": end_engagement,
}


def _note_query(context: TaskContext) -> None:
    looked_up_on = day_or_none(context.variables.get("record_on"))
    if looked_up_on is not None:
        step = _register_step(context, "年度违法犯罪记录查询")
        key = key_of(context.variables, "researcher_key")
        note(context.session, step, key, {"records_on": looked_up_on})


def _register_step(context: TaskContext, reason: str) -> Step:
    return Step(
        context.element_instance_key, context.instance_key, context.actor, context.now, reason
    )


def _not_opened(
    channel: Channel, problems: tuple[Refusal, ...], values: SettingValues
) -> Variables:
    empty = dict.fromkeys(
        ("person", "person_name", "person_unit", "recommender", "unit", "unit_name", "unit_group",
         "seat", "waiver", "waiver_reason", "engagement_rules"), ""
    )  # fmt: skip
    return {
        **empty,
        "channel": channel.value,
        "kind": channel.kind.value,
        "parties": [],
        "engagement_problems": [*problems],
        "engagement_ready": False,
        "engagement_findings": [],
        "waiver_needed": False,
        "engagement_limits": engagement_limits(values),
    }


def _told(found: tuple[Finding, ...], values: SettingValues) -> dict[str, Json]:
    told: list[Json] = [*refusals(found)]
    return {
        "engagement_problems": told,
        "engagement_ready": not told,
        "engagement_findings": _rows(found),
        "engagement_rules": applied(values),
        "engagement_limits": engagement_limits(values),
    }


def _rehired(variables: Variables, begins: date) -> Rehired:
    """What the office has verified; an agreement of a year where its days are not known yet."""
    title = words_of(variables, "title")
    begins_on = day_or_none(variables.get("begins_on")) or begins
    last = day_or_none(variables.get("last_day")) or add_months(begins_on, _YEAR)
    return Rehired(
        Retirement(
            words_of(variables, "retirement_no"),
            day_or_none(variables.get("retirement_approved_on")),
            day_or_none(variables.get("retired_on")),
        ),
        day_or_none(variables.get("born_on")),
        find_title(title).rank if title else Rank.NONE,
        begins_on,
        last,
        words_of(variables, "funds"),
        consents=words_of(variables, "consent") == "同意",
        fit=words_of(variables, "medical_result") == "合格",
    )


def _term(channel: Channel) -> Norm:
    """The rule for how long an engagement lasts."""
    return NORMS["R-T8" if channel is Channel.REHIRE else "R-T9"]


def _rows(found: tuple[Finding, ...]) -> list[Json]:
    return [one.row() for one in found]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BUREAU_TIME)
