"""User names, locks and the end of a session."""

from datetime import UTC, datetime, timedelta

import pytest

from service.domain.accounts import (
    ABSOLUTE,
    IDLE,
    is_group_id,
    is_username,
    locked_until,
    sort_name,
)

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("name", ["a", "zhang.min", "李娜", "x_1@bureau-2", "9", "张" * 64])
def test_a_user_name(name: str) -> None:
    assert is_username(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        " a",
        "a b",
        "a\n",
        "../x",
        "a/b",
        "<b>",
        "a\0",
        "😀",
        "_a",
        ".a",
        "*",
        "a" * 65,
        "\ud800",
    ],
)
def test_no_user_name(name: str) -> None:
    assert not is_username(name)


@pytest.mark.parametrize("name", ["system", "System"])
def test_the_systems_own_name_is_nobodys(name: str) -> None:
    assert not is_username(name)


def test_a_group_may_be_named_like_an_office() -> None:
    assert is_group_id("personnel-office")
    assert not is_group_id("personnel office")


@pytest.mark.parametrize(
    ("failures", "minutes"),
    [
        (0, None),
        (4, None),
        (5, 15),
        (6, None),
        (9, None),
        (10, 30),
        (15, 60),
        (20, 120),
        (500, 720),
    ],
)
def test_each_fifth_wrong_password_locks_for_longer(failures: int, minutes: int | None) -> None:
    until = None if minutes is None else NOW + timedelta(minutes=minutes)
    assert locked_until(failures, NOW) == until


def test_a_session_idles_out_long_before_it_has_to_end() -> None:
    assert timedelta(0) < IDLE < ABSOLUTE


def test_chinese_names_sort_by_pinyin_behind_latin_ones() -> None:
    names = ["张敏", "Zoe", "王伟", "安琪", "adam", "李娜", "陈静"]
    by_pinyin = ["adam", "Zoe", "安琪", "陈静", "李娜", "王伟", "张敏"]
    assert sorted(names, key=sort_name) == by_pinyin


def test_any_name_has_a_sort_key() -> None:
    assert sort_name("😀 𠮷\ud800").isascii()
