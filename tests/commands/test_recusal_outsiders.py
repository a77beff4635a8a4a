"""Ties to people outside, named by a number; deputies and recusal."""

from dataclasses import replace
from datetime import timedelta

import pytest

from service.commands import (
    deputies,
    organization_import,
    personal_data,
    recusal,
    rights,
    ties,
)
from service.domain.actors import SYSTEM
from service.domain.authorization import ALL, Action, Grant, GranteeKind, ObjectKind
from service.domain.personal_data import PersonalKind
from service.domain.recusal import (
    RecusalRequired,
    TieInvalid,
    TieKind,
    TieOfOneself,
)
from service.domain.user_tasks import TaskNotFound
from service.queries import ties as tie_queries
from service.store.sealing import DataKeys
from service.store.tables import PersonalTie, UserTask
from tests.books import book
from tests.commands.recusing import STRANGER, claim, end, listed, start, tie
from tests.fixtures_commands import DATA_KEY, Deploy, Stage
from tests.fixtures_organization import actor_now


@pytest.fixture
def stage(stage: Stage, deploy: Deploy) -> Stage:
    deploy("recusing.bpmn")
    return stage


def tie_by_number(stage: Stage, number: str = "13812345678", kind: TieKind = TieKind.LINEAL) -> int:
    with stage.rooms.write() as tools:
        return ties.declare_outsider(
            tools,
            username="li.na",
            name="外单位的表弟",
            number_kind=PersonalKind.MOBILE,
            number=number,
            kind=kind,
            actor=stage.cast.officer,
            now=stage.clock.now,
        )


def carry(stage: Stage, username: str, number: str = "13812345678") -> None:
    """Let an account have this number."""
    with stage.rooms.write() as tools:
        personal_data.write(
            tools,
            username=username,
            kind=PersonalKind.MOBILE,
            text=number,
            now=stage.clock.now,
        )


def test_somebody_without_an_account_is_named_by_a_number(stage: Stage) -> None:
    tie_by_number(stage, "138 1234 5678")
    start(stage)
    assert listed(stage, stage.cast.officer) == ["人事科核对"]

    carry(stage, "zhang.min")
    second = start(stage)

    with pytest.raises(TaskNotFound):
        claim(stage, stage.task(second, "shared"), stage.cast.officer)
    assert "13812345678" not in str(stage.rows(PersonalTie))
    with stage.rooms.read() as session:
        [row] = tie_queries.own(session, actor=stage.cast.officer)
    assert (row.other_name, row.by_number) == ("外单位的表弟", "手机号")


def test_a_number_that_an_account_carries_counts_at_once(stage: Stage) -> None:
    carry(stage, "zhang.min")
    task = stage.task(start(stage), "shared")
    claim(stage, task, stage.cast.officer)

    key = tie_by_number(stage)

    assert stage.row(UserTask, element_id="shared")["assignee"] is None
    with pytest.raises(TieInvalid, match="已经登记"):
        tie_by_number(stage)
    end(stage, key, stage.cast.officer)
    assert listed(stage, stage.cast.officer) == ["人事科核对"]


def test_who_carries_the_number_lifts_no_recusal_that_somebody_else_declared(stage: Stage) -> None:
    key = tie_by_number(stage)
    with stage.rooms.write() as tools:
        right = Grant(GranteeKind.PERSON, STRANGER, ALL, ObjectKind.RECUSAL, Action.ACT)
        rights.grant(tools, right, actor=SYSTEM, now=stage.clock.now)
    carry(stage, STRANGER)

    with pytest.raises(TieOfOneself):
        end(stage, key, stage.cast.stranger)


def test_a_number_that_an_account_is_given_later_counts_at_once(stage: Stage) -> None:
    task = stage.task(start(stage), "shared")
    claim(stage, task, stage.cast.officer)
    tie_by_number(stage)
    assert stage.row(UserTask, key=task)["assignee"] == "li.na"

    carry(stage, "zhang.min")

    assert stage.row(UserTask, key=task)["assignee"] is None
    assert listed(stage, stage.cast.officer) == []
    with stage.rooms.write() as tools, pytest.raises(RecusalRequired, match="直系血亲"):
        recusal.require_unbarred(tools.session, task, "li.na")


@pytest.mark.parametrize("corrected", ["13912345678", ""])
def test_whose_number_was_written_wrongly_keeps_nobody_out(stage: Stage, corrected: str) -> None:
    tie_by_number(stage)
    start(stage)
    carry(stage, "zhang.min")
    assert listed(stage, stage.cast.officer) == []

    carry(stage, "zhang.min", corrected)

    assert listed(stage, stage.cast.officer) == ["人事科核对"]


def test_a_number_that_is_imported_counts_at_once(stage: Stage) -> None:
    tie_by_number(stage)
    start(stage)
    row = ["zhang.min", "张敏", "office", "科员", "", "", "", "13812345678"]
    with stage.rooms.write() as tools:
        content = book([["office", "办公室", "", ""]], [row])
        organization_import.apply(tools, content, actor=SYSTEM, now=stage.clock.now)

    assert listed(stage, stage.cast.officer) == []


def test_another_data_key_finds_them_again(stage: Stage) -> None:
    tie_by_number(stage)
    newer = replace(stage.rooms, data_keys=DataKeys(["a newer key", DATA_KEY]))
    assert ties.rotate_key(newer) == 1
    assert ties.rotate_key(newer) == 0

    alone = replace(stage, rooms=replace(stage.rooms, data_keys=DataKeys(["a newer key"])))
    carry(alone, "zhang.min")
    start(alone)

    assert listed(alone, stage.cast.officer) == []


@pytest.mark.parametrize("name", ["", " ", "长" * 101, "换\n行\0"])
def test_an_outsider_needs_a_name(stage: Stage, name: str) -> None:
    with stage.rooms.write() as tools, pytest.raises(TieInvalid, match="姓名"):
        ties.declare_outsider(
            tools,
            username="li.na",
            name=name,
            number_kind=PersonalKind.MOBILE,
            number="13812345678",
            kind=TieKind.OTHER,
            actor=stage.cast.officer,
            now=stage.clock.now,
        )


def test_a_deputy_of_somebody_who_keeps_out_keeps_out_too(stage: Stage) -> None:
    """Nor does a deputy who must keep out act for somebody who need not."""
    tie(stage)
    with stage.rooms.write() as tools:
        deputies.appoint(
            tools,
            principal="li.na",
            deputy=STRANGER,
            starts_at=stage.clock.now,
            ends_at=stage.clock.now + timedelta(days=1),
            process_ids=[],
            covers_open=True,
            actor=stage.cast.officer,
            now=stage.clock.now,
        )
    task = stage.task(start(stage), "shared")

    with stage.rooms.read() as session:
        stands_in = actor_now(session, STRANGER, stage.clock.now)
    assert [one.username for one in stands_in.principals] == ["li.na"]
    with pytest.raises(TaskNotFound):
        claim(stage, task, stands_in)
