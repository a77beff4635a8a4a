"""The ranking of a post: a total order with the announced tie-break, and who moves up. Pure.

Points are added for a title alone, in a selection whose notice says so (R-BONUS-A), never in open
recruitment (R-BONUS). In open recruitment and talent only what the
notice published breaks a tie; equal after all of it means an extra test (R-TIE).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from processes.recruitment.rules.findings import Finding
from processes.recruitment.rules.norms import NORMS
from processes.recruitment.rules.scores import Scheme, TieBreak
from processes.registers.days import said_day


@dataclass(frozen=True, slots=True)
class Standing:
    """What one candidate has reached; marks and total of 100, in two places."""

    candidate: str
    total: Decimal
    written: Decimal
    interview: Decimal
    honoured: bool = False
    """Holds a title of E5d."""
    extra: tuple[Decimal, ...] = ()
    """Marks of the extra tests, the first one first: a later one sets apart only who took it."""
    added: int = 0
    """Points for a title of E5d that are in the total (R-BONUS-A)."""
    passed: bool = True
    """Reached the pass line, where one holds (R-PASS)."""


@dataclass(frozen=True, slots=True)
class Rank:
    """A place: 1 is the first; `equal` are those who share it and need an extra test."""

    place: int
    candidate: str
    total: Decimal
    broken_by: TieBreak | None
    """What set them apart from others of the same total; None where nothing had to."""
    equal: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """The candidates of a post who passed, the best first, and those who did not."""

    ranks: tuple[Rank, ...]
    failed: tuple[str, ...]

    @property
    def undecided(self) -> tuple[tuple[str, ...], ...]:
        """The groups that need an extra test, each once, by place."""
        return tuple(dict.fromkeys(one.equal for one in self.ranks if one.equal))

    def proposed(self, posts: int) -> tuple[str, ...]:
        """Return who is to be investigated for so many posts.

        Whoever shares a place that goes over the last post is not among them.
        """
        found: list[str] = []
        for one in self.ranks:
            over = one.place + len(one.equal) - 1 > posts if one.equal else one.place > posts
            if not over:
                found.append(one.candidate)
        return tuple(found)


def rank(standings: Collection[Standing], scheme: Scheme) -> Ranking:
    """Put the candidates of one post in order by what the notice announced.

    The order of who is equal after all of it is that of their keys and means nothing.
    """
    passed = [one for one in standings if one.passed]
    by_key = sorted(passed, key=lambda one: one.candidate)
    ordered = sorted(by_key, key=lambda one: _key(one, scheme.tie_breaks), reverse=True)
    ranks: list[Rank] = []
    for _, group in groupby(ordered, key=lambda one: _key(one, scheme.tie_breaks)):
        sharing = list(group)
        place = len(ranks) + 1
        names = tuple(one.candidate for one in sharing)
        for one in sharing:
            ranks.append(
                Rank(
                    place,
                    one.candidate,
                    one.total,
                    None if len(names) > 1 else _broken_by(one, ordered, scheme.tie_breaks),
                    names if len(names) > 1 else (),
                )
            )
    return Ranking(
        tuple(ranks), tuple(sorted(one.candidate for one in standings if not one.passed))
    )


def substitution_finding(today: date, until: date | None) -> Finding:
    """R-NEXT: does anybody move up on this day? The last day is included."""
    if until is None:
        return Finding(NORMS["R-NEXT"], False, "公告没有规定递补的期限，不能递补")
    met = today <= until
    text = f"递补的期限是{said_day(until)}"
    return Finding(NORMS["R-NEXT"], met, text if met else f"{text}，已经过了")


def substitute(
    ranking: Ranking, used: Collection[str], *, today: date, until: date | None
) -> tuple[str, ...]:
    """Return who moves up: one candidate, several who need an extra test first, or nobody.

    `used` are those who hold a post, failed a check or have given up.
    """
    if not substitution_finding(today, until).met:
        return ()
    for one in ranking.ranks:
        if one.candidate not in used:
            return tuple(key for key in one.equal if key not in used) or (one.candidate,)
    return ()


def _key(one: Standing, breaks: Sequence[TieBreak]) -> tuple[tuple[Decimal, ...], ...]:
    return ((one.total,), *(_value(one, each) for each in breaks))


def _value(one: Standing, by: TieBreak) -> tuple[Decimal, ...]:
    match by:
        case TieBreak.HONOUR:
            return (Decimal(one.honoured),)
        case TieBreak.INTERVIEW:
            return (one.interview,)
        case TieBreak.WRITTEN:
            return (one.written,)
        case TieBreak.EXTRA:
            return one.extra


def _broken_by(
    one: Standing, others: Sequence[Standing], breaks: Sequence[TieBreak]
) -> TieBreak | None:
    """The last criterion that was needed to set somebody apart from those of the same total."""
    rest = [each for each in others if each is not one and each.total == one.total]
    used: TieBreak | None = None
    for each in breaks:
        if not rest:
            break
        used = each
        rest = [other for other in rest if _value(other, each) == _value(one, each)]
    return used
