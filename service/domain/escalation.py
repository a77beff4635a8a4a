"""Escalation (逾期上报): who is told that a task is late, upward from its holder.

A superior sees the task, urges and hands it on; they never decide it for its holder. Whoever must
keep out of it (回避) is passed over, upward, and the record says so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

MOST_TOLD = 20
"""People of a group that are told at one level."""


class PassedOver(StrEnum):
    """Why somebody is not told."""

    HOLDER = "holder"
    INITIATOR = "initiator"
    BARRED = "barred"
    CLOSED = "closed"
    TOLD = "told"
    VACANT = "vacant"
    """Nobody heads the unit."""


@dataclass(frozen=True, slots=True)
class Skip:
    """Who was passed over, or which unit has no head, and why."""

    who: str
    why: PassedOver


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the tree: what is above it, who heads it (user name), how it is called."""

    id: str
    name: str
    parent_id: str | None
    head: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """Who is told, and who was passed over on the way."""

    people: tuple[str, ...] = ()
    skipped: tuple[Skip, ...] = ()


def superior(
    begins: Sequence[str], units: Mapping[str, Unit], unfit: Mapping[str, PassedOver]
) -> Told:
    """Return the first head upward from these units who may be told.

    `begins`: the units of the holders, the likeliest first; from each the way goes up to the root.
    `unfit`: whom nobody tells, and why.
    """
    skipped: list[Skip] = []
    seen: set[str] = set()
    for begin in begins:
        for unit in _upward(begin, units):
            if unit.id in seen:
                break
            seen.add(unit.id)
            if unit.head is None:
                skipped.append(Skip(unit.name, PassedOver.VACANT))
            elif unit.head in unfit:
                skipped.append(Skip(unit.head, unfit[unit.head]))
            else:
                return Told((unit.head,), tuple(dict.fromkeys(skipped)))
    return Told((), tuple(dict.fromkeys(skipped)))


def members(people: Iterable[str], unfit: Mapping[str, PassedOver]) -> Told:
    """Return those of a group who may be told, as many as are told at once."""
    fit = [one for one in people if one not in unfit]
    skipped = tuple(Skip(one, unfit[one]) for one in people if one in unfit)
    return Told(tuple(fit[:MOST_TOLD]), skipped)


def _upward(begin: str, units: Mapping[str, Unit]) -> Iterable[Unit]:
    at: str | None = begin
    for _ in range(len(units)):
        unit = None if at is None else units.get(at)
        if unit is None:
            return
        yield unit
        at = unit.parent_id
