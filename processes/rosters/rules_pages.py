"""Books of rules with their sources, and the values that the bureau may set: a page each."""

from datetime import date
from http import HTTPStatus

from flask import Blueprint, flash, redirect, request, url_for
from sqlalchemy import literal, select
from werkzeug.wrappers import Response as AnyResponse

from processes.pages.refused import status_of
from processes.pages.workbooks import workbook_answer
from processes.registers import admission_norms, set_values, told_acts
from processes.registers.bank import norms as bank_norms
from processes.registers.days import bureau_day, read_day
from processes.registers.editing import reason_of
from processes.registers.remedies import ISSUED_BY, ROUTES
from processes.registers.rule_books import RuleBook, books, declare
from processes.registers.set_values import require
from processes.registers.staffing import norms as staffing_norms
from processes.registers.staffing.tables import STAFFING_RULES
from processes.registers.told_acts import period_of
from processes.rosters.frame import page
from service.domain.authorization import Action, ObjectKind
from service.domain.errors import Conflict, Forbidden, Invalid
from service.procedure import PageDesk, granted

_RULES = (staffing_norms, bank_norms, admission_norms)
declare(
    RuleBook(
        STAFFING_RULES,
        "配备规则和设置",
        tuple(norm for rules in _RULES for norm in rules.NORMS.values()),
        tuple(one for rules in _RULES for one in rules.SETTINGS),
    )
)


class SettingUnknown(Invalid):
    """没有这项设置，没有改动。请刷新后再试。"""

    code = "registers.setting-unknown"


class SettingDayUnfit(Invalid):
    """请填写从哪一天起生效（如 2026年12月1日），没有改动。"""

    code = "registers.setting-day-unfit"


def install(pages: Blueprint, desk: PageDesk) -> None:
    """Add a page for each book that was declared."""
    for book in books().values():
        _install(pages, desk, book)


def _install(pages: Blueprint, desk: PageDesk, book: RuleBook) -> None:
    register = book.register

    @pages.get(f"/{register}", endpoint=f"rules-{register}")
    def rules() -> AnyResponse:
        return _page(desk, book)

    @pages.post(f"/{register}/history/export", endpoint=f"history-{register}")
    def export_history() -> AnyResponse:
        actor, sent = desk.actor(), request.form
        with desk.read() as session:
            acts = set_values.history(
                session, actor=actor, register=register, settings=book.settings
            )
            reason, period = reason_of(sent.get("reason", "")), period_of(sent)
            content, count = told_acts.workbook(book.title, acts, period)
        desk.record_export(
            reference=f"{register}/history", rows=count, reason=f"{reason}{period.said}"
        )
        return workbook_answer(content, f"{register}-history-{desk.now():%Y%m%d}.xlsx")

    @pages.post(f"/{register}", endpoint=f"set-{register}")
    def set_rule() -> AnyResponse:
        form, actor = request.form, desk.actor()
        with desk.read() as session:
            require(session, actor, register, Action.ACT)
        try:
            setting = {one.id: one for one in book.settings}.get(form.get("setting", ""))
            if setting is None:
                raise SettingUnknown
            with desk.write() as tools:
                set_values.set_value(
                    tools,
                    setting,
                    form.get("value", ""),
                    register=register,
                    effective_from=_day(form.get("effective_from", "")),
                    reason=form.get("reason", ""),
                    revision=_number(form.get("revision", "")),
                    actor=actor,
                    now=desk.now(),
                )
        except (Invalid, Conflict) as refusal:
            return _page(desk, book, refusal)
        flash("设置已保存，从生效之日起按新的设置。")
        return redirect(url_for(f"rosters.rules-{register}"))


def _page(desk: PageDesk, book: RuleBook, refusal: Invalid | Conflict | None = None) -> AnyResponse:
    actor, today = desk.actor(), bureau_day(desk.now())
    labels = {one.id: one.label for one in book.settings}
    with desk.read() as session:
        changed = set_values.changed(session, actor=actor, register=book.register, settings=labels)
        values = set_values.values_on(session, today)
        try:
            require(session, actor, book.register, Action.ACT)
            may_act = True
        except Forbidden:
            may_act = False
        exports = select(granted(actor, ObjectKind.REGISTER, Action.EXPORT, literal(book.register)))
        return page(
            session,
            actor,
            "rosters/rules.html",
            status=HTTPStatus.OK if refusal is None else status_of(refusal),
            book=book,
            remedies=_remedies() if book.register == STAFFING_RULES else (),
            settings=[(one, one.said(values.text(one))) for one in book.settings],
            today=today,
            changed=changed,
            labels=labels,
            said={one.id: one.said for one in book.settings},
            revision=values.revision,
            may_act=may_act,
            may_export=bool(session.scalar(exports)),
            refusal=refusal,
            sent=request.form,
        )


def _remedies() -> list[tuple[str, str, list[str]]]:
    """Each act, who issues it, and the ways open against it."""
    return [
        (act.value, ISSUED_BY[act], [one.said for one in ways] or ["没有另外规定"])
        for act, ways in ROUTES.items()
    ]


def _day(text: str) -> date:
    day = read_day(text.strip())
    if day is None:
        raise SettingDayUnfit
    return day


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
