"""How the minutes are written into a DOCX and a PDF; others ask `minutes_files` for either.

The PDF carries its own font, so that it reads the same on any machine and in twenty years.
"""

from datetime import datetime
from io import BytesIO

from docx import Document
from docx.document import Document as DocxDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt
from fpdf import FPDF
from fpdf.enums import WrapMode
from pylopdf_fonts_zh_cn import serif_path

from processes.committee.minutes import Minutes
from service.domain.plain_text import legible

_FONT = "仿宋"
_SONG = "song"


def docx_of(minutes: Minutes, now: datetime) -> bytes:
    """Write the DOCX, made at this moment."""
    document = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(14)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    properties = document.core_properties
    properties.title, properties.author = legible(f"{minutes.title} {minutes.number}"), ""
    properties.created = properties.modified = now.replace(tzinfo=None)
    _docx_line(document, minutes.title, size=22, bold=True, centred=True)
    _docx_line(document, minutes.number, centred=True)
    if minutes.mark:
        _docx_line(document, minutes.mark, bold=True)
    for label, value in minutes.facts:
        _docx_line(document, f"{label}：{value}")
    for section in minutes.sections:
        _docx_line(document, section.heading, size=16, bold=True)
        for line in section.lines:
            _docx_line(document, line)
    for line in minutes.signature:
        _docx_line(document, line)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def pdf_of(minutes: Minutes, now: datetime) -> bytes:
    """Write the PDF, made at this moment."""
    pdf = _Paper(format="A4")
    pdf.set_creation_date(now)
    pdf.set_title(f"{minutes.title} {minutes.number}")
    pdf.set_margins(28, 30, 26)
    pdf.set_auto_page_break(True, margin=25)
    pdf.add_font(_SONG, "", serif_path())
    pdf.add_page()
    _pdf_line(pdf, minutes.title, size=22, centred=True)
    _pdf_line(pdf, minutes.number, centred=True)
    if minutes.mark:
        _pdf_line(pdf, f"【{minutes.mark}】")
    pdf.ln(3)
    for label, value in minutes.facts:
        _pdf_line(pdf, f"{label}：{value}")
    for section in minutes.sections:
        pdf.ln(4)
        _pdf_line(pdf, section.heading, size=14)
        for line in section.lines:
            _pdf_line(pdf, line)
    pdf.ln(6)
    for line in minutes.signature:
        _pdf_line(pdf, line)
    return bytes(pdf.output())


class _Paper(FPDF):
    """Numbers its pages."""

    def footer(self) -> None:
        self.set_y(-18)
        self.set_font(_SONG, size=9)
        self.cell(0, 8, f"— {self.page_no()} —", align="C")


def _pdf_line(pdf: FPDF, text: str, *, size: int = 12, centred: bool = False) -> None:
    pdf.set_font(_SONG, size=size)
    pdf.multi_cell(
        0, size * 0.62, legible(text), align="C" if centred else "L", new_x="LMARGIN", new_y="NEXT",
        wrapmode=WrapMode.CHAR,
    )  # fmt: skip


def _docx_line(
    document: DocxDocument, text: str, *, size: int = 0, bold: bool = False, centred: bool = False
) -> None:
    paragraph = document.add_paragraph()
    run = paragraph.add_run(legible(text))
    run.bold = bold
    if size:
        run.font.size = Pt(size)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
