"""The seats a researcher can be qualified for: one stage and subject each.

Source: the plan's 三(一)2–3 and 三(二)1, with the subjects of the national curricula it refers
to (义务教育课程方案 2022 年版, 普通高中课程方案 2017 年版 2020 年修订). The seven subjects that
the plan lets span stages are seats of their own; 学前 and 特殊教育 are one seat each.
"""

from collections.abc import Iterable
from dataclasses import dataclass

CROSS_STAGE = "跨学段"


@dataclass(frozen=True, slots=True)
class Seat:
    """One stage and subject; `name` is what people choose and read, and what is stored."""

    name: str
    stage: str
    subject: str


_SUBJECTS = {
    "小学": ("语文", "数学", "外语", "道德与法治", "科学"),
    "初中": (
        "语文",
        "数学",
        "外语",
        "道德与法治",
        "历史",
        "地理",
        "物理",
        "化学",
        "生物学",
    ),
    "普通高中": (
        "语文",
        "数学",
        "外语",
        "思想政治",
        "历史",
        "地理",
        "物理",
        "化学",
        "生物学",
        "通用技术",
    ),
    CROSS_STAGE: ("音乐", "美术", "体育", "心理健康", "劳动教育", "信息技术", "综合实践"),
}


def _seats() -> Iterable[Seat]:
    yield Seat("学前教育", "学前", "学前教育")
    for stage, subjects in _SUBJECTS.items():
        for subject in subjects:
            yield Seat(f"{stage}{subject}", stage, subject)
    yield Seat("特殊教育", "特殊教育", "特殊教育")


SEATS = {seat.name: seat for seat in _seats()}
"""All 33, by name, in the order in which forms list them."""

STAGES = tuple(dict.fromkeys(seat.stage for seat in SEATS.values()))
SUBJECTS = tuple(dict.fromkeys(seat.subject for seat in SEATS.values()))
