"""What runs beside people: a worker's job, a message that failed, a date to decide, news."""

from datetime import date, timedelta

from sqlalchemy import insert

from service.commands import calendar_periods, job_activation, outbox
from service.commands.job_activation import Wish
from service.commands.upserts import table
from service.domain.actors import SYSTEM
from service.domain.calendar_years import Period
from service.domain.outgoing import Channel, OutgoingMessage
from service.jobs.runner import JobRunner
from service.store.tables import CalendarPeriod, Job, Notification, ProvisionalDate
from service.store.tables.calendars import DateKind, DateState
from tests.engine.builders import diagram, element, end, flows, start
from tests.fixtures_commands import Stage
from tests.fixtures_events import bring_in
from tests.rights.roles import APPLICANT, WORKER

WEIGHED = diagram(
    start(), element("serviceTask", "weigh", '<zeebe:taskDefinition type="weigh" />'), end(),
    flows("start", "weigh", "end"), process_id="weighed",
)  # fmt: skip


def begin_running(stage: Stage, task: int, case: int) -> dict[str, str]:
    """Add what the running of cases leaves behind; returns its keys. `task` is one of `case`."""
    rooms, now = stage.rooms, stage.clock.now
    bring_in(rooms, WEIGHED)
    stage.start("weighed", APPLICANT)
    wish = Wish("weigh", "w-1", timedelta(hours=1), 1)
    [taken] = job_activation.take(rooms, wish, actor=WORKER, now=now)
    to_decide = ProvisionalDate(
        key=rooms.keys.next(), kind=DateKind.TASK_DUE, subject_key=task, element_id="review",
        number=0, instance_key=case, process_id="leave", begins_on=None, days=None, day_on=None,
        due_at=now, years=[2027], announced_at=now, state=DateState.FLAGGED, proposed_at=None,
        noted_at=now, settled_at=None, settled_by=None,
    )  # fmt: skip
    with rooms.write() as tools:
        message = OutgoingMessage(Channel.MAIL, "zhang.min@example.cn", "有新任务", "提醒")
        soon = now + timedelta(days=1)
        failed = outbox.message_row(tools, message, now=now, expires_at=soon, pauses=(), kept=True)
        tools.session.execute(insert(table(Job)), [failed])
        period = Period("学期", "春季学期", date(2026, 2, 20), date(2026, 7, 10))
        calendar_periods.save(tools, period, actor=SYSTEM, now=now)
        tools.session.add(to_decide)
    JobRunner(rooms, owner="w-2").run_due()  # no sender: the message fails
    told = stage.rows(Notification, username=APPLICANT.username)
    return {
        "job": str(taken.key),
        "date": str(stage.key(ProvisionalDate)),
        "period": str(stage.key(CalendarPeriod)),
        "notification": str(told[0]["key"]),
    }
