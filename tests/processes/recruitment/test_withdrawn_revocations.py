"""On what ground 撤销聘任 is not put up any more (R-WITHDRAW): at its borders."""

from dataclasses import replace
from datetime import date

import pytest

from processes.recruitment.withdrawals import Ground, Standing, Withdrawal, problems, words
from processes.registers.party_group.decisions import Decided

GONE, TODAY = date(2026, 3, 2), date(2026, 4, 1)
CITY = "中共乌海市委组织部"
STAND = Standing("teacher01", restored=False, gone_on=GONE, gone_by="", left_on=None)
KEPT = Decided(
    item=7, item_class="revocation", carried=False, title="撤销教师甲的聘任", text="",
    subject="teacher01", subject_name="教师甲", decided_on=GONE,
)  # fmt: skip
BY_GROUP = Withdrawal(Ground.DECIDED, "局党组研究", item="7")
BY_ABOVE = Withdrawal(
    Ground.ABOVE, "上级答复", organ=CITY, number="乌组〔2026〕5号", dated_on=GONE, papers=True
)


def why(said: Withdrawal, stand: Standing = STAND, decided: Decided | None = None) -> str:
    return "".join(problems(said, stand, decided, organs=(CITY,), today=TODAY))


@pytest.mark.parametrize("said", ["", "人事科认为不必", "原来的聘任决定已经恢复。"])
def test_a_ground_is_chosen(said: str) -> None:
    assert "没有选择不再提出的依据" in why(Withdrawal(said, "理由"))


def test_what_the_registers_know_is_looked_up() -> None:
    restored, left = Withdrawal(Ground.RESTORED, "复议"), Withdrawal(Ground.LEFT, "退休")
    assert "没有恢复" in why(restored)
    assert "本人还在岗" in why(left)
    assert why(restored, replace(STAND, restored=True)) == ""
    assert why(left, replace(STAND, left_on=TODAY)) == ""
    assert "没有写明理由" in why(replace(left, reason=""), replace(STAND, left_on=TODAY))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"carried": True}, "同意了撤销聘任"),
        ({"item_class": "personal"}, "不是关于本人撤销聘任"),
        ({"subject": "teacher02"}, "不是关于本人撤销聘任"),
        ({"decided_on": date(2026, 3, 1)}, "早于聘任决定改变的2026年3月2日"),
    ],
)
def test_the_group_has_decided_on_this_person_behind_what_happened(
    changes: dict[str, object], said: str
) -> None:
    assert why(BY_GROUP, decided=KEPT) == ""
    assert said in why(BY_GROUP, decided=replace(KEPT, **changes))  # type: ignore[arg-type]
    assert "填写局党组已经议定" in why(BY_GROUP)


def test_what_the_organ_above_demanded_the_group_alone_does_not_let_rest() -> None:
    above = replace(STAND, gone_by=CITY)
    assert "须由上级党组织决定" in why(BY_GROUP, above, KEPT)
    assert why(BY_ABOVE, above) == ""


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"organ": "乌海市教育局"}, "不是上级党组织"),
        ({"number": ""}, "文号"),
        ({"dated_on": None}, "没有填写"),
        ({"dated_on": date(2026, 4, 2)}, "晚于今天"),
        ({"dated_on": date(2026, 3, 1)}, "早于聘任决定改变"),
        ({"papers": False}, "没有上传"),
    ],
)
def test_the_organ_above_is_one_of_those_set_with_its_paper(
    changes: dict[str, object], said: str
) -> None:
    assert why(replace(BY_ABOVE, dated_on=TODAY)) == ""
    assert said in why(replace(BY_ABOVE, **changes))  # type: ignore[arg-type]


def test_the_histories_say_by_what() -> None:
    assert words(BY_GROUP, KEPT) == "不再提出撤销：局党组2026年3月2日决定不撤销聘任"
    said = words(BY_ABOVE, None)
    assert said == f"不再提出撤销：{CITY}乌组〔2026〕5号（2026年3月2日）决定不撤销聘任"
    assert words(Withdrawal(Ground.LEFT, "退休"), None) == "不再提出撤销：本人已经离岗"
