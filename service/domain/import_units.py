"""An import of units: which are new, which change, and why a row cannot be taken."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from service.domain.accounts import is_group_id
from service.domain.errors import JiaoyanError
from service.domain.import_rows import Refusals, SheetRow, text_of
from service.domain.organization import DEEPEST, LONGEST_LABEL, UnitPath, cleaned

_LAST_POSITION = 9999


@dataclass(frozen=True, slots=True)
class UnitState:
    """A unit as it is, or as it is to be."""

    id: str
    name: str
    kind: str = ""
    position: int = 0
    parent_id: str | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """The units as they are to be; `new` and `changed` are ids, parents before children."""

    units: Mapping[str, UnitState]
    new: tuple[str, ...]
    changed: tuple[str, ...]

    def paths(self) -> list[UnitPath]:
        """Return all units with the names up to their roots."""
        return [UnitPath(one.id, self._names(one), one.closed) for one in self.units.values()]

    def _names(self, unit: UnitState) -> tuple[str, ...]:
        names, place = [unit.name], unit.parent_id
        while place is not None and len(names) <= DEEPEST:
            names.append(self.units[place].name)
            place = self.units[place].parent_id
        return tuple(names)


def plan_units(
    known: Mapping[str, UnitState], rows: Iterable[SheetRow], refusals: Refusals
) -> UnitPlan:
    """Work out the tree with these rows; what cannot be taken goes to `refusals`.

    A row of a unit that is there changes what its cells say; an empty cell changes nothing.
    """
    wanted: dict[str, UnitState] = dict(known)
    sources: dict[str, SheetRow] = {}
    parents: dict[str, str] = {}
    for row in rows:
        unit = _read(row, known, sources, refusals)
        if unit is not None:
            wanted[unit.id] = unit
            sources[unit.id] = row
            parents[unit.id] = text_of(row.cells.get("parent"))
    _set_parents(wanted, sources, parents, refusals)
    _check_tree(wanted, sources, refusals)
    _check_names(wanted, sources, refusals)
    ordered = sorted(sources, key=lambda one: (_depth(wanted, one), sources[one].number))
    return UnitPlan(
        units=wanted,
        new=tuple(one for one in ordered if one not in known),
        changed=tuple(one for one in ordered if one in known and known[one] != wanted[one]),
    )


def _read(
    row: SheetRow,
    known: Mapping[str, UnitState],
    sources: Mapping[str, SheetRow],
    refusals: Refusals,
) -> UnitState | None:
    said = {column.key: text_of(row.cells.get(column.key)) for column in row.sheet.columns}
    unit_id = said["id"]
    if not is_group_id(unit_id):
        refusals.add(row, "id", "应为 1 至 64 个字母、数字或汉字，后面还可以有 . _ @ -")
        return None
    if unit_id in sources:
        refusals.add(row, "id", f"与第 {sources[unit_id].number} 行重复")
        return None
    before = known.get(unit_id, UnitState(unit_id, ""))
    if before.closed:
        refusals.add(row, "id", "这个机构已经撤销，请先恢复，或换一个编号")
        return None
    try:
        name = cleaned(said["name"], "机构名称")
        kind = cleaned(said["kind"], "机构类别", LONGEST_LABEL) if said["kind"] else before.kind
    except JiaoyanError as refusal:
        refusals.add(row, "name", refusal.message)
        return None
    position = said["position"]
    if position and not (position.isascii() and position.isdecimal() and len(position) <= 4):
        refusals.add(row, "position", f"应为 0 至 {_LAST_POSITION} 的整数")
        return None
    return replace(
        before, name=name, kind=kind, position=int(position) if position else before.position
    )


def _set_parents(
    wanted: dict[str, UnitState],
    sources: Mapping[str, SheetRow],
    parents: Mapping[str, str],
    refusals: Refusals,
) -> None:
    by_name: dict[str, list[UnitState]] = {}
    for unit in wanted.values():
        by_name.setdefault(unit.name, []).append(unit)
    for unit_id, parent in parents.items():
        if not parent:
            continue
        named = [one for one in by_name.get(parent, []) if not one.closed]
        found = [wanted[parent]] if parent in wanted else named
        if not found:
            refusals.add(sources[unit_id], "parent", "没有这个机构；请写编号或名称")
        elif len(found) > 1:
            ids = "、".join(one.id for one in found[:5])
            refusals.add(sources[unit_id], "parent", f"叫这个名称的机构不止一个（{ids}），请写编号")
        elif found[0].closed:
            refusals.add(sources[unit_id], "parent", "这个机构已经撤销")
        else:
            wanted[unit_id] = replace(wanted[unit_id], parent_id=found[0].id)


def _check_tree(
    wanted: Mapping[str, UnitState], sources: Mapping[str, SheetRow], refusals: Refusals
) -> None:
    """Refuse each row that closes a ring, or stands too deep."""
    for unit_id, row in sources.items():
        way = [unit_id]
        place = wanted[unit_id].parent_id
        while place is not None and place not in way:
            way.append(place)
            place = wanted[place].parent_id
        if place == unit_id:
            ring = " → ".join([*way, unit_id][:6])
            refusals.add(row, "parent", f"上级绕成了一个环：{ring}")
        elif len(way) > DEEPEST:
            refusals.add(row, "parent", f"机构最多 {DEEPEST} 级")


def _check_names(
    wanted: Mapping[str, UnitState], sources: Mapping[str, SheetRow], refusals: Refusals
) -> None:
    names = Counter((one.parent_id, one.name) for one in wanted.values() if not one.closed)
    for unit_id, row in sources.items():
        unit = wanted[unit_id]
        if names[unit.parent_id, unit.name] > 1:
            refusals.add(row, "name", "同一个上级下面还有一个机构叫这个名称")


def _depth(units: Mapping[str, UnitState], unit_id: str) -> int:
    depth, place = 0, units[unit_id].parent_id
    while place is not None and depth <= DEEPEST:
        depth, place = depth + 1, units[place].parent_id
    return depth
