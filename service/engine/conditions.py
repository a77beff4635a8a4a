"""Conditional events: BPMN 2.0.2, 10.5.5. They fire when their condition becomes true.

Asked when nothing else can move: once for each that newly waits, and again when a variable that it
names was written. A variable that does not exist yet leaves the condition false.
"""

import re
from collections.abc import Iterator

from service.domain.events import ConditionUnclear, Failure, IncidentType
from service.domain.values import Variables
from service.engine.catching import Catcher
from service.engine.process_spec import ElementSpec
from service.engine.run import ElementFailed, Run
from service.engine.subscriptions import Waiting, owner_key, waiting_at, waiting_within
from service.engine.token import Phase, Token
from service.engine.triggers import Trigger, TriggerKind
from service.engine.workflow import KernelWorkflow
from service.feel import FeelBudgetSpent, FeelNameMissing

_WORD = re.compile(r"[^\W\d]\w*")

_AWAY = frozenset({Phase.JOINING, Phase.LEAVING, Phase.THROWING, Phase.UNDOING})
"""Phases in which nothing at the border of an element is waited for."""

_KNOWN = "a"
"""In the memory of a token: what is known of its conditions."""

_HOLDS, _UNASKED = 1, 2
"""It was true; it is to be asked the next time, whatever was written."""


def newly_met(workflow: KernelWorkflow, run: Run) -> Catcher | None:
    """The next event whose condition has become true; None when there is none."""
    for token in [workflow.root, *workflow.tokens()]:
        for waiting in _watched(token):
            if _becomes_true(token, waiting, run):
                return Catcher(waiting.spec, token)
    return None


def _watched(token: Token) -> Iterator[Waiting]:
    found = list(waiting_within(token))
    if not token.is_root and token.phase not in _AWAY and _begun(token):
        found += waiting_at(token)
    return (one for one in found if one.trigger.kind is TriggerKind.CONDITIONAL)


def _begun(token: Token) -> bool:
    """A call whose instance failed is before its element again, and still waits at its border."""
    return token.phase is not Phase.ARRIVED or _KNOWN in token.memory


def _becomes_true(owner: Token, waiting: Waiting, run: Run) -> bool:
    known = owner.memory.setdefault(_KNOWN, {})
    name = f"{waiting.spec.name} {waiting.number}"
    before, asked = known.get(name, _UNASKED), owner.asked
    written = run.scopes.written
    newly = any(written.get(one, 0) > asked.get(name, 0) for one in _names(waiting.trigger))
    in_vain = name in known and name in asked
    if not newly and (in_vain or not before & _UNASKED):
        return False
    asked[name] = run.scopes.writes
    now = _holds(owner, waiting, run)
    known[name] = before | _UNASKED if now is None else int(now)
    return bool(now) and not before & _HOLDS


def _names(trigger: Trigger) -> frozenset[str]:
    return trigger.watched or frozenset(_WORD.findall(trigger.condition.text))


def holds(spec: ElementSpec, trigger: Trigger, variables: Variables, run: Run) -> bool:
    """Whether a condition is true of these variables; false where one it names is missing.

    Raises ElementFailed for a condition that has no answer.
    """
    kind = IncidentType.CONDITION_ERROR
    try:
        [answer] = run.evaluate_for(spec, [trigger.condition], variables, kind)
    except ElementFailed as failed:
        if isinstance(failed.__cause__, FeelNameMissing):
            return False
        raise
    if not isinstance(answer, bool):
        raise ElementFailed(Failure(kind, _UNCLEAR))
    return answer


def _holds(owner: Token, waiting: Waiting, run: Run) -> bool | None:
    """None where this run has no time left for it: the next one asks again."""
    try:
        return holds(waiting.spec, waiting.trigger, run.seen(owner), run)
    except ElementFailed as failed:
        message = failed.failure.message
        run.emit(ConditionUnclear(owner_key(owner, run), waiting.spec.name, message))
        return None if isinstance(failed.__cause__, FeelBudgetSpent) else False


_UNCLEAR = "条件没有得出“是”或“否”。请检查它用到的变量。"
