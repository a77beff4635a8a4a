"""A register from a workbook: template, check, import, and the report of refused rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Protocol

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from processes.pages.refused import Refusal, status_of
from processes.pages.workbooks import workbook_answer
from processes.registers.roster_workbook import Checked, RosterImportRefused, content_of
from service.domain.actors import Actor
from service.domain.errors import Conflict, Invalid
from service.procedure import Ledger, PageDesk, refusal_report

MOST_SHOWN = 100
"""Refusals on the page; the report has all."""


class Check(Protocol):
    """Says what an import would do; nothing is kept."""

    def __call__(
        self, tools: Ledger, content: bytes, /, *, actor: Actor, now: datetime
    ) -> Checked: ...


class Take(Protocol):
    """Takes the whole workbook, if it is the one that was checked."""

    def __call__(
        self,
        tools: Ledger,
        content: bytes,
        /,
        *,
        digest: str,
        reason: str,
        actor: Actor,
        now: datetime,
    ) -> Checked: ...


Form = Callable[[HTTPStatus, Mapping[str, object]], Response]
"""Shows the page of the import; what `rosters/import_checked.html` needs goes into its template."""


@dataclass(frozen=True, slots=True)
class Import:
    """What is this register's own; files are called `<name>-template.xlsx` and so on.

    `only_new`: it enters and changes nothing.
    """

    name: str
    require: Callable[[Session, Actor], None]
    check: Check
    take: Take
    template: Callable[[], bytes]
    form: Form
    done: Callable[[Checked], str]
    """What is said when it is in."""
    listing: str
    """Address of the list to which that leads."""
    only_new: bool = False


def install(pages: Blueprint, desk: PageDesk, rule: str, of: Callable[..., Import]) -> None:
    """Add the pages of imports below `rule`; `of` gives the register that its parts name."""

    @pages.get(f"{rule}/import")
    def import_page(**named: str) -> Response:
        return _page(desk, of(**named), named)

    @pages.post(f"{rule}/import/check")
    def check_import(**named: str) -> Response:
        one = of(**named)
        try:
            return _checked_part(one, named, checked=_checked(desk, one))
        except (Invalid, Conflict) as refusal:
            return _checked_part(one, named, refusal=refusal)

    @pages.post(f"{rule}/import")
    def take_import(**named: str) -> Response:
        one = of(**named)
        _require(desk, one)
        try:
            content = _content()
            with desk.write() as tools:
                done = one.take(
                    tools,
                    content,
                    digest=request.form.get("digest", ""),
                    reason=request.form.get("reason", ""),
                    actor=desk.actor(),
                    now=desk.now(),
                )
        except RosterImportRefused as refused:
            return _page(desk, one, named, checked=refused.checked, refusal=refused)
        except (Invalid, Conflict) as refusal:
            return _page(desk, one, named, refusal=refusal)
        flash(one.done(done))
        return redirect(one.listing)

    @pages.post(f"{rule}/import/report")
    def import_report(**named: str) -> Response:
        one = of(**named)
        try:
            checked = _checked(desk, one)
        except (Invalid, Conflict) as refusal:
            return _page(desk, one, named, refusal=refusal)
        return workbook_answer(refusal_report(checked.refusals), f"{one.name}-report.xlsx")

    @pages.get(f"{rule}/import/template")
    def import_template(**named: str) -> Response:
        one = of(**named)
        _require(desk, one)
        return workbook_answer(one.template(), f"{one.name}-template.xlsx")


def _page(
    desk: PageDesk,
    one: Import,
    named: Mapping[str, str],
    *,
    checked: Checked | None = None,
    refusal: Refusal | None = None,
) -> Response:
    _require(desk, one)
    status = HTTPStatus.OK if refusal is None else status_of(refusal)
    return one.form(status, _shown(one, named, checked, refusal))


def _checked_part(
    one: Import,
    named: Mapping[str, str],
    *,
    checked: Checked | None = None,
    refusal: Refusal | None = None,
) -> Response:
    shown = _shown(one, named, checked, refusal)
    return make_response(render_template("rosters/import_checked.html", **shown))


def _shown(
    one: Import, named: Mapping[str, str], checked: Checked | None, refusal: Refusal | None
) -> dict[str, object]:
    values: dict[str, Any] = dict(named)
    return {
        "checked": checked,
        "refusal": refusal,
        "most": MOST_SHOWN,
        "report": url_for(".import_report", **values),
        "only_new": one.only_new,
    }


def _checked(desk: PageDesk, one: Import) -> Checked:
    _require(desk, one)
    content = _content()
    with desk.write() as tools:
        return one.check(tools, content, actor=desk.actor(), now=desk.now())


def _require(desk: PageDesk, one: Import) -> None:
    actor = desk.actor()
    with desk.read() as session:
        one.require(session, actor)


def _content() -> bytes:
    sent = request.files.get("file")
    return content_of(sent.stream if sent and sent.filename else None)
