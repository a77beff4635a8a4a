"""What an element waits for: its own events, those at its border, and those within a scope.

The owner of a subscription is the token that waits: the catching event itself, the activity that a
boundary event is attached to, the scope of an event subprocess, the event based gateway.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from service.domain.events import EventKind, IncidentType, Subscribed, Unsubscribed
from service.domain.values import Variables
from service.engine.process_spec import ElementSpec
from service.engine.run import Run
from service.engine.timers import Due, first_due, next_due
from service.engine.token import Token
from service.engine.triggers import Trigger, TriggerKind
from service.engine.values import correlation_key, event_name

_OPEN = "o"
"""In a scope's memory: the events within it are waited for."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One definition of one event that somebody waits for."""

    spec: ElementSpec
    number: int
    trigger: Trigger


def of_element(token: Token, run: Run) -> list[Subscribed]:
    """What a token would wait for at its element. Raises ElementFailed; tells nothing yet."""
    return _subscribed(token, token, run, list(waiting_at(token)))


def waiting_at(token: Token) -> Iterable[Waiting]:
    """The events that an element waits for: at its border, and its own."""
    spec = token.spec
    if token.item is None:
        yield from _waiting(spec.boundaries)
    if spec.loop is None or token.item is not None:
        yield from _waiting(spec.awaited)


def waiting_within(scope: Token) -> Iterable[Waiting]:
    """The starts of the event subprocesses in a scope that are waited for."""
    level = scope.level
    if level is not None and _OPEN in scope.memory and not scope.interrupted:
        yield from _waiting(level.starts)


def waiting_for(owner: Token, element_id: str, number: int) -> Waiting | None:
    """The event of this id that the token was told to wait for, if it still does."""
    if not owner.subscribed:
        return None
    own = [] if owner.is_root else list(waiting_at(owner))
    for waiting in (*own, *waiting_within(owner)):
        if (waiting.spec.name, waiting.number) == (element_id, number):
            return waiting
    return None


def arm_again(owner: Token, run: Run, waiting: Waiting, fired: Due) -> None:
    """A timer fired: one that interrupts nothing is waited for again, as often as it repeats."""
    trigger = waiting.trigger
    due = next_due(fired, now=run.now, zone=run.timezone, all_missed=trigger.all_missed)
    if due is not None and not waiting.spec.interrupting:
        run.emit(timer(owner_key(owner, run), waiting, due))


def open_level(token: Token, run: Run) -> None:
    """Wait for the events within the scope that this token moves in, once a scope.

    The first token of a scope does it, so that an incident has a place. Raises ElementFailed.
    """
    scope = token.parent
    open_scope(scope.parent if scope.is_inner else scope, token, run)


def open_scope(scope: Token, token: Token, run: Run) -> None:
    """The same for a scope that has no token yet; an incident would be at `token`."""
    level = scope.level
    if level is None or _OPEN in scope.memory or not level.starts:
        return
    subscribed = _subscribed(scope, token, run, list(_waiting(level.starts)))
    scope.memory[_OPEN] = 1
    tell(scope, run, subscribed)


def tell(token: Token, run: Run, subscribed: list[Subscribed]) -> None:
    """Say that the token waits for these from now on."""
    for one in subscribed:
        run.emit(one)
    if subscribed:
        token.memory["s"] = 1


def end(token: Token, run: Run) -> None:
    """Wait for nothing any more."""
    if token.memory.pop("s", None):
        run.emit(Unsubscribed(owner_key(token, run)))
    token.memory.pop("a", None)


def interrupt(scope: Token, run: Run) -> None:
    """An event subprocess has taken the scope over: nothing else within it is waited for."""
    within = list(waiting_within(scope))
    scope.memory["x"] = 1
    ids = tuple(dict.fromkeys(one.spec.name for one in within if _is_told(one)))
    if ids:
        run.emit(Unsubscribed(owner_key(scope, run), ids))


def owner_key(token: Token, run: Run) -> int:
    """Key under which a token's subscriptions are known."""
    return run.instance_key if token.is_root else run.activate(token)


def _waiting(specs: Iterable[ElementSpec]) -> Iterable[Waiting]:
    for spec in specs:
        for number, trigger in spec.subscribing:
            yield Waiting(spec, number, trigger)


def _subscribed(owner: Token, teller: Token, run: Run, waiting: list[Waiting]) -> list[Subscribed]:
    seen = run.seen(owner)
    return [_one(owner, teller, run, one, seen) for one in waiting if _is_told(one)]


def _is_told(waiting: Waiting) -> bool:
    """Conditions are not: the engine itself watches them."""
    return waiting.trigger.kind is not TriggerKind.CONDITIONAL


def timer(key: int, waiting: Waiting, due: Due) -> Subscribed:
    """A timer that is waited for under this key."""
    return Subscribed(
        element_instance_key=key,
        element_id=waiting.spec.name,
        number=waiting.number,
        kind=EventKind.TIMER,
        interrupting=waiting.spec.interrupting,
        due_at=due.at,
        cycle=due.cycle,
        left=due.left,
    )


def _one(owner: Token, teller: Token, run: Run, waiting: Waiting, seen: Variables) -> Subscribed:
    key = owner_key(owner, run)
    if waiting.trigger.kind is not TriggerKind.MESSAGE:
        return _named(key, teller.spec, run, waiting, seen)
    source = waiting.trigger.correlation_key
    correlation = correlation_key(run.evaluate_one(teller, source, seen))
    return replace(_named(key, teller.spec, run, waiting, seen), correlation_key=correlation)


def _named(
    key: int, teller: ElementSpec, run: Run, waiting: Waiting, seen: Variables
) -> Subscribed:
    """A timer, or a message or signal by its name alone. `teller` is where an incident would be."""
    spec, trigger = waiting.spec, waiting.trigger
    kind = IncidentType.EXTRACT_VALUE_ERROR
    if trigger.kind is TriggerKind.TIMER:
        [value] = run.evaluate_for(teller, [trigger.when], seen, kind)
        due = first_due(trigger.timer, value, now=run.now, zone=run.timezone)
        return replace(timer(key, waiting, due), look=run.look)
    [value] = run.evaluate_for(teller, [trigger.name], seen, kind)
    if trigger.kind is TriggerKind.SIGNAL:
        name, what = event_name(value, "信号名称"), EventKind.SIGNAL
    else:
        name, what = event_name(value, "消息名称"), EventKind.MESSAGE
    return Subscribed(key, spec.name, waiting.number, what, spec.interrupting, name)


def of_starts(specs: Iterable[ElementSpec], run: Run) -> list[Subscribed]:
    """What would begin an instance of a process: it knows no variables, and messages no key.

    Raises ElementFailed.
    """
    return [_of_start(one, run) for one in _waiting(specs)]


def _of_start(waiting: Waiting, run: Run) -> Subscribed:
    if waiting.trigger.kind is TriggerKind.CONDITIONAL:
        return Subscribed(0, waiting.spec.name, waiting.number, EventKind.CONDITION, False)
    return _named(0, waiting.spec, run, waiting, {})
