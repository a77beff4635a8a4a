"""What of its rules the bureau may set: each a value with a default, a source and a day. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from processes.registers.days import read_day, said_day
from processes.registers.norms import Norm
from service.domain.errors import Invalid
from service.domain.import_rows import parts_of


class SettingUnfit(Invalid):
    """“{label}”不能设为“{value}”：{expected}。没有改动，请改正后再保存。"""

    code = "registers.setting-unfit"


class SettingKind(StrEnum):
    """How a value is written."""

    DATE = "date"
    NUMBER = "number"
    YES_NO = "yes-no"
    CHOICE = "choice"
    LIST = "list"


_LONGEST = 400
_DIGITS = 10


@dataclass(frozen=True, slots=True)
class Setting:
    """A value that a rule takes; `default` is written as people write it."""

    id: str
    norm: Norm
    label: str
    kind: SettingKind
    default: str
    hint: str
    choices: tuple[str, ...] = ()
    least: int = 1
    most: int = 36
    """Of a number."""
    never: Mapping[str, str] = field(default_factory=dict)
    """What no item of a list may contain, and by which rule."""

    def cleaned(self, text: str) -> str:
        """Return the value as it is kept. Raises SettingUnfit."""
        value = " ".join(text.replace("\0", "").split())
        expected = self._fault(value)
        if expected:
            raise SettingUnfit(label=self.label, value=value[:60], expected=expected)
        if self.kind is SettingKind.DATE and (day := read_day(value)):
            return day.isoformat()
        return "、".join(parts_of(value)) if self.kind is SettingKind.LIST else value

    def said(self, value: str) -> str:
        """Return a kept value as people read it."""
        return said_day(read_day(value)) if self.kind is SettingKind.DATE else value

    def _fault(self, value: str) -> str:
        match self.kind:
            case SettingKind.DATE:
                return "" if read_day(value) else "应为日期，如 2026年10月20日"
            case SettingKind.NUMBER:
                digits = value.isascii() and value.isdigit() and len(value) < _DIGITS
                sound = digits and self.least <= int(value) <= self.most
                return "" if sound else f"应为 {self.least} 至 {self.most} 的整数"
            case SettingKind.YES_NO:
                return "" if value in {"是", "否"} else "应为“是”或“否”"
            case SettingKind.CHOICE:
                return "" if value in self.choices else f"应为 {' 或 '.join(self.choices)}"
            case SettingKind.LIST:
                sound = bool(parts_of(value)) and len(value) <= _LONGEST
                forbidden = [why for word, why in self.never.items() if word in value]
                return "；".join(forbidden) if sound else f"至少写一项，不超过 {_LONGEST} 字"


@dataclass(frozen=True, slots=True)
class SettingValues:
    """What is set on a day, by id; what is not set has its default.

    `revision` counts the changes so far: with the rules' version it names what was applied.
    """

    day: date
    values: Mapping[str, str]
    revision: int = 0

    def text(self, setting: Setting) -> str:
        """Return the value as it is written."""
        return self.values.get(setting.id, setting.default)

    def truth(self, setting: Setting) -> bool:
        """Return whether it says yes."""
        return self.text(setting) == "是"

    def number(self, setting: Setting) -> int:
        """Return the number."""
        return int(self.text(setting))

    def day_of(self, setting: Setting) -> date:
        """Return the day."""
        return date.fromisoformat(self.text(setting))

    def items(self, setting: Setting) -> tuple[str, ...]:
        """Return the items of a list."""
        return tuple(parts_of(self.text(setting)))


def defaults(day: date) -> SettingValues:
    """Return what holds where nobody has set anything."""
    return SettingValues(day, {})
