"""Workbooks of 准入资格 from before the register."""

from datetime import date
from io import BytesIO

from openpyxl import Workbook

from processes.registers.qualification_workbook import FIELDS, TITLE
from service.domain.import_rows import Cell

NOTICE = "《关于公布教研员任职资格的通知》乌教发〔2025〕3号"


def stock(username: str = "researcher01", **changes: Cell) -> dict[str, Cell]:
    """A row that is right: granted in 2025 for two years."""
    filled: dict[str, Cell] = {
        "username": username, "unit": "示例小学01", "seat": "小学语文",
        "granted_on": "2025-03-02", "valid_until": "2027-03-01", "preferred": "否",
        "stock_document": NOTICE, "stock_document_on": date(2025, 2, 20),
        "stock_organ": "乌海市教育局",
    }  # fmt: skip
    return filled | changes


def book(*rows: dict[str, Cell]) -> bytes:
    written = Workbook()
    sheet = written.active
    assert sheet is not None
    sheet.title = TITLE
    sheet.append([one.label for one in FIELDS])
    for row in rows:
        sheet.append([row.get(one.key) for one in FIELDS])
    content = BytesIO()
    written.save(content)
    return content.getvalue()
