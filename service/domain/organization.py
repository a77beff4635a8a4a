"""The organisation: one tree of units, posts of people in them, and groups resolved over posts.

A post group is a candidate group that nobody keeps a list of: `教研员 · 数学 · 小学 @ 市教研机构`
is whoever has such a post now. A diagram names it when a task arises. Labels say what a post covers
(a subject, a stage, a district); their meaning is the bureau's and opaque here.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from service.domain.accounts import is_group_id
from service.domain.errors import Conflict, Invalid, NotFound

HEAD = "负责人"
"""As a title of a post group: who heads the unit, whatever their title is."""

DEEPEST = 10
"""Levels of the tree; a bureau has four."""
MOST_LABELS = 12
LONGEST_NAME = 100
LONGEST_LABEL = 40
LONGEST_REFERENCE = 300
"""Characters of a post group as a diagram names it."""

_DOT, _AT, _SLASH = "·", "@", "/"
_DOTS, _ATS, _SLASHES = "·・•‧∙⋅･", "@＠", "/／"
_WRITTEN_ALIKE = str.maketrans(
    {
        **dict.fromkeys(_DOTS, _DOT),
        **dict.fromkeys(_ATS, _AT),
        **dict.fromkeys(_SLASHES, _SLASH),
        "\u3000": " ",
    }
)
_SPACES = re.compile(r"[^\S\n]+")
_SIGNS = frozenset(_DOTS + _ATS)
_MARKS = _SIGNS | frozenset(f"{_SLASHES},")
"""They part a post group, or a list of groups, so no name in one may hold them."""


class PostGroupInvalid(Invalid):
    """岗位组“{text}”写得不对：{reason}。应写成“岗位 · 范围 · 范围 @ 机构”，如“教研员 · 数学 · 小学 @ 市教研机构”。"""  # noqa: E501 - a message is one paragraph

    code = "post-group.invalid"


class UnitUnknown(NotFound):
    """没有叫“{unit}”的机构，也没有这个编号。请核对机构名称或编号后再试。"""

    code = "organization.unit-unknown"


class UnitIsClosed(Conflict):
    """机构“{unit}”已经撤销，不能再使用。请改用在用的机构。"""

    code = "organization.unit-closed"


class UnitAmbiguous(Conflict):
    """叫“{unit}”的机构有 {count} 个：{paths}。请写成“上级/名称”，或写机构编号。"""

    code = "organization.unit-ambiguous"


class TreeBroken(Invalid):
    """机构“{unit}”不能放在“{parent}”下面：{reason}。机构没有改动，请另选上级机构。"""

    code = "organization.tree-broken"


class TextUnfit(Invalid):
    """{what}“{text}”不能用：应有 1 至 {limit} 个字符，不能换行，也不能含有 · @ / 和英文逗号。请改正后再试。"""  # noqa: E501 - a message is one paragraph

    code = "organization.text-unfit"


class TitleReserved(Invalid):
    """岗位名称不能写“负责人”。请写实际的岗位名称（如科长），并勾选“负责本机构”。"""

    code = "organization.title-reserved"


class LabelsTooMany(Invalid):
    """一个岗位最多写 {limit} 个范围，现在有 {count} 个。请减少，或分成几个岗位。"""

    code = "organization.labels-too-many"


@dataclass(frozen=True, slots=True)
class PostGroup:
    """Who is meant: a title, what the post covers, a unit; empty and None mean any.

    `labels` are sorted. `unit` is as it was written (an id, a name, a path `上级/下级`) until it is
    resolved; in a canonical group it is the unit's id.
    """

    title: str = ""
    labels: tuple[str, ...] = ()
    unit: str | None = None

    @property
    def text(self) -> str:
        """`教研员 · 小学 · 数学 @ city-office`: of a resolved group, its id as candidate group."""
        return self.shown(self.unit)

    def shown(self, unit_name: str | None) -> str:
        """Return the same with the unit named otherwise; None leaves it out."""
        post = f" {_DOT} ".join((self.title, *self.labels)).strip()
        return post if unit_name is None else f"{post} {_AT} {unit_name}".strip()

    def named(self, unit_name: str | None) -> str:
        """Return how people call the group: whoever has a post in a unit, by the unit alone."""
        if unit_name and not self.title and not self.labels:
            return unit_name
        return self.shown(unit_name)

    def at(self, unit_id: str) -> "PostGroup":
        """Return the group with its unit's id in place of what was written."""
        return replace(self, unit=unit_id)

    def fits(self, *, title: str, labels: Collection[str], unit: str, heads_unit: bool) -> bool:
        """Tell whether whoever has this post is in the (resolved) group."""
        titled = self.title in {"", title} or (self.title == HEAD and heads_unit)
        return titled and self.unit in {None, unit} and set(self.labels) <= set(labels)


def is_post_group(text: str) -> bool:
    """Tell whether a candidate group's text names posts.

    `a@b` may as well be the id of a group: where there is such a group, that is meant.
    """
    return not _SIGNS.isdisjoint(text)


def parse(text: str) -> PostGroup:
    """Read `[title] [· label]* [@ unit]`, dots and spaces of any width. Raises PostGroupInvalid."""
    if len(text) > LONGEST_REFERENCE:
        raise PostGroupInvalid(text=f"{text[:60]}……", reason=f"超过 {LONGEST_REFERENCE} 个字符")
    post, at, unit = normalized(text).partition(_AT)
    title, *labels = (part.strip() for part in post.split(_DOT))
    unit = _SLASH.join(part.strip() for part in unit.split(_SLASH))
    if reason := _fault(title, labels, unit if at else None):
        raise PostGroupInvalid(text=text, reason=reason)
    return PostGroup(title, tuple(sorted(set(labels))), unit if at else None)


def normalized(text: str) -> str:
    """Return the text with one kind of dot, at sign, slash and space."""
    return _SPACES.sub(" ", text.translate(_WRITTEN_ALIKE)).strip()


def cleaned_labels(labels: Iterable[str]) -> tuple[str, ...]:
    """Return what a post covers, sorted and each once. Raises TextUnfit, LabelsTooMany."""
    found = {cleaned(label, "范围", LONGEST_LABEL) for label in labels if label.strip()}
    if len(found) > MOST_LABELS:
        raise LabelsTooMany(limit=MOST_LABELS, count=len(found))
    return tuple(sorted(found))


def cleaned_title(title: str) -> str:
    """Return the title of a post. Raises TextUnfit, TitleReserved."""
    found = cleaned(title, "岗位名称", LONGEST_LABEL)
    if found == HEAD:
        raise TitleReserved
    return found


def cleaned(text: str, what: str, limit: int = LONGEST_NAME) -> str:
    """Return a name that a post group may hold. Raises TextUnfit."""
    found = _SPACES.sub(" ", text.replace("\u3000", " ")).strip()
    if not is_fit(found, limit):
        raise TextUnfit(what=what, text=text[:60], limit=limit)
    return found


def is_fit(text: str, limit: int) -> bool:
    """Tell whether a name is short, printable and free of the marks of a post group."""
    return 1 <= len(text) <= limit and text.isprintable() and _MARKS.isdisjoint(text)


@dataclass(frozen=True, slots=True)
class UnitPath:
    """A unit with the names from it up to the root of its tree."""

    id: str
    names: tuple[str, ...]
    closed: bool = False

    @property
    def text(self) -> str:
        """`上级/下级`."""
        return _SLASH.join(reversed(self.names))


def names_in(reference: str) -> tuple[str, ...]:
    """Return the names of a path, the unit's own first."""
    return tuple(reversed(reference.split(_SLASH)))


def resolve_unit(reference: str, known: Iterable[UnitPath]) -> str:
    """Return the id of the unit that is meant by its id, its name, or `上级/下级`.

    An id counts before a name; units that were closed are named only to say so. Raises
    UnitUnknown, UnitIsClosed, UnitAmbiguous.
    """
    wanted = names_in(reference)
    found = [unit for unit in known if unit.id == reference]
    found = found or [unit for unit in known if unit.names[: len(wanted)] == wanted]
    in_use = [unit for unit in found if not unit.closed]
    if not found:
        raise UnitUnknown(unit=reference[:60])
    if not in_use:
        raise UnitIsClosed(unit=reference[:60])
    if len(in_use) > 1:
        paths = sorted(f"{unit.text}（{unit.id}）" for unit in in_use)
        shown = "、".join(paths[:5]) + ("等" if len(paths) > 5 else "")
        raise UnitAmbiguous(unit=reference[:60], count=len(in_use), paths=shown)
    return in_use[0].id


def tree_fault(parents: Mapping[str, str | None], unit: str, parent: str | None) -> str | None:
    """Return why a unit cannot stand under this parent, None where it can.

    `parents` gives each unit's own; the unit itself may be new. Roots may be several.
    """
    above, place = 1, parent
    while place is not None:
        if place == unit:
            return "它在自己的下级里，会成为一个环"
        above += 1
        if above > DEEPEST + len(parents):
            return "上级机构本身已经成环"
        place = parents.get(place)
    if above - 1 + _height(parents, unit) > DEEPEST:
        return f"机构最多 {DEEPEST} 级"
    return None


def _height(parents: Mapping[str, str | None], unit: str) -> int:
    """Levels of the tree that begins at the unit, itself included."""
    level, height = {unit}, 0
    while level and height <= DEEPEST:
        height += 1
        level = {child for child, parent in parents.items() if parent in level}
    return height


def _fault(title: str, labels: list[str], unit: str | None) -> str | None:
    if title and not is_fit(title, LONGEST_LABEL):
        return f"“{title[:60]}”不能作岗位名称"
    for label in labels:
        if not is_fit(label, LONGEST_LABEL):
            return f"“{label[:60]}”不能作范围" if label else "两个“·”之间没有内容"
    if len(labels) > MOST_LABELS:
        return f"范围最多 {MOST_LABELS} 个"
    if unit is None:
        return None if title or labels else "没有写岗位，也没有写机构"
    if not unit:
        return "“@”后面没有写机构"
    if not is_group_id(unit) and not all(is_fit(n, LONGEST_NAME) for n in names_in(unit)):
        return f"“{unit[:60]}”不能作机构"
    return None
