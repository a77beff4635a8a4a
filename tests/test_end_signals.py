"""A program that is told to end does so, at whatever moment it is told."""

import subprocess
import sys

MANY = """
import signal
from service.end_signals import end_signals

for number in range(20000):
    with end_signals([signal.SIGALRM]) as wait:
        signal.setitimer(signal.ITIMER_REAL, 1e-6 * (1 + number % 60))
        wait()
print("ended", number + 1, "times")
"""
"""With a `threading.Event` that a handler sets, this program hangs within its first thousand."""


def test_no_moment_is_missed() -> None:
    program = subprocess.run(
        [sys.executable, "-c", MANY], capture_output=True, text=True, timeout=60, check=False
    )
    assert program.stdout == "ended 20000 times\n", program.stderr
