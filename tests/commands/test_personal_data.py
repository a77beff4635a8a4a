"""Personal data lies sealed in the store, and leaves a trace when it is read in clear."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from service.commands import personal_data
from service.commands.accounts import AccountsForbidden, PersonNotFound
from service.commands.personal_data import (
    PersonalDataMissing,
    PersonalDataTaken,
    ReasonMissing,
)
from service.commands.rooms import Rooms
from service.domain.actors import Actor
from service.domain.personal_data import PersonalDataInvalid, PersonalKind
from service.store.personal_data import masked_values
from service.store.sealing import DataKeyMissing, DataKeys, SealBroken
from service.store.tables import Person, PersonalDatum
from tests.commands.administering import administrator_of, events_about
from tests.fixtures_commands import DATA_KEY, Stage

ID = "11010519491231002X"
MOBILE = "13812345678"
NEW_KEY = "a newer key of the tests"


@pytest.fixture
def admin(stage: Stage) -> Actor:
    return administrator_of(stage.rooms, stage.clock.now)


def give(
    rooms: Rooms, actor: Actor, username: str, text: str, kind: PersonalKind = PersonalKind.MOBILE
) -> None:
    with rooms.write() as tools:
        personal_data.record(
            tools, username=username, kind=kind, text=text, actor=actor, now=rooms.clock()
        )


def read(rooms: Rooms, actor: Actor, reason: str = "核对申请材料", username: str = "li.na") -> str:
    with rooms.write() as tools:
        return personal_data.reveal(
            tools,
            username=username,
            kind=PersonalKind.MOBILE,
            reason=reason,
            actor=actor,
            now=rooms.clock(),
        )


def masks(rooms: Rooms, username: str) -> dict[PersonalKind, str]:
    with rooms.read() as session:
        return dict(masked_values(session, rooms.data_keys, [username])[username])


def test_the_store_holds_no_value_in_clear(stage: Stage, admin: Actor) -> None:
    give(stage.rooms, admin, "li.na", ID, PersonalKind.ID_NUMBER)
    give(stage.rooms, admin, "li.na", MOBILE)
    for row in stage.rows(PersonalDatum):
        assert ID not in str(row)
        assert MOBILE not in str(row)
    assert masks(stage.rooms, "li.na") == {
        PersonalKind.ID_NUMBER: "1101**********002X",
        PersonalKind.MOBILE: "138****5678",
    }


def test_reading_in_clear_is_recorded_with_the_reason_and_without_the_value(
    stage: Stage, admin: Actor
) -> None:
    give(stage.rooms, admin, "li.na", MOBILE)
    assert read(stage.rooms, admin, "  核对\n申请 ") == MOBILE
    assert events_about(stage.rooms, "li.na")[-1] == (
        admin.username,
        "personal_data_read",
        {"field": "mobile", "reason": "核对 申请"},
    )
    assert MOBILE not in str(events_about(stage.rooms, "li.na"))


@pytest.mark.parametrize("reason", ["", " \n ", "看", "很" * 201])
def test_without_a_reason_nothing_is_shown(stage: Stage, admin: Actor, reason: str) -> None:
    give(stage.rooms, admin, "li.na", MOBILE)
    with pytest.raises(ReasonMissing):
        read(stage.rooms, admin, reason)
    assert [kind for _who, kind, _ in events_about(stage.rooms, "li.na")] == ["account_changed"]


def test_nobody_else_reads_or_records_it(stage: Stage, admin: Actor) -> None:
    give(stage.rooms, admin, "li.na", MOBILE)
    for other in stage.cast:
        with pytest.raises(AccountsForbidden):
            read(stage.rooms, other)
        with pytest.raises(AccountsForbidden):
            give(stage.rooms, other, "li.na", "13912345678")
    assert masks(stage.rooms, "li.na")[PersonalKind.MOBILE] == "138****5678"


def test_a_new_value_takes_the_place_of_the_old_and_nothing_removes_it(
    stage: Stage, admin: Actor
) -> None:
    give(stage.rooms, admin, "li.na", MOBILE)
    give(stage.rooms, admin, "li.na", "13987654321")
    assert read(stage.rooms, admin) == "13987654321"
    give(stage.rooms, admin, "li.na", "")
    with pytest.raises(PersonalDataMissing):
        read(stage.rooms, admin)
    changes = [details.get("change") for _who, _kind, details in events_about(stage.rooms, "li.na")]
    assert changes == ["personal-data", "personal-data", None, "personal-data-removed"]


def test_two_accounts_of_staff_never_have_the_same_value(stage: Stage, admin: Actor) -> None:
    give(stage.rooms, admin, "li.na", MOBILE)
    with pytest.raises(PersonalDataTaken, match=r"li\.na"):
        give(stage.rooms, admin, "wang.wei", "138 1234 5678")
    give(stage.rooms, admin, "li.na", MOBILE)


def test_who_applies_from_outside_may_work_here_too(stage: Stage, admin: Actor) -> None:
    with stage.rooms.write() as tools:
        tools.session.execute(
            update(Person).where(Person.username == "wang.wei").values(kind="public")
        )
    give(stage.rooms, admin, "li.na", MOBILE)
    give(stage.rooms, admin, "wang.wei", MOBILE)
    assert len(stage.rows(PersonalDatum)) == 2


def test_what_is_wrong_changes_nothing(stage: Stage, admin: Actor) -> None:
    give(stage.rooms, admin, "li.na", MOBILE)
    with pytest.raises(PersonalDataInvalid):
        give(stage.rooms, admin, "li.na", "12345")
    with pytest.raises(PersonNotFound):
        give(stage.rooms, admin, "nobody", MOBILE)
    assert read(stage.rooms, admin) == MOBILE


def test_a_value_moved_to_another_row_is_found_out(stage: Stage, admin: Actor) -> None:
    give(stage.rooms, admin, "li.na", MOBILE)
    give(stage.rooms, admin, "wang.wei", "13987654321")
    with stage.rooms.write() as tools:
        of_another = tools.session.scalar(
            select(PersonalDatum.sealed).where(PersonalDatum.username == "wang.wei")
        )
        its = update(PersonalDatum).where(PersonalDatum.username == "li.na")
        tools.session.execute(its.values(sealed=of_another))
    with pytest.raises(SealBroken):
        read(stage.rooms, admin)


def test_a_new_key_seals_again_what_the_old_one_has_sealed(
    stage: Stage, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(personal_data, "_BATCH", 2)
    give(stage.rooms, admin, "li.na", MOBILE)
    give(stage.rooms, admin, "li.na", ID, PersonalKind.ID_NUMBER)
    give(stage.rooms, admin, "wang.wei", "13987654321")
    both = replace(stage.rooms, data_keys=DataKeys([NEW_KEY, DATA_KEY]))
    with pytest.raises(PersonalDataTaken):
        give(both, admin, "zhang.min", MOBILE)
    give(both, admin, "zhang.min", "zhang.min@example.cn", PersonalKind.MAIL)
    assert personal_data.rotate_key(both) == 3
    assert personal_data.rotate_key(both) == 0

    only_new = replace(stage.rooms, data_keys=DataKeys([NEW_KEY]))
    assert read(only_new, admin) == MOBILE
    with pytest.raises(PersonalDataTaken):
        give(only_new, admin, "zhang.min", MOBILE)
    with pytest.raises(DataKeyMissing):
        read(stage.rooms, admin)
