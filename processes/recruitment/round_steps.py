"""The service tasks of a round: opened, given its seats, planned, announced, closed."""

from datetime import UTC, date, datetime, time, timedelta

from processes.recruitment import candidacies, plans, replies, rounds
from processes.recruitment.history import locked
from processes.recruitment.plans import Plan, Window
from processes.recruitment.rounds import Need, Reply
from processes.recruitment.rules.channel import Channel
from processes.recruitment.rules.limits import plan_limits
from processes.recruitment.rules.norms import NORMS
from processes.recruitment.rules.scores import honour_points
from processes.recruitment.steps import plan_of, step_of, today_of
from processes.recruitment.tables import PostState, Round
from processes.recruitment.variables import (
    VariableUnusable,
    day_or_none,
    key_of,
    rows_of,
    text_of,
    words_of,
)
from processes.registers.days import BUREAU_TIME, said_day
from processes.registers.entries import EntryOvertaken, EntryRefused
from processes.registers.fields import Fault
from processes.registers.names import Names, names_of
from processes.registers.norms import Refusal
from processes.registers.process_ids import APPLICATION
from processes.registers.refused_steps import as_error
from processes.registers.seats import find_seat
from processes.registers.settings import SettingValues
from processes.registers.staffing.rosters import SEAT_ROSTER
from service.domain.actors import SYSTEM
from service.domain.values import Json, Variables
from service.domain.working_days import DayOutsideCalendar, DaysTooMany
from service.procedure import Choice, NoticeText, TaskContext, publish_notice, working_days


def open_round(context: TaskContext) -> Variables:
    """Open a round for the gaps that `need_unit` and `need_posts` name; header `channel`.

    Gives `round_key`, `round_number`, `round_title`, `channel`, `unit`, `post_codes`, the form of
    the plan filled in by the settings with `plan_limits`, or `need_problems` and nothing is opened.
    """
    channel = _channel(context)
    need, problems = _need(context, channel)
    if not problems and need is not None:
        problems = rounds.need_problems(context.session, need, today=today_of(context))
    values = rounds.values_of(context.session, today_of(context))
    proposed = {**plans.proposed(channel, values), "plan_limits": plan_limits(channel, values)}
    if problems or need is None:
        return {
            "need_problems": [*problems], "round_key": "", "round_number": "",
            "round_title": f"{channel.label}立项", "channel": channel.value, "unit": "",
            "post_codes": [], "post_list": [], **proposed,
        }  # fmt: skip
    round_ = rounds.open_round(context.session, need, step_of(context))
    context.log(f"已立项：{round_.number}")
    posts = rounds.posts_of(context.session, round_.key)
    return {
        "need_problems": [],
        "round_key": str(round_.key),
        "round_number": round_.number,
        "round_title": round_.title,
        "channel": channel.value,
        "unit": round_.unit_id,
        "post_codes": [post.code for post in posts],
        "post_list": [{"code": post.code, "seat": post.seat} for post in posts],
        **proposed,
    }


def check_reply(context: TaskContext) -> Variables:
    """Look at the answer of the organ for establishments; `reply_state` says what it comes to.

    `approved`, `refused`, or `unusable` with `reply_problems`: then the case waits on. Only what
    was registered on the round's page is an answer. Gives `plan_limits` as they are now.
    """
    variables, round_key = context.variables, key_of(context.variables, "round_key")
    reply = Reply(
        approved=variables.get("reply_approved") is True,
        organ=words_of(variables, "reply_organ"),
        number=words_of(variables, "reply_number"),
        dated_on=day_or_none(variables.get("reply_dated_on")),
    )
    problems = rounds.reply_problems(context.session, reply, today=today_of(context))
    problems += replies.unregistered(
        context.session, round_key, replies.ESTABLISHMENT_ACT,
        replies.establishment_said(reply),
    )  # fmt: skip
    state = "approved" if reply.approved else "refused"
    return {
        "reply_state": "unusable" if problems else state,
        "reply_problems": [*problems],
        "plan_limits": _limits(context, locked(context.session, round_key)),
    }


def keep_seat(context: TaskContext) -> Variables:
    """Keep a seat of the register for the post `post_code`; gives `seat_code`.

    Raises a BpmnError `register-refused` where none is free.
    """
    try:
        post = rounds.keep_seat(
            context.session, text_of(context.variables, "post_code"), step_of(context)
        )
    except (EntryRefused, EntryOvertaken) as refusal:
        raise as_error(refusal) from refusal
    return {"seat_code": post.seat_code}


def check_plan(context: TaskContext) -> Variables:
    """Look at the plan, as if it were announced today; gives what the Party group is asked."""
    session, today = context.session, today_of(context)
    round_ = locked(session, key_of(context.variables, "round_key"))
    values = rounds.values_of(session, today)
    plan = _drawn_up(context, round_, values)
    found: list[Json] = [*_plan_problems(context, round_, plan)]
    text = "\n".join(
        [f"审定{round_.title}的方案。", *_posts_told(context, round_), *plans.told(plan)]
    )
    return {
        "plan_problems": found,
        "plan_limits": _limits(context, round_),
        "plan_rules": rounds.applied(session, today),
        "item_title": f"审定{round_.title}方案"[:120],
        "item_text": text[:2000],
    }


def _drawn_up(context: TaskContext, round_: Round, values: SettingValues) -> Plan:
    points = honour_points(Channel(round_.channel), values)
    return plans.read(context.variables, values, honour_points=points)


def announce(context: TaskContext) -> Variables:
    """Publish the notice and freeze the plan; `plan_problems` where the days do not fit any more.

    Gives `registration_ends`, the moment at which registration is over, with its offset.
    """
    session, today = context.session, today_of(context)
    round_ = locked(session, key_of(context.variables, "round_key"))
    values = rounds.values_of(session, today)
    plan = _drawn_up(context, round_, values)
    found: list[Json] = [*_plan_problems(context, round_, plan)]
    if found and round_.announced_at is None:
        return {
            "plan_problems": found, "plan_limits": _limits(context, round_),
            "registration_ends": "", "registration_closes_on": "",
        }  # fmt: skip
    its = plans.window(plan, today, working_days(session))
    cutoff = plans.cutoff(its, today, values)
    ends = _end_of(its)
    text = NoticeText(
        title=f"{round_.title}公告"[:100],
        body=_notice(context, round_, plan, its, cutoff),
        opens_at=context.now,
        closes_at=ends.astimezone(UTC),
        procedures=(APPLICATION,),
        choices=_posts_offered(context, round_),
    )
    notice = publish_notice(context, text)
    rounds.announce(
        session, round_.key,
        {**plans.as_json(plan), "cutoff_on": cutoff.isoformat()}, notice.key, step_of(context),
        opens_on=its.opens_on, closes_on=its.closes_on, until=plan.scheme.substitutes_until,
    )  # fmt: skip
    context.log(f"公告已发布，报名到{said_day(its.closes_on)}")
    return {
        "plan_problems": [],
        "plan_limits": _limits(context, round_),
        "registration_ends": ends.isoformat(),
        "registration_closes_on": its.closes_on.isoformat(),
    }


def count_open(context: TaskContext) -> Variables:
    """Count whose formal check, objection included, is not over: `open_checks`."""
    key = key_of(context.variables, "round_key")
    return {"open_checks": candidacies.count_undecided(context.session, key, step_of(context))}


def close_round(context: TaskContext) -> Variables:
    """End a round; seats not filled are given back.

    Gives `settled`, a row for each applicant to be told: those of a post that was cancelled were.
    """
    session, key = context.session, key_of(context.variables, "round_key")
    reason = words_of(context.variables, "closing_reason") or "全部岗位已办结"
    posts = rounds.posts_of(session, key)
    last = [one.code for one in posts if one.state != PostState.CANCELLED]
    rounds.end_round(session, key, step_of(context), reason=reason)
    context.log("本轮招聘已办结")
    return {"settled": [row for code in last for row in candidacies.to_tell(session, code)]}


def _plan_problems(context: TaskContext, round_: Round, plan: Plan) -> list[Refusal]:
    """Why a plan may not be announced today; a year that the calendar lacks is one reason."""
    session, today = context.session, today_of(context)
    try:
        return plans.problems(
            Channel(round_.channel), plan, today, working_days(session),
            rounds.values_of(session, today),
        )  # fmt: skip
    except (DayOutsideCalendar, DaysTooMany) as refusal:
        return [NORMS["R-T1"].refuses(refusal.message)]


def _limits(context: TaskContext, round_: Round) -> dict[str, Json]:
    values = rounds.values_of(context.session, today_of(context))
    return plan_limits(Channel(round_.channel), values)


def _channel(context: TaskContext) -> Channel:
    name = context.headers.get("channel", "")
    if name not in set(Channel):
        raise VariableUnusable(name="channel")
    return Channel(name)


def _need(context: TaskContext, channel: Channel) -> tuple[Need | None, list[Refusal]]:
    field = SEAT_ROSTER.field("unit_id")
    unit = Names(context.session, SYSTEM).resolved(field, text_of(context.variables, "need_unit"))
    if isinstance(unit, Fault):
        return None, [NORMS["R-GAP"].refuses(unit.text)]
    named = [words_of(row, "seat") for row in rows_of(context.variables.get("need_posts"))]
    strange = [name for name in named if find_seat(name) is None]
    if strange:
        return None, [
            NORMS["R-GAP"].refuses(f"没有“{name[:30]}”这个学段学科，请写如 小学语文、跨学段音乐")
            for name in strange
        ]
    seats = tuple(seat for name in named if (seat := find_seat(name)) is not None)
    unit_name = names_of(context.session, (), [str(unit)]).get(str(unit), str(unit))
    return Need(channel, str(unit), unit_name, seats, context.process_id), []


def _end_of(its: Window) -> datetime:
    return datetime.combine(its.closes_on + timedelta(days=1), time(0), BUREAU_TIME)


def _posts_told(context: TaskContext, round_: Round) -> list[str]:
    posts = rounds.posts_of(context.session, round_.key)
    return [f"岗位{post.code}：{post.seat}，1名。" for post in posts]


def _posts_offered(context: TaskContext, round_: Round) -> tuple[Choice, ...]:
    """The posts among which an applicant chooses: the form of the application then has the code."""
    posts = rounds.posts_of(context.session, round_.key)
    return tuple(
        Choice(APPLICATION, "post_code", post.code, f"岗位{post.code} {post.seat}")
        for post in posts
        if post.state == PostState.OPEN
    )


def _notice(context: TaskContext, round_: Round, plan: Plan, its: Window, cutoff: date) -> str:
    days = [f"{label}：{said_day(day)}。" for label, day in plan.dates[:-1]]
    lines: list[str] = [
        "一、岗位",
        *_posts_told(context, round_),
        "二、条件",
        "具备教研员准入资格，或者在报名后按程序审核；准入条件见《乌海市一体化推进基础教育教研工作方案》三（三）。",
        f"教龄计算到{said_day(cutoff)}（规则 R-CUTOFF）。",
        *([plan.conditions] if plan.conditions else []),
        "三、报名",
        f"{said_day(its.opens_on)}至{said_day(its.closes_on)}，在本页下方选定岗位，按“我要申请”填写、上传材料。"
        "一人报一个岗位，逾期不受理。资格审查结果在“我的申请”里告知，有异议的可以提出。",
        "四、考试和聘任",
        *days,
        *plans.told(plan),
        "考察、体检合格的，经局党组会议研究后公示。",
        "五、咨询",
        plan.contact or "见公告发布单位。",
        f"规则版本 {rounds.applied(context.session, today_of(context))}。",
    ]
    return "\n".join(lines)


def scheme_words(context: TaskContext, round_: Round) -> list[Json]:
    """Return the announced scheme in words, for forms."""
    return [*plans.told(plan_of(context.session, round_, today_of(context)))]
