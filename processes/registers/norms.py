"""A rule as a value: where it is written, how sure that is, what it does, when it is in force.

Pure. Procedures and registers list their rules in modules of their own.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NewType

PLAN = "《乌海市一体化推进基础教育教研工作方案》（2023年10月20日）"
PLAN_DAY = date(2023, 10, 20)

Refusal = NewType("Refusal", str)
"""Why something is not taken, as a person reads it, with its rule and source: see `Norm.refuses`.

What a room gives back as problems is of this type, so that none goes out without its source.
"""


class Certainty(StrEnum):
    """How sure it is that a rule binds the bureau as it is written here."""

    READ = "V"
    """The text of the clause itself was read."""
    SECONDARY = "S"
    """A secondary source, or that of another city: what is usual."""
    KNOWN = "K"
    """Reliable general knowledge; the clause was not read again."""
    PROPOSED = "P"
    """A default of this program: the bureau may set it otherwise."""
    UNCERTAIN = "U"
    """The text leaves it open: the office decides, and sees a note."""

    @property
    def label(self) -> str:
        """What people read."""
        return _CERTAINTY[self]


_CERTAINTY = {
    Certainty.READ: "原文",
    Certainty.SECONDARY: "参照其他地方",
    Certainty.KNOWN: "通行规定，未再核对原文",
    Certainty.PROPOSED: "系统默认，可以设置",
    Certainty.UNCERTAIN: "原文没有写明，可以设置",
}


class Strictness(StrEnum):
    """What follows when the rule is not met."""

    REJECTS = "不符合即不予准入"
    FORBIDS = "不符合即不能登记"
    JUDGED = "由人事科依据材料判断"
    PREFERS = "只影响优先顺序"
    COUNTS = "计算方法"
    SHOWS = "只提示，不限制"
    SETS = "默认值"


@dataclass(frozen=True, slots=True)
class Norm:
    """One rule. `clause` is the source's own number; the days in force are inclusive."""

    id: str
    clause: str
    title: str
    source: str
    certainty: Certainty
    strictness: Strictness
    effective_from: date
    effective_to: date | None = None

    def in_force(self, day: date) -> bool:
        """True when the rule applies on this day."""
        return self.effective_from <= day and (
            self.effective_to is None or day <= self.effective_to
        )

    @property
    def cited(self) -> str:
        """Clause and id, as they stand behind a reason."""
        return f"{self.clause}，{self.id}"

    def sourced(self, join: str = "") -> str:
        """Source, clause and id; of a default of ours the source is why, and stands behind."""
        if self.certainty is Certainty.PROPOSED:
            return f"{self.cited}；{self.source}"
        return f"{self.source}{join}{self.cited}"

    def refuses(self, text: str) -> Refusal:
        """Return why something is refused by this rule, with source, clause and id behind it."""
        return Refusal(f"{text.rstrip('。')}（{self.sourced('，')}）")
