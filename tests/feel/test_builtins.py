"""Every built-in function: usual, border and named calls, nulls, wrong arguments."""

import re

import pytest

from service.domain.values import Json
from service.feel import Expression, FeelError, FeelPool
from tests.feel.builtin_cases import Builtin
from tests.feel.builtins.contexts import CAMUNDA, CONTEXTS
from tests.feel.builtins.conversion import CONVERSION
from tests.feel.builtins.lists import LISTS
from tests.feel.builtins.numbers import NUMBERS
from tests.feel.builtins.ranges import RANGES
from tests.feel.builtins.strings import STRINGS
from tests.feel.builtins.temporal import TEMPORAL
from tests.feel.conftest import Evaluate

BUILTINS = [
    *CONVERSION,
    *STRINGS,
    *LISTS,
    *NUMBERS,
    *RANGES,
    *TEMPORAL,
    *CONTEXTS,
    *CAMUNDA,
]

WITHOUT_NAMES = {"now", "today", "is defined"}
"""What takes no arguments, or looks at the name that is one."""

ANSWERS = [case for builtin in BUILTINS for case in (*builtin.answers, *builtin.named)]


@pytest.mark.parametrize(("text", "expected"), ANSWERS, ids=[text for text, _ in ANSWERS])
def test_a_builtin_answers(value_of: Evaluate, text: str, expected: Json) -> None:
    value = value_of(text)

    assert value == (pytest.approx(expected) if isinstance(expected, float) else expected)
    assert isinstance(value, bool) == isinstance(expected, bool)


@pytest.mark.parametrize("text", [text for builtin in BUILTINS for text in builtin.nulls])
def test_a_builtin_is_null_over_null_and_outside_its_domain(value_of: Evaluate, text: str) -> None:
    assert value_of(text) is None


@pytest.mark.parametrize("text", [text for builtin in BUILTINS for text in builtin.refused])
def test_a_builtin_refuses_what_it_is_not_made_for(value_of: Evaluate, text: str) -> None:
    with pytest.raises(FeelError):
        value_of(text)


@pytest.mark.parametrize("builtin", BUILTINS, ids=[builtin.name for builtin in BUILTINS])
def test_the_cases_of_a_builtin_are_complete(builtin: Builtin) -> None:
    texts = [text for text, _ in builtin.answers] + [*builtin.nulls, *builtin.refused]

    assert all(builtin.name in text for text in texts)
    assert builtin.answers
    assert builtin.refused
    assert builtin.name in WITHOUT_NAMES or all(
        re.search(rf"{builtin.name}\(.*[a-z1-2]: ", text) for text, _ in builtin.named
    )
    assert builtin.named or builtin.name in WITHOUT_NAMES


def test_the_tables_hold_every_builtin_once(feel: FeelPool) -> None:
    names = [builtin.name for builtin in BUILTINS]

    analyses = feel.analyse([Expression(f"{name}(1)") for name in names])
    assert [names[i] for i, one in enumerate(analyses) if one.unknown_functions] == []
    assert len(names) == len(set(names))
