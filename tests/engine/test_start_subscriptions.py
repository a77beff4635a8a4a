"""What a deployed process waits for before any instance of it is there."""

from datetime import timedelta

import pytest

from service.domain.events import EventKind
from service.domain.keys import KeySource
from service.engine import Engine, StartUnclear, TimerDue
from service.feel import FeelPool
from tests.engine.builders import declare, diagram, element, end, flows, message, on
from tests.engine.conftest import read_model
from tests.engine.player import NOW


def begun_by(kind: str, name: str, declared: str = "") -> bytes:
    return diagram(
        element("startEvent", "start", inside=on(kind, name)), end(), flows("start", "end"),
        declared=declared,
    )  # fmt: skip


def starts(source: bytes, feel: FeelPool) -> list[tuple[str, EventKind, str]]:
    found = Engine(feel).starts(read_model(source), keys=KeySource(), now=NOW)
    return [(one.element_id, one.kind, one.name) for one in found]


def test_a_message_start_waits_by_its_name_alone(feel: FeelPool) -> None:
    source = begun_by("message", "申请", message("申请"))
    assert starts(source, feel) == [("start", EventKind.MESSAGE, "申请")]


def test_a_signal_start_waits_by_its_name(feel: FeelPool) -> None:
    source = begun_by("signal", "开学", declare("signal", "开学"))
    assert starts(source, feel) == [("start", EventKind.SIGNAL, "开学")]


def test_a_process_that_people_start_waits_for_nothing(feel: FeelPool) -> None:
    assert starts(diagram(element("startEvent", "start"), end(), flows("start", "end")), feel) == []


def test_a_cycle_is_due_until_it_has_fired_as_often_as_it_says(feel: FeelPool) -> None:
    model, engine = read_model(begun_by("timeCycle", "R2/PT1H")), Engine(feel)
    [first] = engine.starts(model, keys=KeySource(), now=NOW)
    assert first.due_at == NOW + timedelta(hours=1)

    fired = TimerDue(first.due_at, first.cycle, first.left)
    second = engine.due_again(model, "start", 0, fired, now=first.due_at)
    assert second == TimerDue(NOW + timedelta(hours=2), "PT1H", 1)
    assert engine.due_again(model, "start", 0, second, now=second.at) is None


def test_a_timer_that_is_no_time_is_refused(feel: FeelPool) -> None:
    with pytest.raises(StartUnclear, match="不是时长"):
        starts(begun_by("timeDuration", "soon"), feel)


@pytest.mark.parametrize("length", [201, 400])
def test_a_name_that_fits_no_index_is_refused(feel: FeelPool, length: int) -> None:
    name = "长" * length
    with pytest.raises(StartUnclear, match="最多 200 个字符"):
        starts(begun_by("message", name, message(name)), feel)
