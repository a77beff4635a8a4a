"""不再提出撤销聘任: on what ground the Party group need not be asked any more, and its proof.

A decision that took somebody on is gone, by 复议 or by the organ above, and the person is in post:
nobody but who may decide lets that rest (R-WITHDRAW). What the registers know is looked up there.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from processes.recruitment.rules.norms import NORMS
from processes.recruitment.variables import day_or_none, words_of
from processes.registers.days import said_day
from processes.registers.norms import Refusal
from processes.registers.party_group import decisions
from processes.registers.party_group.decisions import Decided
from processes.registers.staffing.tables import Researcher
from service.domain.values import Variables

NORM = NORMS["R-WITHDRAW"]


class Ground(StrEnum):
    """Why 撤销聘任 is not put up any more."""

    RESTORED = "原来的聘任决定已经恢复"
    LEFT = "本人已经离岗"
    DECIDED = "局党组已经决定不撤销"
    ABOVE = "上级党组织决定不撤销"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What the office has filled in; `item` of DECIDED, organ, number, day and papers of ABOVE."""

    ground: str
    reason: str
    item: str = ""
    organ: str = ""
    number: str = ""
    dated_on: date | None = None
    papers: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What the registers say: whom it is about, whether the decision holds again, who has left."""

    username: str
    restored: bool
    gone_on: date | None
    """The day on which the decision was taken away."""
    gone_by: str
    """The organ above that has taken it away; empty where the group itself has."""
    left_on: date | None


def read(variables: Variables) -> Withdrawal:
    """Read the fields `withdrawal_…` of the form."""
    return Withdrawal(
        ground=words_of(variables, "withdrawal_ground"),
        reason=words_of(variables, "withdrawal_reason"),
        item=words_of(variables, "withdrawal_item"),
        organ=words_of(variables, "withdrawal_organ"),
        number=words_of(variables, "withdrawal_number"),
        dated_on=day_or_none(variables.get("withdrawal_on")),
        papers=bool(variables.get("withdrawal_document")),
    )


def stand_of(session: Session, item: str, entry: Researcher) -> Standing:
    """Return how the matter stands today; `item` is the number of the decision that was gone."""
    found = decisions.find(session, item)
    return Standing(
        username=entry.username,
        restored=found is not None and found.carried,
        gone_on=None if found is None else found.decided_on,
        gone_by="" if found is None else found.organ,
        left_on=entry.ended_on,
    )


def problems(
    said: Withdrawal,
    stand: Standing,
    decided: Decided | None,
    *,
    organs: Collection[str],
    today: date,
) -> list[Refusal]:
    """Return why it must be put up nevertheless; `decided` is what `said.item` names.

    `organs`: the party organs above that may decide in place of the group.
    """
    if said.ground not in set(Ground):
        return [NORM.refuses("没有选择不再提出的依据")]
    found = [] if said.reason else ["没有写明理由"]
    found += _of_ground(Ground(said.ground), said, stand, decided, organs, today)
    return [NORM.refuses(each) for each in found]


def words(said: Withdrawal, decided: Decided | None) -> str:
    """Return the ground with its proof as the histories say it."""
    if said.ground == Ground.DECIDED and decided is not None:
        return f"不再提出撤销：局党组{said_day(decided.decided_on)}决定不撤销聘任"
    if said.ground == Ground.ABOVE:
        return f"不再提出撤销：{said.organ}{said.number}（{said_day(said.dated_on)}）决定不撤销聘任"
    return f"不再提出撤销：{said.ground}"


def _of_ground(
    ground: Ground,
    said: Withdrawal,
    stand: Standing,
    decided: Decided | None,
    organs: Collection[str],
    today: date,
) -> Sequence[str]:
    if ground is Ground.RESTORED:
        return [] if stand.restored else ["登记里原来的聘任决定没有恢复，现在仍然不再有效"]
    if ground is Ground.LEFT:
        return [] if stand.left_on is not None else ["教研员名册里本人还在岗"]
    if ground is Ground.DECIDED:
        return list(_of_decision(stand, decided))
    return list(_of_above(said, stand, organs, today))


def _of_decision(stand: Standing, decided: Decided | None) -> Iterator[str]:
    if stand.gone_by:
        yield f"原来的聘任决定是{stand.gone_by}改变的，不撤销也须由上级党组织决定"
    if decided is None:
        yield "请填写局党组已经议定的撤销聘任议题的编号"
    elif decided.item_class != decisions.REVOCATION or decided.subject != stand.username:
        yield "填写的议题不是关于本人撤销聘任的"
    elif decided.carried:
        yield "局党组同意了撤销聘任，请按决定办理离岗"
    elif stand.gone_on is not None and decided.decided_on < stand.gone_on:
        yield f"这个决定早于聘任决定改变的{said_day(stand.gone_on)}，没有研究过现在的情况"


def _of_above(
    said: Withdrawal, stand: Standing, organs: Collection[str], today: date
) -> Iterator[str]:
    if said.organ not in organs:
        yield f"“{said.organ[:40]}”不是上级党组织，应为{'、'.join(organs)}"
    if not said.number:
        yield "没有填写上级党组织决定的文号"
    if said.dated_on is None or said.dated_on > today:
        yield "决定的日期没有填写，或者晚于今天"
    elif stand.gone_on is not None and said.dated_on < stand.gone_on:
        yield f"这个决定早于聘任决定改变的{said_day(stand.gone_on)}"
    if not said.papers:
        yield "没有上传上级党组织的决定"
