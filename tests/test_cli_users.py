"""`jiaoyan users …`, `data …` and `open-procedure`, in this process, on a database of each kind."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import insert

from service.cli import cli
from service.commands.closing import ProcedureNotClosed
from service.store.tables import ClosedProcedure
from tests.databases import kept_database
from tests.programs import SECRETS
from tests.test_programs import PASSWORD

Run = Callable[..., Result]


@pytest.fixture
def run(database_url: str) -> Run:
    """Run a command with these words; an error of ours comes out as it is."""
    environment = {"JIAOYAN_DATABASE_URL": database_url, **SECRETS}

    def run_command(*words: str) -> Result:
        done = CliRunner(env=environment).invoke(cli, words, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done

    return run_command


def listed(run: Run) -> str:
    return run("users", "list").stdout.strip()


def test_an_account_is_listed_with_what_keeps_it_out(run: Run) -> None:
    run("users", "add", "zhang", "--name", "经办人", "--password", PASSWORD)
    assert listed(run) == "zhang  经办人  没有用户组  登录后须先改密码"
    run("users", "password", "zhang", "--password", PASSWORD, "--program")
    run("users", "rename", "zhang", "--name", "经办员")
    assert listed(run) == "zhang  经办员  没有用户组"
    run("users", "lock", "zhang", "--reason", "手机丢失")
    assert "已锁定" in listed(run)
    run("users", "unlock", "zhang")
    assert "移交" not in run("users", "leave", "zhang").stdout
    assert "已离岗" in listed(run)
    run("users", "reactivate", "zhang")
    assert listed(run) == "zhang  经办员  没有用户组  没有密码"


def test_an_invited_person_gets_a_link_at_the_address_that_is_set(run: Run) -> None:
    made = run("users", "invite", "zhang", "--name", "经办人")
    assert made.stdout.startswith("http://127.0.0.1:8080/password/")
    again = run("users", "link", "zhang")
    assert again.stdout != made.stdout
    assert "只能用一次" in again.stderr
    assert listed(run) == "zhang  经办人  没有用户组  没有密码"


def test_rotating_the_data_key_says_how_much_it_sealed(run: Run) -> None:
    assert "0 项" in run("data", "rotate-key").stdout


def test_a_closed_procedure_is_opened_once_with_a_reason(run: Run, database_url: str) -> None:
    row = {"process_id": "exit", "closed_at": datetime.now(UTC), "closed_by": "designer"}
    with kept_database(database_url).write() as session:
        session.execute(insert(ClosedProcedure), [row])
    assert "不再封闭" in run("open-procedure", "exit", "--reason", "不再涉密").stdout
    with pytest.raises(ProcedureNotClosed):
        run("open-procedure", "exit", "--reason", "不再涉密")
