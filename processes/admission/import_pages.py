"""历史登记 of qualifications from a workbook."""

from collections.abc import Mapping
from functools import partial
from http import HTTPStatus

from flask import Blueprint, make_response, render_template, url_for
from werkzeug.wrappers import Response

from processes.pages import imports
from processes.pages.imports import Import
from processes.registers import qualification_workbook, set_values
from processes.registers.days import bureau_day, said_day
from processes.registers.staffing.norms import STOCK_BEFORE, STOCK_UNTIL
from service.procedure import PageDesk


def install(pages: Blueprint, desk: PageDesk) -> None:
    """Add the pages of the import."""
    imports.install(pages, desk, "", partial(_import, desk))


def _import(desk: PageDesk) -> Import:
    return Import(
        name="qualifications",
        require=qualification_workbook.require_import,
        check=qualification_workbook.check,
        take=qualification_workbook.take,
        template=qualification_workbook.template,
        form=partial(_form, desk),
        done=lambda done: f"已导入：历史登记 {done.entered} 条，并已告知本人。",
        listing=url_for("qualifications.listing"),
        only_new=True,
    )


def _form(desk: PageDesk, status: HTTPStatus, shown: Mapping[str, object]) -> Response:
    with desk.read() as session:
        settings = set_values.values_on(session, bureau_day(desk.now()))
    text = render_template(
        "qualifications/import.html",
        before=said_day(settings.day_of(STOCK_BEFORE)),
        until=said_day(settings.day_of(STOCK_UNTIL)),
        **shown,
    )
    return make_response(text, status)
