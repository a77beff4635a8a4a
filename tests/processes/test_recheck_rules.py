"""The re-check of a refusal names the rules and settings it was decided by."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from processes.registers.admission_norms import RULES_VERSION
from processes.registers.tables import RefusalReviewRecord
from tests.fixtures_store import migrated_url
from tests.processes.desk import COLLEAGUE, Desk
from tests.processes.reviewing import (
    examine,
    prove,
    read,
    refuse,
    seat,
    task_at,
    vote_all,
)


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    yield from migrated_url(request, "sqlite")


def test_a_recheck_keeps_the_version_of_its_rules(desk: Desk) -> None:
    key = desk.apply().instance_key
    desk.check(key)
    prove(desk, key)
    seat(desk, key)
    vote_all(desk, key)
    examine(desk, key, n4_finding="有不合格或基本合格", n4_reason="2024年度基本合格")
    refuse(desk, key)
    read(desk, key, "object", comment="见登记表。")
    desk.complete(task_at(desk, key, "recheck"), "uphold", actor=COLLEAGUE, comment="已经核对")
    with desk.rooms.read() as session:
        (review,) = session.scalars(select(RefusalReviewRecord))
    assert review.rules_version == f"{RULES_VERSION}/0"
