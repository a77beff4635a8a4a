"""Each office's task that is about somebody says whom it keeps out, in every shipped diagram."""

from pathlib import Path

import pytest
from lxml import etree

from tests.processes.builders import ROOT

OF_NOBODY_YET = {"enter_seats", "plan", "approval"}
"""They come before anybody has applied."""
KEPT_OUT = {"=parties", "=kept_out", "=applicants"}
"""Lists that the steps of a case fill: whom it is about, and who decided before."""


def office_tasks(path: Path) -> list[tuple[str, list[str]]]:
    root = etree.parse(path).getroot()
    return [
        (task.get("id"), task.xpath(".//*[@name='jiaoyan.recuse-from']/@value"))
        for task in root.xpath("//*[local-name()='userTask'][.//@candidateGroups]")
    ]


@pytest.mark.parametrize("path", sorted((ROOT / "bpmn").glob("*.bpmn")), ids=lambda path: path.stem)
def test_an_office_task_keeps_out_whom_the_case_is_about(path: Path) -> None:
    for task, values in office_tasks(path):
        if task not in OF_NOBODY_YET:
            assert values, f"{path.stem}: {task}"
            assert set(values) <= KEPT_OUT, f"{path.stem}: {task}"


def test_there_is_an_office_at_work() -> None:
    found = [task for path in (ROOT / "bpmn").glob("*.bpmn") for task in office_tasks(path)]
    assert len(found) > 50
