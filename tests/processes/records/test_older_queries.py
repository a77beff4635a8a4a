"""Cases of the yearly query that began before a record had to be followed to the 准入资格."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from processes.registers.qualification_acts import Revocation, revoke
from processes.sample import registers
from service.commands import deployments
from service.commands.deployments import Upload
from service.domain.actors import SYSTEM, Actor
from service.feel import FeelPool
from tests.processes.conftest import SettledBureau, open_copy
from tests.processes.desk import COLLEAGUE, Desk
from tests.processes.records.querying import (
    DISMISS,
    answer,
    ask,
    case_of,
    entry,
    only,
    settle,
)
from tests.processes.recruitment.engaging import qualify

OLDER = Path(__file__).with_name("older") / "records_yearly.bpmn"
ONE, TWO = "researcher02", "researcher03"


@pytest.fixture(scope="module")
def older(
    settled_sqlite: SettledBureau, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    """A bureau whose newest diagram of the query is that of an earlier day."""
    with open_copy(settled_sqlite, tmp_path_factory.mktemp("older"), feel) as desk:
        upload = Upload(OLDER.name, OLDER.read_bytes())
        deployments.deploy(desk.rooms, [upload], actor=SYSTEM, now=desk.clock())
        with desk.rooms.write() as tools:
            registers.fill(tools, desk.clock())
        ask(desk, "2026-08-02")
        yield desk


def found(desk: Desk, username: str) -> tuple[int, int]:
    """A record was found of somebody with a qualification: the case, and its key."""
    key = qualify(desk, Actor(username, username, frozenset()), "小学语文")
    case = case_of(desk, username)
    answer(desk, case, "有记录")
    settle(desk, case)
    return case, key


def test_it_is_held_until_the_qualification_is_revoked(older: Desk) -> None:
    case, key = found(older, ONE)
    assert entry(older, ONE).ended_how == "解除聘用合同"
    assert only(older, case).element_id == DISMISS
    assert "小学语文的准入资格在名册里仍然有效：撤销以后再提交一次" in str(
        older.variables(case)["settle_problems"]
    )
    with older.rooms.write() as tools:
        paper = Revocation("R-N1", "乌教准撤〔2026〕2号", "查询属实", "已告知，没有陈述")
        revoke(tools, key, paper, revision=1, actor=SYSTEM, now=older.clock())
    settle(older, case)
    assert older.instance(case).end_event == "已离开岗位"


def test_or_until_the_note_says_why_it_stays(older: Desk) -> None:
    case, _ = found(older, TWO)
    task = only(older, case)
    note = "不撤销准入资格：记录不属于准入条件所列情形"
    older.complete(task, "left", {"dismissal_note": note}, actor=COLLEAGUE)
    assert older.instance(case).end_event == "已离开岗位"
