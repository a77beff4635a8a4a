"""Steps that cannot be taken back: what the deploy check asks of them, and what the model says."""

import pytest

from service.engine import process_models
from service.feel import FeelPool
from tests.engine.builders import boundary, diagram, element, end, flows, on, properties, start
from tests.engine.checking import check, errors

DECIDES = diagram(
    start(), element("manualTask", "decide", properties(irreversible=" 复议 ")),
    element("intermediateThrowEvent", "tell", properties(irreversible="更正")), end(),
    flows("start", "decide", "tell", "end"),
)  # fmt: skip


def test_the_model_names_the_lawful_act(feel: FeelPool) -> None:
    assert not errors(check(DECIDES, feel))
    assert process_models(DECIDES)[0].irreversible == {"decide": "复议", "tell": "更正"}


@pytest.mark.parametrize("written", ["", "  ", "true", "=act", "复\n议", "复" * 41])
def test_what_names_no_act_is_refused(feel: FeelPool, written: str) -> None:
    source = diagram(
        start(), element("manualTask", "it", properties(irreversible=written)), end(),
        flows("start", "it", "end"),
    )  # fmt: skip
    assert ("irreversible", "it") in errors(check(source, feel))


@pytest.mark.parametrize("tag", ["exclusiveGateway", "receiveTask", "intermediateCatchEvent"])
def test_what_only_waits_or_parts_the_way_cannot_be_marked(feel: FeelPool, tag: str) -> None:
    source = diagram(
        start(), element(tag, "it", properties(irreversible="更正")), end(),
        flows("start", "it", "end"),
    )  # fmt: skip
    assert ("property-known", "it") in errors(check(source, feel))


def test_what_the_diagram_itself_undoes_cannot_be_marked(feel: FeelPool) -> None:
    source = diagram(
        start(), element("manualTask", "it", properties(irreversible="更正")),
        boundary("undo", "it", on("compensate")), end(), flows("start", "it", "end"),
    )  # fmt: skip
    assert ("irreversible", "it") in errors(check(source, feel))
