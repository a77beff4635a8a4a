"""What a form takes of what was sent with it."""

from dataclasses import dataclass
from datetime import datetime

from service.commands.models import FormModel
from service.commands.submissions import require_storable
from service.domain.errors import FieldsInvalid
from service.domain.plain_text import legible_values
from service.domain.submissions import VariablesReserved, VariablesUndeclared
from service.domain.values import Json, Variables
from service.engine import is_reserved
from service.feel import FeelPool


@dataclass(frozen=True, slots=True)
class Sent:
    """A submission. `strict`: what the form does not declare is refused instead of dropped.

    `outcome` is what a task's holder chose with it.
    """

    variables: Variables
    strict: bool
    outcome: str | None = None


def accepted(
    feel: FeelPool,
    form: FormModel | None,
    sent: Sent,
    context: Variables,
    *,
    now: datetime,
    origin: str,
) -> dict[str, Json]:
    """Return the variables that the submission sets.

    `context` is what the form is filled with. Texts lose the control characters that nobody sees
    (`legible`). Without a form a page sends nothing and the API
    anything. Raises FieldsInvalid, VariablesUndeclared, VariablesReserved, Invalid for what no
    variable can hold, FeelError for a form whose own expressions fail.
    """
    require_storable(sent.variables)
    reserved = [name for name in sent.variables if is_reserved(name)]
    if sent.strict and reserved:
        raise VariablesReserved(reserved)
    given = legible_values(sent.variables)
    if form is None:
        return given if sent.strict else {}
    if sent.strict and (undeclared := set(given) - form.fields):
        raise VariablesUndeclared(sorted(undeclared))
    known = {name: value for name, value in given.items() if name in form.fields}
    result = feel.validate_form(
        form.schema, known, context, now=now, origin=origin, outcome=sent.outcome
    )
    if sent.strict and result.dropped:
        raise VariablesUndeclared(result.dropped)
    if result.errors:
        raise FieldsInvalid(dict(result.errors))
    return {name: value for name, value in result.data.items() if not is_reserved(name)}
