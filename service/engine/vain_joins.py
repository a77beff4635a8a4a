"""Joins at which tokens wait in vain: the operators are told, since nothing would ever happen.

In a scope whose tokens all wait at joins none can move by itself any more: a parallel join misses a
flow that nothing can bring, inclusive joins wait for each other (BPMN 2.0.2, 13.4.1 and 13.4.3).
Nothing from outside helps either; only who ends the scope does. While anything else is in the scope
nobody is told: perhaps it arrives, or ends what waits.
"""

from collections.abc import Iterable

from service.domain.events import Failure, IncidentType
from service.engine.process_spec import ElementSpec
from service.engine.run import Run
from service.engine.token import Phase, Token
from service.engine.workflow import KernelWorkflow

_MOST_NAMES = 5


def tell(workflow: KernelWorkflow, run: Run) -> None:
    """Raise an incident at each of these joins, once: a retry that finds nothing new repeats it."""
    for scope in workflow.scopes_of_joins():
        if all(_is_still(child) for child in scope.children):
            _tell_scope(scope, run)


def _is_still(token: Token) -> bool:
    """Whether it sends no token on in its scope; handlers and event subprocesses never do."""
    aside = token.is_aside or token.spec.is_event_subprocess or token.undoer is not None
    return token.phase is Phase.JOINING or aside


def _tell_scope(scope: Token, run: Run) -> None:
    heads = [[Token(queue[0]) for queue in queues.values()] for queues in scope.joins.values()]
    joins = [tokens[0].spec for tokens in heads]
    for tokens in heads:
        if not any(token.blocked for token in tokens):
            run.raise_incident(tokens[0], _failure(tokens, joins))


def _failure(tokens: list[Token], joins: list[ElementSpec]) -> Failure:
    spec, arrived = tokens[0].spec, {token.flow for token in tokens}
    missing = [flow for flow in spec.incoming if flow not in arrived]
    sources = {flow.id: one for one in _around(spec) for flow in one.outgoing}
    ways = _listed(f"{_named(sources[flow])}（{flow}）" for flow in missing)
    if not missing:
        ways = "别处"
    return Failure(
        IncidentType.UNKNOWN,
        f"{_named(spec)}在等从{ways}来的分支，"
        f"但这一层余下的分支都停在{_listed(map(_named, joins))}等待汇合，不会再有分支到来。"
        "请让流程设计人员检查分支和汇合是否配对；本事项可终止后按改好的流程重办。",
    )


def _around(spec: ElementSpec) -> list[ElementSpec]:
    specs = spec._wf_spec.task_specs.values()
    return [one for one in specs if isinstance(one, ElementSpec) and one.scope == spec.scope]


def _named(spec: ElementSpec) -> str:
    return f"「{(spec.element.name or spec.name)[:60]}」"


def _listed(names: Iterable[str]) -> str:
    found = list(dict.fromkeys(names))
    more = f"等 {len(found)} 处" if len(found) > _MOST_NAMES else ""
    return "、".join(found[:_MOST_NAMES]) + more
