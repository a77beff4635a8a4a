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

SPANNING = frozenset(_SUBJECTS[CROSS_STAGE])
"""The seven subjects whose researchers may span stages; the list is the plan's own."""

STAGES = tuple(dict.fromkeys(seat.stage for seat in SEATS.values()))
SUBJECTS = tuple(dict.fromkeys(seat.subject for seat in SEATS.values()))

ALIASES = {
    "英语": "外语",
    "俄语": "外语",
    "日语": "外语",
    "道法": "道德与法治",
    "品德": "道德与法治",
    "政治": "思想政治",
    "生物": "生物学",
    "体育与健康": "体育",
    "心理": "心理健康",
    "心理健康教育": "心理健康",
    "劳动": "劳动教育",
    "信息科技": "信息技术",
    "综合实践活动": "综合实践",
    "幼儿教育": "学前教育",
    "学前": "学前教育",
    "特教": "特殊教育",
}
"""Other names of subjects, as curricula of other years or stages have them.

The compulsory stage's plan of 2022 says 信息科技 and 劳动, senior high says 信息技术; the bureau's
plan of 2023 has the older words, which are what is stored.
"""

_SHOWN_AT = {
    ("信息技术", "小学"): "信息科技",
    ("信息技术", "初中"): "信息科技",
    ("劳动教育", "小学"): "劳动",
    ("劳动教育", "初中"): "劳动",
    ("体育", "普通高中"): "体育与健康",
    ("体育", "小学"): "体育与健康",
    ("体育", "初中"): "体育与健康",
}


def canonical(subject: str) -> str:
    """Return the name by which a subject is stored."""
    wanted = subject.strip()
    return ALIASES.get(wanted, wanted)


def shown_at(subject: str, stage: str) -> str:
    """Return what the curriculum of this stage calls a subject."""
    return _SHOWN_AT.get((subject, stage), subject)


def find_seat(text: str) -> Seat | None:
    """Return the seat that a text names: `小学语文`, `小学 英语`, `信息科技`; None for any other.

    One of the seven is one seat whatever stage is written before it: `初中美术` is 跨学段美术. A
    subject of one stage needs its stage: `语文` names no seat.
    """
    wanted = "".join(text.split())
    if wanted.startswith("高中"):
        wanted = f"普通{wanted}"
    stage = next((one for one in STAGES if wanted.startswith(one)), "")
    subject = canonical(wanted.removeprefix(stage) or wanted)
    names = (wanted, f"{CROSS_STAGE}{subject}", f"{stage}{subject}", subject)
    return next((SEATS[name] for name in names if name in SEATS), None)
