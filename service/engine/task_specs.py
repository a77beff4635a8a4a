"""What each kind of element does with a token."""

from datetime import time

from service.domain.events import IncidentType, UserTaskCreated
from service.domain.values import Variables
from service.domain.working_days import CalendarLook
from service.engine.dialect import binding
from service.engine.due import DecisionDue, Due, HandlerDue
from service.engine.kernel import KernelSpec
from service.engine.run import Run
from service.engine.token import Phase, Token
from service.engine.values import (
    holder,
    moment,
    names,
    priority,
    required_text,
    retries,
    working_days,
)
from service.feel import asks_calendar

_DAY_START = time(0, 0)
_DAY_END = time(23, 59, 59)


class PassSpec(KernelSpec):
    """A manual or undefined task: it is done outside, nothing waits for it. BPMN 2.0.2, 13.3.3."""


class UserTaskSpec(KernelSpec):
    """A user task waits for a person."""

    def enter(self, token: Token, run: Run) -> Variables | None:
        """Work out whose it is and until when, then wait."""
        created = self._created(token, run)
        run.settle(token)
        run.emit(created)
        token.phase = Phase.PERSON
        return None

    def _created(self, token: Token, run: Run) -> UserTaskCreated:
        settings, element = self.extensions.user_task, self.element
        sources = [
            settings.assignee,
            settings.candidate_users,
            settings.candidate_groups,
            settings.due_date,
            settings.follow_up_date,
            settings.priority,
            settings.recuse_from,
            settings.due_working_days,
        ]
        dates = [settings.due_date.text, settings.follow_up_date.text]
        kind = IncidentType.EXTRACT_VALUE_ERROR
        assignee, users, groups, due, follow_up, urgency, about, days = run.evaluate(
            token, sources, run.seen(token), kind
        )
        return UserTaskCreated(
            element_instance_key=run.activate(token),
            element_id=element.id,
            name=element.name or element.id,
            form_id=element.form_id,
            assignee=holder(assignee, "办理人"),
            candidate_users=names(users, "候选人"),
            candidate_groups=names(groups, "候选组"),
            due_date=moment(due, "截止时间", run.timezone, at=_DAY_END),
            follow_up_date=moment(follow_up, "跟进时间", run.timezone, at=_DAY_START),
            priority=priority(urgency),
            no_deputy=settings.no_deputy,
            due_working_days=working_days(days),
            recuse_from=names(about, "回避对象"),
            look=run.look if asks_calendar(dates) else CalendarLook(),
        )


class WorkSpec(KernelSpec):
    """A task whose work is done outside the engine: it hands it out and waits."""

    def enter(self, token: Token, run: Run) -> Variables | None:
        """Wait until the work is answered; an incident ends when it is."""
        token.phase = Phase.DUE
        return None

    def due(self, token: Token, run: Run) -> Due:
        """The work to hand out. Raises ElementFailed."""
        raise NotImplementedError


class JobSpec(WorkSpec):
    """A service or send task calls a handler, and any other that names a task type."""

    def due(self, token: Token, run: Run) -> HandlerDue:
        """The call, with everything the task sees."""
        job, seen = self.extensions.job, run.seen(token)
        kind = IncidentType.EXTRACT_VALUE_ERROR
        task_type, attempts = run.evaluate(token, [job.task_type, job.retries], seen, kind)
        return HandlerDue(
            element_instance_key=run.activate(token),
            element_id=self.name,
            task_type=required_text(task_type, "任务类型"),
            headers=self.extensions.headers,
            retries=retries(attempts),
            backoff=job.backoff,
            asynchronous=job.asynchronous,
            variables=seen,
        )


class BusinessRuleTaskSpec(WorkSpec):
    """A business rule task asks a decision."""

    def due(self, token: Token, run: Run) -> DecisionDue:
        """The question, with everything the task sees."""
        seen, kind = run.seen(token), IncidentType.CALLED_DECISION_ERROR
        [decision_id] = run.evaluate(token, [self.extensions.decision], seen, kind)
        return DecisionDue(
            element_instance_key=run.activate(token),
            element_id=self.name,
            decision_id=required_text(decision_id, "决策编号"),
            binding=binding(self.extensions.decision_binding),
            result_variable=self.extensions.result_variable,
            variables=seen,
        )


class ScriptTaskSpec(KernelSpec):
    """A script task is one FEEL expression."""

    def enter(self, token: Token, run: Run) -> Variables | None:
        """Its value under the name of the result variable."""
        kind = IncidentType.EXTRACT_VALUE_ERROR
        [value] = run.evaluate(token, [self.extensions.script], run.seen(token), kind)
        run.settle(token)
        return {self.extensions.result_variable: value}
