"""The pages of items that wait, of the register of members, and of the rules of procedure."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from http import HTTPStatus

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from processes.committee import agenda, rule_settings, views
from processes.committee.above_views import items_above
from processes.committee.access import (
    is_secretary,
    may,
    require_rule_setter,
    require_secretary,
    sets_rules,
)
from processes.committee.member_import_pages import add_imports
from processes.committee.norms import norms_on, organs_above, settings_of
from processes.committee.proposals import Proposal, Subject
from processes.committee.refusals import DeskForbidden, Unfit
from processes.committee.rules import AGENDA_POST, ItemClass, Quorum, RecusalBase, RuleSettings
from processes.pages.workbooks import workbook_answer
from processes.registers import revision_history, told_acts
from processes.registers.days import bureau_day, read_day
from processes.registers.editing import reason_of
from processes.registers.party_group import members, workbook
from processes.registers.party_group.members import POSITIONS, Term
from processes.registers.party_group.tables import MEMBERS
from processes.registers.staffing.employers import institution_names
from processes.registers.told_acts import period_of
from service.domain.actors import Actor
from service.domain.authorization import Action
from service.domain.errors import Conflict, Invalid, JiaoyanError
from service.procedure import PageDesk, StaffRow, staff_choices, staff_named


def _add_items(pages: Blueprint, desk: PageDesk) -> None:
    @pages.get("/items")
    def items() -> str:
        return _items_page(desk, {})

    @pages.post("/items")
    def put_up() -> AnyResponse:
        actor, form = desk.actor(), request.form
        with desk.read() as session:
            require_secretary(session, actor)
        if form.get("item_class", "") not in set(ItemClass):
            raise Unfit(reason="请选择类别")
        try:
            with desk.write() as tools:
                proposal = _proposal(tools.session, actor)
                agenda.put_up_by_office(tools, proposal, actor=actor, now=desk.now())
        except (Invalid, Conflict) as refusal:
            status = (
                HTTPStatus.CONFLICT if isinstance(refusal, Conflict) else HTTPStatus.BAD_REQUEST
            )
            return make_response(_items_page(desk, form, refusal), status)
        flash("已提出，可以列入会议议程。")
        return redirect(url_for("committee.items"))

    @pages.post("/items/<int:key>/withdraw")
    def withdraw(key: int) -> AnyResponse:
        with desk.write() as tools:
            agenda.withdraw(
                tools,
                key,
                reason=request.form.get("reason", ""),
                actor=desk.actor(),
                now=desk.now(),
            )
        flash("已退回；提出它的事项会收到通知。")
        return redirect(url_for("committee.items"))


def _items_page(
    desk: PageDesk, given: Mapping[str, str], refusal: JiaoyanError | None = None
) -> str:
    actor = desk.actor()
    with desk.read() as session:
        require_secretary(session, actor)
        return render_template(
            "committee/items.html",
            items=views.waiting_items(session, actor=actor),
            above=items_above(session, actor=actor),
            classes=tuple(ItemClass),
            staff=staff_choices(session, actor=actor),
            units=institution_names(session),
            given=given,
            refusal=refusal,
        )


def _proposal(session: Session, actor: Actor) -> Proposal:
    """Read what the secretary has filled in, and who is meant."""
    form = request.form
    names = form.get("subject", "").replace("，", "、").split("、")
    unit = form.get("unit", "")
    return Proposal(
        item_class=ItemClass(form.get("item_class", "")),
        title=form.get("title", ""),
        text=form.get("text", ""),
        subjects=[
            replace(_subject(session, actor, name), unit=unit) for name in names if name.strip()
        ],
        materials=form.get("materials", "").split("\n"),
        ground=form.get("ground", ""),
        matter=form.get("matter", ""),
    )


def _add_members(pages: Blueprint, desk: PageDesk) -> None:
    @pages.get("/members")
    def member_list() -> str:
        actor = desk.actor()
        with desk.read() as session:
            return render_template(
                "committee/members.html",
                rows=members.listed(session, actor=actor),
                today=bureau_day(desk.now()),
                manages=may(session, actor, Action.ACT, MEMBERS),
                positions=POSITIONS,
                staff=staff_choices(session, actor=actor),
                can_export=may(session, actor, Action.EXPORT, MEMBERS),
            )

    @pages.post("/members/export")
    def member_file() -> AnyResponse:
        actor = desk.actor()
        with desk.read() as session:
            rows = members.listed(session, actor=actor)
            if not may(session, actor, Action.EXPORT, MEMBERS):
                raise DeskForbidden
        reason = reason_of(request.form.get("reason", ""))
        desk.record_export(reference=MEMBERS, rows=len(rows), reason=reason)
        return workbook_answer(workbook.export(rows), "members.xlsx")

    @pages.post("/members/history/export")
    def member_history() -> AnyResponse:
        actor = desk.actor()
        with desk.read() as session:
            acts = revision_history.of_members(session, actor=actor)
            reason, period = reason_of(request.form.get("reason", "")), period_of(request.form)
            content, count = told_acts.workbook(workbook.TITLE, acts, period)
        desk.record_export(
            reference=f"{MEMBERS}/history", rows=count, reason=f"{reason}{period.said}"
        )
        return workbook_answer(content, f"members-history-{desk.now():%Y%m%d}.xlsx")

    @pages.post("/members")
    def enter_member() -> AnyResponse:
        actor = desk.actor()
        with desk.write() as tools:
            members.listed(tools.session, actor=actor)
            found = _one_of_staff(tools.session, actor, request.form.get("person", ""))
            members.enter(tools, _term(found), actor=actor, now=desk.now())
        flash("已登记。")
        return redirect(url_for("committee.member_list"))

    @pages.get("/members/<int:key>")
    def member(key: int) -> str:
        actor = desk.actor()
        with desk.read() as session:
            revisions = members.revisions(session, key, actor=actor)
            return render_template(
                "committee/member.html",
                record=revisions[0],
                revisions=revisions,
                manages=may(session, actor, Action.ACT, MEMBERS),
                positions=POSITIONS,
            )

    @pages.post("/members/<int:key>")
    def change_member(key: int) -> AnyResponse:
        actor, form = desk.actor(), request.form
        with desk.write() as tools:
            latest = members.revisions(tools.session, key, actor=actor)[0]
            members.change(
                tools,
                key,
                _term(StaffRow(latest.username, latest.name)),
                reason=form.get("reason", ""),
                revision=_whole(form.get("revision", "")),
                actor=actor,
                now=desk.now(),
            )
        flash("已登记变更，原记录保留。")
        return redirect(url_for("committee.member", key=key))


def _add_rules(pages: Blueprint, desk: PageDesk) -> None:
    @pages.get("/rules")
    def rules() -> str:
        actor, today = desk.actor(), bureau_day(desk.now())
        with desk.read() as session:
            in_force = rule_settings.on(session, today)
            return render_template(
                "committee/rules.html",
                norms=norms_on(today),
                in_force=in_force,
                versions=rule_settings.versions(session),
                settings_of=settings_of,
                organs_above=organs_above,
                secretary=is_secretary(session, actor),
                sets_rules=sets_rules(session, actor),
                classes=tuple(ItemClass),
                quorums=tuple(Quorum),
                by_law=rule_settings.BY_LAW,
                positions=POSITIONS,
                today=today,
            )

    @pages.post("/rules")
    def set_rules() -> AnyResponse:
        actor, form = desk.actor(), request.form
        with desk.read() as session:
            require_rule_setter(session, actor)
        chosen = {each: form.get(f"quorum_{each.value}", "") for each in ItemClass}
        if not set(chosen.values()) <= set(Quorum):
            raise Unfit(reason="请为每类事项选择到会要求")
        post = form.get("agenda_post", AGENDA_POST)
        if post not in POSITIONS:
            raise Unfit(reason="请选择由哪一职务审定议程")
        base = RecusalBase.REDUCED if form.get("reduced") else RecusalBase.FULL
        settings = RuleSettings(
            half_includes_half=bool(form.get("half_includes_half")),
            recused_count_for_quorum=bool(form.get("recused_count_for_quorum")),
            recusal_base=base,
            remote_counts=bool(form.get("remote_counts")),
            agenda_post=post,
            organs_above=rule_settings.organs_of(form.get("organs_above", "")),
            quorums={each: Quorum(text) for each, text in chosen.items()},
        )
        with desk.write() as tools:
            rule_settings.set_rules(
                tools,
                settings,
                effective_from=_day(form.get("effective_from", ""), "生效日期"),
                source=form.get("source", ""),
                actor=actor,
                now=desk.now(),
            )
        flash("已保存为新的一版；已经开过的会议仍按当时的设定。")
        return redirect(url_for("committee.rules"))


ADDERS = (_add_items, _add_members, add_imports, _add_rules)
"""Each adds its pages to the blueprint of the Party group."""


def _term(person: StaffRow) -> Term:
    form = request.form
    ends_on = form.get("ends_on", "").strip()
    return Term(
        username=person.username,
        name=person.name,
        position=form.get("position", ""),
        rank=_whole(form.get("rank", "")),
        begins_on=_day(form.get("begins_on", ""), "任职日期"),
        ends_on=_day(ends_on, "任期最后一日") if ends_on else None,
        basis=form.get("basis", ""),
    )


def _one_of_staff(session: Session, actor: Actor, text: str) -> StaffRow:
    found = staff_named(session, actor=actor, text=text[:100])
    if not found:
        raise Unfit(reason=f"没有找到“{text[:60]}”，请从名单中选择本单位人员")
    if len(found) > 1:
        names = "、".join(one.username for one in found)
        raise Unfit(reason=f"有{len(found)}人叫“{text[:60]}”，请填写用户名：{names}")
    return found[0]


def _subject(session: Session, actor: Actor, text: str) -> Subject:
    """Whom a name means: one of the staff, else somebody without an account."""
    found = staff_named(session, actor=actor, text=text[:100])
    if len(found) > 1:
        names = "、".join(one.username for one in found)
        raise Unfit(reason=f"有{len(found)}人叫“{text[:60]}”，请填写用户名：{names}")
    return Subject(found[0].name, found[0].username) if found else Subject(text.strip())


def _day(text: str, what: str) -> date:
    day = read_day(text.strip())
    if day is None:
        raise Unfit(reason=f"请填写{what}")
    return day


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1
