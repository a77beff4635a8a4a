"""Keys are unique, rise with time and fit a signed 64-bit column."""

import os
import threading

from hypothesis import given
from hypothesis import strategies as st

from service.domain.keys import KeySource

MOMENT_MS = 1_795_000_000_000


def test_a_key_fits_a_signed_64_bit_column_until_the_year_2089() -> None:
    end_of_time = 1_577_836_800_000 + (1 << 41) - 1
    assert KeySource(lambda: end_of_time).next() < 1 << 63


def test_keys_of_one_source_rise_within_a_millisecond() -> None:
    source = KeySource(lambda: MOMENT_MS)
    keys = [source.next() for _ in range(5000)]
    assert keys == sorted(set(keys))


@given(st.lists(st.integers(MOMENT_MS, MOMENT_MS + 10_000), min_size=1, max_size=50))
def test_a_clock_that_steps_back_never_repeats_a_key(moments: list[int]) -> None:
    clock = iter(moments)
    source = KeySource(lambda: next(clock))
    keys = [source.next() for _ in moments]
    assert keys == sorted(set(keys))


def test_a_later_millisecond_gives_a_greater_key_in_any_process() -> None:
    early, late = KeySource(lambda: MOMENT_MS), KeySource(lambda: MOMENT_MS + 1)
    assert early.next() < late.next()


def test_threads_never_get_the_same_key() -> None:
    source, keys = KeySource(), list[int]()
    threads = [
        threading.Thread(target=lambda: keys.extend(source.next() for _ in range(2000)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(keys)) == 8000


def test_a_forked_child_draws_a_process_number_of_its_own() -> None:
    sources = [KeySource(lambda: MOMENT_MS) for _ in range(8)]
    reader, writer = os.pipe()
    if (child := os.fork()) == 0:
        os.write(writer, " ".join(str(source.next()) for source in sources).encode())
        os._exit(0)
    os.waitpid(child, 0)
    # Eight draws of 4,096 numbers never all come out the same.
    assert os.read(reader, 400).decode().split() != [str(source.next()) for source in sources]
