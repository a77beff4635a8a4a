"""Recusal (回避): who must keep out of a step because of whom it is about.

事业单位人事管理回避规定 (人社部规〔2019〕1号), articles 5 to 8 say which ties count and what they
forbid: whoever has one takes no part in examining, discussing, judging, voting, scoring or deciding
(履职回避), and relatives hold no posts of which one directs the other (岗位回避). Its ground is
事业单位人事管理条例 (国务院令第652号), article 39. Outside experts are bound like staff.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from service.domain.errors import Conflict, Forbidden, Invalid, NotFound

LONGEST_NOTE = 500
LONGEST_NAME = 100

SOURCE = "《事业单位人事管理回避规定》（人社部规〔2019〕1号）"


class TieKind(StrEnum):
    """What ties two people; the first five are kinship, the others may touch impartiality."""

    SPOUSE = "spouse"
    LINEAL = "lineal"
    COLLATERAL = "collateral"
    AFFINITY = "affinity"
    ADOPTIVE = "adoptive"
    INTEREST = "interest"
    MENTOR = "mentor"
    COAUTHOR = "coauthor"
    OTHER = "other"

    @property
    def label(self) -> str:
        """What people read."""
        return _LABELS[self]

    @property
    def is_kinship(self) -> bool:
        """Kinship bars from posts of which one directs the other, too."""
        return self in _KINSHIP


_LABELS = {
    TieKind.SPOUSE: "夫妻",
    TieKind.LINEAL: "直系血亲（祖父母、外祖父母、父母、子女、孙子女等）",
    TieKind.COLLATERAL: "三代以内旁系血亲（兄弟姐妹、叔伯姑舅姨、堂表兄弟姐妹、侄甥）",
    TieKind.AFFINITY: "近姻亲（配偶的父母、兄弟姐妹，子女的配偶及其父母等）",
    TieKind.ADOPTIVE: "养父母子女、有抚养关系的继父母子女",
    TieKind.INTEREST: "利害关系",
    TieKind.MENTOR: "师徒",
    TieKind.COAUTHOR: "共同署名、合作研究",
    TieKind.OTHER: "其他可能影响公正的关系",
}

_KINSHIP = frozenset(
    {TieKind.SPOUSE, TieKind.LINEAL, TieKind.COLLATERAL, TieKind.AFFINITY, TieKind.ADOPTIVE}
)


class TieSource(StrEnum):
    """Who said so: the person, somebody else who applied for it, or the unit that ordered it."""

    SELF = "self"
    OTHER = "other"
    UNIT = "unit"

    @property
    def label(self) -> str:
        """What people read."""
        return _SOURCES[self]


_SOURCES = {
    TieSource.SELF: "本人申报",
    TieSource.OTHER: "他人提出",
    TieSource.UNIT: "单位决定",
}


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie in force between two people; it holds both ways."""

    key: int
    username: str
    other: str
    kind: TieKind


@dataclass(frozen=True, slots=True)
class Bar:
    """Why somebody must keep out: they are a party themselves, or tied to one by this kind.

    `tie_key` is None for the party.
    """

    username: str
    party: str
    kind: TieKind | None = None
    tie_key: int | None = None


class RecusalRequired(Conflict):
    """{who}{reason}，{basis}应当回避。任务没有交给{who}，没有任何改动，请另选办理人。"""

    code = "recusal.required"


class PostRecusalRequired(Conflict):
    """{who}与{other}有亲属关系（{kind}），依照《事业单位人事管理回避规定》不得在“{unit}”担任有直接上下级领导关系的岗位。岗位没有改动。"""

    code = "recusal.post-required"


class TieInvalid(Invalid):
    """回避申报没有登记：{reason}。请改正后再提交。"""

    code = "recusal.invalid"


class TieNotFound(NotFound):
    """没有找到这条回避申报，或者你没有查看的权限。"""

    code = "recusal.not-found"


class RecusalForbidden(Forbidden):
    """这条回避申报不由你变更，没有任何改动。如情况有变，请联系人事部门。"""

    code = "recusal.forbidden"


class TieOfOneself(Forbidden):
    """这条回避申报涉及你本人或者与你有回避关系的人，不能由你终止，没有任何改动。请由其他有权办理的人核实后终止。"""

    code = "recusal.own"


def bars(parties: Iterable[str], ties: Iterable[Tie]) -> dict[str, Bar]:
    """Return who must keep out of what is about these parties, each with one reason.

    A party bars themselves; of several ties kinship comes first, then the one declared first.
    """
    about = frozenset(parties)
    found = {party: Bar(party, party) for party in sorted(about)}
    for tie in sorted(ties, key=lambda one: (not one.kind.is_kinship, one.key)):
        for person, party in ((tie.username, tie.other), (tie.other, tie.username)):
            if party in about:
                found.setdefault(person, Bar(person, party, tie.kind, tie.key))
    return found


class Seat(Protocol):
    """A post, as far as it says who directs whom."""

    @property
    def unit_id(self) -> str: ...
    @property
    def heads_unit(self) -> bool: ...


def directs(one: Seat, other: Seat, parents: Mapping[str, str | None]) -> bool:
    """Tell whether one of two posts directs the other; `parents` gives each unit's.

    Who heads a unit directs those with a post in it and the heads of the units right below.
    """
    if one.unit_id == other.unit_id:
        return one.heads_unit or other.heads_unit
    both_head = one.heads_unit and other.heads_unit
    pairs = ((one.unit_id, other.unit_id), (other.unit_id, one.unit_id))
    return both_head and any(parents.get(below) == above for below, above in pairs)


def reason(kind: TieKind | None, party: str, *, acted_before: bool = False) -> str:
    """Say why, of somebody whose name stands before: `是本事项的当事人`.

    `acted_before`: it is about the party because they have decided in this case before, as an
    objection is checked by another.
    """
    if kind is None:
        return "办理过本事项前面的步骤" if acted_before else "是本事项的当事人"
    short = kind.label.partition("（")[0]
    whom = f"办理过前面步骤的{party}" if acted_before else f"本事项当事人{party}"
    return f"与{whom}有{'亲属' if kind.is_kinship else ''}关系（{short}）"


def basis(kind: TieKind | None, *, acted_before: bool = False) -> str:
    """Say by what they must keep out: the regulation, or the diagram's own separation of duties."""
    if kind is None and acted_before:
        return "这一步由他人办理，"
    return "依照《事业单位人事管理回避规定》"
