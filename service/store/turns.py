"""Turns: one at a time does what no row stands for that could be locked, as entering a new one."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def take_turn(session: Session, name: str) -> None:
    """Wait until no other transaction has the turn of this name; it is given up at the commit.

    Taken before looking whether something is there already, it keeps two people from entering the
    same at the same moment. SQLite has one writer at a time. Take it behind all row locks, so that
    nobody who has it waits for somebody who wants it.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
