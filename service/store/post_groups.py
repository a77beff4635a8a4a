"""From the text of a diagram to the candidate group that it names, as units and groups are now."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Row,
    Text,
    bindparam,
    case,
    cast,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from service.domain.accounts import is_group_id
from service.domain.errors import JiaoyanError
from service.domain.organization import (
    DEEPEST,
    PostGroup,
    UnitPath,
    names_in,
    parse,
    resolve_unit,
)
from service.store.tables import CandidateGroup, OrganizationUnit
from service.store.tables import PostGroup as PostGroupRow


@dataclass(frozen=True, slots=True)
class Resolved:
    """What texts that name posts mean.

    `ids` are candidate groups by what was written, `faults` why others mean nobody, `fresh` the
    groups among `ids` that no row tells of yet.
    """

    ids: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    fresh: Mapping[str, PostGroup] = field(default_factory=dict)

    def of(self, groups: Sequence[str]) -> tuple[str, ...]:
        """Return these groups as the inbox holds them: what means nobody stays as written."""
        return tuple(dict.fromkeys(self.ids.get(one, one) for one in groups))

    def faults_of(self, groups: Sequence[str]) -> tuple[str, ...]:
        """Return why some of these groups mean nobody."""
        return tuple(self.faults[one] for one in dict.fromkeys(groups) if one in self.faults)


def resolve(session: Session, texts: Iterable[str]) -> Resolved:
    """Resolve texts that name posts; one statement, none for no text.

    Where there is a group whose id looks like a post group (`a@b`), that is meant.
    """
    read, faults = _read(texts)
    if not read and not faults:
        return Resolved()
    known = _look_up(session, list(read.values()), [*read, *faults])
    ids = {text: text for text in known.groups}
    faults = {text: fault for text, fault in faults.items() if text not in ids}
    fresh: dict[str, PostGroup] = {}
    for text, group in read.items():
        if text in ids:
            continue
        try:
            meant = _at_unit(group, known)
        except JiaoyanError as refusal:
            faults[text] = refusal.message
            continue
        ids[text] = meant.text
        if meant.text not in known.post_groups:
            fresh[meant.text] = meant
    return Resolved(ids, faults, fresh)


def _read(texts: Iterable[str]) -> tuple[dict[str, PostGroup], dict[str, str]]:
    read: dict[str, PostGroup] = {}
    faults: dict[str, str] = {}
    for text in sorted(texts):
        try:
            read[text] = parse(text)
        except JiaoyanError as refusal:
            faults[text] = refusal.message
    return read, faults


@dataclass(frozen=True, slots=True)
class _Known:
    units: tuple[UnitPath, ...]
    post_groups: frozenset[str]
    groups: frozenset[str]


def _at_unit(group: PostGroup, known: _Known) -> PostGroup:
    return group if group.unit is None else group.at(resolve_unit(group.unit, known.units))


def _look_up(session: Session, wanted: Collection[PostGroup], texts: Iterable[str]) -> _Known:
    """Find units with their paths, closed ones too, post groups that may be meant, and groups."""
    units = sorted({group.unit for group in wanted if group.unit is not None})
    rows = session.execute(
        _LOOK_UP,
        {
            "ids": [unit for unit in units if is_group_id(unit)],
            "names": sorted({names_in(unit)[0] for unit in units}),
            "titles": sorted({group.title for group in wanted}),
            "groups": sorted(filter(is_group_id, set(texts))),
        },
    ).all()
    return _Known(
        units=_paths([row for row in rows if row.kind == "unit"]),
        post_groups=frozenset(row.id for row in rows if row.kind == "posts"),
        groups=frozenset(row.id for row in rows if row.kind == "group"),
    )


@dataclass(slots=True)
class _Path:
    closed: bool
    names: list[tuple[int, str]]


def _paths(rows: Iterable[Row[*tuple[Any, ...]]]) -> tuple[UnitPath, ...]:
    found: dict[str, _Path] = {}
    for row in rows:
        path = found.setdefault(row.id, _Path(False, []))
        path.closed = path.closed or (row.level == 0 and bool(row.closed))
        path.names.append((row.level, row.name))
    return tuple(
        UnitPath(unit_id, tuple(name for _, name in sorted(path.names)), path.closed)
        for unit_id, path in found.items()
    )


def _statement() -> CompoundSelect[str, str, int, str, bool]:
    unit, above = OrganizationUnit, aliased(OrganizationUnit)
    closed = case((unit.closed_at.is_(None), 0), else_=1).label("closed")
    named = select(unit.id, literal(0).label("level"), unit.name, unit.parent_id, closed).where(
        or_(
            unit.id.in_(bindparam("ids", expanding=True)),
            unit.name.in_(bindparam("names", expanding=True)),
        )
    )
    up = named.cte("up", recursive=True)
    up = up.union_all(
        select(up.c.id, up.c.level + 1, above.name, above.parent_id, up.c.closed)
        .join(above, above.id == up.c.parent_id)
        .where(up.c.level < DEEPEST)
    )
    # Columns of the other kinds of row.
    nothing = (literal(0), cast(null(), Text), literal(0))
    return union_all(
        select(literal("unit").label("kind"), up.c.id, up.c.level, up.c.name, up.c.closed),
        select(literal("posts"), PostGroupRow.id, *nothing).where(
            PostGroupRow.title.in_(bindparam("titles", expanding=True)),
            or_(PostGroupRow.unit_id.is_(None), PostGroupRow.unit_id.in_(select(up.c.id))),
        ),
        select(literal("group"), CandidateGroup.id, *nothing).where(
            CandidateGroup.id.in_(bindparam("groups", expanding=True))
        ),
    )


_LOOK_UP = _statement()
