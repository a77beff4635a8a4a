"""What is done too often is refused, by whichever process, until its window is over."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from service.commands import rate_limits
from service.commands.rooms import Rooms
from service.domain.rate_limits import Limit, TooOften
from service.store.database import Database
from service.store.tables import RateCount

THREE = Limit("three", 3, timedelta(minutes=10))


def take(rooms: Rooms, now: datetime, subject: str = "13800001234") -> None:
    with rooms.write() as tools:
        rate_limits.take(tools, THREE, subject, now)


def test_one_too_many_is_refused_and_says_how_long_to_wait(rooms: Rooms, now: datetime) -> None:
    for _ in range(3):
        take(rooms, now)
    with pytest.raises(TooOften) as refused:
        take(rooms, now + timedelta(minutes=4))
    assert refused.value.retry_after == 360
    assert "6 分钟" in refused.value.message


def test_another_subject_is_counted_for_itself(rooms: Rooms, now: datetime) -> None:
    for _ in range(3):
        take(rooms, now)
    take(rooms, now, subject="13900001234")


def test_a_window_that_is_over_counts_anew(rooms: Rooms, now: datetime) -> None:
    for _ in range(3):
        take(rooms, now)
    take(rooms, now + THREE.window)
    with rooms.read() as session:
        assert session.scalar(select(RateCount.count)) == 1


def test_another_process_of_the_program_counts_on(
    rooms: Rooms, database_url: str, now: datetime
) -> None:
    for _ in range(3):
        take(rooms, now)
    restarted = Database(database_url)
    with pytest.raises(TooOften):
        take(replace(rooms, database=restarted), now)
    restarted.dispose()


def test_many_at_once_are_let_through_as_often_as_in_turn(rooms: Rooms, now: datetime) -> None:
    def passes(_: int) -> bool:
        try:
            take(rooms, now)
        except TooOften:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(passes, range(24))) == THREE.most


def test_the_table_names_nobody(rooms: Rooms, now: datetime) -> None:
    take(rooms, now)
    with rooms.read() as session:
        bucket = session.scalars(select(RateCount.bucket)).one()
    assert "13800001234" not in bucket


def test_windows_that_are_over_are_forgotten(rooms: Rooms, now: datetime) -> None:
    for number in range(12):
        take(rooms, now, subject=str(number))
    take(rooms, now + timedelta(hours=1), subject="later")
    with rooms.read() as session:
        assert session.scalar(select(func.count()).select_from(RateCount)) == 1
