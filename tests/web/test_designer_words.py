"""The designer's dictionaries hold every text that the editors' libraries translate."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = ROOT / "node_modules"
WORDS = ROOT / "service" / "web" / "frontend" / "lib" / "designer"

_QUOTED = r"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)\""""
_CALL = re.compile(rf"translate\(\s*(?:{_QUOTED})")
_LABEL = re.compile(rf"\b(?:label|explanation): *(?:{_QUOTED})")

NO_WORDS = {" + shift + ", " + x + ", "HELLO {you}"}
"""Finds in comments and in what is computed."""


def found_in(pattern: re.Pattern[str], code: str) -> Iterator[str]:
    for found in pattern.finditer(code):
        yield (found[1] or found[2] or "").replace("\\'", "'").replace('\\"', '"')


def texts(pattern: re.Pattern[str], *paths: Path) -> Iterator[str]:
    for path in paths:
        for file in [path] if path.is_file() else sorted(path.rglob("*.js")):
            yield from found_in(pattern, file.read_text(encoding="utf-8"))


def words(*names: str) -> dict[str, str]:
    read = [json.loads((WORDS / f"words-{name}.json").read_text("utf-8")) for name in names]
    return {text: word for one in read for text, word in one.items()}


def bpmn() -> set[str]:
    replacing = MODULES / "bpmn-js/lib/features/replace/ReplaceOptions.js"
    folders = (
        MODULES / "bpmn-js/lib",
        MODULES / "diagram-js/lib",
        MODULES / "diagram-js-minimap/dist/index.esm.js",
    )
    return {*texts(_CALL, *folders), *texts(_LABEL, replacing)}


def properties() -> set[str]:
    """Of the panel that is shown: what is for Camunda 7 alone comes behind it in the file."""
    whole = (MODULES / "bpmn-js-properties-panel/dist/index.esm.js").read_text("utf-8")
    shown = whole[: whole.index("ZeebePropertiesProvider.$inject")]
    return set(found_in(_CALL, shown))


def dmn() -> set[str]:
    parts = ("shared", "drd", "decision-table", "literal-expression", "boxed-expression")
    folders = [MODULES / f"dmn-js-{part}/lib" for part in parts]
    policies = MODULES / "dmn-js-decision-table/lib"
    return {
        *texts(_CALL, *folders),
        *texts(re.compile(rf"\bexplanation: *(?:{_QUOTED})"), policies),
    }


@pytest.mark.parametrize(
    ("needed", "names"),
    [(bpmn, ("bpmn",)), (properties, ("bpmn", "properties")), (dmn, ("dmn",))],
    ids=["diagram", "properties", "decision"],
)
def test_no_text_is_left_in_english(needed: Callable[[], set[str]], names: tuple[str, ...]) -> None:
    found = {text for text in needed() if text.strip()}
    assert len(found) > 50
    assert found - NO_WORDS - set(words(*names)) == set()


def test_every_word_is_chinese_or_a_name() -> None:
    everything = words("bpmn", "properties", "dmn").values()
    assert [word for word in everything if word.isascii()] == ["BPMN"]
