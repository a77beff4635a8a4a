"""Deputies: who acts for somebody who is away, from when to when, and for which procedures.

Both see the task and whoever is first does it; the record says 乙（代甲）. A deputy may have one of
their own, so that chains arise; they are short and never come back to where they began. A deputy
never acts in a case that they started themselves, nor at a step that forbids it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

MOST_HOPS = 3
"""Deputies in a row: whom the last of them stands in for is three people away."""

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Deputizing:
    """`deputy` stands in for `principal` in [starts_at, ends_at), both aware.

    `process_ids` are procedures; None means all of them, tomorrow's too.
    """

    principal: str
    deputy: str
    starts_at: datetime
    ends_at: datetime
    process_ids: frozenset[str] | None = None

    def meets(self, other: "Deputizing") -> bool:
        """Tell whether there is a moment and a procedure for which both count."""
        return self._common(other) is not None

    def _common(self, other: "Deputizing") -> "Deputizing | None":
        """Return the time and procedures of both, with this one's principal and deputy."""
        starts_at = max(self.starts_at, other.starts_at)
        ends_at = min(self.ends_at, other.ends_at)
        shared = common_scope(self.process_ids, other.process_ids)
        if starts_at >= ends_at or shared == frozenset():
            return None
        return Deputizing(self.principal, self.deputy, starts_at, ends_at, shared)


def common_scope(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    """Return the procedures of both; None means all."""
    if one is None or other is None:
        return other if one is None else one
    return one & other


def fault_of(wanted: Deputizing, others: Iterable[Deputizing]) -> str | None:
    """Return why a person cannot be stood in for like this, beside what is agreed already."""
    known = list(others)
    if wanted.principal == wanted.deputy:
        return "不能委托本人"
    if wanted.starts_at >= wanted.ends_at:
        return "结束时间应晚于开始时间"
    if wanted.ends_at - wanted.starts_at > LONGEST:
        return f"一次最多委托 {LONGEST.days} 天"
    if wanted.process_ids == frozenset():
        return "没有选择流程"
    if any(one.principal == wanted.principal and one.meets(wanted) for one in known):
        return "这段时间里同样的流程已经委托过代理人，请先结束那一次"
    before, after = _above(wanted, known), _below(wanted, known)
    if _RING in {before, after}:
        return "代理人（或代理人的代理人）同一时间又委托本人代理，会成为一个环"
    if before + 1 + after > MOST_HOPS:
        return f"一环接一环的代理最多 {MOST_HOPS} 层"
    return None


_RING = -1


def _below(wanted: Deputizing, known: list[Deputizing]) -> int:
    """Count how far the deputy hands on what they stand in for; -1 when it comes back."""
    return _longest(wanted, known, wanted.principal, MOST_HOPS + 1)


def _longest(held: Deputizing, known: list[Deputizing], start: str, left: int) -> int:
    deepest = 0
    for one in known if left else ():
        shared = one._common(held) if one.principal == held.deputy else None
        if shared is None:
            continue
        if shared.deputy == start:
            return _RING
        further = _longest(shared, known, start, left - 1)
        if further == _RING:
            return _RING
        deepest = max(deepest, further + 1)
    return deepest


def _above(wanted: Deputizing, known: list[Deputizing]) -> int:
    """Count through how many deputies what the principal stands in for has come."""
    turned = [
        Deputizing(one.deputy, one.principal, one.starts_at, one.ends_at, one.process_ids)
        for one in known
    ]
    back = Deputizing(
        wanted.deputy, wanted.principal, wanted.starts_at, wanted.ends_at, wanted.process_ids
    )
    return _longest(back, turned, wanted.deputy, MOST_HOPS + 1)


def acting_name(name: str, principal: str | None) -> str:
    """Return how somebody is named who acted for somebody else: 乙（代甲）."""
    return f"{name}（代{principal}）" if principal else name
