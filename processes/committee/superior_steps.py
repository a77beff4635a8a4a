"""The service tasks of 报上级党组织决定, in `bpmn/committee_standing.bpmn`, for all diagrams."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from processes.committee import rule_settings, superior
from processes.committee.norms import organs_above
from processes.committee.superior import Answer, Reply, Sent
from processes.registers.days import bureau_day
from service.domain.values import Json, Variables
from service.procedure import TaskContext

_ANSWERS = {each.value: each for each in Answer}


def check_sent(context: TaskContext) -> Variables:
    """`committee.superior-sent`: look at what was sent to the party organ above.

    Takes `superior_organ`, `sent_number`, `sent_on`, `sent_document`; gives `superior_problems` and
    `superior_organs`, the choice of today.
    """
    today = bureau_day(context.now)
    organs = organs_on(context.session, today)
    problems: list[Json] = [
        *superior.sent_problems(_sent(context.variables), organs=organs, today=today)
    ]
    if not problems:
        context.log("已报上级党组织决定")
    return {"superior_problems": problems, "superior_organs": as_choice(organs)}


def organs_on(session: Session, day: date) -> tuple[str, ...]:
    """Return which party organs the rules of procedure of a day name as those above (C-NEVER)."""
    return organs_above(rule_settings.on(session, day).settings)


def as_choice(organs: Sequence[str]) -> Json:
    """Return organs as what a form lets choose from."""
    return [{"label": one, "value": one} for one in organs]


def keep_here(context: TaskContext) -> Variables:
    """`committee.superior-kept`: it is not sent, but supplemented for the group's own meeting."""
    superior.back_to_group(
        context.session, _item(context.variables), "不报上级党组织，由本局再议",
        key=context.element_instance_key, actor=context.actor, now=context.now,
    )  # fmt: skip
    context.log("不报上级党组织，补充以后再提交")
    return {}


def take_reply(context: TaskContext) -> Variables:
    """`committee.superior-decision`: write the reply of the organ above into the register.

    Takes what `check_sent` does with `committee_item`, and `reply_answer` (an `Answer`),
    `reply_number`, `reply_on`, `reply_document`. Gives `superior_problems`; while there is one,
    nothing is written. Raises NotForAbove for an item that the group itself can decide.
    """
    variables, today = context.variables, bureau_day(context.now)
    sent = _sent(variables)
    reply = Reply(
        _ANSWERS.get(_text(variables, "reply_answer")),
        _text(variables, "reply_number"),
        _day(variables, "reply_on"),
        variables.get("reply_document"),
    )
    problems: list[Json] = [*superior.reply_problems(reply, sent, today=today)]
    if not problems:
        superior.record(
            context.session, _item(variables), sent, reply,
            key=context.element_instance_key, actor=context.actor, now=context.now,
        )  # fmt: skip
        returned = reply.answer is Answer.RETURNED
        context.log("上级党组织退回，由本局再议" if returned else "上级党组织的决定已登记")
    return {"superior_problems": problems}


HANDLERS = {
    "committee.superior-sent": check_sent,
    "committee.superior-kept": keep_here,
    "committee.superior-decision": take_reply,
}


def _sent(variables: Variables) -> Sent:
    return Sent(
        _text(variables, "superior_organ"),
        _text(variables, "sent_number"),
        _day(variables, "sent_on"),
        variables.get("sent_document"),
    )


def _item(variables: Variables) -> int:
    text = _text(variables, "committee_item")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _text(variables: Variables, name: str) -> str:
    value = variables.get(name)
    return " ".join(value.split()) if isinstance(value, str) else ""


def _day(variables: Variables, name: str) -> date | None:
    try:
        return date.fromisoformat(_text(variables, name))
    except ValueError:
        return None
