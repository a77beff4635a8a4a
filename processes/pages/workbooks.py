"""A workbook as the answer of a page."""

from flask import Response

from service.procedure import WORKBOOK_MEDIA_TYPE


def workbook_answer(content: bytes, name: str) -> Response:
    """Answer with a workbook to save under this name."""
    response = Response(content, mimetype=WORKBOOK_MEDIA_TYPE)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
