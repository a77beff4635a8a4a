"""The register of members from a workbook."""

from collections.abc import Mapping
from http import HTTPStatus

from flask import Blueprint, make_response, render_template, url_for
from werkzeug.wrappers import Response

from processes.pages import imports
from processes.pages.imports import Import
from processes.registers.party_group import members, workbook
from service.procedure import PageDesk


def add_imports(pages: Blueprint, desk: PageDesk) -> None:
    """Add the pages of the import."""
    imports.install(pages, desk, "/members", _import)


def _import() -> Import:
    return Import(
        name="members",
        require=members.require,
        check=workbook.check,
        take=workbook.take,
        template=workbook.template,
        form=_form,
        done=lambda done: f"已导入：登记 {done.entered} 条，变更 {done.changed} 条。",
        listing=url_for("committee.member_list"),
    )


def _form(status: HTTPStatus, shown: Mapping[str, object]) -> Response:
    return make_response(render_template("committee/members_import.html", **shown), status)
