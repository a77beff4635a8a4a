"""What each kind of element does with a token."""

from collections.abc import Sequence
from datetime import time

from service.domain.events import Failure, IncidentType, UserTaskCreated
from service.domain.values import Json, Variables
from service.engine.dialect import Source, binding
from service.engine.due import DecisionDue, Due, HandlerDue
from service.engine.kernel import KernelSpec
from service.engine.process_spec import Flow
from service.engine.run import ElementFailed, Run
from service.engine.token import Phase, Token
from service.engine.values import moment, names, priority, required_text, retries, text

_DAY_START = time(0, 0)
_DAY_END = time(23, 59, 59)


class StartEventSpec(KernelSpec):
    """A none start event."""


class EndEventSpec(KernelSpec):
    """A none end event: its token ends here."""

    def choose(self, token: Token, run: Run) -> list[Flow]:
        """No flow; the instance remembers that this end was reached."""
        run.reach_end(self.name)
        return []


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
        ]
        kind = IncidentType.EXTRACT_VALUE_ERROR
        assignee, users, groups, due, follow_up, urgency = run.evaluate(
            token, sources, run.seen(token), kind
        )
        return UserTaskCreated(
            element_instance_key=run.activate(token),
            element_id=element.id,
            name=element.name or element.id,
            form_id=element.form_id,
            assignee=text(assignee, "办理人"),
            candidate_users=names(users, "候选人"),
            candidate_groups=names(groups, "候选组"),
            due_date=moment(due, "截止时间", run.timezone, at=_DAY_END),
            follow_up_date=moment(follow_up, "跟进时间", run.timezone, at=_DAY_START),
            priority=priority(urgency),
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


class ServiceTaskSpec(WorkSpec):
    """A service task calls a handler."""

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


class ExclusiveGatewaySpec(KernelSpec):
    """An exclusive gateway takes the first flow whose condition is true, else the default."""

    def enter(self, token: Token, run: Run) -> Variables | None:
        """Nothing to do here: its incident is over when a flow is chosen."""
        return {}

    def choose(self, token: Token, run: Run) -> list[Flow]:
        """One flow. Raises ElementFailed when no condition is true and there is no default."""
        if len(self.outgoing) == 1 and not self.outgoing[0].condition:
            return list(self.outgoing)
        asked = [flow for flow in self.outgoing if flow.condition and not flow.is_default]
        taken = self._first_true(token, run, asked)
        taken = taken or next((flow for flow in self.outgoing if flow.is_default), None)
        if taken is None:
            raise _condition_failed("没有一个出口的条件成立，也没有默认出口")
        return [taken]

    def _first_true(self, token: Token, run: Run, asked: Sequence[Flow]) -> Flow | None:
        conditions = [flow.condition for flow in asked if flow.condition]
        try:
            answers = self._ask(token, run, conditions)
        except ElementFailed:
            # One of them failed, perhaps behind the first true one: BPMN asks them in order.
            return self._first_true_in_order(token, run, asked)
        return next((f for f, answer in zip(asked, answers, strict=True) if _true(f, answer)), None)

    def _first_true_in_order(self, token: Token, run: Run, asked: Sequence[Flow]) -> Flow | None:
        for flow in asked:
            if flow.condition and _true(flow, self._ask(token, run, [flow.condition])[0]):
                return flow
        return None

    def _ask(self, token: Token, run: Run, conditions: Sequence[Source]) -> list[Json]:
        return run.evaluate(token, conditions, run.seen(token), IncidentType.CONDITION_ERROR)


def _true(flow: Flow, answer: Json) -> bool:
    if not isinstance(answer, bool):
        raise _condition_failed(f"出口 {flow.id} 的条件没有得出“是”或“否”")
    return answer


def _condition_failed(reason: str) -> ElementFailed:
    message = f"{reason}。请检查网关各出口的条件和它们用到的变量。"
    return ElementFailed(Failure(IncidentType.CONDITION_ERROR, message))
