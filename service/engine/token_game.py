"""The token game between two wait states: steps, and what tokens do to one another."""

from service.domain.events import (
    EscalationUncaught,
    Escaped,
    EventCaught,
    Failure,
    IncidentType,
    InstanceTerminated,
    SequenceFlowTaken,
)
from service.domain.values import Variables
from service.engine import (
    catching,
    compensation,
    conditions,
    containers,
    loops,
    subscriptions,
    vain_joins,
)
from service.engine.catching import Catcher
from service.engine.containers import AdHocSpec, TransactionSpec
from service.engine.events import WENT_ON, ThrowEventSpec, delivered, reach
from service.engine.gateways import InclusiveGatewaySpec
from service.engine.run import ElementFailed, Run, Throw
from service.engine.token import Phase, Token
from service.engine.triggers import TriggerKind
from service.engine.workflow import Ended, KernelWorkflow


class TokenGame:
    """Moves the tokens of one instance; lives as long as its Execution."""

    def __init__(self, workflow: KernelWorkflow, run: Run) -> None:
        self.workflow, self.run = workflow, run
        self.over = False

    def step(self) -> Token | None:
        """One step of one token and what follows from it; None when nothing can move."""
        token = self.workflow.step()
        while token is None and self._stir():
            token = self.workflow.step()
        self.settle()
        if token is None and self.workflow.spec.has_joins:
            vain_joins.tell(self.workflow, self.run)
        return token

    def run_token(self, token: Token) -> None:
        """Run one token now, and what follows from it."""
        self.workflow.run_token(token)
        self.settle()

    def settle(self) -> None:
        """Deliver what was thrown, and let scopes go on whose tokens ended."""
        while self.run.throws or self.workflow.ended:
            if self.run.throws:
                self._deliver(self.run.throws.pop(0))
            else:
                self._after(self.workflow.ended.popleft())

    def trigger(self, catcher: Catcher, results: Variables, local: Variables) -> None:
        """An event that is waited for, or was found to catch something, happens.

        `results` are what it brings, `local` what only its mappings see.
        """
        token = catcher.owner
        if token.spec is not catcher.spec:
            token = catching.catch(self.workflow, catcher)
        key = self.run.activate(token)
        if local:
            self.run.scopes.set(key, local)
        token.phase = Phase.LEAVING
        token.bring(results)
        token.place()

    def throw(self, thrown: Throw) -> bool:
        """Bring an error or escalation to who catches it; False when nobody does."""
        catcher = catching.find(thrown.token, thrown.kind, thrown.code)
        if catcher is None:
            return self._escape(thrown)
        if thrown.token.phase is Phase.THROWING and thrown.kind is TriggerKind.ERROR:
            self._finish(thrown.token)
        self._bring(catcher, thrown)
        return True

    def undo(self, undoer: Token) -> None:
        """Begin the next compensation handler, or go on behind the last one."""
        through = compensation.go_on(undoer, self.run)
        if through is None:
            return
        if isinstance(through.spec, TransactionSpec):
            self._leave_transaction(through)
        else:
            delivered(through)

    def resume_pause(self, body: Token) -> None:
        """Go on with a row of items that was paused, or that an incident held."""
        try:
            loops.resume_pause(body, self.run)
        except ElementFailed as failed:
            self._hold(body, failed)
        self.settle()

    def terminate_all(self) -> None:
        """End every token, and the instance."""
        for token in self.workflow.root.children:
            self.workflow.terminate(token)
        self.workflow.ended.clear()
        self.run.throws.clear()
        self.over = True
        self.close()
        self.run.emit(InstanceTerminated())

    def close(self) -> None:
        """Nothing is left in the process: it waits for nothing, and nothing can be undone."""
        root = self.workflow.root
        subscriptions.end(root, self.run)
        compensation.forget(root.records, self.run)
        root.memory = {}

    def _stir(self) -> bool:
        """When nothing can move: a join that need not wait longer, a condition that became true."""
        if self.over:
            return False
        if self.workflow.spec.has_inclusive_joins and self._fire_joins():
            return True
        if not self.workflow.spec.has_conditions:
            return False
        catcher = conditions.newly_met(self.workflow, self.run)
        if catcher is not None:
            self.trigger(catcher, {}, {})
            self.settle()
        return catcher is not None

    def _fire_joins(self) -> bool:
        fired = False
        for scope in self.workflow.scopes_of_joins():
            specs = [self.workflow.spec.task_specs[name] for name in scope.joins]
            joins = [spec for spec in specs if isinstance(spec, InclusiveGatewaySpec)]
            # Whoever fires leaves a token where it was: the places stay the same.
            places = self.workflow.places(scope) if joins else set()
            for join in joins:
                fired = join.fire(scope, places) or fired
        return fired

    def _after(self, ended: Ended) -> None:
        """A token ended: what its scope, or who waits for it, does now."""
        scope = ended.scope
        if ended.undoer is not None:
            undoer = self.workflow.find(ended.undoer)
            if undoer is not None and undoer.phase is Phase.UNDOING:
                self.undo(undoer)
        if not self.workflow.holds(scope) or scope.is_root or scope.phase is not Phase.INSIDE:
            return
        if scope.is_body:
            self._after_pass(scope, ended)
        elif isinstance(scope.spec, AdHocSpec) and not scope.is_inner:
            containers.go_on(scope, scope.spec)
        elif scope.is_empty:
            scope.phase = Phase.LEAVING
            scope.place()

    def _after_pass(self, body: Token, ended: Ended) -> None:
        if not ended.completed:
            body.memory["n"][loops.TERMINATED] += 1
        try:
            loops.go_on(body, self.run)
        except ElementFailed as failed:
            self._hold(body, failed)

    def _hold(self, body: Token, failed: ElementFailed) -> None:
        body.phase = Phase.PAUSED
        self.run.raise_incident(body, failed.failure)

    def _deliver(self, thrown: Throw) -> None:
        if not self.workflow.holds(thrown.token):
            return
        match thrown.kind:
            case TriggerKind.COMPENSATION:
                self._begin_undoing(thrown)
            case TriggerKind.TERMINATE:
                self._terminate_scope(thrown.token)
            case TriggerKind.CANCEL:
                self._cancel_transaction(thrown.token)
            case TriggerKind.ESCALATION:
                self._escalate(thrown)
            case _:
                self._raise_error(thrown)

    def _raise_error(self, thrown: Throw) -> None:
        """An error interrupts its scope; one that nobody catches is an incident here."""
        if not self.throw(thrown):
            thrown.token.phase = Phase.ARRIVED
            self.run.raise_incident(thrown.token, uncaught(thrown.code, thrown.message))

    def _escalate(self, thrown: Throw) -> None:
        token = thrown.token
        if not self.throw(thrown):
            key = self.run.activate(token)
            self.run.emit(EscalationUncaught(key, token.spec.name, thrown.code))
        if self.workflow.holds(token):
            delivered(token)

    def _bring(self, catcher: Catcher, thrown: Throw) -> None:
        owner = subscriptions.owner_key(catcher.owner, self.run)
        self.run.emit(EventCaught(owner, catcher.spec.name, thrown.code))
        if thrown.kind is TriggerKind.ERROR:
            local: Variables = {"errorCode": thrown.code, "errorMessage": thrown.message}
        else:
            local = {"escalationCode": thrown.code}
        self.trigger(catcher, thrown.variables, local)

    def _escape(self, thrown: Throw) -> bool:
        caller, is_error = self.run.caller, thrown.kind is TriggerKind.ERROR
        if caller is None or not caller.catches(thrown.code, is_error=is_error):
            return False
        if is_error and thrown.token.phase is Phase.THROWING:
            self._finish(thrown.token)
        variables = dict(thrown.variables)
        self.run.emit(Escaped(is_error, thrown.code, thrown.message, variables))
        if is_error:
            self.terminate_all()
        return True

    def _terminate_scope(self, token: Token) -> None:
        scope = token.parent
        self._finish(token)
        for other in scope.children:
            self.workflow.terminate(other)

    def _finish(self, token: Token) -> None:
        if isinstance(token.spec, ThrowEventSpec) and token.spec.ends:
            reach(token.spec.name, token.spec.scope, self.run)
        self.workflow.finish(token)

    def _begin_undoing(self, thrown: Throw) -> None:
        token = thrown.token
        compensation.choose(token, thrown.activity)
        token.phase = Phase.UNDOING
        if not thrown.waits and WENT_ON not in token.memory:
            for flow in token.spec.outgoing:
                if flow.id:
                    key = self.run.activate(token)
                    self.run.emit(SequenceFlowTaken(key, token.spec.name, flow.id))
                self.workflow.send(flow, token.parent)
            token.memory[WENT_ON] = 1
        self.undo(token)

    def _cancel_transaction(self, token: Token) -> None:
        """Everything in it ends, what was completed is undone, then it leaves: BPMN 2.0.2, 13.5.

        One pass of a repeated transaction cancels them all: its cancel event ends them all, too.
        """
        transaction = token.parent
        while not isinstance(transaction.spec, TransactionSpec):
            transaction = transaction.parent
        if transaction.item is not None:
            transaction = transaction.parent
        self._finish(token)
        compensation.begin_transaction(transaction)
        for child in transaction.children:
            self.workflow.terminate(child)
        subscriptions.end(transaction, self.run)
        self.undo(transaction)

    def _leave_transaction(self, owner: Token) -> None:
        """By its cancel boundary event: of a repeated transaction, that of all passes."""
        catcher = catching.find(owner, TriggerKind.CANCEL, "")
        if catcher is None or catcher.owner != owner:
            message = "事务已取消，其中的活动都已撤销，但它没有取消边界事件，无法继续。"
            self.run.raise_incident(owner, Failure(IncidentType.UNHANDLED_ERROR_EVENT, message))
            return
        key = subscriptions.owner_key(owner, self.run)
        self.run.emit(EventCaught(key, catcher.spec.name, ""))
        self.trigger(catcher, {}, {})


def uncaught(code: str, message: str = "") -> Failure:
    """What an error that nobody catches is to the operators."""
    said = f"错误「{code or '未写代码'}」没有被流程图中的任何事件捕获。{message}"
    return Failure(IncidentType.UNHANDLED_ERROR_EVENT, said)
