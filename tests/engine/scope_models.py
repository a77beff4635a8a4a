"""Random trees of blocks for hypothesis, and their diagrams."""

from itertools import pairwise

from hypothesis import strategies as st

from tests.engine.builders import (
    boundary,
    catch,
    declare,
    diagram,
    element,
    end,
    event_gateway,
    event_sub,
    exclusive,
    flow,
    flows,
    message,
    multi,
    on,
    script,
    start,
    sub,
    user,
)
from tests.engine.random_models import Draw, number
from tests.engine.repeated import end_by
from tests.engine.scope_interpreter import (
    Activity,
    Block,
    Border,
    ErrorEnd,
    Race,
    Row,
    Script,
    Split,
    TerminateEnd,
    goes_on,
)


class Growth:
    """Grows a tree; `caught` says whether an error would be caught where the block stands."""

    def __init__(self, draw: Draw) -> None:
        self._draw, self._count = draw, 0
        self._may_halt = True
        self._to_or_join = False
        """Whether an inclusive join of the same scope waits for what is grown."""

    def row(self, depth: int, *, caught: bool) -> Row:
        """Blocks one behind the other; only the last may be an error."""
        blocks: list[Block] = [
            self.block(depth, caught=caught) for _ in range(number(self._draw, 1, 3))
        ]
        shortened = []
        for block in blocks:
            shortened.append(block)
            if not goes_on(block):
                break
        return Row(tuple(shortened))

    def block(self, depth: int, *, caught: bool) -> Block:
        """A task, or something made of smaller blocks."""
        kind = number(self._draw, 0, 8)
        if caught and kind == 0:
            return ErrorEnd(self._name("error"))
        if kind == 7 and self._may_halt and number(self._draw, 0, 1):
            return TerminateEnd(self._name("halt"))
        if depth > 0 and kind == 8:
            branches = tuple(self.row(depth - 1, caught=caught) for _ in range(2))
            # Once an event has chosen a branch that leads to no join, an inclusive one waits for it
            # no longer: the interpreter knows only what leads there before.
            if not self._to_or_join or len({goes_on(branch) for branch in branches}) == 1:
                return Race(self._name("race"), branches)
        if kind == 1:
            return Script(self._name("script"))
        if depth > 0 and kind in (2, 3):
            return self._split(depth - 1, caught=caught, inclusive=kind == 3)
        return self._activity(depth - 1, caught=caught)

    def _split(self, depth: int, *, caught: bool, inclusive: bool) -> Split:
        """Branches that throw errors or that end their scope: the first of both would win.

        The standard does not say which of two branches is first.
        """
        throws = caught and bool(number(self._draw, 0, 1))
        outside, self._may_halt = self._may_halt, self._may_halt and not throws
        waited, self._to_or_join = self._to_or_join, self._to_or_join or inclusive
        branches = tuple(self.row(depth, caught=throws) for _ in range(number(self._draw, 2, 3)))
        self._may_halt, self._to_or_join = outside, waited
        chosen = [bool(number(self._draw, 0, 2)) for _ in branches]
        chosen[number(self._draw, 0, len(branches) - 1)] = True
        if waited and (going := [goes_on(branch) for branch in branches]) and any(going):
            chosen[going.index(True)] = True
        return Split(self._name("split"), branches, tuple(chosen), inclusive)

    def _activity(self, depth: int, *, caught: bool) -> Activity:
        with_body = depth >= 0 and bool(number(self._draw, 0, 1))
        catches = with_body and bool(number(self._draw, 0, 1))
        outside = self._may_halt, self._to_or_join
        self._may_halt, self._to_or_join = True, False
        body = self.row(depth, caught=caught or catches) if with_body else None
        self._may_halt, self._to_or_join = outside
        repeated = number(self._draw, 0, 2) == 0
        return Activity(
            self._name("box" if with_body else "task"),
            body,
            times=number(self._draw, 0, 3) if repeated else None,
            sequential=bool(number(self._draw, 0, 1)),
            border=list(Border)[number(self._draw, 0, 2)],
            catches=catches,
            within=list(Border)[number(self._draw, 0, 2)] if with_body else Border.NONE,
        )

    def _name(self, kind: str) -> str:
        self._count += 1
        return f"{kind}{self._count}"


@st.composite
def scope_models(draw: Draw, depth: int = 3) -> Row:
    """A process of nested scopes."""
    return Growth(draw).row(depth, caught=False)


class Drawing:
    """The diagram of a tree."""

    def __init__(self, block: Block) -> None:
        self._messages: list[str] = []
        inside = self._level(block, "")
        self.source = diagram(inside, declared=declare("error", "E") + "".join(self._messages))

    def _level(self, block: Block, suffix: str) -> str:
        text, first, last = self._draw(block)
        begin, finish = f"start{suffix}", f"end{suffix}"
        text += start(begin) + flows(begin, first)
        return text + end(finish) + flows(last, finish) if last else text

    def _draw(self, block: Block) -> tuple[str, str, str]:
        """The text of a block, its first element, and its last one where it goes on."""
        match block:
            case Script(name):
                return script(name, "=1"), name, name
            case ErrorEnd(name):
                return end_by(name, on("error", "E")), name, ""
            case TerminateEnd(name):
                return end_by(name, on("terminate")), name, ""
            case Race():
                return self._race(block)
            case Row(blocks):
                return self._row(blocks)
            case Split():
                return self._split(block)
            case Activity():
                return self._activity(block)

    def _row(self, blocks: tuple[Block, ...]) -> tuple[str, str, str]:
        drawn = [self._draw(block) for block in blocks]
        text = "".join(one for one, _, _ in drawn)
        for (_, _, before), (_, behind, _) in pairwise(drawn):
            text += flows(before, behind)
        return text, drawn[0][1], drawn[-1][2]

    def _split(self, split: Split) -> tuple[str, str, str]:
        tag = "inclusiveGateway" if split.inclusive else "parallelGateway"
        join = f"{split.name}_j" if goes_on(split) else ""
        text = element(tag, split.name) + (element(tag, join) if join else "")
        for place, (branch, chosen) in enumerate(zip(split.branches, split.chosen, strict=True)):
            drawn, first, last = self._draw(branch)
            condition = f"={str(chosen).lower()}" if split.inclusive else None
            text += drawn + flow(f"{split.name}_{place}", split.name, first, condition)
            text += flows(last, join) if last else ""
        return text, split.name, join

    def _race(self, race: Race) -> tuple[str, str, str]:
        join = f"{race.name}_j" if goes_on(race) else ""
        text = event_gateway(race.name) + (exclusive(join) if join else "")
        for place, branch in enumerate(race.branches):
            event, (drawn, first, last) = f"{race.name}_{place}", self._draw(branch)
            text += catch(event, self._message(event)) + drawn + flows(race.name, event, first)
            text += flows(last, join) if last else ""
        return text, race.name, join

    def _message(self, name: str) -> str:
        self._messages.append(message(name, "=id"))
        return on("message", name)

    def _activity(self, activity: Activity) -> tuple[str, str, str]:
        name, merge = activity.name, f"{activity.name}_x"
        loop = ""
        if activity.times is not None:
            loop = multi(times=str(activity.times), sequential=activity.sequential)
        if activity.body is None:
            text = user(name, inside=loop)
        else:
            text = sub(name, self._level(activity.body, f"_{name}"), self._within(activity), loop)
        text += exclusive(merge) + flows(name, merge)
        if activity.catches:
            text += boundary(f"{name}_e", name, on("error", "E")) + user(f"{name}_eh")
            text += flows(f"{name}_e", f"{name}_eh", merge)
        return text + self._border(activity, merge), name, merge

    def _within(self, activity: Activity) -> str:
        if activity.within is Border.NONE:
            return ""
        name = f"{activity.name}_v"
        interrupting = activity.within is Border.INTERRUPTING
        return event_sub(name, self._message(name), f"{name}t", interrupting=interrupting)

    def _border(self, activity: Activity, merge: str) -> str:
        name, event, task = activity.name, f"{activity.name}_m", f"{activity.name}_h"
        if activity.border is Border.NONE:
            return ""
        definition = self._message(name)
        interrupting = activity.border is Border.INTERRUPTING
        text = boundary(event, name, definition, interrupting=interrupting) + user(task)
        if interrupting:
            return text + flows(event, task, merge)
        return text + end(f"{name}_he") + flows(event, task, f"{name}_he")
