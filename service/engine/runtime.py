"""The engine's door: start or resume an instance, and advance it from wait state to wait state."""

from collections import deque
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from service.domain.events import (
    DecisionEvaluated,
    ElementTerminated,
    Event,
    Failure,
    InstanceCompleted,
    InstanceTerminated,
    JobNeeded,
    JobOver,
    UserTaskEnded,
)
from service.domain.keys import KeySource
from service.domain.values import Json, Variables
from service.engine.decisions import DecisionResult
from service.engine.due import DecisionDue, Due, HandlerDue
from service.engine.errors import NotWaiting
from service.engine.model import ProcessModel
from service.engine.run import WORK_STEPS, ElementFailed, Run
from service.engine.scopes import Scopes
from service.engine.state import dump, load
from service.engine.task_specs import WorkSpec
from service.engine.token import ACTIVE, Phase, Token, Trouble
from service.engine.workflow import KernelWorkflow
from service.feel import FeelPool, require_plain_names

SHANGHAI = ZoneInfo("Asia/Shanghai")
"""Zone of moments that are written without one."""


class Engine:
    """Runs models. One a process of the program; threads share it."""

    def __init__(self, feel: FeelPool, *, timezone: ZoneInfo = SHANGHAI) -> None:
        self._feel = feel
        self._timezone = timezone

    def start(
        self,
        model: ProcessModel,
        *,
        instance_key: int,
        variables: Variables,
        keys: KeySource,
        now: datetime,
    ) -> "Execution":
        """A new instance, its token before the start event; `variables` become root variables.

        Raises NameNotPlain.
        """
        require_plain_names(dict(variables))
        execution = Execution(self._run(model, instance_key, {}, keys, now), model)
        execution.begin(variables)
        return execution

    def resume(
        self,
        model: ProcessModel,
        *,
        instance_key: int,
        state: str,
        scopes: Mapping[int, Variables],
        keys: KeySource,
        now: datetime,
    ) -> "Execution":
        """An instance as `save` left it, with its variables by scope key.

        Raises StateUnreadable when the state is of a version or a diagram that is not this one's.
        """
        execution = Execution(self._run(model, instance_key, scopes, keys, now), model)
        execution.restore(state)
        return execution

    def _run(
        self,
        model: ProcessModel,
        instance_key: int,
        scopes: Mapping[int, Variables],
        keys: KeySource,
        now: datetime,
    ) -> Run:
        events: list[Event] = []
        return Run(
            process_id=model.process_id,
            instance_key=instance_key,
            scopes=Scopes(scopes, events.append),
            keys=keys,
            now=now,
            feel=self._feel,
            timezone=self._timezone,
            events=events,
        )


class Execution:
    """One instance within one transaction; never shared between threads."""

    def __init__(self, run: Run, model: ProcessModel) -> None:
        self._run = run
        self._workflow = KernelWorkflow(model.spec, run)
        self._work: deque[Token] = deque()
        self._handed: dict[int, Due] = {}
        self._over = False

    def begin(self, variables: Variables) -> None:
        """Put the first token; `Engine.start` calls it."""
        self._run.scopes.set(self._run.instance_key, variables)
        self._workflow.put(self._workflow.spec.entry).place()

    def restore(self, state: str) -> None:
        """Put the tokens of a saved state; `Engine.resume` calls it. Raises StateUnreadable."""
        saved = load(state)
        self._over = saved.over
        self._run.end_events.extend(saved.end_events)
        for one in saved.tokens:
            token = self._workflow.put(one.element_id)
            token.phase, token.trouble, token.flow = one.phase, one.trouble, one.flow
            if one.key is not None:
                token.key = one.key
            self._place(token)

    def advance(self) -> Due | None:
        """Run until every branch waits or has ended (None), or work is due.

        The same work is due again until it is answered. Raises FeelUnavailable when no helper was
        free: nothing of this execution should then be kept.
        """
        while True:
            due = self._next_due()
            if due is not None:
                return due
            token = self._workflow.step()
            if token is None:
                break
            self._note_work(token)
        if self.ended and not self._over:
            self._over = True
            self._run.emit(InstanceCompleted(tuple(self._run.end_events)))
        return None

    def complete(self, element_instance_key: int, variables: Variables) -> None:
        """A user task, job or decision is done with these results.

        What fails behind it, as an output mapping, is an incident and not an error of the call.
        Raises NotWaiting, NameNotPlain.
        """
        token = self._active(element_instance_key)
        require_plain_names(dict(variables))
        if token.phase is Phase.PERSON:
            self._run.emit(UserTaskEnded(element_instance_key, cancelled=False))
        elif token.phase is Phase.PARKED:
            self._run.emit(JobOver(element_instance_key))
        self._handed.pop(element_instance_key, None)
        token.phase = Phase.LEAVING
        token.bring(variables)
        self._workflow.run_token(token)

    def decide(self, element_instance_key: int, result: DecisionResult) -> None:
        """A decision was evaluated: records it and completes the task. Raises NotWaiting."""
        due = self._due(self._active(element_instance_key))
        if not isinstance(due, DecisionDue):
            raise NotWaiting(element_instance_key)
        self._run.emit(
            DecisionEvaluated(
                element_instance_key=element_instance_key,
                element_id=due.element_id,
                decision_id=due.decision_id,
                output=result.output,
                matched_rules=tuple(rule.rule_id for rule in result.matched_rules),
            )
        )
        self.complete(element_instance_key, {due.result_variable: result.output})

    def fail(self, element_instance_key: int, reason: Failure) -> None:
        """Due or parked work failed for good: an incident holds its token. Raises NotWaiting."""
        token = self._active(element_instance_key)
        if token.phase is Phase.PERSON:
            raise NotWaiting(element_instance_key)
        self._handed.pop(element_instance_key, None)
        token.phase = Phase.DUE
        self._run.raise_incident(token, reason)

    def park(self, element_instance_key: int) -> None:
        """Due work will be answered later, by the job row that JobNeeded asks for.

        An incident of this element is over with it: the job waits again. Raises NotWaiting.
        """
        token = self._active(element_instance_key)
        if token.phase is not Phase.DUE:
            raise NotWaiting(element_instance_key)
        due = self._due(token)
        if not isinstance(due, HandlerDue):
            raise NotWaiting(element_instance_key)
        self._handed.pop(element_instance_key, None)
        token.phase = Phase.PARKED
        self._run.settle(token)
        self._run.emit(
            JobNeeded(
                element_instance_key=element_instance_key,
                element_id=due.element_id,
                task_type=due.task_type,
                retries=due.retries,
                backoff=due.backoff,
                headers=due.headers,
            )
        )

    def retry(self, element_instance_key: int) -> None:
        """Try again what raised the incident of this element instance; `advance` does the work.

        IncidentResolved follows when the token is past it; when it fails again, IncidentRaised
        replaces the incident that is open. Raises NotWaiting when no incident is.
        """
        token = self._token(element_instance_key)
        if not token.blocked:
            raise NotWaiting(element_instance_key)
        token.trouble = Trouble.RETRIED
        self._place(token)

    def cancel(self) -> None:
        """End every token from outside, and the instance. Raises NotWaiting when it has ended."""
        if self._over:
            raise NotWaiting(self._run.instance_key)
        for token in self._workflow.tokens():
            self._terminate(token)
        self._over = True
        self._run.emit(InstanceTerminated())

    def visible(self, element_instance_key: int) -> dict[str, Json]:
        """The variables an open element instance sees; the instance's key gives the root's.

        Raises NotWaiting.
        """
        if element_instance_key == self._run.instance_key:
            return self._run.scopes.visible((element_instance_key,))
        return self._run.seen(self._token(element_instance_key))

    def take_events(self) -> list[Event]:
        """What happened since the last call, in order."""
        taken = list(self._run.events)
        self._run.events.clear()
        return taken

    def save(self) -> str:
        """The state as opaque, versioned text; variables are not in it."""
        return dump(self._workflow.tokens(), self._run.end_events, over=self._over)

    @property
    def ended(self) -> bool:
        """True when no token is left."""
        return self._workflow.empty

    def _token(self, key: int) -> Token:
        for token in self._workflow.tokens():
            if token.key == key:
                return token
        raise NotWaiting(key)

    def _active(self, key: int) -> Token:
        token = self._token(key)
        if token.phase not in ACTIVE or token.blocked:
            raise NotWaiting(key)
        return token

    def _place(self, token: Token) -> None:
        token.place()
        self._note_work(token)

    def _note_work(self, token: Token) -> None:
        if token.phase is Phase.DUE and not token.blocked:
            self._work.append(token)

    def _next_due(self) -> Due | None:
        while self._work:
            token = self._work[0]
            if token.phase is Phase.DUE and not token.blocked:
                try:
                    return self._due(token)
                except ElementFailed as failed:
                    self._run.raise_incident(token, failed.failure)
            self._work.popleft()
        return None

    def _due(self, token: Token) -> Due:
        key, spec = token.key, token.spec
        if key is None or not isinstance(spec, WorkSpec):
            raise NotWaiting(key or self._run.instance_key)
        if key not in self._handed:
            self._run.count(WORK_STEPS)
            self._handed[key] = spec.due(token, self._run)
        return self._handed[key]

    def _terminate(self, token: Token) -> None:
        key, run = token.key, self._run
        self._workflow.consume(token.task)
        if key is None:
            return
        if token.phase is Phase.PERSON:
            run.emit(UserTaskEnded(key, cancelled=True))
        elif token.phase is Phase.PARKED:
            run.emit(JobOver(key))
        run.settle(token)
        run.scopes.drop(key)
        run.emit(ElementTerminated(key, token.spec.name))
