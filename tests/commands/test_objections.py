"""Objections: the receipt opens the answer, and nothing else does."""

import io
from dataclasses import replace

import pytest

from service.commands import objection_answers
from service.commands.objections import Receipt
from service.commands.public_files import Sent
from service.domain.actors import Actor
from service.domain.disclosures import (
    LOOKUPS_PER_RECEIPT,
    OBJECTIONS_PER_ADDRESS,
    ObjectionAnswered,
    ObjectionNotFound,
    ObjectionsForbidden,
    ObjectionState,
    ObjectionText,
    ReceiptRefused,
)
from service.domain.errors import FieldsInvalid
from service.domain.rate_limits import TooOften
from service.queries import disclosures
from service.store.sealing import DataKeys
from service.store.tables import AccessEvent, Document, Objection
from tests.commands.objecting import answer, disclosed, look_up, object_to
from tests.fixtures_commands import DATA_KEY, Stage

__all__ = ["disclosed"]


def test_the_receipt_opens_the_answer(stage: Stage, disclosed: tuple[int, str]) -> None:
    receipt = object_to(stage, disclosed[1])
    assert look_up(stage, receipt).answers == ()
    answer(stage, ObjectionState.UNSETTLED, text="继续核查。")
    answer(stage)
    written_down = Receipt(receipt.number.lower().replace("-", " "), receipt.secret.lower())
    progress = look_up(stage, written_down)
    assert progress.state is ObjectionState.DISMISSED
    assert [one.text for one in progress.answers] == ["继续核查。", "经核查，任教满六年。"]
    assert not hasattr(progress.answers[0], "by")


@pytest.mark.parametrize("state", [ObjectionState.OPEN, ObjectionState.LAPSED])
def test_nobody_who_checks_it_lets_it_lapse(
    stage: Stage, disclosed: tuple[int, str], state: ObjectionState
) -> None:
    receipt = object_to(stage, disclosed[1])
    with pytest.raises(FieldsInvalid):
        answer(stage, state)
    assert look_up(stage, receipt).state is ObjectionState.OPEN


def test_without_the_secret_nothing_is_learnt(stage: Stage, disclosed: tuple[int, str]) -> None:
    receipt = object_to(stage, disclosed[1])
    unknown = Receipt("YY-1111-1111-1111", receipt.secret)
    refusals = set()
    for wrong in (replace(receipt, secret="0000-0000-00"), unknown, Receipt("x" * 999, "\x00")):
        with pytest.raises(ReceiptRefused) as refused:
            look_up(stage, wrong)
        refusals.add(refused.value.message)
    assert len(refusals) == 1


def test_secrets_are_not_guessed(stage: Stage, disclosed: tuple[int, str]) -> None:
    receipt = object_to(stage, disclosed[1])
    for number in range(LOOKUPS_PER_RECEIPT.most):
        with pytest.raises(ReceiptRefused):
            look_up(stage, replace(receipt, secret=str(number)), address=f"10.0.1.{number}")
    with pytest.raises(TooOften):
        look_up(stage, receipt)


def test_the_same_form_makes_one_objection(stage: Stage, disclosed: tuple[int, str]) -> None:
    first = object_to(stage, disclosed[1], files=[Sent("一.pdf", io.BytesIO(b"%PDF-1.7\n"))])
    again = object_to(stage, disclosed[1], files=[Sent("一.pdf", io.BytesIO(b"%PDF-1.7\n"))])
    assert first == again
    assert (len(stage.rows(Objection)), len(stage.rows(Document))) == (1, 1)
    assert len(list(stage.rooms.files.names(older_than=2e10))) == 1
    assert object_to(stage, disclosed[1], form="form-2").number != first.number


def test_one_address_does_not_flood_a_disclosure(stage: Stage, disclosed: tuple[int, str]) -> None:
    for number in range(OBJECTIONS_PER_ADDRESS.most):
        object_to(stage, disclosed[1], form=f"form-{number}")
    with pytest.raises(TooOften):
        object_to(stage, disclosed[1], form="one more")
    object_to(stage, disclosed[1], form="one more", address="10.0.0.2")


def test_a_megabyte_is_refused_and_keeps_nothing(stage: Stage, disclosed: tuple[int, str]) -> None:
    with pytest.raises(FieldsInvalid) as refused:
        object_to(stage, disclosed[1], text=ObjectionText("异" * 350_000))
    assert "350000" in refused.value.errors["text"][0]
    assert stage.rows(Objection) == []


def test_who_wrote_it_lies_sealed_and_each_reading_is_recorded(
    stage: Stage, disclosed: tuple[int, str]
) -> None:
    receipt = object_to(stage, disclosed[1])
    assert "王某" not in str(stage.rows(Objection))
    with pytest.raises(FieldsInvalid), stage.rooms.write() as tools:
        objection_answers.reveal_sender(
            tools, stage.key(Objection), reason=" ", actor=stage.cast.officer, now=stage.clock.now
        )
    with stage.rooms.write() as tools:
        sender = objection_answers.reveal_sender(
            tools,
            stage.key(Objection),
            reason="核查需要当面了解",
            actor=stage.cast.officer,
            now=stage.clock.now,
        )
    assert (sender.name, sender.contact) == ("王某", "13800138000")
    [event] = stage.rows(AccessEvent, kind="personal_data_read")
    assert event["reference"] == receipt.number
    assert "王某" not in str(event)


def test_senders_are_sealed_with_a_new_key(stage: Stage, disclosed: tuple[int, str]) -> None:
    object_to(stage, disclosed[1])
    both = replace(stage.rooms, data_keys=DataKeys(["a newer key of the tests", DATA_KEY]))
    assert objection_answers.rotate_key(both) == 1
    assert objection_answers.rotate_key(both) == 0
    newest = replace(stage.rooms, data_keys=DataKeys(["a newer key of the tests"]))
    with newest.write() as tools:
        sender = objection_answers.reveal_sender(
            tools,
            stage.key(Objection),
            reason="核查",
            actor=stage.cast.officer,
            now=stage.clock.now,
        )
    assert sender.name == "王某"


def test_a_second_answer_after_the_last_word_is_refused(
    stage: Stage, disclosed: tuple[int, str]
) -> None:
    object_to(stage, disclosed[1])
    answer(stage)
    with pytest.raises(ObjectionAnswered, match="李娜"):
        answer(stage)


def test_strangers_and_readers_answer_nothing(
    stage: Stage, disclosed: tuple[int, str], operator: Actor
) -> None:
    object_to(stage, disclosed[1])
    for actor in (stage.cast.stranger, stage.cast.applicant, operator):
        with pytest.raises((ObjectionNotFound, ObjectionsForbidden)):
            answer(stage, actor=actor)
        with stage.rooms.read() as session, pytest.raises(ObjectionNotFound):
            disclosures.objection(session, actor=actor, key=stage.key(Objection))
        with stage.rooms.read() as session:
            assert disclosures.objections(session, actor=actor, unresolved=True) == ()
