"""The organisation as a workbook: template, export, and an import that is looked at first."""

from http import HTTPStatus

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from service.commands import organization_files, organization_import, workbooks
from service.commands.organization_import import Checked, ImportRefused
from service.commands.workbooks import WorkbookUnreadable
from service.domain.errors import Conflict, Invalid, JiaoyanError
from service.queries import administration
from service.web.admin_frame import admin_page, admin_pages
from service.web.catalogue import _
from service.web.desk import current_actor, now, rooms
from service.web.errors import status_of

pages = admin_pages("admin_import")

MOST_SHOWN = 100
"""Refusals on the page; the report has all."""


class FileMissing(Invalid):
    """没有选择文件，什么也没有导入。请先选择一个 .xlsx 文件。"""

    code = "organization-import.file-missing"


class FileChanged(Conflict):
    """文件与检查时的不一样，什么也没有导入。请重新检查后再导入。"""

    code = "organization-import.file-changed"


@pages.get("/organization/import")
def show() -> AnyResponse:
    """Where a file is chosen."""
    return _page(HTTPStatus.OK)


@pages.post("/organization/import/check")
def check() -> AnyResponse:
    """Say what the file would do; the page shows it below the file, which stays chosen."""
    try:
        checked = _checked()
    except (Invalid, Conflict) as refusal:
        return Response(render_template("admin/import_checked.html", checked=None, refusal=refusal))
    return Response(_shown(checked))


@pages.post("/organization/import")
def take() -> AnyResponse:
    """Take the whole file, if it is the one that was checked."""
    try:
        content = _content()
        with rooms().write() as tools:
            done = organization_import.apply(tools, content, actor=current_actor(), now=now())
            if done.digest != request.form.get("digest"):
                raise FileChanged
    except ImportRefused as refused:
        return _page(status_of(refused), checked=refused.checked)
    except (Invalid, Conflict) as refusal:
        return _page(status_of(refusal), refusal)
    flash(
        _(
            "已导入：新建机构 %(units)s 个、账号 %(people)s 个，任职 %(posts)s 项。",
            units=len(done.units.new),
            people=len(done.people.new),
            posts=len(done.people.begun),
        )
    )
    return redirect(url_for("admin_organization.tree"))


@pages.post("/organization/import/report")
def report() -> AnyResponse:
    """Give every refused row with its reason as a workbook."""
    try:
        checked = _checked()
    except (Invalid, Conflict) as refusal:
        return _page(status_of(refusal), refusal)
    return _file(organization_files.report(checked.refusals), "import-report.xlsx")


@pages.get("/organization/import/template")
def template() -> AnyResponse:
    """Give an empty workbook."""
    return _file(organization_files.template(), "organization-template.xlsx")


@pages.post("/organization/export")
def export() -> AnyResponse:
    """Give units, people and posts as they are."""
    with rooms().write() as tools:
        content = organization_files.export(tools, actor=current_actor(), now=now())
    return _file(content, f"organization-{now():%Y%m%d}.xlsx")


def _checked() -> Checked:
    content = _content()
    with rooms().reading() as tools:
        return organization_import.check(tools, content, actor=current_actor(), now=now())


def _content() -> bytes:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise FileMissing
    with sent.stream as opened:
        content = opened.read(workbooks.LONGEST + 1)
    if len(content) > workbooks.LONGEST:
        raise WorkbookUnreadable(reason=f"超过 {workbooks.LONGEST // 1024 // 1024} MB")
    return content


def _shown(checked: Checked) -> str:
    return render_template(
        "admin/import_checked.html",
        checked=checked,
        most=MOST_SHOWN,
        refusal=None,
    )


def _page(
    status: HTTPStatus, refusal: JiaoyanError | None = None, checked: Checked | None = None
) -> AnyResponse:
    with rooms().read() as session:
        administers = administration.may_act(session, actor=current_actor())
    return admin_page(
        "admin/import.html",
        status=status,
        refusal=refusal,
        checked=checked,
        most=MOST_SHOWN,
        administers=administers,
    )


def _file(content: bytes, name: str) -> Response:
    response = Response(content, mimetype=workbooks.MEDIA_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
