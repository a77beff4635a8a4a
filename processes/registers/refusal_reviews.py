"""What became of a refusal that somebody objected to: rows beside it, never changed.

In the caller's transaction. A re-check that runs again writes once.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.registers.tables import RefusalReviewRecord
from service.domain.actors import Actor


def record(
    session: Session,
    review_key: int,
    refusal_key: int,
    *,
    overturned: bool,
    rules_version: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Write the decision of a re-check; `review_key` is the step's, and makes it one row."""
    if session.get(RefusalReviewRecord, review_key) is not None:
        return
    session.add(
        RefusalReviewRecord(
            review_key=review_key,
            refusal_key=refusal_key,
            overturned=overturned,
            rules_version=rules_version,
            recorded_at=now,
            recorded_by=actor.username,
            recorded_by_name=actor.display_name,
        )
    )
    session.flush()


def of(session: Session, refusal_keys: Collection[int]) -> Mapping[int, RefusalReviewRecord]:
    """Return the decision on each of these refusals that has one."""
    rows = session.scalars(
        select(RefusalReviewRecord)
        .where(RefusalReviewRecord.refusal_key.in_(sorted(refusal_keys)))
        .order_by(RefusalReviewRecord.review_key)
    )
    return {row.refusal_key: row for row in rows}
