"""Decisions that can be changed after they were told, and the process that says if one holds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guard:
    """What a procedure declares of its decisions, for the deploy check to ask of all diagrams.

    `message` tells a case of the decision it waits for, whose key the variable `variable` has;
    `task_type` is the work that asks for one. `process_id` is called before each irreversible step
    that carries it out; `title` is that process, `what` the decision, as people call them.
    """

    message: str
    variable: str
    task_type: str
    process_id: str
    title: str
    what: str
