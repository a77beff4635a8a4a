"""A reference interpreter of scopes: activities with events at their border and within, items,
joins, event based gateways, errors, terminate end events.

Source: BPMN 2.0.2, 13.3 to 13.5. It plays a tree of blocks by continuations and shares nothing with
the engine: no queue, no keys, no state; a scope counts its tokens and is dead or alive.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from functools import partial

Then = Callable[[], None]


@dataclass(frozen=True)
class Script:
    """An activity that is done at once."""

    name: str


@dataclass(frozen=True)
class ErrorEnd:
    """An end event that throws an error; nothing follows it."""

    name: str


@dataclass(frozen=True)
class TerminateEnd:
    """An end event that ends all else in its scope."""

    name: str


@dataclass(frozen=True)
class Race:
    """An event based gateway: the message that comes first chooses the branch."""

    name: str
    branches: tuple["Block", ...]


@dataclass(frozen=True)
class Row:
    """Blocks one behind the other."""

    blocks: tuple["Block", ...]


@dataclass(frozen=True)
class Split:
    """Branches between two gateways; of an inclusive one only those that are chosen."""

    name: str
    branches: tuple["Block", ...]
    chosen: tuple[bool, ...]
    inclusive: bool


class Border(Enum):
    """A message event at the border of an activity."""

    NONE = "none"
    INTERRUPTING = "interrupting"
    BESIDE = "beside"


@dataclass(frozen=True)
class Activity:
    """A user task, or with a body a subprocess; perhaps repeated, perhaps with events."""

    name: str
    body: "Block | None" = None
    times: int | None = None
    sequential: bool = False
    border: Border = Border.NONE
    catches: bool = False
    within: Border = Border.NONE
    """An event subprocess in the body, which interrupts it or runs beside it."""


Block = Script | ErrorEnd | TerminateEnd | Race | Row | Split | Activity


def goes_on(block: Block) -> bool:
    """Whether a token can leave the block by its end."""
    match block:
        case ErrorEnd() | TerminateEnd():
            return False
        case Row(blocks):
            return goes_on(blocks[-1])
        case Split() | Race():
            return any(goes_on(branch) for branch in block.branches)
        case _:
            return True


@dataclass(eq=False)
class Scope:
    """What lies in a process, a subprocess or a repeated activity while it is open."""

    parent: "Scope | None"
    emptied: Then
    tokens: int = 1
    dead: bool = False
    catch: Then | None = None
    level: "Scope | None" = None
    """Of what an event subprocess may interrupt: the scope in which both lie."""

    @property
    def alive(self) -> bool:
        """True while neither it nor anything around it was ended."""
        return not self.dead and (self.parent is None or self.parent.alive)

    def use_up(self) -> None:
        """A token ends here."""
        self.tokens -= 1
        if not self.tokens and self.alive:
            self.dead = True
            self.emptied()


@dataclass(eq=False)
class Waiting:
    """A task or an event that somebody outside can bring about."""

    name: str
    scope: Scope
    then: Then


@dataclass(eq=False)
class Play:
    """One run of a block; `tasks` and `events` in the order in which they arose."""

    block: Block
    over: bool = False
    tasks: list[Waiting] = field(default_factory=list)
    events: list[Waiting] = field(default_factory=list)

    def __post_init__(self) -> None:
        root = Scope(None, self._finish)
        self._begin(self.block, root, root.use_up)

    def waiting(self) -> list[str]:
        """Names of the tasks that wait."""
        return sorted(one.name for one in self.tasks if one.scope.alive)

    def awaited(self) -> list[str]:
        """Names of the events that are waited for."""
        return sorted(one.name for one in self.events if one.scope.alive)

    def complete(self, name: str) -> None:
        """Do the oldest task of this name."""
        task = next(one for one in self.tasks if one.name == name and one.scope.alive)
        self.tasks.remove(task)
        task.then()

    def trigger(self, name: str) -> None:
        """The event of this name happens at the oldest activity that waits for it."""
        next(one for one in self.events if one.name == name and one.scope.alive).then()

    def _finish(self) -> None:
        self.over = True

    def _begin(self, block: Block, scope: Scope, then: Then) -> None:
        if not scope.alive:
            return
        match block:
            case Script():
                then()
            case ErrorEnd():
                self._throw(scope)
            case TerminateEnd():
                level = scope.level or scope
                level.dead = True
                level.emptied()
            case Race():
                self._race(block, scope, then)
            case Row(blocks):
                self._row(blocks, scope, then)
            case Split():
                self._split(block, scope, then)
            case Activity():
                self._activity(block, scope, then)

    def _throw(self, scope: Scope | None) -> None:
        while scope is not None and scope.catch is None:
            scope = scope.parent
        assert scope is not None, "every error has its event"
        assert scope.catch is not None
        scope.catch()

    def _row(self, blocks: tuple[Block, ...], scope: Scope, then: Then) -> None:
        first, *rest = blocks
        following = (lambda: self._row(tuple(rest), scope, then)) if rest else then
        self._begin(first, scope, following)

    def _split(self, split: Split, scope: Scope, then: Then) -> None:
        pairs = zip(split.branches, split.chosen, strict=True)
        taken = [branch for branch, chosen in pairs if chosen or not split.inclusive]
        missing = [branch for branch in taken if goes_on(branch)]
        scope.tokens += len(taken) - 1

        def arrive() -> None:
            missing.pop()
            if missing:
                scope.use_up()
            else:
                then()

        for branch in taken:
            self._begin(branch, scope, arrive)

    def _race(self, race: Race, scope: Scope, then: Then) -> None:
        open_to_all = Scope(scope, lambda: None)

        def take(branch: Block) -> None:
            open_to_all.dead = True
            self._begin(branch, scope, then)

        for place, branch in enumerate(race.branches):
            name = f"{race.name}_{place}"
            self.events.append(Waiting(name, open_to_all, partial(take, branch)))

    def _activity(self, activity: Activity, scope: Scope, then: Then) -> None:
        inside = Scope(scope, then)
        task = Activity(f"{activity.name}_h")

        def interrupt(handler: Activity) -> None:
            inside.dead = True
            self._begin(handler, scope, then)

        def run_beside() -> None:
            scope.tokens += 1
            self._begin(task, scope, scope.use_up)

        if activity.catches:
            inside.catch = lambda: interrupt(Activity(f"{activity.name}_eh"))
        if activity.border is not Border.NONE:
            beside = activity.border is Border.BESIDE
            reaction = run_beside if beside else lambda: interrupt(task)
            self.events.append(Waiting(f"{activity.name}_m", inside, reaction))
        self._passes(activity, inside)

    def _passes(self, activity: Activity, inside: Scope) -> None:
        if activity.times is None:
            self._work(activity, inside)
            return
        inside.tokens = activity.times
        if not activity.times:
            inside.tokens = 1
            inside.use_up()
        elif activity.sequential:
            self._next(activity, inside)
        else:
            for _ in range(activity.times):
                self._work(activity, Scope(inside, inside.use_up))

    def _next(self, activity: Activity, inside: Scope) -> None:
        def after() -> None:
            if inside.tokens > 1:
                inside.tokens -= 1
                self._next(activity, inside)
            else:
                inside.use_up()

        self._work(activity, Scope(inside, after))

    def _work(self, activity: Activity, scope: Scope) -> None:
        if activity.body is None:
            self.tasks.append(Waiting(activity.name, scope, scope.use_up))
            return
        body = Scope(scope, scope.use_up, level=scope)
        if activity.within is not Border.NONE:
            self._wait_within(activity, scope, body)
        self._begin(activity.body, body, body.use_up)

    def _wait_within(self, activity: Activity, scope: Scope, body: Scope) -> None:
        task, once = Activity(f"{activity.name}_vt"), Scope(scope, lambda: None)

        def interrupt() -> None:
            once.dead = body.dead = True
            self._begin(task, scope, scope.use_up)

        def run_beside() -> None:
            scope.tokens += 1
            self._begin(task, scope, scope.use_up)

        beside = activity.within is Border.BESIDE
        reaction = run_beside if beside else interrupt
        self.events.append(Waiting(f"{activity.name}_v_s", scope if beside else once, reaction))
