"""No sentence, table or text that people read has a day as programs write it."""

import json
from pathlib import Path

import pytest

from tests import bare_days, house_rules

FORMS = sorted(Path("forms").glob("*.form"))


def test_sentences_of_the_sources_have_days_as_people_write_them() -> None:
    paths = house_rules.sources(("service", "processes"), ".py")
    found = {path: bare_days.in_sentences(Path(path).read_text("utf-8")) for path in paths}
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_texts_and_tables_of_a_form_have_days_as_people_write_them(path: Path) -> None:
    assert list(bare_days.in_form(json.loads(path.read_text("utf-8")))) == []


@pytest.mark.parametrize(
    "line",
    ['f"到{period.starts_on}为止"', 'f"晚于{cutoff}"', 'f"已公示至{last.isoformat()}"'],
)
def test_a_day_left_as_it_is_is_seen(line: str) -> None:
    assert bare_days.in_sentences(line) == [1]


def test_what_is_no_day_or_is_written_is_let_be() -> None:
    source = 'day = said_day(on)\nf"到{day}，{objection_days}日内，{said_day(until)}"'
    assert bare_days.in_sentences(source) == []


def test_a_table_or_text_that_shows_one_is_seen() -> None:
    table = {"type": "table", "id": "t", "dataSource": "=rows", "columns": [{"key": "starts_on"}]}
    text = {"type": "text", "id": "x", "text": "有效期至{{valid_until}}"}
    form = {"components": [{"type": "group", "components": [table]}, text]}
    assert list(bare_days.in_form(form)) == ["t: starts_on", "x: valid_until"]
