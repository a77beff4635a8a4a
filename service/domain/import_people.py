"""An import of people and their posts: what is new, what changes, why a row cannot be taken."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from service.domain.accounts import is_display_name, is_username
from service.domain.errors import JiaoyanError
from service.domain.import_rows import Refusals, SheetRow, parts_of, text_of, truth_of
from service.domain.organization import (
    UnitPath,
    cleaned_labels,
    cleaned_title,
    names_in,
    normalized,
    resolve_unit,
)
from service.domain.personal_data import PersonalDataInvalid, PersonalKind, accepted


@dataclass(frozen=True, slots=True)
class PersonState:
    """An account as it is."""

    username: str
    name: str
    active: bool = True
    staff: bool = True


@dataclass(frozen=True, slots=True)
class PostState:
    """A post in force, or one to begin (key 0)."""

    username: str
    unit_id: str
    title: str
    labels: tuple[str, ...]
    heads_unit: bool
    key: int = 0

    @property
    def place(self) -> tuple[str, str, str, tuple[str, ...]]:
        """What a person has once."""
        return self.username, self.unit_id, self.title, self.labels


@dataclass(frozen=True, slots=True)
class PeoplePlan:
    """What to do: `new` and `renamed` give names by user name, `ended` are posts in force.

    `personal` gives values by user name and kind; rows say where each came from.
    """

    new: Mapping[str, str]
    renamed: Mapping[str, str]
    begun: tuple[PostState, ...]
    ended: tuple[PostState, ...]
    personal: Mapping[tuple[str, PersonalKind], str]
    rows: Mapping[str, SheetRow]


class PeoplePlanner:
    """Reads the rows of people one behind the other."""

    def __init__(
        self,
        people: Mapping[str, PersonState],
        posts: Collection[PostState],
        units: Iterable[UnitPath],
        refusals: Refusals,
        today: date,
    ) -> None:
        self._people = people
        self._held = {post.place: post for post in posts}
        self._heads = {post.unit_id: post for post in posts if post.heads_unit}
        self._refusals = refusals
        self._today = today
        self._units: dict[str, list[UnitPath]] = {}
        for unit in units:
            for name in {unit.id, unit.names[0]}:
                self._units.setdefault(name, []).append(unit)
        self._rows: dict[str, SheetRow] = {}
        self._names: dict[str, str] = {}
        self._posts: dict[tuple[str, str, str, tuple[str, ...]], tuple[PostState, SheetRow]] = {}
        self._personal: dict[tuple[str, PersonalKind], str] = {}
        self._owners: dict[tuple[PersonalKind, str], str] = {}

    def plan(self, rows: Iterable[SheetRow]) -> PeoplePlan:
        """Work out what the rows ask for; what cannot be taken goes to the refusals."""
        for row in rows:
            self._take(row)
        begun, ended = self._changes()
        new = {who: name for who, name in self._names.items() if who not in self._people}
        renamed = {
            who: name
            for who, name in self._names.items()
            if who in self._people and self._people[who].name != name
        }
        return PeoplePlan(new, renamed, begun, ended, self._personal, self._rows)

    def _take(self, row: SheetRow) -> None:
        username = text_of(row.cells.get("username"))
        if not self._is_fit(row, username):
            return
        self._rows.setdefault(username, row)
        self._names.setdefault(username, _name(row))
        self._take_post(row, username)
        for kind in PersonalKind:
            self._take_personal(row, username, kind)

    def _is_fit(self, row: SheetRow, username: str) -> bool:
        refuse = self._refusals.add
        if not is_username(username):
            refuse(row, "username", "应为 1 至 64 个字母、数字或汉字，后面还可以有 . _ @ -")
            return False
        if not is_display_name(_name(row)):
            refuse(row, "name", "应有 1 至 100 个字符，不能换行")
            return False
        if self._names.get(username, _name(row)) != _name(row):
            number = self._rows[username].number
            refuse(row, "name", f"与第 {number} 行同一用户名的姓名不一样")
            return False
        known = self._people.get(username)
        if known is not None and not known.staff:
            refuse(row, "username", "是外部申请人的账号，不能导入为工作人员")
            return False
        if known is not None and not known.active:
            refuse(row, "username", "账号已锁定或已离岗，请先启用，或从表中删去这一行")
            return False
        return True

    def _take_post(self, row: SheetRow, username: str) -> None:
        said = {key: text_of(row.cells.get(key)) for key in ("unit", "title", "labels", "head")}
        if not any(said.values()):
            return
        refuse = self._refusals.add
        for key, what in (("unit", "机构"), ("title", "岗位")):
            if not said[key]:
                refuse(row, key, f"写了任职的其他内容，没有写{what}")
                return
        heads_unit = truth_of(said["head"])
        if heads_unit is None:
            refuse(row, "head", "应写“是”或“否”")
            return
        unit_id = self._unit(row, said["unit"])
        post = self._post(row, username, unit_id, said, heads_unit=heads_unit)
        if post is None:
            return
        if post.place in self._posts:
            number = self._posts[post.place][1].number
            refuse(row, "title", f"与第 {number} 行是同一个人的同一个岗位")
            return
        self._posts[post.place] = post, row

    def _unit(self, row: SheetRow, text: str) -> str | None:
        written = normalized(text)
        known = [*self._units.get(written, []), *self._units.get(names_in(written)[0], [])]
        try:
            return resolve_unit(written, {one.id: one for one in known}.values())
        except JiaoyanError as refusal:
            self._refusals.add(row, "unit", refusal.message)
            return None

    def _post(
        self,
        row: SheetRow,
        username: str,
        unit_id: str | None,
        said: Mapping[str, str],
        *,
        heads_unit: bool,
    ) -> PostState | None:
        try:
            title = cleaned_title(said["title"])
            labels = cleaned_labels(parts_of(said["labels"]))
        except JiaoyanError as refusal:
            self._refusals.add(row, "title", refusal.message)
            return None
        if unit_id is None:
            return None
        return PostState(username, unit_id, title, labels, heads_unit)

    def _take_personal(self, row: SheetRow, username: str, kind: PersonalKind) -> None:
        text = text_of(row.cells.get(kind.value))
        if not text:
            return
        try:
            value = accepted(kind, text, today=self._today)
        except PersonalDataInvalid as refusal:
            self._refusals.add(row, kind.value, refusal.reason)
            return
        owner = self._owners.setdefault((kind, value), username)
        if owner != username:
            number = self._rows[owner].number
            self._refusals.add(row, kind.value, f"与第 {number} 行另一个人的相同")
        elif self._personal.setdefault((username, kind), value) != value:
            number = self._rows[username].number
            self._refusals.add(row, kind.value, f"与第 {number} 行同一个人的不一样")

    def _changes(self) -> tuple[tuple[PostState, ...], tuple[PostState, ...]]:
        """Return the posts that begin, and those that end for them."""
        begun: list[PostState] = []
        ended: list[PostState] = []
        for post, _row in self._posts.values():
            held = self._held.get(post.place)
            if held is not None and held.heads_unit == post.heads_unit:
                continue
            if held is not None:
                ended.append(held)
            begun.append(post)
        self._check_heads({one.key for one in ended})
        return tuple(begun), tuple(ended)

    def _check_heads(self, ended: set[int]) -> None:
        heads: dict[str, tuple[PostState, SheetRow]] = {}
        for post, row in self._posts.values():
            if not post.heads_unit:
                continue
            now = self._heads.get(post.unit_id)
            if now is not None and now.place != post.place and now.key not in ended:
                who = self._people[now.username].name
                self._refusals.add(row, "head", f"这个机构现在的负责人是{who}，请先免去")
            other = heads.setdefault(post.unit_id, (post, row))
            if other[0] != post:
                self._refusals.add(row, "head", f"这个机构的负责人已经写在第 {other[1].number} 行")


def _name(row: SheetRow) -> str:
    return text_of(row.cells.get("name"))
