"""Rows that are locked and changed by one statement, as many as were asked for and no more."""

from typing import Any

from sqlalchemy import Select, select


def locked_keys(due: Select[Any], *, of: Any = None) -> Select[Any]:
    """The keys that `due` selects, for an IN: found once, and locked except what others lock.

    In a CTE, for PostgreSQL may run a mere subquery again for each row that it compares; each run
    would pass over the rows that the run before it has locked and lock others, beyond the LIMIT.
    SQLite locks no rows: there is one writer at a time.
    """
    found = due.with_for_update(of=of, skip_locked=True).cte("found").prefix_with("MATERIALIZED")
    return select(*found.c)
