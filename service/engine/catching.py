"""Who catches what was thrown, and what happens to others when somebody does."""

from collections.abc import Iterable
from dataclasses import dataclass

from service.domain.events import ElementType, SequenceFlowTaken
from service.engine import compensation, subscriptions
from service.engine.process_spec import ElementSpec, KernelProcessSpec
from service.engine.token import Phase, Token
from service.engine.triggers import TriggerKind
from service.engine.workflow import KernelWorkflow


@dataclass(frozen=True, slots=True)
class Catcher:
    """A catching event, and the token it concerns.

    That is the activity at whose border it is, the scope of its event subprocess, or the event
    based gateway before it.
    """

    spec: ElementSpec
    owner: Token


def find(token: Token, kind: TriggerKind, code: str) -> Catcher | None:
    """Who catches an error, escalation or cancellation, from the inside to the outside.

    At each scope the event subprocesses in it come before the events at its border, and one that
    names the code before one that catches any. Source: BPMN 2.0.2, 10.5.6, 13.5.3 and 13.5.4.
    """
    while True:
        if _has_border(token):
            spec = _match(token.spec.boundaries, kind, code)
            if spec is not None:
                return Catcher(spec, token)
        if token.is_root:
            return None
        token = token.parent
        level = token.level
        if level is not None and not token.interrupted:
            spec = _match(level.starts, kind, code)
            if spec is not None:
                return Catcher(spec, token)


def would_catch(process: KernelProcessSpec, element_id: str, kind: TriggerKind, code: str) -> bool:
    """Whether this process would catch what is thrown at an activity that runs in it.

    The same walk as `find`, without tokens: a scope that an interrupting event subprocess has taken
    over catches nothing more, and what runs in such a subprocess is how that is seen.
    """
    spec: ElementSpec | None = process.task_specs.get(element_id)
    while spec is not None:
        if _match(spec.boundaries, kind, code) is not None:
            return True
        scope = None if spec.scope is None else process.task_specs[spec.scope]
        level = process.level if scope is None else scope.level
        open_starts = [] if level is None or _took_over(process, spec) else level.starts
        if _match(open_starts, kind, code) is not None:
            return True
        spec = scope
    return False


def _took_over(process: KernelProcessSpec, spec: ElementSpec) -> bool:
    """True for an event subprocess that interrupts the scope in which it lies."""
    if not spec.is_event_subprocess:
        return False
    inside = (one for one in process.task_specs.values() if isinstance(one, ElementSpec))
    return any(
        one.interrupting
        for one in inside
        if one.scope == spec.name and one.element.type is ElementType.START_EVENT
    )


def catch(workflow: KernelWorkflow, catcher: Catcher) -> Token:
    """Put a token at the catching event; what it interrupts is ended before."""
    spec, owner = catcher.spec, catcher.owner
    if spec.host is not None:
        scope = owner.parent
        if spec.interrupting:
            workflow.terminate(owner)
        return workflow.put(spec.name, scope)
    if owner.phase is Phase.CATCHING:
        return _behind_gateway(workflow, spec, owner)
    return _in_event_subprocess(workflow, spec, owner)


def _behind_gateway(workflow: KernelWorkflow, spec: ElementSpec, gateway: Token) -> Token:
    flow = next(flow for flow in gateway.spec.outgoing if flow.target == spec.name)
    scope = gateway.parent
    key = workflow.run.activate(gateway)
    workflow.finish(gateway)
    workflow.run.emit(SequenceFlowTaken(key, gateway.spec.name, flow.id))
    token = workflow.put(spec.name, scope)
    token.flow = flow.id
    return token


def _in_event_subprocess(workflow: KernelWorkflow, spec: ElementSpec, scope: Token) -> Token:
    if spec.interrupting:
        subscriptions.interrupt(scope, workflow.run)
        for child in scope.children:
            workflow.terminate(child)
    subprocess = workflow.put(spec.scope or "", scope)
    workflow.run.activate(subprocess)
    subprocess.phase = Phase.INSIDE
    subprocess.place()
    return workflow.put(spec.name, subprocess)


def _has_border(token: Token) -> bool:
    """Passes, inner instances and what is being undone have none of their own."""
    if token.is_root or token.item is not None or token.is_inner:
        return False
    return not compensation.is_restored(token)


def _match(specs: Iterable[ElementSpec], kind: TriggerKind, code: str) -> ElementSpec | None:
    any_code = None
    for spec in specs:
        for trigger in spec.triggers:
            if trigger.kind is kind and trigger.name.text.strip() == code and trigger.name:
                return spec
            if trigger.kind is kind and not trigger.name:
                any_code = any_code or spec
    return any_code
