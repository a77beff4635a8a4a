"""Many hostile texts at once: each fails by itself, everybody else is answered."""

import itertools
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psutil
import pytest

from service.feel import (
    Budget,
    Expression,
    FeelBudgetSpent,
    FeelError,
    FeelPool,
    FeelTimedOut,
)
from tests.feel.conftest import MOMENT
from tests.feel.hostile import BACKTRACKING, HOSTILE
from tests.feel.test_processes import helpers_of, is_helper

MEMORY = 600_000_000
"""Bytes that a helper may ever hold: its heap is bounded by 128 MB, the rest is Node's."""

SOON = 15.0
"""Seconds, on a busy machine: a hostile text alone would take minutes, all of them over twenty."""


@pytest.mark.parametrize("text", HOSTILE, ids=[text[:40] for text in HOSTILE])
def test_a_hostile_text_fails_and_the_next_call_is_answered(
    hasty_pool: FeelPool, text: str
) -> None:
    hasty_pool.evaluate([Expression("1")], {}, now=MOMENT)
    began = time.monotonic()

    with pytest.raises(FeelError):
        hasty_pool.evaluate([Expression(text)], {}, now=MOMENT)

    assert time.monotonic() - began < SOON
    assert hasty_pool.evaluate([Expression("1 + 1")], {}, now=MOMENT) == [2]


@contextmanager
def largest_helper() -> Iterator[list[int]]:
    """The most bytes that a helper of this process held meanwhile, as the one element."""
    largest, done = [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            for child in psutil.Process().children():
                try:
                    if is_helper(child):
                        largest[0] = max(largest[0], child.memory_info().rss)
                except psutil.NoSuchProcess:
                    continue

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield largest
    finally:
        done.set()
        watcher.join()


def outcome(pool: FeelPool, text: str, origin: str) -> object:
    try:
        return pool.evaluate([Expression(text)], {}, now=MOMENT, origin=origin)[0]
    except FeelError as error:
        return error


def test_a_hundred_hostile_texts_at_once_keep_nobody_else_waiting() -> None:
    before = set(helpers_of(psutil.Process()))
    pool = FeelPool(size=2, expression_seconds=0.4, acquire_seconds=2.0)
    cycle = enumerate(itertools.islice(itertools.cycle(HOSTILE), 100))
    texts = [f"{text} // {number}" for number, text in cycle]
    waits: list[float] = []
    storm_is_over = threading.Event()

    def ask_well() -> None:
        while not storm_is_over.is_set():
            began = time.monotonic()
            assert outcome(pool, "40 + 2", "好流程") == 42
            waits.append(time.monotonic() - began)

    with largest_helper() as largest, ThreadPoolExecutor(9) as threads:
        good = threads.submit(ask_well)
        storm = [threads.submit(outcome, pool, text, "坏流程") for text in texts]
        failures = [call.result() for call in storm]
        storm_is_over.set()
        good.result()
    pool.close()

    assert [
        text
        for text, failure in zip(texts, failures, strict=True)
        if not isinstance(failure, FeelError)
    ] == []
    assert len(waits) > 50
    assert max(waits) < SOON
    assert 0 < largest[0] < MEMORY
    assert set(helpers_of(psutil.Process())) == before


def test_who_cost_a_helper_may_not_hold_them_all() -> None:
    pool = FeelPool(size=2, expression_seconds=0.4, acquire_seconds=30.0)
    assert isinstance(outcome(pool, BACKTRACKING, "坏流程"), FeelError)
    assert outcome(pool, "1", "好流程") == 1

    with ThreadPoolExecutor(4) as threads:
        texts = [f"{BACKTRACKING} and {number} > 0" for number in range(4)]
        storm = [threads.submit(outcome, pool, text, "坏流程") for text in texts]
        answered = 0
        while not all(call.done() for call in storm):
            assert outcome(pool, "1", "好流程") == 1
            answered += 1
    pool.close()

    assert all(isinstance(call.result(), FeelError) for call in storm)
    assert answered > 100


def test_what_cost_a_helper_is_not_tried_again_at_once() -> None:
    pool = FeelPool(size=1, expression_seconds=0.4, acquire_seconds=30.0)
    try:
        with ThreadPoolExecutor(20) as threads:
            storm = [threads.submit(outcome, pool, BACKTRACKING, f"流程{i}") for i in range(20)]
        failures = [call.result() for call in storm]

        assert all(isinstance(failure, FeelTimedOut) for failure in failures)
        assert f"流程{7}" in str(failures[7])
        assert sum(pool.failures().values()) == 1
        assert isinstance(outcome(pool, f"{BACKTRACKING} or x", "流程"), FeelTimedOut)
        assert sum(pool.failures().values()) == 2
    finally:
        pool.close()


def test_who_had_less_than_all_the_time_may_try_again() -> None:
    pool = FeelPool(size=1, expression_seconds=20.0)
    slow = [Expression("count(for i in 1..300000 return i)")]
    try:
        with pytest.raises(FeelBudgetSpent):
            pool.evaluate(slow, {}, now=MOMENT, budget=Budget(seconds=0.01))
        assert pool.evaluate(slow, {}, now=MOMENT) == [300_000]
    finally:
        pool.close()


def test_a_suspect_alone_is_still_answered() -> None:
    pool = FeelPool(size=1, expression_seconds=0.2)
    try:
        assert isinstance(outcome(pool, BACKTRACKING, "坏流程"), FeelError)
        assert outcome(pool, "1 + 1", "坏流程") == 2
    finally:
        pool.close()
