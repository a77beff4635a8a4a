"""Undoing what was completed: BPMN 2.0, 10.6 and 13.5.5.

A scope remembers, oldest first, which of its activities were completed and can be undone: those
with a compensation handler, and subprocesses in which something can be. Their variables are kept as
they were. Whoever undoes works through what was chosen from the newest to the oldest, one after the
other; a completed subprocess comes back as a scope for as long as that lasts.
"""

from collections.abc import Iterator

from service.domain.events import ElementActivated, ElementCompleted
from service.engine.process_spec import ElementSpec
from service.engine.run import Run
from service.engine.token import Phase, Record, Token

_TODO = "u"
_UNDOER = "f"
_HIDDEN = "h"


def record(token: Token, run: Run) -> bool:
    """Note in its scope that an activity was completed; True when its variables must be kept."""
    inside, spec = token.records, token.spec
    if spec.undo is not None and token.item is None:
        forget(inside, run)
        _note(token.parent, [spec.name, token.key, []])
        return False
    if inside:
        _note(token.parent, [spec.name, token.key, inside])
    return bool(inside)


def forget(records: list[Record], run: Run) -> None:
    """Let go of the variables that were kept for these."""
    for _, key, inside in records:
        forget(inside, run)
        run.scopes.drop(key)


def choose(thrower: Token, activity: str) -> None:
    """Take over from its scope what a throw event, or a whole transaction, has to undo."""
    chosen: list[Record] = []
    for scope in reversed(list(_scopes(thrower))):
        kept: list[Record] = []
        for one in scope.records:
            (chosen if activity in ("", one[0]) else kept).append(one)
        _put(scope, "r", kept)
    thrower.memory[_TODO] = chosen


def begin_transaction(transaction: Token) -> None:
    """A transaction is cancelled: everything in it is to be undone."""
    transaction.phase = Phase.UNDOING
    transaction.memory[_TODO] = transaction.memory.pop("r", [])


def go_on(undoer: Token, run: Run) -> Token | None:
    """Begin the next handler; the one who is through when nothing is left, else None."""
    while True:
        todo: list[Record] = undoer.memory[_TODO]
        if todo:
            begun = _undo(undoer, todo.pop(), run)
            if begun is None:
                return None
            undoer = begun
        elif is_restored(undoer):
            undoer = _close(undoer, run)
        else:
            undoer.memory.pop(_TODO)
            return undoer


def is_restored(token: Token) -> bool:
    """True for a completed subprocess that is back to be undone: its element is over already."""
    return _HIDDEN in token.memory


def _undo(undoer: Token, one: Record, run: Run) -> Token | None:
    """Start a handler and return None, or restore a subprocess and return it; else who undoes."""
    element_id, key, inside = one
    workflow = undoer.task.workflow
    spec: ElementSpec = workflow.spec.task_specs[element_id]
    scope = _home(undoer, spec)
    if inside:
        restored: Token = workflow.put(element_id, scope)
        restored.key, restored.phase = key, Phase.UNDOING
        restored.memory = {_TODO: inside, _UNDOER: _key(undoer), _HIDDEN: 1}
        restored.place()
        return restored
    boundary = spec.undo
    if boundary is None or boundary.handler is None:
        return undoer
    _pass_boundary(boundary, scope, run)
    handler: Token = workflow.put(boundary.handler.name, scope)
    handler.memory[_UNDOER] = _key(undoer)
    handler.place()
    return None


def _pass_boundary(boundary: ElementSpec, scope: Token, run: Run) -> None:
    element, key = boundary.element, run.keys.next()
    scope_key = run.chain(scope)[0]
    run.emit(ElementActivated(key, element.id, element.name, element.type, scope_key))
    run.emit(ElementCompleted(key, element.id))


def _close(restored: Token, run: Run) -> Token:
    """Everything in a restored subprocess is undone: who waited for it goes on."""
    undoer: Token = restored.task.workflow.find(restored.undoer)
    run.scopes.drop(_key(restored))
    restored.task.workflow.remove(restored)
    return undoer


def _home(undoer: Token, spec: ElementSpec) -> Token:
    """The scope in which a record lies: that of the undoer itself where it is a scope."""
    if undoer.spec.level is not None or is_restored(undoer):
        return undoer
    scope = undoer.parent
    while not scope.is_root and scope.spec.name != spec.scope:
        scope = scope.parent
    return scope


def _scopes(thrower: Token) -> Iterator[Token]:
    """Where a throw event looks: its scope, and from an event subprocess the one around it too."""
    scope = thrower.parent
    yield scope
    while not scope.is_root and scope.spec.is_event_subprocess:
        scope = scope.parent
        yield scope


def _note(scope: Token, one: Record) -> None:
    scope.memory.setdefault("r", []).append(one)


def _put(scope: Token, letter: str, records: list[Record]) -> None:
    if records:
        scope.memory[letter] = records
    else:
        scope.memory.pop(letter, None)


def _key(token: Token) -> int:
    key = token.key
    return 0 if key is None else key
