"""The only room that knows JavaScript: FEEL expressions and form validation.

Both run in a small pool of Node processes beside this one, which are killed when they are late,
so no text of a designer runs in the web process and none can hold it up. The room may not touch
a table, a request or the clock: the moment `now` of a call is an argument, and `now()` and
`today()` in an expression answer it.
"""

from service.feel.calendar import CalendarUse, asks_calendar
from service.feel.decisions import Decided, DecidedDecision, DecidedValue, DecisionFault
from service.feel.errors import (
    FeelBudgetSpent,
    FeelError,
    FeelEvaluationFailed,
    FeelFormInvalid,
    FeelHelperDied,
    FeelHelperMissing,
    FeelNameMissing,
    FeelNumberInexact,
    FeelResultTooLarge,
    FeelSyntaxInvalid,
    FeelTimedOut,
    FeelTooDeep,
    FeelTooLong,
    FeelUnavailable,
)
from service.feel.expressions import Analysis, Budget, Expression, Kind, SyntaxProblem
from service.feel.forms import (
    FormProblem,
    FormResult,
    accepted_files,
    file_fields,
    form_fields,
)
from service.feel.identifiers import PLAIN_NAME, NameNotPlain, require_plain_names
from service.feel.pool import FeelPool

__all__ = [
    "PLAIN_NAME",
    "Analysis",
    "Budget",
    "CalendarUse",
    "Decided",
    "DecidedDecision",
    "DecidedValue",
    "DecisionFault",
    "Expression",
    "FeelBudgetSpent",
    "FeelError",
    "FeelEvaluationFailed",
    "FeelFormInvalid",
    "FeelHelperDied",
    "FeelHelperMissing",
    "FeelNameMissing",
    "FeelNumberInexact",
    "FeelPool",
    "FeelResultTooLarge",
    "FeelSyntaxInvalid",
    "FeelTimedOut",
    "FeelTooDeep",
    "FeelTooLong",
    "FeelUnavailable",
    "FormProblem",
    "FormResult",
    "Kind",
    "NameNotPlain",
    "SyntaxProblem",
    "accepted_files",
    "asks_calendar",
    "file_fields",
    "form_fields",
    "require_plain_names",
]
