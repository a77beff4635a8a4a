"""A help text never shows a blank: what a case of an older diagram does not hold is left out.

Rendered by the program that renders it in the browser, with nothing known of the case.
"""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.feel.helper_process import node

ROOT = Path(__file__).parents[2]
FIGURES = re.compile(r"_limits\.|late_minutes|panel_least|panel_group|applied\.\w+_days")
"""What the settings of the day give, which cases begun before do not hold."""
UNIT_ALONE = re.compile(r"(?<![0-9])(?:个工作日|个月|周岁|分钟以上|人以上|天，)")
_SCRIPT = """
const {evaluate} = require("feelers");
const texts = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(texts.map(([text, context]) => evaluate(text, context))));
"""


def texts() -> Iterator[tuple[str, str]]:
    """Give the form and each of its texts that names such a figure."""
    for path in sorted((ROOT / "forms").glob("*.form")):
        for text in _texts(json.loads(path.read_text("utf-8"))):
            if "{{" in text and FIGURES.search(text):
                yield path.stem, text


def _texts(component: dict[str, object]) -> Iterator[str]:
    for name in ("text", "description"):
        value = component.get(name)
        if isinstance(value, str):
            yield value
    below = component.get("components")
    for one in below if isinstance(below, list) else ():
        yield from _texts(one)


def rendered(wanted: list[tuple[str, dict[str, object]]]) -> list[str]:
    done = subprocess.run(
        [node(), "-e", _SCRIPT], cwd=ROOT, input=json.dumps(wanted), text=True,
        capture_output=True, check=True,
    )  # fmt: skip
    found: list[str] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def blank() -> list[tuple[str, str, str]]:
    """Each such text with what is shown of it where nothing is known."""
    found = list(texts())
    shown = rendered([(text, {}) for _, text in found])
    return [(form, text, seen) for (form, text), seen in zip(found, shown, strict=True)]


def test_there_are_such_texts(blank: list[tuple[str, str, str]]) -> None:
    assert {form for form, _, _ in blank} >= {
        "recruitment_plan", "engagement_sign", "recruitment_attendance", "recruitment_appointment",
    }  # fmt: skip


def test_nothing_known_leaves_no_blank_before_a_unit(blank: list[tuple[str, str, str]]) -> None:
    """Each figure stands within what says it, which is left out with it."""
    for form, text, seen in blank:
        for inside in re.findall(r"\{\{(.*?)\}\}", text):
            if FIGURES.search(inside):
                assert re.match(r"if [\w.]+ = null", inside), (form, inside)
        assert "null" not in seen, form
        assert not UNIT_ALONE.search(seen), (form, seen)


def test_a_figure_that_is_known_is_said() -> None:
    (text,) = (one for form, one in texts() if form == "engagement_sign")
    limits = {"rehire_months": 12, "part_time_least": 2, "part_time_most": 3, "version": "v/1"}
    (seen,) = rendered([(text, {"engagement_limits": limits})])
    assert "一次不超过12个月（规则 R-T8）" in seen
    assert "聘期2至3年（规则 R-T9）" in seen
    assert "规则版本 v/1，提交时" in seen
