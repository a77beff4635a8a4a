"""What the tests of recruitment share: a Party group that decides, a public that objects, jobs."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import select

from processes.committee import agenda, meetings
from processes.committee.proposals import Proposal, Subject
from processes.committee.rules import ItemClass, Outcome
from processes.committee.tables import Item, ItemState
from service.commands import objections, starting
from service.commands.objections import Receipt
from service.domain.actors import Actor
from service.domain.disclosures import ObjectionText
from service.domain.values import Json
from service.jobs.runner import JobRunner
from service.store.tables import Disclosure, Incident, ProcessInstance, UserTask
from tests.processes.desk import OFFICER, Desk
from tests.processes.party_group import Group, about_plan, next_day
from tests.processes.registers.entering import CITY

_forms = count(1)


def about(name: str, username: str = "", item_class: ItemClass = ItemClass.RECRUITMENT) -> Proposal:
    """An item about taking this person."""
    subjects = (Subject(name, username, CITY),)
    return Proposal(item_class, f"确定{name}为拟聘人选", "拟同意聘用。", subjects)


def decide(desk: Desk, proposal: Proposal, *, carried: bool = True) -> int:
    """Let the Party group of a new day decide an item; return its key."""
    next_day(desk)
    group = Group(desk, 3)
    group.begin(proposal, present=3)
    group.discuss()
    group.begin_vote()
    group.votes(3 if carried else 1, 0 if carried else 2)
    group.close_vote()
    group.close()
    return group.only


def decide_waiting(desk: Desk, instance_key: int, *, carried: bool = True) -> int:
    """Let the Party group of a new day decide what a case has put up; return the item's key."""
    with desk.rooms.read() as session:
        wanted = select(Item).where(
            Item.instance_key == instance_key, Item.state == ItemState.WAITING
        )
        item = session.scalars(wanted).one()
    next_day(desk)
    group = Group(desk, 3)
    group.prepare(about_plan(f"计划{item.key}"))
    with group.sitting() as sitting:
        agenda.place(sitting, item.key)
    group.give_notice()
    run_jobs(desk)
    group.call(3)
    with group.sitting() as sitting:
        meetings.open_meeting(sitting)
    group.discuss(item.key)
    group.begin_vote(item.key)
    group.votes(3 if carried else 1, 0 if carried else 2, key=item.key)
    group.close_vote(item.key)
    group.close()
    return item.key


def settle_waiting(desk: Desk, instance_key: int, outcome: Outcome = Outcome.CARRIED) -> None:
    """Put into the register, and tell the case, what a meeting would; at no cost."""
    with desk.rooms.write() as tools:
        wanted = select(Item).where(
            Item.instance_key == instance_key, Item.state == ItemState.WAITING
        )
        item = tools.session.scalars(wanted).one()
        item.state, item.outcome = ItemState.DECIDED, outcome
        item.decided_at = desk.clock()
        agenda.tell_case(tools, item, meeting=None, now=desk.clock())
    run_jobs(desk)


def record_decision(desk: Desk, proposal: Proposal, *, carried: bool = True) -> int:
    """Put into the Party group's register what `decide` would, at no cost; return the key."""
    with desk.rooms.write() as tools:
        item = agenda.put_up(
            tools.session, tools.keys.next(), proposal, actor=OFFICER, now=desk.clock()
        )
        item.state = ItemState.DECIDED
        item.outcome = Outcome.CARRIED if carried else Outcome.NOT_CARRIED
        item.decided_at = desk.clock()
        return item.key


def run_jobs(desk: Desk) -> None:
    JobRunner(desk.rooms, owner="worker-1").run_due()


def wait_until(desk: Desk, moment: str) -> None:
    """Let the clock come to this moment and do what is due."""
    desk.clock.now = max(desk.clock.now, datetime.fromisoformat(moment))
    run_jobs(desk)


def start(
    desk: Desk,
    process_id: str,
    *,
    actor: Actor = OFFICER,
    filled: Mapping[str, Json] | None = None,
    **variables: Json,
) -> int:
    """Start a procedure, by default as the personnel office; return the case's key."""
    return starting.start(
        desk.rooms,
        process_id=process_id,
        variables=variables | dict(filled or {}),
        actor=actor,
        now=desk.clock(),
        through_form=False,
    ).instance_key


def object_to(desk: Desk, instance_key: int, text: str = "教龄不满六年，见附件。") -> Receipt:
    """Object to the 公示 of a case, as anybody may, and let the case hear of it."""
    receipt = objections.submit(
        desk.rooms,
        disclosure_of(desk, instance_key).slug,
        ObjectionText(text),
        form=f"form-{next(_forms)}",
        address=f"10.0.0.{next(_forms)}",
        now=desk.clock(),
    )
    run_jobs(desk)
    return receipt


def disclosure_of(desk: Desk, instance_key: int) -> Disclosure:
    """Return the newest 公示 of a case."""
    with desk.rooms.read() as session:
        wanted = select(Disclosure).where(Disclosure.instance_key == instance_key)
        return session.scalars(wanted.order_by(Disclosure.key.desc())).all()[0]


def newest(desk: Desk, process_id: str) -> int:
    """Return the newest case of a process."""
    with desk.rooms.read() as session:
        wanted = select(ProcessInstance.key).where(ProcessInstance.process_id == process_id)
        return session.scalars(wanted.order_by(ProcessInstance.key.desc())).all()[0]


def called_by(desk: Desk, instance_key: int, process_id: str) -> int:
    """Return the newest instance of a process that a case has called."""
    with desk.rooms.read() as session:
        wanted = select(ProcessInstance.key).where(
            ProcessInstance.parent_key == instance_key,
            ProcessInstance.process_id == process_id,
        )
        return session.scalars(wanted.order_by(ProcessInstance.key.desc())).all()[0]


def incidents(desk: Desk, instance_key: int) -> list[str]:
    with desk.rooms.read() as session:
        wanted = select(Incident).where(
            Incident.instance_key == instance_key, Incident.resolved_at.is_(None)
        )
        return [f"{one.element_id}: {one.message}" for one in session.scalars(wanted)]


def tasks(desk: Desk, instance_key: int, element_id: str) -> list[UserTask]:
    """Return the open tasks of a case at this step."""
    return [one for one in desk.open_tasks(instance_key) if one.element_id == element_id]


def pass_days(desk: Desk, days: int) -> None:
    desk.clock.now += timedelta(days=days)
    run_jobs(desk)
