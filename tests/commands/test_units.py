"""Units: made, renamed, moved, closed; the tree stays one."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from service.commands import units
from service.commands.accounts import AccountsForbidden
from service.commands.units import (
    NameTaken,
    PositionInvalid,
    UnitIdInvalid,
    UnitIdTaken,
    UnitInUse,
)
from service.domain.actors import SYSTEM
from service.domain.organization import TextUnfit, TreeBroken, UnitIsClosed, UnitUnknown
from service.store.tables import OrganizationUnit
from tests.fixtures_organization import Bureau
from tests.fixtures_store import Book, Cast


def stored(bureau: Bureau, unit_id: str) -> OrganizationUnit:
    with bureau.database.read() as session:
        return session.scalars(select(OrganizationUnit).where(OrganizationUnit.id == unit_id)).one()


def test_a_unit_stands_under_its_parent_and_roots_may_be_several(bureau: Bureau) -> None:
    bureau.create("school", "示例小学01", "haibowan")
    bureau.create("union", "教育工会", None)

    assert stored(bureau, "school").parent_id == "haibowan"
    assert stored(bureau, "union").parent_id is None


@pytest.mark.parametrize("unit_id", ["", "a b", "@x", "x" * 65, "系统/科", "a\x00"])
def test_ids_are_short_and_plain(bureau: Bureau, unit_id: str) -> None:
    with pytest.raises(UnitIdInvalid):
        bureau.create(unit_id, "新科")


@pytest.mark.parametrize(
    "name", ["", "  ", "科\n室", "科 · 室", "科@局", "科/室", "科,室", "科" * 101]
)
def test_names_hold_no_marks_of_a_post_group(bureau: Bureau, name: str) -> None:
    with pytest.raises(TextUnfit):
        bureau.create("new", name)


def test_an_id_is_given_once_and_a_name_once_under_a_parent(bureau: Bureau) -> None:
    with pytest.raises(UnitIdTaken):
        bureau.create("city", "别的")
    with pytest.raises(NameTaken):
        bureau.create("new", "人事科")
    bureau.create("new", "人事科", "wuda")
    with pytest.raises(NameTaken):
        bureau.rename("city", "人事科")
    with pytest.raises(NameTaken):
        bureau.move("new", "bureau")


def test_a_parent_must_be_there_and_in_use(bureau: Bureau) -> None:
    with pytest.raises(UnitUnknown):
        bureau.create("new", "新科", "nowhere")
    bureau.close("wuda-office")
    with pytest.raises(UnitIsClosed):
        bureau.create("new", "新科", "wuda-office")
    with pytest.raises(UnitIsClosed):
        bureau.move("city", "wuda-office")


@pytest.mark.parametrize("below", ["wuda", "wuda-office"])
def test_no_unit_comes_below_itself(bureau: Bureau, below: str) -> None:
    with pytest.raises(TreeBroken, match="环"):
        bureau.move("wuda", below)
    assert stored(bureau, "wuda").parent_id == "bureau"


def test_a_unit_moves_with_all_below_it(bureau: Bureau) -> None:
    bureau.move("wuda", "haibowan")

    assert stored(bureau, "wuda").parent_id == "haibowan"
    assert stored(bureau, "wuda-office").parent_id == "wuda"


def test_a_unit_in_use_is_not_closed(bureau: Bureau, cast: Cast) -> None:
    with pytest.raises(UnitInUse, match="下级机构"):
        bureau.close("wuda")
    post = bureau.begin(cast.officer.username, "personnel", "科长")
    with pytest.raises(UnitInUse, match="在任的岗位"):
        bureau.close("personnel")
    bureau.end(post)
    bureau.close("personnel")
    assert stored(bureau, "personnel").closed_at == bureau.now
    with pytest.raises(UnitIsClosed):
        bureau.rename("personnel", "干部科")


def test_a_closed_unit_comes_back_where_its_name_is_free(bureau: Bureau) -> None:
    bureau.close("personnel")
    bureau.create("cadres", "人事科")
    with bureau.write() as tools, pytest.raises(NameTaken):
        units.reopen_unit(tools, unit_id="personnel", actor=SYSTEM, now=bureau.now)
    bureau.rename("cadres", "干部科")
    with bureau.write() as tools:
        units.reopen_unit(tools, unit_id="personnel", actor=SYSTEM, now=bureau.now)
    assert stored(bureau, "personnel").closed_at is None


@pytest.mark.parametrize("position", [-1, 10_000])
def test_positions_are_small_numbers(bureau: Bureau, position: int) -> None:
    with bureau.write() as tools, pytest.raises(PositionInvalid):
        units.change_unit(
            tools,
            unit_id="city",
            name="市教研机构",
            kind="",
            position=position,
            actor=SYSTEM,
            now=bureau.now,
        )


def test_who_does_not_administer_accounts_changes_nothing(bureau: Bureau, cast: Cast) -> None:
    actor, now = cast.officer, bureau.now
    changes: list[Callable[[Book], object]] = [
        lambda tools: units.create_unit(tools, unit_id="x", name="新", actor=actor, now=now),
        lambda tools: units.change_unit(
            tools, unit_id="city", name="新", kind="", position=0, actor=actor, now=now
        ),
        lambda tools: units.move_unit(tools, unit_id="city", parent_id=None, actor=actor, now=now),
        lambda tools: units.close_unit(tools, unit_id="city", actor=actor, now=now),
        lambda tools: units.reopen_unit(tools, unit_id="city", actor=actor, now=now),
    ]
    with bureau.write() as tools:
        for change in changes:
            with pytest.raises(AccountsForbidden):
                change(tools)
