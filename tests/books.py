"""Workbooks for tests of imports."""

import io
from collections.abc import Mapping, Sequence

from openpyxl import Workbook

UNIT_COLUMNS = ("机构编号", "机构名称", "机构类别", "上级机构", "排序")
PEOPLE_COLUMNS = (
    "用户名",
    "姓名",
    "机构",
    "岗位",
    "范围",
    "负责本机构",
    "身份证号",
    "手机号",
    "电子邮箱",
)
Rows = Sequence[Sequence[object]]


def book(
    units: Rows = (), people: Rows = (), *, columns: Mapping[str, Sequence[str]] | None = None
) -> bytes:
    """A workbook with these rows under the usual columns."""
    made = Workbook()
    names = {"机构": UNIT_COLUMNS, "人员": PEOPLE_COLUMNS} | dict(columns or {})
    for name, rows in (("机构", units), ("人员", people)):
        sheet = made.create_sheet(name)
        sheet.append(list(names[name]))
        for row in rows:
            sheet.append(list(row))
    made.remove(made["Sheet"])
    return saved(made)


def saved(made: Workbook) -> bytes:
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


UNITS: Rows = [
    ["school01", "示例小学01", "学校", "wuda", 5],
    ["grade", "年级组", None, "示例小学01", None],
]
