"""Repeated activities: multi-instance in parallel and in sequence, and the standard loop.

One token, the body, counts; its children are the passes. Sources: BPMN 2.0.2, 13.3.6 and 13.3.7;
Camunda 8's meaning of `zeebe:loopCharacteristics`: the output collection is a variable of the body
with a place for each item, and leaves it when the body is done.
"""

from service.domain.events import ElementType, Failure, IncidentType, PauseNeeded
from service.domain.values import Json, Variables
from service.engine import subscriptions
from service.engine.dialect import Source
from service.engine.loop_settings import MultiInstance, StandardLoop
from service.engine.run import CHUNK_STEPS, TOKEN_LIMIT, ElementFailed, Run
from service.engine.token import Phase, Token, Trouble
from service.engine.values import whole

LOOP_COUNTER = "loopCounter"

ALL, BEGUN, COMPLETED, TERMINATED = range(4)
"""Places of the body's counts."""

ITEM_LIMIT = 100_000
"""Items of one activity in sequence, and passes of a loop; also when it begins again and again
without a wait. In each item of a multi-instance around it, it has as many."""

_EARLIER = "l"
"""In the memory of a paused row: the run's passes."""

CHUNK_SECONDS = 1.0
"""Seconds for expressions that must be left to a run for it to begin another item."""


def begin(token: Token, run: Run) -> Variables | None:
    """Become the body and begin the first passes; results when there is nothing to do.

    Raises ElementFailed before anything is done.
    """
    key = run.activate(token, ElementType.MULTI_INSTANCE_BODY)
    waiting = subscriptions.of_element(token, run)
    loop, wanted = token.spec.loop, False
    if isinstance(loop, StandardLoop):
        token.memory["n"] = [loop.maximum, 0, 0, 0]
        wanted = not loop.test_before or _wants_another(token, run, loop)
    elif loop is not None:
        number = _number_of_items(token, run, loop)
        token.memory["n"] = [number, 0, 0, 0]
        wanted = number > 0
        if loop.collections.output_collection:
            run.scopes.set(key, {loop.collections.output_collection: [None] * number})
    run.settle(token)
    if not wanted:
        return results(token, run)
    token.phase = Phase.INSIDE
    subscriptions.tell(token, run, waiting)
    _spawn(token, run)
    return None


def go_on(body: Token, run: Run) -> None:
    """A pass of this body has ended: begin the next, or leave when all is done."""
    counts, loop = body.memory["n"], body.spec.loop
    met = bool(body.memory.pop("q", 0))
    ended = counts[COMPLETED] + counts[TERMINATED]
    if isinstance(loop, StandardLoop):
        another = not met and _wants_another(body, run, loop)
    else:
        another = not met and counts[BEGUN] < (counts[ALL] or 0)
    if met:
        for child in body.children:
            body.task.workflow.terminate(child)
    if another and ended == counts[BEGUN]:
        _next_or_pause(body, run)
    elif met or (not another and ended >= counts[BEGUN]):
        body.phase = Phase.LEAVING
        body.place()


def resume_pause(body: Token, run: Run) -> None:
    """Go on with a row of items that was paused, or that an incident held: then anew."""
    run.passes.update(body.memory.pop(_EARLIER, {}))
    body.phase = Phase.INSIDE
    go_on(body, run)
    run.settle(body)


def count_passed(token: Token, run: Run) -> None:
    """A pass is done: count it, and ask the completion condition. Raises ElementFailed."""
    body = token.parent
    counts, loop = body.memory["n"], body.spec.loop
    if isinstance(loop, MultiInstance) and loop.completion:
        passed = [*counts[:COMPLETED], counts[COMPLETED] + 1, counts[TERMINATED]]
        context = {**run.seen(token), **_counters(passed)}
        answer = run.evaluate_one(token, loop.completion, context)
        if not isinstance(answer, bool):
            raise _unfit("完成条件没有得出“是”或“否”")
        if answer:
            body.memory["q"] = 1
    counts[COMPLETED] += 1


def output_element(token: Token) -> Source | None:
    """What a pass leaves in the output collection, if anything."""
    loop = token.spec.loop
    if token.item is None or not isinstance(loop, MultiInstance):
        return None
    return loop.collections.output_element if loop.collections.output_collection else None


def collect(token: Token, run: Run, value: Json) -> None:
    """Put a pass's output in its place."""
    loop = token.spec.loop
    if isinstance(loop, MultiInstance) and token.item is not None:
        body = run.activate(token.parent)
        run.collect(body, loop.collections.output_collection, value, token.item)


def results(body: Token, run: Run) -> Variables:
    """What the body's own scope gives to those around it: the output collection."""
    loop, key = body.spec.loop, body.key
    if key is None or not isinstance(loop, MultiInstance):
        return {}
    name = loop.collections.output_collection
    own = run.scopes.own(key)
    return {name: own[name]} if name in own else {}


def local_values(token: Token, run: Run) -> Variables:
    """The variables that a pass has by itself: its input mappings see them."""
    loop = token.spec.loop
    if token.item is None:
        return {}
    names = {LOOP_COUNTER}
    if isinstance(loop, MultiInstance):
        names |= {loop.collections.input_element, loop.absorbed}
    own = run.scopes.own(run.activate(token))
    values = {name: value for name, value in own.items() if name in names}
    return {**values, **_overwritten(token, run)}


def _overwritten(token: Token, run: Run) -> Variables:
    """On a retry, the item anew where an input mapping has taken its name."""
    loop, item = token.spec.loop, token.item
    if not isinstance(loop, MultiInstance) or token.trouble is Trouble.NONE or item is None:
        return {}
    name = loop.collections.input_element
    targets = (one.target.partition(".")[0] for one in token.spec.extensions.inputs)
    if not name or name not in targets:
        return {}
    found = _collection(token.parent, run, loop)
    return {name: found[item]} if item < len(found) else {}


def _number_of_items(token: Token, run: Run, loop: MultiInstance) -> int:
    if loop.collections.input_collection:
        number = len(_collection(token, run, loop))
    else:
        number = _cardinality(run.evaluate_one(token, loop.cardinality, run.seen(token)))
    limit = ITEM_LIMIT if loop.sequential else _room(token)
    if number > limit:
        advice = "请分批处理" if loop.sequential else "请分批处理，或改为依次执行"
        raise _unfit(f"多实例有 {number} 项，最多 {limit} 项。{advice}")
    _require_wait(token, run, number)
    return number


def _require_wait(body: Token, run: Run, more: int) -> None:
    """Raises ElementFailed where a way round it never waits: each pause begins another run."""
    around = body.parent
    while not (around.is_root or _is_row(around)):
        around = around.parent
    limit = ITEM_LIMIT * (1 if around.is_root else around.memory["n"][BEGUN])
    begun = run.passes.get(body.spec.name, 0)
    if begun + more > limit:
        raise _unfit(
            f"没有等待过任何人或事，这个活动已反复进行 {begun} 次，"
            f"最多 {limit} 次，可能是流程图中有不等待的循环；重试则再从头计数"
        )


def _room(body: Token) -> int:
    """How many passes can begin at the same time, each with the tokens that begin in it."""
    level = body.spec.level
    each = 1 if level is None else 1 + len(level.entries)
    return max(TOKEN_LIMIT - len(body.task.workflow.tasks), 0) // each


def _is_row(token: Token) -> bool:
    return token.is_body and isinstance(token.spec.loop, MultiInstance)


def _cardinality(value: Json) -> int:
    number = whole(value, "多实例的次数")
    if number < 0:
        raise _unfit("多实例的次数不能为负数")
    return number


def _collection(body: Token, run: Run, loop: MultiInstance) -> list[Json]:
    key = run.activate(body, ElementType.MULTI_INSTANCE_BODY)
    if key not in run.collections:
        source, seen = loop.collections.input_collection, run.seen(body)
        name = source.text.strip()
        # A long list is not sent to FEEL for its name alone: in sequence, each step would pay.
        known = source.is_feel and name in seen
        found = seen[name] if known else run.evaluate_one(body, source, seen)
        if not isinstance(found, list):
            raise _unfit("多实例的集合应为列表")
        run.collections[key] = found
    return run.collections[key]


def _spawn(body: Token, run: Run) -> None:
    """Begin one pass in sequence, all of them in parallel."""
    counts = body.memory["n"]
    beginning = _locals_to_begin(body, run)
    run.expect(len(beginning))
    for local in beginning:
        child = body.task.workflow.put(body.spec.name, body)
        child.memory["i"] = counts[BEGUN]
        counts[BEGUN] += 1
        run.passes[body.spec.name] = run.passes.get(body.spec.name, 0) + 1
        run.scopes.set(run.activate(child), {**local, LOOP_COUNTER: counts[BEGUN]})
        child.place()


def _locals_to_begin(body: Token, run: Run) -> list[dict[str, Json]]:
    """The variables of the passes to begin now, without their counter."""
    counts, loop = body.memory["n"], body.spec.loop
    if not isinstance(loop, MultiInstance):
        return [{}]
    first = counts[BEGUN]
    last = first + 1 if loop.sequential else counts[ALL]
    absorbed: dict[str, Json] = {loop.absorbed: None} if loop.absorbed else {}
    if not loop.collections.input_collection:
        return [absorbed] * (last - first)
    found = _collection(body, run, loop)[first:last]
    if len(found) < last - first:
        raise _unfit("多实例的集合在执行中变短了")
    name = loop.collections.input_element
    return [{**absorbed, **({name: element} if name else {})} for element in found]


def _next_or_pause(body: Token, run: Run) -> None:
    """A loop without a maximum is never paused: one that does not wait meets the run's limit."""
    loop = body.spec.loop
    endless = isinstance(loop, StandardLoop) and loop.maximum is None
    if endless or (run.steps < CHUNK_STEPS and run.budget.seconds > CHUNK_SECONDS):
        _spawn(body, run)
        return
    body.phase = Phase.PAUSED
    body.memory[_EARLIER] = dict(run.passes)
    run.emit(PauseNeeded(run.activate(body)))


def _wants_another(body: Token, run: Run, loop: StandardLoop) -> bool:
    begun = body.memory["n"][BEGUN]
    if loop.maximum is not None and begun >= loop.maximum:
        return False
    if begun >= ITEM_LIMIT:
        raise _unfit(f"循环已进行 {ITEM_LIMIT} 次仍没有结束")
    _require_wait(body, run, 1)
    if not loop.condition:
        return True
    context = {**run.seen(body), LOOP_COUNTER: begun}
    answer = run.evaluate_one(body, loop.condition, context)
    if not isinstance(answer, bool):
        raise _unfit("循环条件没有得出“是”或“否”")
    return answer


def _counters(counts: list[int]) -> dict[str, Json]:
    """In sequence, too, the instances are those begun: the others sum up to them.

    Source: BPMN 2.0.2, 10.3.8, table 10.30.
    """
    return {
        "numberOfInstances": counts[BEGUN],
        "numberOfActiveInstances": counts[BEGUN] - counts[COMPLETED] - counts[TERMINATED],
        "numberOfCompletedInstances": counts[COMPLETED],
        "numberOfTerminatedInstances": counts[TERMINATED],
    }


def _unfit(reason: str) -> ElementFailed:
    message = f"{reason}。请检查该元素的多实例（循环）设置和它用到的变量。"
    return ElementFailed(Failure(IncidentType.EXTRACT_VALUE_ERROR, message))
