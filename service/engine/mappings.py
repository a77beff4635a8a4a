"""Input and output mappings with Camunda 8's meaning.

They are worked out in their order and a later one sees the targets of those before it. Nothing is
written until all of them are known, so a failed mapping leaves the variables as they were.
"""

import re
from collections.abc import Iterator, Sequence

from service.domain.events import IncidentType
from service.domain.values import Json, Variables
from service.engine import loops
from service.engine.dialect import VariableMapping
from service.engine.run import Run
from service.engine.token import Token

_WORD = re.compile(r"[^\W\d]\w*")


def input_values(run: Run, token: Token) -> dict[str, Json]:
    """What the element's input mappings make of the variables around it.

    A nested target makes a new context: `order.id` gives `{order: {id: …}}` and nothing else of an
    outer `order`.
    """
    if not token.spec.extensions.inputs:
        return {}
    seen = {**run.around(token), **loops.local_values(token, run)}
    return _values(run, token, token.spec.extensions.inputs, seen, {})


def output_values(run: Run, token: Token, results: Variables) -> dict[str, Json]:
    """What the element's output mappings make of its results and the variables it sees.

    A nested target is merged into the context that the name holds outside the element; for a pass
    of a repeated activity, also into what it has by itself.
    """
    outputs, seen = token.spec.extensions.outputs, run.seen(token)
    base = run.around(token) if token.item is None else seen
    return _values(run, token, outputs, {**seen, **results}, base)


def _values(
    run: Run,
    token: Token,
    mappings: Sequence[VariableMapping],
    context: dict[str, Json],
    base: Variables,
) -> dict[str, Json]:
    values: dict[str, Json] = {}
    for batch in _batches(mappings):
        sources = [mapping.source for mapping in batch]
        results = run.evaluate(token, sources, {**context, **values}, IncidentType.IO_MAPPING_ERROR)
        for mapping, result in zip(batch, results, strict=True):
            name, *path = mapping.target.split(".")
            values[name] = _put(values.get(name, base.get(name)), path, result)
    return values


def _batches(mappings: Sequence[VariableMapping]) -> Iterator[list[VariableMapping]]:
    """Runs of mappings that cannot see each other's targets: each is one round trip.

    The words of an expression are taken for names; one that only looks like it costs a trip.
    """
    batch: list[VariableMapping] = []
    targets: set[str] = set()
    for mapping in mappings:
        if mapping.source.is_feel and not targets.isdisjoint(_WORD.findall(mapping.source.text)):
            yield batch
            batch, targets = [], set()
        batch.append(mapping)
        targets.add(mapping.target.partition(".")[0])
    if batch:
        yield batch


def _put(holder: Json, path: Sequence[str], value: Json) -> Json:
    """`holder` with the value at the path; contexts on the way are copied, others replaced."""
    if not path:
        return value
    context = dict(holder) if isinstance(holder, dict) else {}
    context[path[0]] = _put(context.get(path[0]), path[1:], value)
    return context
