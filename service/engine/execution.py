"""One instance within one transaction: answers come in, work that is due and events go out."""

from collections.abc import Sequence

from service.domain.events import (
    DecisionEvaluated,
    Event,
    Failure,
    InstanceCompleted,
    JobNeeded,
    JobOver,
    UserTaskEnded,
)
from service.domain.values import Json, Variables
from service.engine import compensation, subscriptions
from service.engine.calls import CallActivitySpec
from service.engine.catching import Catcher
from service.engine.containers import AdHocSpec
from service.engine.decisions import DecisionResult
from service.engine.due import DecisionDue, Due, HandlerDue
from service.engine.errors import InstanceFull, NoSuchStart, NotWaiting
from service.engine.model import ProcessModel
from service.engine.run import TOKEN_LIMIT, Run, Throw
from service.engine.state import dump, load
from service.engine.subscriptions import Waiting
from service.engine.timers import Due as TimerDue
from service.engine.token import ACTIVE, Phase, Token, Trouble
from service.engine.token_game import TokenGame, uncaught
from service.engine.triggers import TriggerKind
from service.engine.work_queue import WorkQueue
from service.engine.workflow import KernelWorkflow
from service.feel import require_plain_names


class Execution:
    """One instance within one transaction; never shared between threads."""

    def __init__(self, run: Run, model: ProcessModel) -> None:
        self._run = run
        self._model = model
        self._workflow = KernelWorkflow(model.spec, run)
        self._game = TokenGame(self._workflow, run)
        self._work = WorkQueue(self._workflow, run)

    def begin(self, variables: Variables, start_event: str | None) -> None:
        """Put the first token; `Engine.start` calls it. Raises NoSuchStart."""
        spec = self._model.spec
        if start_event is None:
            if not spec.level.entries:
                raise NoSuchStart("")
            self._run.scopes.set(self._run.instance_key, variables)
            for entry in spec.level.entries:
                self._workflow.put(entry).place()
            return
        started = next((s for s in spec.triggered_starts if s.name == start_event), None)
        if started is None:
            raise NoSuchStart(start_event)
        token = self._workflow.put(started.name)
        self._run.activate(token)
        token.phase = Phase.LEAVING
        token.bring(variables)
        token.place()

    def restore(self, state: str) -> None:
        """Put the tokens of a saved state; `Engine.resume` calls it. Raises StateUnreadable."""
        saved = load(state)
        self._game.over = saved.over
        self._run.end_events.extend(saved.end_events)
        self._workflow.root.memory = dict(saved.memory)
        tokens: list[Token] = []
        for one in saved.tokens:
            scope = None if one.scope is None else tokens[one.scope]
            token = self._workflow.put(one.element_id, scope)
            token.phase, token.trouble, token.flow = one.phase, one.trouble, one.flow
            token.memory = one.memory
            if one.key is not None:
                token.key = one.key
            tokens.append(token)
        for token in tokens:
            self._place(token)

    def advance(self) -> Due | None:
        """Run until every branch waits or has ended (None), or work is due.

        The same work is due again until it is answered. Raises FeelUnavailable when no helper was
        free: nothing of this execution should then be kept.
        """
        while True:
            due = self._work.next()
            if due is not None:
                return due
            token = self._game.step()
            if token is None:
                break
            self._work.note(token)
        if self.ended and not self._game.over:
            self._game.over = True
            self._game.close()
            self._run.emit(InstanceCompleted(tuple(self._run.end_events)))
        return None

    def complete(self, element_instance_key: int, variables: Variables) -> None:
        """A user task, job, decision or called process is done with these results.

        What fails behind it, as an output mapping, is an incident and not an error of the call.
        Raises NotWaiting, NameNotPlain.
        """
        token = self._active(element_instance_key)
        require_plain_names(dict(variables))
        if token.phase is Phase.PERSON:
            self._run.emit(UserTaskEnded(element_instance_key, cancelled=False))
        elif token.phase is Phase.PARKED:
            self._run.emit(JobOver(element_instance_key))
        elif isinstance(token.spec, CallActivitySpec):
            variables = token.spec.results(variables)
        self._work.answered(element_instance_key)
        token.phase = Phase.LEAVING
        token.bring(variables)
        self._game.run_token(token)

    def decide(self, element_instance_key: int, result: DecisionResult) -> None:
        """A decision was evaluated: records it and completes the task. Raises NotWaiting."""
        due = self._work.due(self._active(element_instance_key))
        if not isinstance(due, DecisionDue):
            raise NotWaiting(element_instance_key)
        self._run.emit(
            DecisionEvaluated(
                element_instance_key=element_instance_key,
                element_id=due.element_id,
                decision_id=due.decision_id,
                output=result.output,
                matched_rules=result.rule_ids,
                required=result.required,
            )
        )
        self.complete(element_instance_key, {due.result_variable: result.output})

    def fail(self, element_instance_key: int, reason: Failure) -> None:
        """Due or parked work, or a call, failed for good: an incident holds its token.

        Raises NotWaiting.
        """
        token = self._active(element_instance_key)
        if token.phase is Phase.PERSON:
            raise NotWaiting(element_instance_key)
        self._hold(token, reason)

    def throw_error(
        self, element_instance_key: int, code: str, message: str, variables: Variables
    ) -> bool:
        """Due or parked work, or a called process, ended in a BPMN error; True when it is caught.

        Where nothing catches it, an incident holds the token. Raises NotWaiting, NameNotPlain.
        """
        token = self._active(element_instance_key)
        if token.phase is Phase.PERSON:
            raise NotWaiting(element_instance_key)
        require_plain_names(dict(variables))
        thrown = Throw(TriggerKind.ERROR, token, code, message, variables)
        if not self._game.throw(thrown):
            self._hold(token, uncaught(code, message))
            return False
        self._work.answered(element_instance_key)
        self._game.settle()
        return True

    def escalate(self, element_instance_key: int, code: str, variables: Variables) -> bool:
        """A called process escalated; False when nothing catches it, and it went by.

        Raises NotWaiting, NameNotPlain.
        """
        token = self._active(element_instance_key)
        require_plain_names(dict(variables))
        caught = self._game.throw(Throw(TriggerKind.ESCALATION, token, code, variables=variables))
        self._game.settle()
        return caught

    def trigger(
        self,
        element_instance_key: int,
        element_id: str,
        variables: Variables,
        *,
        number: int = 0,
        fired: TimerDue | None = None,
    ) -> None:
        """An event that was subscribed to happened: a message, a signal, a timer.

        The three first arguments are those of its `Subscribed`. `fired` is how a timer was due; one
        that repeats is subscribed to again. Raises NotWaiting when it is no longer waited for,
        InstanceFull when it cannot begin one more branch, and NameNotPlain.
        """
        require_plain_names(dict(variables))
        owner, waiting = self._waiting(element_instance_key, element_id, number)
        if not waiting.spec.interrupting and len(self._workflow.tasks) > TOKEN_LIMIT:
            raise InstanceFull(element_id, TOKEN_LIMIT)
        if fired is not None:
            subscriptions.arm_again(owner, self._run, waiting, fired)
        self._game.trigger(Catcher(waiting.spec, owner), variables, {})
        self._game.settle()

    def park(self, element_instance_key: int) -> None:
        """Due work will be answered later, by the job row that JobNeeded asks for.

        An incident of this element is over with it: the job waits again. Raises NotWaiting.
        """
        token = self._active(element_instance_key)
        if token.phase is not Phase.DUE:
            raise NotWaiting(element_instance_key)
        due = self._work.due(token)
        if not isinstance(due, HandlerDue):
            raise NotWaiting(element_instance_key)
        self._work.answered(element_instance_key)
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
        if token.phase is Phase.PAUSED:
            self._game.resume_pause(token)
        elif token.phase is Phase.UNDOING:
            self._game.undo(token)
        else:
            self._place(token)

    def go_on(self, element_instance_key: int) -> None:
        """Go on with a row of items that PauseNeeded interrupted. Raises NotWaiting."""
        token = self._token(element_instance_key)
        if token.phase is not Phase.PAUSED or token.blocked:
            raise NotWaiting(element_instance_key)
        self._game.resume_pause(token)

    def activate_ad_hoc(
        self, element_instance_key: int, element_ids: Sequence[str], variables: Variables
    ) -> None:
        """Begin activities of an ad-hoc subprocess, each with these variables of its own.

        Raises NotWaiting, NameNotPlain, InstanceFull, ElementFailed for what cannot begin there.
        """
        token = self._token(element_instance_key)
        require_plain_names(dict(variables))
        if not isinstance(token.spec, AdHocSpec) or token.level is None:
            raise NotWaiting(element_instance_key)
        token.spec.begin_more(token, self._run, list(element_ids), variables)

    def set_variables(self, scope_key: int, values: Variables, *, local: bool) -> None:
        """Write variables from outside: into this very scope, or where each name is seen.

        `scope_key` is the key of the instance or of an open element instance. Raises NotWaiting,
        NameNotPlain.
        """
        require_plain_names(dict(values))
        if scope_key == self._run.instance_key:
            self._run.scopes.set(scope_key, values)
            return
        chain = self._run.chain(self._token(scope_key))
        if local:
            self._run.scopes.set(scope_key, values)
        else:
            self._run.scopes.merge(chain, values)

    def terminate(self, element_instance_key: int) -> None:
        """End one open element instance from outside; its scope goes on without it.

        Raises NotWaiting.
        """
        self._workflow.terminate(self._token(element_instance_key))
        self._game.settle()

    def cancel(self) -> None:
        """End every token from outside, and the instance. Raises NotWaiting when it has ended."""
        if self._game.over:
            raise NotWaiting(self._run.instance_key)
        self._game.terminate_all()

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
        workflow = self._workflow
        return dump(workflow.root, workflow.tokens(), self._run.end_events, over=self._game.over)

    @property
    def ended(self) -> bool:
        """True when no token is left."""
        return self._workflow.empty

    def _token(self, key: int) -> Token:
        token = self._workflow.find(key)
        if token is None or compensation.is_restored(token):
            raise NotWaiting(key)
        return token

    def _active(self, key: int) -> Token:
        token = self._token(key)
        if token.phase not in ACTIVE or token.blocked:
            raise NotWaiting(key)
        return token

    def _hold(self, token: Token, reason: Failure) -> None:
        """A retry hands the work out again, or calls again."""
        self._work.answered(token.key or 0)
        called = token.phase is Phase.CALLING
        token.phase = Phase.ARRIVED if called else Phase.DUE
        self._run.raise_incident(token, reason)

    def _waiting(self, key: int, element_id: str, number: int) -> tuple[Token, Waiting]:
        is_root = key == self._run.instance_key
        owner = self._workflow.root if is_root else self._token(key)
        waiting = subscriptions.waiting_for(owner, element_id, number)
        if waiting is None:
            raise NotWaiting(key)
        return owner, waiting

    def _place(self, token: Token) -> None:
        token.place()
        self._work.note(token)
