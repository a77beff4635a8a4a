"""The fields of a roster: one declaration serves form, workbook, history and export. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias

from processes.registers.days import read_day, said_day
from processes.registers.norms import Norm
from service.domain.import_rows import Cell, Column, fault_of, parts_of, text_of, truth_of

Value: TypeAlias = str | int | bool | date | None
"""What an entry holds; a list is one text, its items parted by 、."""

Values: TypeAlias = Mapping[str, Value]


class FieldKind(StrEnum):
    """How a field is filled in and read."""

    TEXT = "text"
    NOTE = "note"
    DATE = "date"
    NUMBER = "number"
    YES_NO = "yes-no"
    CHOICE = "choice"
    LIST = "list"
    PERSON = "person"
    """A user name; a name is taken where one person alone has it."""
    UNIT = "unit"
    """A unit's id; its name or path is taken too."""
    SEAT = "seat"
    """Name of a seat: stage and subject."""
    SEATS = "seats"
    """Several of them."""
    STAGES = "stages"
    """Several stages."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field; `key` is the column of the table, `group` the heading it stands under."""

    key: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    required: bool = False
    hint: str = ""
    choices: tuple[str, ...] = ()
    limit: int = 100
    group: str = ""

    @property
    def column(self) -> Column:
        """The field as a column of a workbook."""
        choices = "编号或名称" if self.kind is FieldKind.UNIT else "、".join(self.choices)
        hint = self.hint or choices
        return Column(self.key, self.label, self.required, hint)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a value cannot be entered: the field, the reason, and the rule where there is one."""

    key: str
    reason: str
    norm: Norm | None = None

    @property
    def text(self) -> str:
        """The reason with the source of its rule."""
        if self.norm is None:
            return self.reason
        return f"{self.reason}（{self.norm.sourced()}）"


_MOST_NUMBER = 9999


def read(field: Field, cell: Cell) -> Value | Fault:
    """Return what a form or a cell says, or why that cannot be taken.

    People, units and seats are still as they were written.
    """
    if field.kind is FieldKind.DATE and isinstance(cell, date):
        return cell.date() if isinstance(cell, datetime) else cell
    if (fault := fault_of(cell)) is not None:
        return Fault(field.key, fault)
    text = "\n".join(" ".join(line.split()) for line in text_of(cell).replace("\0", "").split("\n"))
    text = text.strip() if field.kind is FieldKind.NOTE else " ".join(text.split())
    if not text:
        return Fault(field.key, "没有填写") if field.required else _nothing(field)
    if len(text) > field.limit:
        return Fault(field.key, f"不能超过 {field.limit} 字")
    return _typed(field, text)


def _nothing(field: Field) -> Value:
    return None if field.kind in {FieldKind.DATE, FieldKind.NUMBER} else (
        False if field.kind is FieldKind.YES_NO else ""
    )  # fmt: skip


def _typed(field: Field, text: str) -> Value | Fault:
    match field.kind:
        case FieldKind.DATE:
            day = read_day(text)
            return day or Fault(field.key, "应为日期，如 2026年3月2日")
        case FieldKind.NUMBER:
            sound = text.isascii() and text.isdigit() and int(text) <= _MOST_NUMBER
            return int(text) if sound else Fault(field.key, f"应为 0 至 {_MOST_NUMBER} 的整数")
        case FieldKind.YES_NO:
            said = truth_of(text)
            return Fault(field.key, "应为“是”或“否”") if said is None else said
        case FieldKind.CHOICE:
            if text in field.choices:
                return text
            return Fault(field.key, f"应为以下之一：{'、'.join(field.choices)}")
        case FieldKind.LIST | FieldKind.SEATS | FieldKind.STAGES:
            items = list(dict.fromkeys(parts_of(text)))
            strange = [one for one in items if field.choices and one not in field.choices]
            if strange:
                return Fault(field.key, f"“{strange[0]}”不在其中：{'、'.join(field.choices)}")
            return "、".join(items)
    return text


def items_of(value: Value) -> tuple[str, ...]:
    """Return the items of a list."""
    return tuple(parts_of(value)) if isinstance(value, str) else ()


def plain(value: Value) -> str:
    """Return a value as a workbook and a form have it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.isoformat() if isinstance(value, date) else str(value)


def shown(field: Field, value: Value, names: Mapping[str, str]) -> str:
    """Return a value for people; `names` are those of people and units by key."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return said_day(value)
    if value is None or value == "":
        return ""
    text = str(value)
    if field.kind in {FieldKind.PERSON, FieldKind.UNIT}:
        return names.get(text, text)
    return text


def differences(old: Values, new: Values, fields: Iterable[Field]) -> dict[str, tuple[str, str]]:
    """Return what differs, as texts: what was and what is, by key."""
    found: dict[str, tuple[str, str]] = {}
    for field in fields:
        before, after = plain(old.get(field.key)), plain(new.get(field.key))
        if before != after:
            found[field.key] = (before, after)
    return found
