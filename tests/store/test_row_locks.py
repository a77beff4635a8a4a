"""As many rows as were asked for are locked and changed, however the database plans it."""

from datetime import UTC, datetime

from sqlalchemy import insert, select, text, update

from service.store.database import Database
from service.store.row_locks import locked_keys
from service.store.tables import RateCount

OVER = datetime(2026, 3, 2, tzinfo=UTC)
AGAIN_FOR_EACH_ROW = ("hashagg", "sort", "hashjoin", "mergejoin", "material", "memoize")
"""Without these PostgreSQL runs a subquery of an IN once for each row of the table."""


def test_no_more_rows_are_changed_than_the_limit_says(database: Database) -> None:
    with database.write() as session:
        session.execute(
            insert(RateCount),
            [{"bucket": str(number), "count": 1, "resets_at": OVER} for number in range(20)],
        )
    with database.write() as session:
        if database.dialect == "postgresql":
            for way in AGAIN_FOR_EACH_ROW:
                session.execute(text(f"SET LOCAL enable_{way} = off"))
        due = select(RateCount.bucket).where(RateCount.count == 1).limit(3)
        changed = session.execute(
            update(RateCount)
            .where(RateCount.bucket.in_(locked_keys(due)))
            .values(count=2)
            .returning(RateCount.bucket)
        ).all()
    assert len(changed) == 3


def test_what_somebody_else_has_locked_is_passed_over(database: Database) -> None:
    rows = [{"bucket": name, "count": 1, "resets_at": OVER} for name in ("first", "second")]
    with database.write() as session:
        session.execute(insert(RateCount), rows)
    due = select(RateCount.bucket).order_by(RateCount.bucket)
    with database.write() as holder:
        holder.execute(select(RateCount).where(RateCount.bucket == "first").with_for_update())
        if database.dialect == "postgresql":
            with database.write() as session:
                assert session.scalars(locked_keys(due)).all() == ["second"]
        else:
            assert holder.scalars(locked_keys(due)).all() == ["first", "second"]
