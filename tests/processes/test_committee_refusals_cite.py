"""Each refusal of the Party group's desk that goes by a rule names it with its true source."""

import inspect
import re

import pytest

from processes.committee import refusals
from processes.committee.norms import NORMS
from processes.registers.norms import PLAN
from service.domain.errors import JiaoyanError

SHORT = {
    "《中国共产党党组工作条例》（2019年修订）": "党组工作条例",
    "《党政领导干部选拔任用工作条例》（2019年）": "干部选拔任用工作条例",
    "《事业单位人事管理回避规定》（人社部规〔2019〕1号）": "人社部规〔2019〕1号",
    PLAN: "《方案》",
}
TEXTS = {
    name: inspect.cleandoc(one.__doc__ or "")
    for name, one in vars(refusals).items()
    if inspect.isclass(one)
    and issubclass(one, JiaoyanError)
    and one.__module__ == refusals.__name__
}
BY_RULE = {name: text for name, text in TEXTS.items() if "规则 C-" in text}


def short(source: str) -> str:
    """How a text calls the source of a rule."""
    said = next((said for long, said in SHORT.items() if source.startswith(long)), "")
    return said or source.split("；")[0].split("，")[0]


@pytest.mark.parametrize("name", BY_RULE)
def test_a_rule_stands_with_its_source(name: str) -> None:
    cited = re.findall(r"C-[A-Z0-9/]+", BY_RULE[name])
    assert [one for one in cited if short(NORMS[one].source) not in BY_RULE[name]] == []


def test_most_go_by_a_rule() -> None:
    assert len(BY_RULE) > 20
