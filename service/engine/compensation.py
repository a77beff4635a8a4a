"""Undoing what was completed: BPMN 2.0.2, 10.7 and 13.5.5.

A scope remembers, oldest first, which of its activities were completed and can be undone: those
with a compensation handler, and subprocesses in which something can be. Their variables are kept as
they were. Whoever undoes works through what was chosen from the newest to the oldest, one after the
other; a completed subprocess comes back as a scope for as long as that lasts.
"""

from collections.abc import Iterator

from service.domain.events import ElementActivated, ElementCompleted, Failure, IncidentType
from service.engine.process_spec import ElementSpec
from service.engine.run import ElementFailed, Run
from service.engine.token import Phase, Record, Token

RECORD_LIMIT = 1_000
"""What one scope remembers to undo, with all that lies in its completed subprocesses."""

_TODO = "u"
_UNDOER = "f"
_HIDDEN = "h"
_HANDED_UP = "z"
_UNDONE = "b"


def record(token: Token, run: Run) -> bool:
    """Note in its scope that an activity was completed; True when its variables must be kept."""
    inside, spec = token.records, token.spec
    if token.undoer is not None or _has_handler(token):
        forget(inside, run)
        if token.undoer is None:
            _note(token.parent, [spec.name, token.key, []])
        return False
    if inside:
        _note(token.parent, [spec.name, token.key, inside])
    return bool(inside)


def require_room(token: Token) -> None:
    """Raises ElementFailed where the scope of an activity would remember too much of it."""
    more = 0
    if token.undoer is None:
        more = 1 if _has_handler(token) else _size(token.records)
    if more and more + _size(token.parent.records) > RECORD_LIMIT:
        raise ElementFailed(
            Failure(
                IncidentType.UNKNOWN,
                f"这里可撤销的已完成活动将超过 {RECORD_LIMIT} 项，已在这一步停下，此前的记录都在。"
                "请改为给循环或多实例整体设一个补偿处理，或分成多个实例办理；本实例可终止后重办。",
            )
        )


def _has_handler(token: Token) -> bool:
    """A pass or an activation has none of its own: its whole activity has."""
    return token.spec.undo is not None and token.item is None and not token.is_inner


def _size(records: list[Record]) -> int:
    return sum(1 + _size(inside) for _, _, inside in records)


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
    """A transaction is cancelled: everything in it is to be undone.

    What was completed in a subprocess that is open still belongs to it: its variables stay, too.
    So does what a throw event has chosen; a handler that is not done yet will begin again.
    """
    _hand_up(transaction)
    transaction.phase = Phase.UNDOING
    transaction.memory[_TODO] = transaction.memory.pop("r", [])


def is_handed_up(token: Token) -> bool:
    """True for a scope whose variables are kept when a cancelled transaction ends it."""
    return _HANDED_UP in token.memory


def _hand_up(scope: Token) -> None:
    for child in scope.children:
        _hand_up(child)
        todo = child.memory.pop(_TODO, [])
        if is_restored(child):
            child.memory["r"] = todo
        else:
            for one in (*todo, *filter(None, [child.memory.get(_UNDONE)])):
                _note(scope, one)
        if child.records:
            _note(scope, [child.spec.name, child.key, child.memory.pop("r")])
            child.memory[_HANDED_UP] = 1


def go_on(undoer: Token, run: Run) -> Token | None:
    """Begin the next handler; the one who is through when nothing is left, else None."""
    while True:
        todo: list[Record] = undoer.memory.get(_TODO, [])
        if todo:
            begun = _undo(undoer, todo.pop(), run)
            if begun is None:
                return None
            undoer = begun
        elif is_restored(undoer):
            waiting = _close(undoer, run)
            if waiting is None:
                return None
            undoer = waiting
        else:
            undoer.memory.pop(_TODO, None)
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
    handler.memory.update({_UNDOER: _key(undoer), _UNDONE: one})
    handler.place()
    return None


def _pass_boundary(boundary: ElementSpec, scope: Token, run: Run) -> None:
    element, key = boundary.element, run.keys.next()
    scope_key = run.chain(scope)[0]
    run.emit(ElementActivated(key, element.id, element.name, element.type, scope_key))
    run.emit(ElementCompleted(key, element.id))


def _close(restored: Token, run: Run) -> Token | None:
    """Everything in a restored subprocess is undone: who waited for it, if still there, goes on."""
    undoer: Token | None = restored.task.workflow.find(restored.undoer)
    run.scopes.drop(_key(restored))
    del restored.memory[_UNDOER]
    restored.task.workflow.end(restored, completed=True)
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
