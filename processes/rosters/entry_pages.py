"""One entry of a roster: shown with its history, entered, changed, ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from processes.pages.refused import status_of
from processes.registers import changes, editing, roster_search
from processes.registers.bank.rules import Declared, exclusions
from processes.registers.bank.tables import Setter
from processes.registers.days import bureau_day, read_day
from processes.registers.editing import require
from processes.registers.fields import Field, items_of, plain
from processes.registers.roster import AnyEntry, RegisterChange, Roster
from processes.registers.set_values import values_on
from processes.registers.staffing.beside import holders_of
from processes.registers.staffing.tables import StaffSeat
from processes.registers.told_acts import Line, act_of, lines_of
from processes.rosters.frame import ROSTERS, RULE, choices, page
from service.domain.actors import Actor
from service.domain.authorization import Action
from service.domain.errors import Conflict, FieldsInvalid, Invalid
from service.procedure import PageDesk, posts_of_each

_LONGEST_FIELD = 1000


def install(pages: Blueprint, desk: PageDesk) -> None:
    """Add the pages of entries."""

    @pages.get(f"/{RULE}/new")
    def new(roster_id: str) -> AnyResponse:
        return _new(desk, ROSTERS[roster_id])

    @pages.post(f"/{RULE}/new")
    def enter(roster_id: str) -> AnyResponse:
        roster = ROSTERS[roster_id]
        try:
            with desk.write() as tools:
                key = editing.enter(
                    tools,
                    roster,
                    _cells(roster),
                    reason=request.form.get("reason", ""),
                    actor=desk.actor(),
                    now=desk.now(),
                )
        except (Invalid, Conflict) as refusal:
            return _new(desk, roster, refusal)
        flash(f"{roster.noun}已登记。")
        return redirect(url_for("rosters.detail", roster_id=roster_id, key=key))

    @pages.get(f"/{RULE}/<key:key>")
    def detail(roster_id: str, key: int) -> AnyResponse:
        return _detail(desk, ROSTERS[roster_id], key)

    @pages.post(f"/{RULE}/<key:key>/<any(change,end):verb>")
    def change(roster_id: str, key: int, verb: str) -> AnyResponse:
        roster = ROSTERS[roster_id]
        try:
            _change(desk, roster, key, verb)
        except (Invalid, Conflict) as refusal:
            return _detail(desk, roster, key, refusal, verb)
        flash("已保存，变更记入历史。" if verb == "change" else "已结束，记录仍然保留。")
        return redirect(url_for("rosters.detail", roster_id=roster_id, key=key))


def _change(desk: PageDesk, roster: Roster, key: int, verb: str) -> None:
    form, actor, now = request.form, desk.actor(), desk.now()
    reason, revision = form.get("reason", ""), _number(form.get("revision", ""))
    with desk.write() as tools:
        if verb == "change":
            editing.amend(
                tools,
                roster,
                key,
                _cells(roster),
                revision=revision,
                reason=reason,
                actor=actor,
                now=now,
            )
            return
        editing.end(
            tools,
            roster,
            key,
            how=form.get("how", ""),
            on=read_day(form.get("on", "").strip()),
            basis=form.get("basis", "")[:_LONGEST_FIELD],
            revision=revision,
            reason=reason,
            actor=actor,
            now=now,
        )


def _new(desk: PageDesk, roster: Roster, refusal: Invalid | Conflict | None = None) -> AnyResponse:
    actor = desk.actor()
    with desk.read() as session:
        require(session, actor, roster, Action.ACT)
        return page(
            session,
            actor,
            "rosters/new.html",
            status=HTTPStatus.OK if refusal is None else status_of(refusal),
            roster=roster,
            refusal=refusal,
            errors=_errors(refusal),
            values=_sent(roster) if refusal else _asked(roster),
            choices=choices(session, actor, roster),
        )


def _detail(
    desk: PageDesk,
    roster: Roster,
    key: int,
    refusal: Invalid | Conflict | None = None,
    verb: str = "",
) -> AnyResponse:
    actor = desk.actor()
    with desk.read() as session:
        entry = roster_search.one(session, roster, actor=actor, key=key)
        subject = str(getattr(entry, "username", ""))
    if subject and subject != actor.username:
        desk.record_reading(
            subject=roster.subject_of(subject),
            reference=f"{roster.id}/{key}",
            what=f"{roster.title}的登记内容",
        )
    with desk.read() as session:
        entry = roster_search.one(session, roster, actor=actor, key=key)
        unit = getattr(entry, "unit_id", None)
        allowed = roster_search.allowed(session, actor, roster, unit=unit)
        names = roster_search.names_in(session, roster, [entry])
        history = changes.history(session, roster, key)
        open_form = allowed.act and entry.ended_on is None
        was_sent = refusal is not None and verb == "change"
        return page(
            session,
            actor,
            "rosters/detail.html",
            status=HTTPStatus.OK if refusal is None else status_of(refusal),
            roster=roster,
            entry=entry,
            title=_title(roster, entry, names),
            names=names,
            groups=_groups(roster, entry),
            beside=_beside(session, actor, entry, desk),
            history=[_Told(one, act_of(one), lines_of(roster, one)) for one in history],
            unsound=changes.soundness(roster, entry, history),
            allowed=allowed,
            open_form=open_form,
            refusal=refusal,
            errors=_errors(refusal),
            verb=verb,
            values=_sent(roster) if was_sent else _held(roster, entry),
            choices=choices(session, actor, roster) if open_form else {},
        )


@dataclass(frozen=True, slots=True)
class _Told:
    """A change for people: what was and what is, by the labels of fields."""

    change: RegisterChange
    act: str
    lines: list[Line]


def _title(roster: Roster, entry: AnyEntry, names: Mapping[str, str]) -> str:
    identity = str(getattr(entry, roster.identity))
    return names.get(identity, identity)


def _groups(roster: Roster, entry: AnyEntry) -> dict[str, list[Field]]:
    """The fields that say something, by heading."""
    found: dict[str, list[Field]] = {}
    for field in roster.fields:
        if plain(getattr(entry, field.key)):
            found.setdefault(field.group or "基本情况", []).append(field)
    return found


def _beside(
    session: Session, actor: Actor, entry: AnyEntry, desk: PageDesk
) -> list[tuple[str, list[str]]]:
    """What is known elsewhere: posts from the organisation, who holds a seat, what excludes."""
    today = bureau_day(desk.now())
    told: list[tuple[str, list[str]]] = []
    if isinstance(entry, StaffSeat):
        told.append(("在岗", [holders_of(session, actor, [entry]).get(entry.key, "已结束")]))
    username = getattr(entry, "username", "")
    if username:
        posts = posts_of_each(session, [username])[username]
        lines = [
            f"{one.unit} {one.title}" + (f"（{'、'.join(one.labels)}）" if one.labels else "")
            for one in posts
        ]
        told.append(("现任岗位", lines or ["没有"]))
    if isinstance(entry, Setter):
        found = exclusions(_declared(entry), today, values_on(session, today))
        told.append(("能否命题", [f"{one.text}（{one.norm.source}）" for one in found] or ["可以"]))
    return told


def _declared(entry: Setter) -> Declared:
    return Declared(
        begins_on=entry.begins_on,
        ends_on=entry.ends_on,
        declared_year=entry.declared_year,
        work=items_of(entry.work),
        seats=items_of(entry.seats),
        teaches=items_of(entry.teaches),
        relative_sits=items_of(entry.relative_sits),
        test_prep=entry.test_prep,
        tutoring=entry.tutoring,
        agreement_no=entry.agreement_no,
    )


def _cells(roster: Roster) -> dict[str, str]:
    """What the form says; a field it does not have stays as it is."""
    form = request.form
    return {one.key: form[one.key][:_LONGEST_FIELD] for one in roster.fields if one.key in form}


def _sent(roster: Roster) -> dict[str, str]:
    return {one.key: request.form.get(one.key, "")[:_LONGEST_FIELD] for one in roster.fields}


def _asked(roster: Roster) -> dict[str, str]:
    """What the address fills in: from a cell of the matrix to a new seat."""
    return {one.key: request.args.get(one.key, "")[:100] for one in roster.fields}


def _held(roster: Roster, entry: AnyEntry) -> dict[str, str]:
    return {one.key: plain(getattr(entry, one.key)) for one in roster.fields}


def _errors(refusal: Invalid | Conflict | None) -> Mapping[str, list[str]]:
    return refusal.errors if isinstance(refusal, FieldsInvalid) else {}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
