"""What exists around a diagram."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from service.domain.guards import Guard


@dataclass(frozen=True, slots=True)
class Known:
    """What was deployed before, or is part of the same deployment.

    `forms` gives the field keys of each form by form id; `decisions` the decision ids; `processes`
    the ids of what can be called, `uncallable` of what only events begin; `task_types` the types of
    work that have a handler here; `closed` the ids of the procedures that are closed, `sealed` of
    those that nothing is written into from outside; `guards` the decisions that are looked at again
    before each irreversible step; `called` what the other files of the same
    deployment call.
    """

    forms: Mapping[str, frozenset[str]] = field(default_factory=dict)
    decisions: Collection[str] = frozenset()
    task_types: frozenset[str] = frozenset()
    processes: Collection[str] = frozenset()
    uncallable: Collection[str] = frozenset()
    closed: Collection[str] = frozenset()
    guards: Sequence[Guard] = ()
    sealed: Collection[str] = frozenset()
    called: frozenset[str] = frozenset()
