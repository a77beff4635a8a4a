"""What may be said of a deadline, what is refused and why, and which layer counts."""

from datetime import time, timedelta

import pytest

from service.domain.deadline_settings import (
    BUILT_IN,
    DeadlineUnfit,
    Field,
    Level,
    faults_of,
    group_of,
    merged,
    read,
    texts_of,
)
from service.domain.deadline_spans import Span


def fields(texts: dict[Field, str], *, feel: bool = False) -> list[Field]:
    return [fault.field for fault in faults_of(texts, feel=feel)]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (Field.DUE, "-1"),
        (Field.DUE, "251"),
        (Field.DUE, "9999"),
        (Field.DUE, "1.5"),
        (Field.DUE, "五"),
        (Field.DUE, "=5"),
        (Field.BEFORE, "-1"),
        (Field.BEFORE, "1,2,3,4,5,6"),
        (Field.BEFORE, "PT0.001S"),
        (Field.BEFORE, ","),
        (Field.AFTER, "0"),
        (Field.AFTER, "1, 2"),
        (Field.EVERY, "PT1S"),
        (Field.EVERY, "0"),
        (Field.EVERY, "P9999D"),
        (Field.LIMIT, "0"),
        (Field.LIMIT, "51"),
        (Field.LIMIT, "none"),
        (Field.AT, "24:00"),
        (Field.AT, "9"),
        (Field.COOLDOWN, "0"),
        (Field.COOLDOWN, "721"),
        (Field.OWNER, "group:"),
        (Field.OWNER, "教研员 · · @"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_field(field: Field, text: str) -> None:
    [fault] = faults_of({field: text})
    assert fault.field is field
    assert fault.reason
    assert fault.remedy.endswith("。")


@pytest.mark.parametrize(
    ("after", "to"),
    [
        ("2", "superior, owner"),
        ("2, 5", "superior"),
        ("5, 2", "superior, owner"),
        ("2, 2", "superior, owner"),
        ("2, PT3H", "superior, owner"),
        ("0", "superior"),
        ("2", "boss"),
        ("2", "group:没有 空格"),
        ("1,2,3,4,5,6", "owner,owner,owner,owner,owner,owner"),
        ("", "superior"),
        ("none", "superior"),
    ],
)
def test_levels_go_in_pairs_and_in_order(after: str, to: str) -> None:
    texts = {Field.ESCALATE_AFTER: after, Field.ESCALATE_TO: to}
    assert fields(texts), texts


def test_a_diagram_may_count_by_an_expression() -> None:
    assert fields({Field.DUE: "=if 加急 then 1 else 5"}, feel=True) == []
    assert read({Field.DUE: "=1"}).due_expression


def test_what_is_built_in_is_in_order_and_read() -> None:
    assert faults_of(BUILT_IN) == []
    found = read({})
    assert (found.due, found.before, found.after) == (None, (Span(days=1),), Span(days=1))
    assert (found.limit, found.at, found.levels) == (5, time(9), ())
    assert found.cooldown == timedelta(hours=4)


def test_levels_are_read() -> None:
    found = read({Field.ESCALATE_AFTER: "2，5", Field.ESCALATE_TO: "superior，负责人 @ 人事科"})
    assert found.levels == (Level(Span(days=2), "superior"), Level(Span(days=5), "负责人 @ 人事科"))


def test_a_nearer_layer_counts_field_by_field_and_escalation_as_a_whole() -> None:
    near = {Field.DUE: "3", Field.ESCALATE_AFTER: "none"}
    wide = {Field.DUE: "9", Field.LIMIT: "2", Field.ESCALATE_AFTER: "1", Field.ESCALATE_TO: "owner"}
    found = read(merged((near, wide)))
    assert (found.due, found.limit, found.levels) == (3, 2, ())


def test_unfit_texts_are_never_worked_with() -> None:
    with pytest.raises(DeadlineUnfit, match="没完没了"):
        read({Field.LIMIT: "1000"})


def test_only_deadline_properties_are_taken() -> None:
    said = {"jiaoyan.due-working-days": " 5 ", "jiaoyan.title": "x", "jiaoyan.remind-at": ""}
    assert texts_of(said) == {Field.DUE: "5"}


def test_groups_are_told_from_words() -> None:
    assert group_of("group:office") == "office"
    assert group_of("负责人 @ 人事科") == "负责人 @ 人事科"
    assert group_of("li.na") is None
