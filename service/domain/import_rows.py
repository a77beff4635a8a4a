"""The rows of an import of the organisation: what a sheet holds, and how a cell is read.

A sheet is rows under a line of column names. What a cell says is text; what would lose something
on the way (a formula, a number of 18 digits) is refused with the reason, never guessed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time

from service.domain.personal_data import PersonalKind

MOST_ROWS = 10_000
"""Rows of one import, all sheets together."""

Cell = str | int | float | bool | date | time | None
"""A value as a workbook has it; a datetime is a date."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its name in the first row."""

    key: str
    name: str
    required: bool = False
    """The sheet cannot be read without it."""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class SheetForm:
    """A sheet by its name, and its columns."""

    name: str
    columns: tuple[Column, ...]

    def column(self, key: str) -> Column:
        """Return the column with this key."""
        return next(column for column in self.columns if column.key == key)


UNITS = SheetForm(
    "机构",
    (
        Column("id", "机构编号", True, "字母、数字或汉字，如 city-office，导入后不变"),
        Column("name", "机构名称", True, ""),
        Column("kind", "机构类别", False, "如 局机关、教研机构、学校"),
        Column("parent", "上级机构", False, "上级的编号或名称；最上级不填"),
        Column("position", "排序", False, "0 至 9999 的整数，小的在前"),
    ),
)
PEOPLE = SheetForm(
    "人员",
    (
        Column("username", "用户名", True, "登录用，如 zhang.min；一人任几个岗位写几行"),
        Column("name", "姓名", True, ""),
        Column("unit", "机构", False, "编号、名称，或“上级/名称”；没有岗位不填"),
        Column("title", "岗位", False, "如 教研员、科长；不能写“负责人”"),
        Column("labels", "范围", False, "几个用顿号隔开，如 数学、小学"),
        Column("head", "负责本机构", False, "是 或 否；一个机构只有一位"),
        *(Column(kind.value, kind.label) for kind in PersonalKind),
    ),
)
SHEETS = (UNITS, PEOPLE)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row; `number` is that of the sheet, `cells` by the keys of the columns."""

    sheet: SheetForm
    number: int
    cells: Mapping[str, Cell] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row cannot be taken: what stands there, and what would be right."""

    sheet: str
    number: int
    column: str
    value: str
    reason: str


@dataclass(slots=True)
class Refusals:
    """The refusals of an import, in the order of the rows."""

    found: list[Refusal] = field(default_factory=list)

    def add(self, row: SheetRow, key: str, reason: str) -> None:
        """Refuse a row for what stands in a column."""
        column = row.sheet.column(key)
        self.found.append(
            Refusal(row.sheet.name, row.number, column.name, shown(row.cells.get(key)), reason)
        )

    def of(self, row: SheetRow) -> bool:
        """Tell whether a row is refused already."""
        return (row.sheet.name, row.number) in self.rows()

    def rows(self) -> set[tuple[str, int]]:
        """Return which rows are refused."""
        return {(one.sheet, one.number) for one in self.found}

    def sorted(self) -> tuple[Refusal, ...]:
        """Return them by sheet and row: those of the organisation first, in its order."""
        order = {sheet.name: place for place, sheet in enumerate(SHEETS)}
        last = len(SHEETS)
        return tuple(
            sorted(self.found, key=lambda one: (order.get(one.sheet, last), one.sheet, one.number))
        )


class Formula(str):
    """What stands in a cell that is a formula."""

    __slots__ = ()


_SAFE_DIGITS = 15
"""Digits that a spreadsheet keeps of a number."""


def text_of(cell: Cell) -> str:
    """Return what a cell says, without spaces around it; whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).replace("\u3000", " ").strip()


def fault_of(cell: Cell) -> str | None:
    """Return why what a cell says cannot be taken for what was meant."""
    if isinstance(cell, Formula):
        return "单元格是公式，请改为写好的文字（选择性粘贴为“数值”）"
    if isinstance(cell, str):
        return "以等号开头，会被当作公式，请去掉等号" if cell.strip().startswith("=") else None
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int | float):
        too_long = len(text_of(cell).lstrip("-")) > _SAFE_DIGITS or not float(cell).is_integer()
        return "是数字格式，后面的数位可能已经丢失，请改为文本格式重新填写" if too_long else None
    return "是日期或时间格式，请改为文本格式"


def shown(cell: Cell) -> str:
    """Return a cell for the report; numbers of people are told by their last digits alone."""
    text = text_of(cell)[:60]
    digits = sum(one.isdigit() for one in text)
    return f"{'*' * (len(text) - 4)}{text[-4:]}" if digits >= 11 else text


def parts_of(text: str) -> list[str]:
    """Return what a cell lists: parted by 、 ; · or a comma."""
    for sign in "；;·，,":
        text = text.replace(sign, "、")
    return [part.strip() for part in text.split("、") if part.strip()]


def truth_of(text: str) -> bool | None:
    """Return whether a cell says yes; empty means no, None that it says neither."""
    return {"": False, "否": False, "0": False, "是": True, "1": True, "√": True}.get(text)


def missing_columns(sheet: SheetForm, names: Iterable[str]) -> list[str]:
    """Return the names of the columns that the sheet must have and has not."""
    given = set(names)
    return [one.name for one in sheet.columns if one.required and one.name not in given]
