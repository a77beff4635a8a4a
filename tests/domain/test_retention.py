"""How long the content of a closed case is kept."""

from datetime import UTC, datetime

import pytest

from service.domain.retention import is_retention, kept_until

ENDED = datetime(2024, 2, 28, 17, tzinfo=UTC)
"""The 29th of February, at one in the night, in Wuhai."""


@pytest.mark.parametrize(
    ("written", "until"),
    [
        ("P190D", datetime(2024, 9, 5, 17, tzinfo=UTC)),
        ("P4Y", datetime(2028, 2, 28, 17, tzinfo=UTC)),
        ("P1Y", datetime(2025, 2, 28, 17, tzinfo=UTC)),
        (" P10Y ", datetime(2034, 2, 28, 17, tzinfo=UTC)),
    ],
)
def test_a_duration_counts_from_the_end_by_the_bureaus_calendar(
    written: str, until: datetime
) -> None:
    assert is_retention(written)
    assert kept_until(written, ENDED) == until


@pytest.mark.parametrize("written", ["permanent", "", "P0D", "10", "P1M", "PT5M", "P９Y", "P-1D"])
def test_anything_else_is_for_ever(written: str) -> None:
    assert kept_until(written, ENDED) is None
    assert is_retention(written) == (written == "permanent")
