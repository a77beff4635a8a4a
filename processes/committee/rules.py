"""How the bureau's leading Party group (局党组) decides: quorum, vote, result. Pure.

Where each rule comes from and how sure it is stands in `norms`; docs/rules-committee.md says the
same in prose. All counting is in whole numbers: a half is compared by doubling.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class ItemClass(StrEnum):
    """What an item is about; the class says which attendance it needs."""

    EXIT = "exit"
    RECRUITMENT = "recruitment"
    DISCIPLINE = "discipline"
    REVOCATION = "revocation"
    PLAN = "plan"
    BUDGET = "budget"
    EXAM_PROGRAMME = "exam_programme"
    WORKSHOP = "workshop"
    PERSONAL = "personal"
    OTHER = "other"

    @property
    def label(self) -> str:
        """What people read."""
        return _CLASSES[self]

    @property
    def about_a_person(self) -> bool:
        """One person = one item = one vote."""
        return self in _ABOUT_A_PERSON


_CLASSES = {
    ItemClass.EXIT: "教研员退出",
    ItemClass.RECRUITMENT: "确定拟聘（拟任）人选",
    ItemClass.DISCIPLINE: "处分",
    ItemClass.REVOCATION: "撤销聘任",
    ItemClass.PLAN: "方案、计划",
    ItemClass.BUDGET: "经费预算",
    ItemClass.EXAM_PROGRAMME: "检测、考试计划",
    ItemClass.WORKSHOP: "名师工作坊",
    ItemClass.PERSONAL: "涉及个人的其他事项",
    ItemClass.OTHER: "其他事项（不涉及个人）",
}
_ABOUT_A_PERSON = frozenset(
    {
        ItemClass.EXIT,
        ItemClass.RECRUITMENT,
        ItemClass.DISCIPLINE,
        ItemClass.REVOCATION,
        ItemClass.PERSONAL,
    }
)
OF_THE_EMPLOYER = frozenset({ItemClass.EXIT, ItemClass.DISCIPLINE, ItemClass.REVOCATION})
"""What only the leaders of a person's own employer decide (C-LEVEL).

Recruitment is of the institution that takes them on, which the item names."""


class Quorum(StrEnum):
    """How many of the members due must be there."""

    HALF = "half"
    TWO_THIRDS = "two_thirds"

    @property
    def label(self) -> str:
        """What people read."""
        return "半数" if self is Quorum.HALF else "三分之二"


class RecusalBase(StrEnum):
    """Of how many members a majority is asked when somebody is recused."""

    FULL = "full"
    REDUCED = "reduced"


class Choice(StrEnum):
    """What a member may say; only YES counts for the item."""

    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"
    POSTPONE = "postpone"

    @property
    def label(self) -> str:
        """What people read."""
        return _CHOICES[self]


_CHOICES = {
    Choice.YES: "同意",
    Choice.NO: "不同意",
    Choice.ABSTAIN: "弃权",
    Choice.POSTPONE: "缓议",
}


class Method(StrEnum):
    """How it is voted: 口头, 举手, 无记名, 记名 (党组工作条例)."""

    ORAL = "oral"
    HANDS = "hands"
    NAMED = "named"
    SECRET = "secret"  # noqa: S105 - the name of a method

    @property
    def label(self) -> str:
        """What people read."""
        return _METHODS[self]

    @property
    def is_secret(self) -> bool:
        """Whether nobody may learn who voted what."""
        return self is Method.SECRET


_METHODS = {
    Method.ORAL: "口头表决",
    Method.HANDS: "举手表决",
    Method.NAMED: "记名投票",
    Method.SECRET: "无记名投票",
}


class Outcome(StrEnum):
    """What becomes of an item; the case that waits for it is told this word."""

    CARRIED = "CARRIED"
    NOT_CARRIED = "NOT_CARRIED"
    DEFERRED = "DEFERRED"
    NO_QUORUM = "NO_QUORUM"
    RETURNED = "RETURNED"

    @property
    def label(self) -> str:
        """What people read."""
        return _OUTCOMES[self]


_OUTCOMES = {
    Outcome.CARRIED: "通过",
    Outcome.NOT_CARRIED: "未通过",
    Outcome.DEFERRED: "缓议",
    Outcome.NO_QUORUM: "到会人数不足，未议",
    Outcome.RETURNED: "退回补充调查",
}

DECIDING = frozenset({Outcome.CARRIED, Outcome.NOT_CARRIED})
"""What is a decision; anything else comes to no vote, and the matter may come again."""

DEFAULT_QUORUMS: Mapping[ItemClass, Quorum] = {
    each: Quorum.TWO_THIRDS if each.about_a_person else Quorum.HALF for each in ItemClass
}


AGENDA_POST = "书记"


@dataclass(frozen=True, slots=True)
class RuleSettings:
    """What the sources leave to the bureau; the defaults are those of `norms`."""

    half_includes_half: bool = False
    recused_count_for_quorum: bool = False
    recusal_base: RecusalBase = RecusalBase.FULL
    remote_counts: bool = False
    agenda_post: str = AGENDA_POST
    organs_above: tuple[str, ...] = ()
    """Whoever has this post settles the agenda before notice is given (C-AGENDA)."""
    quorums: Mapping[ItemClass, Quorum] = field(default_factory=lambda: DEFAULT_QUORUMS)


@dataclass(frozen=True, slots=True)
class Room:
    """Who is there for one item.

    `due` N, members in office on the day; `present` P of them; `recused` R of the present;
    `barred` all of the members due who must keep out of the item, present or not.
    """

    due: int
    present: int
    recused: int = 0
    barred: int = 0

    @property
    def eligible(self) -> int:
        """How many can vote."""
        return self.present - self.recused


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether an item may be voted on: `outcome` is None, or what it comes to without a vote."""

    outcome: Outcome | None
    words: str
    escalate: bool = False
    """It can never be carried by this group: whoever set it up has to be asked."""
    quorate: bool = True
    """Enough members take part in the item, whether or not they could carry it."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Votes by choice."""

    yes: int = 0
    no: int = 0
    abstain: int = 0
    postpone: int = 0

    @property
    def cast(self) -> int:
        """How many voted."""
        return self.yes + self.no + self.abstain + self.postpone


@dataclass(frozen=True, slots=True)
class Result:
    """What a vote came to, and the rule in words and figures."""

    outcome: Outcome
    words: str


def quorum_needed(due: int, quorum: Quorum, settings: RuleSettings) -> int:
    """Return how many of `due` members must be there (C-HALF, C-2/3)."""
    if quorum is Quorum.TWO_THIRDS:
        return -(-2 * due // 3)
    return -(-due // 2) if settings.half_includes_half else due // 2 + 1


def vote_base(room: Room, settings: RuleSettings) -> int:
    """Return of how many members more than half must say yes: N, whoever is recused (C-BASE)."""
    return room.due - room.barred if settings.recusal_base is RecusalBase.REDUCED else room.due


def votes_needed(base: int) -> int:
    """Return how many yes votes carry an item: more than half of the base (C-CARRY)."""
    return base // 2 + 1


def readiness(room: Room, quorum: Quorum, settings: RuleSettings) -> Readiness:
    """Check before any vote whether an item may be voted on.

    Too few members there: NO_QUORUM. Enough there, but too few without the recused, or too few to
    reach the majority even by all voting yes: DEFERRED, no vote is taken (C-ITEM).
    """
    needed = quorum_needed(room.due, quorum, settings)
    head = _attendance(room, quorum, needed, settings)
    if room.present < needed:
        return Readiness(Outcome.NO_QUORUM, f"{head}，到会人数不足，本项不表决", quorate=False)
    majority = votes_needed(vote_base(room, settings))
    never = vote_base(room, settings) > 0 and room.due - room.barred < majority
    above = (
        f"即使全体到会也只有{room.due - room.barred}人可以表决，不可能达到{majority}票，"
        "应报请批准设立党组的党组织决定"
    )
    counted = room.present if settings.recused_count_for_quorum else room.eligible
    if counted < needed:
        words = (
            f"{head}，回避{room.recused}人后参加本项的为{counted}人，"
            f"少于{needed}人，本项不表决，缓议"
        )
        said = f"{words}；{above}" if never else words
        return Readiness(Outcome.DEFERRED, said, never, quorate=False)
    if room.eligible < majority:
        words = (
            f"{head}，可以表决的{room.eligible}人，全部赞成也达不到{majority}票，本项不表决，缓议"
        )
        return Readiness(Outcome.DEFERRED, f"{words}；{above}" if never else words, never)
    return Readiness(None, f"{head}，可以表决的{room.eligible}人，符合表决条件")


def result(room: Room, tally: Tally, quorum: Quorum, settings: RuleSettings) -> Result:
    """Return what the votes come to. A tie is not carried, and nobody has a casting vote.

    Raises ValueError for more votes than members who could vote: that is a fault of the caller.
    """
    if tally.cast > room.eligible:
        raise ValueError(f"{tally.cast} votes of {room.eligible} members")
    ready = readiness(room, quorum, settings)
    if ready.outcome is not None and not (ready.quorate and tally.cast):
        return Result(ready.outcome, ready.words)
    base = vote_base(room, settings)
    carried = tally.yes >= votes_needed(base)
    half = f"{base // 2}.5" if base % 2 else f"{base // 2}"
    of_whom = "应到" if base == room.due else "应到（不含应回避的）"
    counts = "".join(
        f"，{label}{number}票"
        for label, number in (
            ("反对", tally.no),
            ("弃权", tally.abstain),
            ("缓议", tally.postpone),
        )
        if number
    )
    recused = f"，回避{room.recused}人" if room.recused else ""
    comparison = (
        f"超过{of_whom}半数（{half}），通过"
        if carried
        else f"没有超过{of_whom}半数（{half}），须{votes_needed(base)}票，未通过"
    )
    words = (
        f"应到{room.due}人，实到{room.present}人{recused}，赞成{tally.yes}票{counts}，{comparison}"
    )
    return Result(Outcome.CARRIED if carried else Outcome.NOT_CARRIED, words)


def chair_votes_last(order: Sequence[str], chair: str) -> bool:
    """Tell whether the votes were given as the rules ask: nobody behind who chairs (C-LAST)."""
    return chair not in order or order[-1] == chair


def waits_for(eligible: Collection[str], voted: Collection[str], chair: str) -> tuple[str, ...]:
    """Return who must vote before the chair may."""
    return tuple(sorted(set(eligible) - set(voted) - {chair}))


def one_person_each(item_class: ItemClass, people: int) -> bool:
    """Tell whether an item names as many people as it must: one, or nobody (C-ONE)."""
    return people == (1 if item_class.about_a_person else 0)


def reconsidered(due: int, consenting: int) -> bool:
    """Tell whether a decision may be taken up again: more than half agree (C-AGAIN)."""
    return 2 * consenting > due


def may_come_with_evidence(outcome: Outcome) -> bool:
    """Tell whether a decided matter may come back with new evidence (C-AGAIN).

    What was carried is changed by 复议 alone.
    """
    return outcome is Outcome.NOT_CARRIED


def _attendance(room: Room, quorum: Quorum, needed: int, settings: RuleSettings) -> str:
    inclusive = "（含半数）" if quorum is Quorum.HALF and settings.half_includes_half else ""
    rule = f"应有{quorum.label}以上{inclusive}即{needed}人到会"
    return f"应到{room.due}人，实到{room.present}人，{rule}"
