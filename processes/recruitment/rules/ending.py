"""The 终止公告 of a round: what it says, and why that may be none (R-FROZEN). Pure.

What a notice has announced is not dropped at will: the public is told why nobody is recruited, who
has decided that, and by which document.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from processes.recruitment.rules.norms import NORMS
from processes.registers.days import said_day
from processes.registers.norms import Refusal
from service.domain.disclosures import holds_identity_number, holds_mobile


class EndGround(StrEnum):
    """Why a round that was announced ends without anybody for these posts."""

    ESTABLISHMENT = "编制或者岗位核准有变化，不再招聘"
    REORGANIZED = "机构或者职能调整，不再招聘"
    NOBODY = "没有合格人选，岗位没有补上"
    MISTAKEN = "公告内容有误，停止后重新公告"
    PREVENTED = "不可抗力或者突发公共事件，不能继续"
    OTHER = "其他"


FROZEN = NORMS["R-FROZEN"]
LONGEST = {"detail": 300, "organ": 60, "number": 60, "told": 300}
"""So many characters each text may have."""


@dataclass(frozen=True, slots=True)
class Ending:
    """A 终止公告 as it is filled in; `ground` is an EndGround or what was sent in its place."""

    ground: str
    detail: str
    organ: str
    number: str
    dated_on: date | None
    told: str
    """What the applicants who are still in the running are told; empty where nobody is."""

    @property
    def why(self) -> str:
        """The reason in the words of the notice."""
        detail = self.detail.rstrip("。；;. ")
        if self.ground == EndGround.OTHER:
            return detail
        return self.ground + (f"：{detail}" if detail else "")

    @property
    def basis(self) -> str:
        """Who has decided it, by which document of which day."""
        on = f"，{said_day(self.dated_on)}" if self.dated_on else ""
        return f"{self.organ}{self.number}{on}"


def ending_problems(
    ending: Ending, *, today: date, announced_on: date, anybody: bool
) -> dict[str, list[Refusal]]:
    """Return what is wrong, by the field it stands in; nothing wrong is an empty mapping.

    `anybody`: somebody's application is still open, and they are told.
    """
    found: dict[str, list[Refusal]] = {}
    for field, refusal in _problems(ending, today, announced_on, anybody):
        found.setdefault(field, []).append(refusal)
    return found


def _problems(
    ending: Ending, today: date, announced_on: date, anybody: bool
) -> Iterator[tuple[str, Refusal]]:
    if ending.ground not in set(EndGround):
        yield "ground", FROZEN.refuses("没有选择终止的原因：公告公布的招聘不做了，要公开原因")
    if ending.ground == EndGround.OTHER and not ending.detail:
        yield "detail", FROZEN.refuses("原因选“其他”的，请写明是什么原因")
    for field, label in (("organ", "作出决定的机关"), ("number", "决定的文号")):
        if not getattr(ending, field):
            yield field, FROZEN.refuses(f"没有填写{label}：公告公布的内容不得擅自变更")
    if wrong := _wrong_day(ending.dated_on, today, announced_on):
        yield "dated_on", FROZEN.refuses(wrong)
    if anybody and not ending.told:
        yield "told", FROZEN.refuses("还有人的报名没有办结，请写明告知他们什么")
    for field, most in LONGEST.items():
        text = getattr(ending, field)
        if len(text) > most:
            yield field, FROZEN.refuses(f"最多{most}个字，填写了{len(text)}个")
        if holds_identity_number(text) or holds_mobile(text):
            why = "这里写的会公开或者告知报名人，不能有身份证号和手机号"
            yield field, NORMS["R-SHOWN"].refuses(why)


def _wrong_day(on: date | None, today: date, announced_on: date) -> str:
    if on is None:
        return "没有填写作出决定的日期"
    if on > today:
        return "作出决定的日期晚于今天"
    if on < announced_on:
        return f"作出决定的日期早于公告发布的{said_day(announced_on)}，那时还没有可以终止的公告"
    return ""
