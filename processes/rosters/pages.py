"""The pages of the registers under `/registers/`, put together."""

from flask import Blueprint

from processes.rosters import (
    entry_pages,
    import_pages,
    list_pages,
    matrix_pages,
    rules_pages,
    term_pages,
)
from service.procedure import PageDesk


def roster_pages(desk: PageDesk) -> Blueprint:
    """Make the pages of rosters, staffing matrix and rules."""
    pages = Blueprint("rosters", __name__, url_prefix="/registers", template_folder="templates")
    parts = (list_pages, entry_pages, import_pages, matrix_pages, rules_pages, term_pages)
    for part in parts:
        part.install(pages, desk)
    return pages
