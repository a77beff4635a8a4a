"""What the service tasks of recruitment share: the step, the day, the scheme of a round."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from processes.recruitment import plans
from processes.recruitment.history import Step
from processes.recruitment.plans import Plan
from processes.recruitment.rounds import applied, values_of
from processes.recruitment.tables import Candidacy, Round
from processes.registers.days import bureau_day
from service.domain.actors import Actor
from service.domain.values import Json
from service.procedure import TaskContext


def step_of(context: TaskContext) -> Step:
    """Return the step in whose name something is written."""
    return Step(
        key=context.element_instance_key,
        instance_key=context.instance_key,
        actor=context.actor,
        now=context.now,
        rules=applied(context.session, today_of(context)),
    )


def page_step(session: Session, round_: Round, actor: Actor, now: datetime) -> Step:
    """Return the act on a page in whose name something of a round is written."""
    rules = applied(session, bureau_day(now))
    return Step(key=0, instance_key=round_.instance_key, actor=actor, now=now, rules=rules)


def today_of(context: TaskContext) -> date:
    """Return the bureau's day of the step."""
    return bureau_day(context.now)


def plan_of(session: Session, round_: Round, today: date) -> Plan:
    """Return what a round has announced."""
    scheme = round_.scheme if isinstance(round_.scheme, dict) else {}
    return plans.read(scheme, values_of(session, today))


def person(candidacy: Candidacy, round_: Round, seat: str) -> dict[str, Json]:
    """Return who a case is about, as its forms show them."""
    return {
        "candidacy_key": str(candidacy.key),
        "round_key": str(round_.key),
        "post_code": candidacy.post_code,
        "round_title": round_.title,
        "channel": round_.channel,
        "seat": seat,
        "candidate_name": candidacy.name,
        "candidate_unit": candidacy.unit,
        "candidate_title": candidacy.title,
        "candidate": candidacy.username,
        "parties": [candidacy.username],
    }
