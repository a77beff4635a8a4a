"""The programs as a person starts them: real processes, real signals, a folder of their own."""

import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from service.app import ROOT
from tests.engine.faults_named import BY_NAME
from tests.programs import SECRETS, Program, command_here, environment, free_port, tried_here

PASSWORD = "correct-horse-battery"


def jiaoyan(folder: Path, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "service.cli", *words],
        env=environment(folder, free_port(), **more),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def folder(sqlite_template: Path, tmp_path: Path) -> Path:
    """The data of a system whose database is migrated and empty."""
    shutil.copyfile(sqlite_template, tmp_path / "jiaoyan.db")
    return tmp_path


@contextmanager
def running(folder: Path, port: int, words: Sequence[str], **more: str) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "service.cli", *words],
        env=environment(folder, port, **more),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        yield page(port, process)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise


def page(port: int, process: "subprocess.Popen[bytes]") -> str:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=5) as answer:
                return str(answer.read().decode())
        except (urllib.error.URLError, ConnectionError):
            if process.poll() is not None:
                raise AssertionError(process.communicate()[0].decode()) from None
            time.sleep(0.02)
    raise AssertionError("no answer within 30 s")


def test_the_demonstration_lists_its_accounts_and_keeps_its_data(tmp_path: Path) -> None:
    for _start in range(2):
        with running(tmp_path, free_port(), ["demo"]) as sign_in:
            assert "jiaoyan-demo" in sign_in
            assert all(name in sign_in for name in ("applicant", "personnel1", "operator"))
    assert command_here(tmp_path, "deploy", *shipped()).count("内容没有变化") == len(shipped())


def shipped() -> list[str]:
    return [str(p) for folder in ("bpmn", "forms") for p in sorted((ROOT / folder).iterdir())]


def test_the_demonstration_says_when_its_port_is_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = jiaoyan(tmp_path, "demo", JIAOYAN_PORT=str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert "已被占用" in done.stderr


@pytest.mark.parametrize("program", ["serve", "worker"])
def test_a_server_refuses_to_start_without_its_secrets(tmp_path: Path, program: str) -> None:
    done = jiaoyan(tmp_path, program)
    assert done.returncode == 1
    assert "JIAOYAN_SECRET_KEY" in done.stderr


def test_a_server_knows_no_account_of_the_demonstration(tmp_path: Path) -> None:
    command_here(tmp_path, "db", "upgrade")
    with running(tmp_path, free_port(), ["serve"], JIAOYAN_HTTPS="false", **SECRETS) as sign_in:
        assert "jiaoyan-demo" not in sign_in


def test_a_worker_starts_and_stops_when_told(folder: Path) -> None:
    settings = environment(folder, free_port(), **SECRETS)
    worker = Program(["worker"], settings, folder / "worker.log")
    try:
        worker.wait_until_it_says("作业程序已启动")
        worker.end()
        assert worker.returncode == 0
    finally:
        worker.kill()


def test_an_account_and_a_token_are_made_from_the_command_line(folder: Path) -> None:
    command_here(
        folder, "users", "add", "zhang", "--name", "经办人", "--password", PASSWORD, **SECRETS
    )
    command_here(
        folder, "users", "group", "office", "--name", "科室", "--member", "zhang", **SECRETS
    )
    command_here(folder, "users", "grant", "office", "case", "read", **SECRETS)
    token = tried_here(folder, "token", "create", "zhang", "--name", "测试", **SECRETS)
    assert len(token.stdout.strip()) >= 40
    number = token.stderr.split()[1].removesuffix("；作废时运行")
    command_here(folder, "token", "revoke", number, **SECRETS)


def test_what_is_to_be_recorded_is_not_done_without_the_key(folder: Path) -> None:
    refused = tried_here(
        folder, "users", "add", "zhang", "--name", "经办人", "--password", PASSWORD
    )
    assert (refused.returncode, "JIAOYAN_AUDIT_KEY" in refused.stderr) == (1, True)
    assert command_here(folder, "users", "list") == ""


def test_a_command_on_a_database_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    done = jiaoyan(tmp_path, "token", "create", "zhang", "--name", "测试")
    assert done.returncode == 1
    assert "jiaoyan db upgrade" in done.stderr


def test_the_check_passes_what_is_shipped_and_names_what_is_wrong(tmp_path: Path) -> None:
    command_here(tmp_path, "check", *shipped())
    broken = tmp_path / "broken.bpmn"
    broken.write_text("<bpmn:definitions")
    done = tried_here(tmp_path, "check", str(broken))
    assert done.returncode == 1
    assert "broken.bpmn" in done.stdout
    assert "改法" in done.stdout


def test_the_check_names_every_construct_that_is_refused(tmp_path: Path) -> None:
    for number, (source, _, _) in enumerate(BY_NAME.values()):
        (tmp_path / f"{number}.bpmn").write_bytes(source)
    files = [str(tmp_path / f"{number}.bpmn") for number in range(len(BY_NAME))]

    done = tried_here(tmp_path, "check", *files)

    assert done.returncode == 1
    blocks = done.stdout.split("错误  ")
    for number, (_, rule, element_id) in enumerate(BY_NAME.values()):
        place = f"{number}.bpmn", f"（{element_id}）", f"[{rule}]"
        assert any(all(word in block for word in place) for block in blocks), place


def test_the_history_is_not_checked_without_its_key(folder: Path) -> None:
    done = tried_here(folder, "audit", "verify")
    assert done.returncode == 1
    assert "JIAOYAN_AUDIT_KEY" in done.stderr


def test_the_history_of_an_empty_database_verifies(folder: Path) -> None:
    done = tried_here(folder, "audit", "verify", **SECRETS)
    verified = "共核对 0 个事项的 0 条办理记录、0 条日志链的 0 条访问日志，0 处不符。\n"
    assert (done.returncode, done.stdout) == (0, verified)
