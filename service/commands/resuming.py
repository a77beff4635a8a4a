"""An instance brought back from the store to the point where it waits."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from service.commands.parent_link import ParentLink
from service.commands.toolbox import Toolbox
from service.commands.upserts import table
from service.domain.instances import InstanceNotBegun
from service.domain.values import Json
from service.engine import Execution, ProcessModel
from service.store.tables import Variable


@dataclass(frozen=True, slots=True)
class Resumed:
    """A waiting instance; `scopes` are the keys of the scopes that have variables in the store."""

    model: ProcessModel
    execution: Execution
    scopes: frozenset[int]
    parent: ParentLink


def resume(
    tools: Toolbox, *, instance_key: int, definition_key: int, engine_state: str, now: datetime
) -> Resumed:
    """Load the variables and the engine's state: one statement once the model is cached.

    Raises InstanceNotBegun.
    """
    if not engine_state:
        raise InstanceNotBegun
    model = tools.models.process(tools.session, definition_key)
    scopes = _scopes(tools.session, instance_key)
    parent = ParentLink(tools, instance_key)
    execution = tools.engine.resume(
        model,
        instance_key=instance_key,
        state=engine_state,
        scopes=scopes,
        keys=tools.keys,
        now=now,
        caller=parent,
    )
    return Resumed(model, execution, frozenset(scopes), parent)


_ROWS = table(Variable)
_VARIABLES = select(_ROWS.c.scope_key, _ROWS.c.name, _ROWS.c.value).where(
    _ROWS.c.instance_key == bindparam("wanted")
)


def _scopes(session: Session, instance_key: int) -> dict[int, dict[str, Json]]:
    """Return the instance's variables by scope key."""
    found: dict[int, dict[str, Json]] = {}
    for scope_key, name, value in session.execute(_VARIABLES, {"wanted": instance_key}):
        found.setdefault(scope_key, {})[name] = value
    return found
