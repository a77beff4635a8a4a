"""Staying in, signing out, another password."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from service.commands.password_check import Locked, SignInRefused
from service.commands.rooms import Rooms
from service.commands.sign_in import (
    change_password,
    session_actor,
    sign_out,
    touch_session,
)
from service.domain.passwords import PasswordUnfit
from service.store.database import Database
from service.store.tables import WebSession
from tests.commands.signing_in import SignIn, enter, is_in
from tests.fixtures_store import PASSWORD, Write

MINUTE = timedelta(minutes=1)
NEW_PASSWORD = "青山遮不住-毕竟东流去"

__all__ = ["enter"]


class TestSession:
    """How long a sign-in lasts."""

    def test_it_idles_out(self, database: Database, enter: SignIn, now: datetime) -> None:
        token = enter().token
        assert is_in(database, token, now + 29 * MINUTE)
        assert not is_in(database, token, now + 30 * MINUTE)

    def test_the_idle_time_is_a_setting(
        self, database: Database, enter: SignIn, now: datetime
    ) -> None:
        token = enter().token
        with database.read() as session:
            at = now + 6 * MINUTE
            assert session_actor(session, token=token, now=at, idle=5 * MINUTE) is None

    def test_use_keeps_it_open_for_twelve_hours(
        self, database: Database, enter: SignIn, now: datetime
    ) -> None:
        token = enter().token
        for quarter in range(12 * 4):
            with database.write() as session:
                touch_session(session, token=token, now=now + quarter * 15 * MINUTE)
        assert is_in(database, token, now + 719 * MINUTE)
        assert not is_in(database, token, now + 720 * MINUTE)

    def test_use_is_noted_once_a_minute(
        self, database: Database, enter: SignIn, now: datetime
    ) -> None:
        token = enter().token
        with database.read() as session:
            due = [
                found.touch_due
                for seconds in (0, 59, 60)
                if (
                    found := session_actor(
                        session, token=token, now=now + timedelta(seconds=seconds)
                    )
                )
            ]
        assert due == [False, False, True]

    def test_signing_out_ends_it(
        self, database: Database, write: Write, enter: SignIn, now: datetime
    ) -> None:
        token, elsewhere = enter().token, enter().token
        with write() as tools:
            sign_out(tools, token=token, address="10.0.0.1", now=now)
        assert not is_in(database, token, now)
        assert is_in(database, elsewhere, now)

    @pytest.mark.parametrize("token", ["", "x", "\ud800", "' OR 1=1", "x" * 100_000])
    def test_no_other_text_is_a_session(
        self, database: Database, enter: SignIn, now: datetime, token: str
    ) -> None:
        enter()
        assert not is_in(database, token, now)

    def test_signing_in_clears_away_what_ended(
        self, database: Database, enter: SignIn, now: datetime
    ) -> None:
        enter()
        enter("zhang.min")
        enter(at=now + timedelta(days=1))
        with database.read() as session:
            assert session.scalar(select(func.count()).select_from(WebSession)) == 2


class TestChangePassword:
    """By the person, who gives the old one too."""

    @pytest.fixture
    def change(self, rooms: Rooms, now: datetime) -> Callable[..., None]:
        def changing(token: str, current: str = PASSWORD, new: str = NEW_PASSWORD) -> None:
            change_password(
                rooms,
                username="li.na",
                current=current,
                new=new,
                token=token,
                address="10.0.0.1",
                now=now,
            )

        return changing

    def test_the_new_one_counts_from_now_on(
        self, enter: SignIn, change: Callable[..., None]
    ) -> None:
        change(enter().token)
        assert enter(password=NEW_PASSWORD).username == "li.na"
        with pytest.raises(SignInRefused):
            enter()

    def test_other_sessions_end(
        self, database: Database, enter: SignIn, change: Callable[..., None], now: datetime
    ) -> None:
        here, elsewhere, of_another = enter().token, enter().token, enter("zhang.min").token
        change(here)
        still_in = [is_in(database, token, now) for token in (here, elsewhere, of_another)]
        assert still_in == [True, False, True]

    def test_an_easy_one_changes_nothing(self, enter: SignIn, change: Callable[..., None]) -> None:
        with pytest.raises(PasswordUnfit):
            change(enter().token, new="1234567890")
        assert enter().username == "li.na"

    def test_guessing_the_old_one_locks(self, enter: SignIn, change: Callable[..., None]) -> None:
        token = enter().token
        for _ in range(4):
            with pytest.raises(SignInRefused):
                change(token, current="guess")
        with pytest.raises(Locked):
            change(token, current="guess")
