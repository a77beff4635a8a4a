"""The helpers as processes: made late, lent to one, never left behind."""

import gc
import json
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from service.feel import Expression, FeelError, FeelHelperMissing, FeelPool, FeelUnavailable
from service.feel.helper_process import BUNDLE, node
from tests.feel.conftest import MOMENT
from tests.feel.hostile import BACKTRACKING

ROOT = Path(__file__).resolve().parents[2]

PARENT = """
import sys
from datetime import datetime, UTC
import psutil
from service.feel import Expression, FeelPool
now = datetime(2026, 11, 23, tzinfo=UTC)
pool = FeelPool(size=1, expression_seconds=1.5)
pool.evaluate([Expression("1")], {}, now=now)
[helper] = psutil.Process().children()
print(helper.pid, flush=True)
sys.stdin.readline()
pool.evaluate([Expression(sys.argv[1])], {}, now=now)
"""

FORK = """
import os
from datetime import datetime, UTC
import psutil
from service.feel import Expression, FeelPool
now = datetime(2026, 11, 23, tzinfo=UTC)
pool = FeelPool(size=2)
value = lambda: pool.evaluate([Expression("40 + 2")], {}, now=now)
assert value() == [42]
[helper] = psutil.Process().children()
child = os.fork()
if child == 0:
    assert psutil.Process().children() == []
    assert value() == [42]
    assert helper.pid not in [process.pid for process in psutil.Process().children()]
    pool.close()
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
assert value() == [42]
assert [process.pid for process in psutil.Process().children()] == [helper.pid]
pool.close()
assert psutil.Process().children() == []
print("well")
"""


BUSY = 0.1
"""Seconds of the processor that an idle helper never takes, and a busy one soon."""

SOON = 20.0
"""Seconds a test waits at most for what comes at once, or when an alarm of two seconds rings."""

ATTEMPTS = 5


def helpers_of(process: psutil.Process) -> list[psutil.Process]:
    return [child for child in process.children() if is_helper(child)]


def is_helper(process: psutil.Process) -> bool:
    """Whether it runs the helper's program already: until then it is a copy of this process."""
    return "helper.cjs" in " ".join(process.cmdline())


def helper_made_by(pool: FeelPool) -> psutil.Process:
    before = set(helpers_of(psutil.Process()))
    pool.evaluate([Expression("1")], {}, now=MOMENT)
    [made] = set(helpers_of(psutil.Process())) - before
    return made


def wait_until_gone(process: psutil.Process, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                return True
            process.cpu_percent(interval=0.05)
        except psutil.NoSuchProcess:
            return True
    return False


def started_parent(expression: str) -> tuple[subprocess.Popen[str], psutil.Process]:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, expression],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
    )
    assert parent.stdout is not None
    return parent, psutil.Process(int(parent.stdout.readline()))


def killed_while_its_helper_is_busy(parent: subprocess.Popen[str], helper: psutil.Process) -> bool:
    """False where the machine was so busy that the parent ended its helper first."""
    before = cpu_seconds(helper)
    assert parent.stdin is not None
    parent.stdin.write("go\n")
    parent.stdin.flush()
    while cpu_seconds(helper) < before + BUSY:
        if wait_until_gone(helper, 0.05):
            return False
    parent.send_signal(signal.SIGKILL)
    parent.wait(SOON)
    return parent.returncode == -signal.SIGKILL


def cpu_seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
        return float(times.user + times.system)
    except psutil.NoSuchProcess:
        return 0.0


def test_a_busy_helper_does_not_outlive_a_killed_parent() -> None:
    """Its expression would run for years: nobody but its own alarm ends it."""
    for _ in range(ATTEMPTS):
        parent, helper = started_parent(BACKTRACKING)
        with parent:
            if not killed_while_its_helper_is_busy(parent, helper):
                parent.kill()
                continue
            assert wait_until_gone(helper, SOON)
            return
    pytest.fail("the helper was never seen busy")


def test_an_idle_helper_does_not_outlive_a_killed_parent() -> None:
    parent, helper = started_parent("1")
    with parent:
        parent.send_signal(signal.SIGKILL)

        assert wait_until_gone(helper, 2)


def test_a_forked_child_makes_its_own_helpers_and_leaves_its_parents() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FORK],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=30,
        check=False,
    )

    assert done.stdout == "well\n", done.stderr


def test_a_helper_answers_each_line_with_one_line_and_ends_with_its_input() -> None:
    request = {
        "call": "evaluate",
        "seconds": 1,
        "answerLimit": 1_000,
        "now": 0,
        "context": {"a": 1},
    }
    requests = [
        {"id": 1, **request, "expressions": [{"text": "a + 1"}]},
        {"id": "zwei", **request, "expressions": [{"text": "b"}]},
        {"id": 3, "call": "ping", "seconds": 1, "answerLimit": 1_000},
    ]
    done = subprocess.run(
        [node(), str(BUNDLE)],
        input="".join(json.dumps(request) + "\n" for request in requests),
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )

    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {"ready": True},
        {"id": 1, "answer": [2]},
        {"id": "zwei", "failure": {"kind": "name-missing", "name": "b", "index": 0}},
        {"id": 3, "answer": None},
    ]


def test_helpers_are_made_when_first_needed_and_never_more_than_the_size() -> None:
    before = set(helpers_of(psutil.Process()))
    pool = FeelPool(size=2)

    def made() -> set[psutil.Process]:
        return set(helpers_of(psutil.Process())) - before

    try:
        assert not made()
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(lambda _: pool.evaluate([Expression("1")], {}, now=MOMENT), range(50)))
        assert 1 <= len(made()) <= 2
    finally:
        pool.close()
    assert not made()


def test_threads_share_the_helpers_and_each_gets_its_own_answer(feel: FeelPool) -> None:
    def square(number: int) -> object:
        texts = [Expression("n * n"), Expression('string(n) + "!"')]
        return feel.evaluate(texts, {"n": number}, now=MOMENT)

    with ThreadPoolExecutor(12) as threads:
        answers = list(threads.map(square, range(300)))

    assert answers == [[number * number, f"{number}!"] for number in range(300)]


def test_endless_calls_do_not_disturb_those_of_others() -> None:
    pool = FeelPool(size=2, expression_seconds=0.2, acquire_seconds=20)

    def ask(number: int) -> object:
        text = f"{BACKTRACKING} and n > {number}" if number % 20 == 7 else "n + 1"
        try:
            return pool.evaluate([Expression(text)], {"n": number}, now=MOMENT)[0]
        except FeelError as error:
            return type(error).__name__

    try:
        with ThreadPoolExecutor(6) as threads:
            answers = list(threads.map(ask, range(60)))
    finally:
        pool.close()
    assert answers == [n + 1 if n % 20 != 7 else "FeelTimedOut" for n in range(60)]


def test_who_waits_too_long_for_a_free_helper_is_told_to_come_back() -> None:
    pool = FeelPool(size=1, expression_seconds=1.0, acquire_seconds=0.1)
    helper = helper_made_by(pool)

    def occupy() -> None:
        with pytest.raises(FeelError):
            pool.evaluate([Expression(BACKTRACKING)], {}, now=MOMENT)

    occupied = threading.Thread(target=occupy)
    occupied.start()
    try:
        while helper.cpu_percent(interval=0.05) < 20:
            assert occupied.is_alive()
        with pytest.raises(FeelUnavailable, match="正忙"):
            pool.evaluate([Expression("1")], {}, now=MOMENT)
    finally:
        occupied.join()
        pool.close()


def test_a_helper_that_died_while_idle_is_replaced(hasty_pool: FeelPool) -> None:
    helper = helper_made_by(hasty_pool)

    os.kill(helper.pid, signal.SIGKILL)
    os.waitid(os.P_PID, helper.pid, os.WEXITED | os.WNOWAIT)

    assert hasty_pool.evaluate([Expression("1 + 1")], {}, now=MOMENT) == [2]


def test_a_pool_that_is_thrown_away_takes_its_helpers_along() -> None:
    pool = FeelPool(size=1)
    helper = helper_made_by(pool)

    del pool
    gc.collect()

    assert not helper.is_running()


def test_a_closed_pool_answers_no_more() -> None:
    pool = FeelPool()
    pool.close()

    with pytest.raises(FeelUnavailable):
        pool.evaluate([Expression("1")], {}, now=MOMENT)


def test_a_helper_that_was_not_built_says_what_to_do(tmp_path: Path) -> None:
    pool = FeelPool(helper=tmp_path / "helper.cjs")

    with pytest.raises(FeelHelperMissing, match="make run"):
        pool.evaluate([Expression("1")], {}, now=MOMENT)


def test_a_helper_that_does_not_start_is_unavailable(tmp_path: Path) -> None:
    broken = tmp_path / "helper.cjs"
    broken.write_text("process.exit(1)")
    pool = FeelPool(size=1, helper=broken)

    for _ in range(2):
        with pytest.raises(FeelUnavailable):
            pool.evaluate([Expression("1")], {}, now=MOMENT)


def test_a_helper_sees_no_secret_of_the_service(
    monkeypatch: pytest.MonkeyPatch, hasty_pool: FeelPool
) -> None:
    monkeypatch.setenv("JIAOYAN_SECRET_KEY", "secret")
    helper = helper_made_by(hasty_pool)

    assert set(helper.environ()) == {"TZ", "LANG"}


def test_a_deploy_check_outlasts_a_moment_in_which_its_helper_gets_no_time() -> None:
    # when a machine was at its limit, sound diagrams were refused for a helper that was late
    others = set(psutil.Process().children())
    pool = FeelPool(size=1, form_seconds=0.2)
    try:
        pool.analyse([Expression("1")])
        [helper] = set(psutil.Process().children()) - others
        helper.suspend()
        threading.Timer(0.5, helper.resume).start()
        assert [one.errors for one in pool.analyse([Expression("1 + 1")])] == [()]
        assert pool.failures() == {}
    finally:
        pool.close()
