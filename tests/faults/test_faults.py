"""The short scenarios: real processes, real signals; what was acknowledged is there, once."""

from collections.abc import Iterator

import pytest

from tests.faults.plan import CANNOT, SHORT, Trial
from tests.faults.stand import Stand

pytestmark = pytest.mark.postgresql


@pytest.fixture(scope="module")
def stand() -> Iterator[Stand]:
    one = Stand()
    yield one
    one.close()


@pytest.mark.parametrize("trial", SHORT, ids=lambda trial: trial.name.replace(" ", "-"))
def test_nothing_is_lost_doubled_or_done_by_halves(trial: Trial, stand: Stand) -> None:
    try:
        verdict = trial.run(stand)
    except CANNOT as reason:
        pytest.skip(f"this machine does not let us try it: {reason!r}")
    assert list(verdict.faults) == []
    assert verdict.survived == verdict.tried > 0
