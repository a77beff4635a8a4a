"""The door of the room: expressions and forms, answered by the helpers of this process."""

import copy
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from service.domain.values import Json, Variables
from service.domain.working_days import WorkingDays
from service.feel.calendar import CalendarUse, GiveCalendar, asks_calendar
from service.feel.decisions import Decided
from service.feel.errors import (
    FeelBudgetSpent,
    FeelFormInvalid,
    FeelHelperDied,
    FeelNumberInexact,
    FeelTimedOut,
    FeelTooLong,
)
from service.feel.expressions import Analysis, Budget, Expression, Kind, SyntaxProblem
from service.feel.forms import FormProblem, FormResult
from service.feel.helper_process import ANSWER_LIMIT, BUNDLE, HelperProcess
from service.feel.helpers import Helpers
from service.feel.late_calls import LateCalls
from service.feel.protocol import (
    Fields,
    decided,
    decoded,
    encoded,
    milliseconds,
    schema_text,
    without_inexact_numbers,
)

EXPRESSION_LIMIT = 10_000
"""Characters of one expression."""

_SHOWN = 100


class FeelPool:
    """FEEL and form-js for one process; any number of threads may share it.

    `size` helpers are made when first needed, in a forked child anew. `expression_seconds`,
    `decision_seconds`, `form_seconds` and `check_seconds` (of the deploy check: rare, its first
    call in a cold helper, and on a machine at its limit no reason to refuse a sound file) bound one
    call, from the moment it has a helper; whoever is late is killed and not tried again.
    `acquire_seconds` bounds the wait for a free helper.
    `timezone` (IANA) is the one of local times in expressions. `origin` names a definition in
    messages and in `failures`.
    """

    def __init__(
        self,
        *,
        size: int = 2,
        expression_seconds: float = 1.0,
        decision_seconds: float = 2.0,
        form_seconds: float = 2.0,
        check_seconds: float = 10.0,
        acquire_seconds: float = 2.0,
        timezone: str = "Asia/Shanghai",
        helper: Path | None = None,
    ) -> None:
        self._expression_seconds = expression_seconds
        self._decision_seconds = decision_seconds
        self._form_seconds = form_seconds
        self._check_seconds = check_seconds
        self._helpers = Helpers(
            size=size, wait_seconds=acquire_seconds, timezone=timezone, bundle=helper or BUNDLE
        )
        self._late = LateCalls()
        self._give_calendar: GiveCalendar | None = None

    def with_calendar(self, give: GiveCalendar) -> "FeelPool":
        """Return this pool, with its very helpers, whose expressions can count working days.

        `give` is asked in the calls whose texts name such a function, and whatever it raises is
        raised by the call. Without it they fail in words.
        """
        pool = copy.copy(self)
        pool._give_calendar = give
        return pool

    def evaluate(
        self,
        expressions: Sequence[Expression],
        context: Variables,
        *,
        now: datetime,
        budget: Budget | None = None,
        origin: str = "",
        used: CalendarUse | None = None,
    ) -> list[Json]:
        """Return the values in order, in one round trip; `now` is aware.

        Dates, times and durations come as ISO 8601 text. Only the variables the texts name are
        sent. Takes the time used off `budget`, and adds to `used`. Raises the FeelError of the
        first expression that has no value; see docs/feel.md for what is no value.
        """
        if not expressions:
            return []
        texts = [_checked(expression.text) for expression in expressions]
        sent = _named_in(texts, context)
        fields = {
            "expressions": [_fields(expression) for expression in expressions],
            "context": sent,
            "now": milliseconds(now),
        }
        values = {**sent, "?": [expression.input for expression in expressions]}
        days = self._calendar(texts)
        call = _Call("evaluate", fields, values, origin or texts[0][:_SHOWN], days)
        answer = self._ask(call, self._expression_seconds, budget)
        result: list[Json] = decoded(answer, texts.__getitem__, used)
        return result

    def require_answer(self, *, now: datetime) -> None:
        """Ask a helper for the number one. Raises FeelError where none answers."""
        self.evaluate([Expression("1")], {}, now=now, origin="readyz")

    def decide(
        self,
        program: str,
        variables: Variables,
        *,
        now: datetime,
        budget: Budget | None = None,
        origin: str = "",
    ) -> Decided:
        """Evaluate the decisions of a program, in one round trip; `now` is aware.

        A program is what the engine makes of a decision file, as JSON; see docs/feel.md. Only the
        variables whose name occurs in it are sent. Takes the time used off `budget`. What fails in
        a decision is told in the answer; raises FeelError when there is none.
        """
        sent = _named_in([program], variables)
        fields = {"program": program, "context": sent, "now": milliseconds(now)}
        call = _Call("decide", fields, sent, origin or "决策", self._calendar([program]))
        return decided(decoded(self._ask(call, self._decision_seconds, budget), lambda _: origin))

    def analyse(
        self,
        expressions: Sequence[Expression],
        names: Collection[str] | None = None,
        types: Collection[str] = (),
    ) -> list[Analysis]:
        """Return what each expression needs, for the deploy check.

        `names` are those known, `types` those that the file defines behind `instance of`.
        """
        texts = [_checked(expression.text) for expression in expressions]
        fields = {
            "expressions": [_fields(expression) for expression in expressions],
            "names": None if names is None else sorted(names),
            "types": sorted(types),
        }
        answer = self._ask(_Call("analyse", fields, {}, "部署检查"), self._check_seconds)
        return [_analysis(found) for found in decoded(answer, texts.__getitem__)]

    def validate_form(
        self,
        schema: Json,
        data: Variables,
        context: Variables,
        *,
        now: datetime,
        origin: str = "",
        outcome: str | None = None,
    ) -> FormResult:
        """Validate a submission by form-js's own rules; `now` is aware.

        `context` are the variables the person's page was filled with: a field that was not sent
        keeps its value there, a read-only one takes it. `outcome` is what was chosen with it, for
        texts that refuse (`jiaoyan.refuses-at`). Raises FeelFormInvalid for a schema that
        form-js cannot read, and the FeelError of a computed field that names what does not exist.
        """
        text = schema_text(schema)
        sent = _named_in([text], context)
        fields = {
            "schema": text,
            "data": dict(data),
            "context": sent,
            "now": milliseconds(now),
            "outcome": outcome,
        }
        days = self._calendar([text])
        call = _Call("validate-form", fields, {**sent, **data}, origin or "表单", days)
        try:
            answer = self._ask(call, self._form_seconds)
        except FeelNumberInexact:
            fields["data"] = without_inexact_numbers(data)
            answer = self._ask(replace(call, values=sent), self._form_seconds)
        found = decoded(answer, lambda _: call.origin)
        return FormResult(found["data"], found["errors"], tuple(found["dropped"]))

    def check_form(self, schema: Json) -> list[FormProblem]:
        """Return why a form cannot be deployed: nothing when it can."""
        try:
            call = _Call("check-form", {"schema": schema_text(schema)}, {}, "表单")
            answer = self._ask(call, self._check_seconds)
        except (FeelFormInvalid, FeelTooLong) as error:
            return [FormProblem("", "", "not-a-form", error.message)]
        return [
            FormProblem(found["id"], found["label"], found["rule"], found["message"])
            for found in decoded(answer, lambda _: call.origin)
        ]

    def failures(self) -> dict[str, int]:
        """Return how often a call cost its helper (late, out of memory, too large), by origin."""
        return self._helpers.losses()

    def close(self) -> None:
        """End all helpers; further calls raise FeelUnavailable."""
        self._helpers.close()

    def _calendar(self, texts: Sequence[str]) -> WorkingDays | None:
        give = self._give_calendar
        return give() if give is not None and asks_calendar(texts) else None

    def _ask(self, call: "_Call", limit: float, budget: Budget | None = None) -> bytes:
        if budget is not None and budget.seconds <= 0:
            raise FeelBudgetSpent(call.origin)
        seconds = limit if budget is None else min(limit, budget.seconds)
        fields = {**call.fields, "seconds": seconds, "answerLimit": ANSWER_LIMIT}
        if call.calendar is not None:
            fields["calendar"] = call.calendar.revision
        line = encoded(call.name, fields, call.values)
        if refusal := self._late.refusal_of(call.name, call.fields, call.origin):
            raise refusal
        with self._helpers.lent(call.origin) as helper:
            refusal = self._late.refusal_of(call.name, call.fields, call.origin)
            if refusal is None:
                started = time.monotonic()
                try:
                    return self._answer(helper, line, call, seconds, in_full=seconds == limit)
                finally:
                    if budget is not None:
                        budget.seconds -= time.monotonic() - started
        raise refusal  # one like it was late while this one waited

    def _answer(
        self, helper: HelperProcess, line: bytes, call: "_Call", seconds: float, *, in_full: bool
    ) -> bytes:
        """Ask, and remember what cost a helper though it had its time in full."""
        try:
            if call.calendar is not None:
                helper.keep_calendar(call.calendar, seconds=seconds, origin=call.origin)
            return helper.ask(line, seconds=seconds, origin=call.origin)
        except FeelTimedOut as error:
            if not in_full:
                raise FeelBudgetSpent(call.origin) from error
            self._late.note(call.name, call.fields, partial(FeelTimedOut, seconds))
            raise
        except FeelHelperDied:
            if helper.out_of_memory:
                self._late.note(call.name, call.fields, FeelHelperDied)
            raise


@dataclass(frozen=True, slots=True)
class _Call:
    name: str
    fields: Fields
    values: Variables
    origin: str
    calendar: WorkingDays | None = None


def _checked(text: str) -> str:
    if len(text) > EXPRESSION_LIMIT:
        raise FeelTooLong("表达式（字符）", len(text), EXPRESSION_LIMIT)
    return text


def _named_in(texts: Sequence[str], context: Variables) -> dict[str, Json]:
    """Return the variables whose name occurs in a text: all that it can use, and seldom more."""
    joined = "\n".join(texts)
    return {name: value for name, value in context.items() if name in joined}


def _fields(expression: Expression) -> Fields:
    if expression.kind is Kind.EXPRESSION:
        return {"text": expression.text}
    return {"text": expression.text, "unaryTest": True, "input": expression.input}


def _analysis(found: Fields) -> Analysis:
    return Analysis(
        errors=tuple(
            SyntaxProblem(error["position"], error["detail"]) for error in found["errors"]
        ),
        names=frozenset(found["required"]),
        optional_names=frozenset(found["optional"]),
        doubtful_names=frozenset(found["doubtful"]),
        unknown_functions=frozenset(found["functions"]),
    )
