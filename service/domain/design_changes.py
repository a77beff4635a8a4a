"""What two states of a design differ in, part by part."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Part:
    """An element of a diagram, a rule or column of a table, a field of a form.

    `kind` is its tag or type as the file writes it; `values` what it says, by the place where it
    says it: `conditionExpression`, `input[total]@source`, `validate.required`.
    """

    kind: str
    name: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a file by id; `picture` is equal where they are drawn at the same places."""

    by_id: Mapping[str, Part]
    picture: str


class ChangeKind(StrEnum):
    """What became of a part."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class ValueChange:
    """What a part says at one place, before and after; None where it says nothing."""

    place: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class PartChange:
    """A part that is not as it was, with the values that differ: of an added one all."""

    id: str
    kind: str
    name: str
    change: ChangeKind
    values: tuple[ValueChange, ...]


@dataclass(frozen=True, slots=True)
class DesignChanges:
    """Every difference, what was taken out last; `rearranged`: the picture differs too.

    `names` are those of all parts by id, for values that refer to one.
    """

    parts: tuple[PartChange, ...]
    rearranged: bool
    names: Mapping[str, str]


def design_changes(old: Parts, new: Parts) -> DesignChanges:
    """Compare two states of a design; an id stands for the same part in both."""
    names = {id: part.name for id, part in (*old.by_id.items(), *new.by_id.items()) if part.name}
    changes = tuple(_changes(old.by_id, new.by_id))
    return DesignChanges(changes, old.picture != new.picture, names)


def _changes(old: Mapping[str, Part], new: Mapping[str, Part]) -> Iterator[PartChange]:
    for id, part in new.items():
        before = old.get(id)
        values = tuple(_values({} if before is None else before.values, part.values))
        if before is None:
            yield PartChange(id, part.kind, part.name, ChangeKind.ADDED, values)
        elif values or before.kind != part.kind:
            if before.kind != part.kind:
                values = (ValueChange("", before.kind, part.kind), *values)
            yield PartChange(id, part.kind, part.name, ChangeKind.CHANGED, values)
    for id, part in old.items():
        if id not in new:
            yield PartChange(
                id, part.kind, part.name, ChangeKind.REMOVED, tuple(_values(part.values, {}))
            )


def _values(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[ValueChange]:
    for place in dict.fromkeys([*new, *old]):
        if old.get(place) != new.get(place):
            yield ValueChange(place, old.get(place), new.get(place))
