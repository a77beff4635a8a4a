"""Cycles written as cron expressions, by the clock of the zone."""

import pytest

from service.engine.run import ElementFailed
from service.engine.timers import Due, next_due
from service.engine.triggers import TimerKind
from tests.engine.test_timers import BERLIN, NOW, SHANGHAI, at, first


@pytest.mark.parametrize(
    ("cron", "due"),
    [
        ("0 9 * * *", "2026-03-03T09:00"),
        ("45 9 * * 1", "2026-03-02T09:45"),
        ("0 0 18 * * FRI", "2026-03-06T18:00"),
        ("30 9 * * *", "2026-03-03T09:30"),
    ],
)
def test_a_cron_is_due_at_the_next_moment_it_names(cron: str, due: str) -> None:
    assert first(TimerKind.CYCLE, cron) == Due(at(due), cron, None)


def test_a_cron_that_was_missed_rings_once_and_goes_on_behind_now() -> None:
    fired = Due(at("2026-02-23T09:00"), "0 9 * * *", None)

    assert next_due(fired, now=NOW, zone=SHANGHAI) == Due(at("2026-03-03T09:00"), "0 9 * * *", None)
    every = next_due(fired, now=NOW, zone=SHANGHAI, all_missed=True)
    assert every == Due(at("2026-02-24T09:00"), "0 9 * * *", None)


def test_a_cron_keeps_its_hour_over_a_change_of_the_clocks() -> None:
    fired = Due(at("2026-03-28T08:00", BERLIN), "0 8 * * *", None)

    again = next_due(fired, now=fired.at, zone=BERLIN)

    assert again == Due(at("2026-03-29T08:00", BERLIN), "0 8 * * *", None)


@pytest.mark.parametrize("cron", ["0 99 * * *", "every day", "0 9 31 2 *", "* * * *"])
def test_what_is_neither_a_repetition_nor_a_cron_is_refused(cron: str) -> None:
    with pytest.raises(ElementFailed):
        first(TimerKind.CYCLE, cron)
