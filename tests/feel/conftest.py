"""What the tests of expressions and forms share."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from service.domain.values import Json
from service.feel import Expression, FeelPool, FormResult
from tests.fixtures_feel import feel

__all__ = ["feel"]

MOMENT = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
"""Half past seven on Monday the 23rd in Shanghai, and still Sunday in UTC."""

Evaluate = Callable[..., Json]
Validate = Callable[..., FormResult]


@pytest.fixture
def value_of(feel: FeelPool) -> Evaluate:
    """The value of one text over the variables given by name."""

    def evaluate(text: str, /, **context: Json) -> Json:
        return feel.evaluate([Expression(text)], context, now=MOMENT)[0]

    return evaluate


@pytest.fixture
def submit(feel: FeelPool) -> Validate:
    """What becomes of a submission to a form, over what the store holds."""

    def validate(
        schema: Json, data: dict[str, Json], context: dict[str, Json] | None = None
    ) -> FormResult:
        return feel.validate_form(schema, data, context or {}, now=MOMENT)

    return validate


@pytest.fixture
def hasty_pool() -> Iterator[FeelPool]:
    """A pool whose helpers may be killed, with short limits."""
    pool = FeelPool(
        size=1, expression_seconds=0.3, form_seconds=0.3, check_seconds=0.3, acquire_seconds=5.0
    )
    yield pool
    pool.close()
