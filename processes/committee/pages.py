"""The pages of the Party group: meetings, the secretary's desk, a member's seat, minutes."""

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from processes.committee import records, register_pages, views
from processes.committee.access import find_meeting, is_secretary, may
from processes.committee.archive import is_whole
from processes.committee.desk import sit_down, take_seat
from processes.committee.desk_acts import ACTS, Sent
from processes.committee.keeping_out import chaired_for_the_chair
from processes.committee.minutes import Minutes, minutes_of, read_back
from processes.committee.minutes_files import DOCX_TYPE, PDF_TYPE, as_docx, as_pdf
from processes.committee.records import Told
from processes.committee.refusals import MeetingNotFound, MinutesTouched, NoMinutesYet
from processes.committee.rules import Choice, Method
from processes.committee.signers import signer_of
from processes.committee.tables import Meeting, MeetingState, MinutesFile, Presence
from processes.committee.voting import cast
from processes.registers.days import BUREAU_TIME
from processes.registers.party_group.decisions import item_number
from processes.registers.party_group.tables import MEETINGS
from service.domain.actors import Actor
from service.domain.authorization import Action
from service.procedure import PageDesk

_FINISHED = {MeetingState.CLOSED, MeetingState.ARCHIVED}


def committee_pages(desk: PageDesk) -> Blueprint:
    """Make the pages under `/committee`."""
    pages = Blueprint("committee", __name__, url_prefix="/committee", template_folder="templates")
    pages.add_app_template_filter(item_number)
    for add in (_add_meetings, _add_seats, _add_minutes, *register_pages.ADDERS):
        add(pages, desk)
    return pages


def _add_meetings(pages: Blueprint, desk: PageDesk) -> None:
    @pages.get("")
    def meetings() -> str:
        actor, after = desk.actor(), request.args.get("after")
        with desk.read() as session:
            return render_template(
                "committee/meetings.html",
                page=views.meetings_of(session, actor=actor, after=after),
                first=after is None,
                secretary=is_secretary(session, actor),
                reads_all=may(session, actor, Action.READ),
            )

    @pages.get("/meetings/<int:key>")
    def show(key: int) -> AnyResponse | str:
        actor = desk.actor()
        with desk.read() as session:
            meeting = find_meeting(session, key, actor)
            if not may(session, actor, Action.READ):
                return redirect(url_for("committee.seat", key=key))
        _record(desk, meeting.number)
        return _desk(desk, key, "committee/desk.html")

    @pages.post("/meetings/<int:key>/acts/<name>")
    def act(key: int, name: str) -> AnyResponse | str:
        actor, done = desk.actor(), ACTS.get(name)
        if done is None:
            raise MeetingNotFound
        with desk.write() as tools:
            sitting = sit_down(tools, key, revision=_revision(), actor=actor, now=desk.now())
            said = done(sitting, Sent(request.form.to_dict(flat=False)))
        if not _is_fragment():
            if said:
                flash(said)
            return redirect(url_for("committee.show", key=key))
        return _desk(desk, key, "committee/desk_body.html", said=said)

    @pages.get("/meetings/<int:key>/votes")
    def votes(key: int) -> str:
        return _desk(desk, key, "committee/votes.html")


def _add_seats(pages: Blueprint, desk: PageDesk) -> None:
    @pages.get("/meetings/<int:key>/seat")
    def seat(key: int) -> str:
        return _seat(desk, key, "committee/seat.html")

    @pages.get("/meetings/<int:key>/seat/now")
    def seat_now(key: int) -> str:
        return _seat(desk, key, "committee/seat_body.html")

    @pages.post("/meetings/<int:key>/vote")
    def vote(key: int) -> AnyResponse | str:
        actor, form = desk.actor(), request.form
        with desk.write() as tools:
            sitting = take_seat(tools, key, actor=actor, now=desk.now())
            cast(
                sitting,
                _number(form.get("item", "")),
                actor.username,
                form.get("choice", ""),
                round_=_number(form.get("round", "")),
            )
        if not _is_fragment():
            return redirect(url_for("committee.seat", key=key))
        return _seat(desk, key, "committee/seat_body.html", said="已登记你的表态。")


def _add_minutes(pages: Blueprint, desk: PageDesk) -> None:
    @pages.get("/meetings/<int:key>/minutes")
    def minutes(key: int) -> str:
        actor = desk.actor()
        with desk.read() as session:
            meeting = find_meeting(session, key, actor)
            _require_reader(session, meeting, actor)
            kept = session.get(MinutesFile, key)
            text = minutes_of(session, meeting) if kept is None else read_back(kept.content)
            text = _open_to(session, meeting, actor, text)
            shown = _corrections_open_to(session, meeting, actor)
        _record(desk, meeting.number)
        return render_template(
            "committee/minutes.html",
            meeting=meeting,
            minutes=text,
            kept=kept,
            whole=kept is None or is_whole(kept),
            corrections=shown,
        )

    @pages.get("/meetings/<int:key>/minutes.<any(docx, pdf):kind>")
    def minutes_file(key: int, kind: str) -> AnyResponse:
        actor = desk.actor()
        with desk.read() as session:
            meeting = find_meeting(session, key, actor)
            _require_reader(session, meeting, actor)
            content = _file(session, meeting, kind, actor, desk.now())
        desk.record_export(
            reference=f"{MEETINGS}/{key}", rows=1, reason=f"下载{meeting.number}会议纪要（{kind}）"
        )
        response = Response(content, mimetype=DOCX_TYPE if kind == "docx" else PDF_TYPE)
        response.headers.set("Content-Disposition", "attachment", filename=f"minutes-{key}.{kind}")
        return response


def _file(session: Session, meeting: Meeting, kind: str, actor: Actor, now: datetime) -> bytes:
    """Return the file as archived; made anew for a draft, and for who must keep out of an item."""
    kept, made = session.get(MinutesFile, meeting.key), as_docx if kind == "docx" else as_pdf
    if kept is not None and not is_whole(kept):
        raise MinutesTouched
    text = minutes_of(session, meeting) if kept is None else read_back(kept.content)
    shown = _open_to(session, meeting, actor, text)
    if kept is None or shown != text:
        return made(shown, now=now)
    return kept.docx if kind == "docx" else kept.pdf


def _desk(desk: PageDesk, key: int, template: str, said: str = "") -> str:
    with desk.read() as session:
        view = views.desk(session, key, actor=desk.actor())
        return render_template(
            template,
            view=view,
            said=said,
            fragment=_is_fragment(),
            methods=tuple(Method),
            choices=tuple(Choice),
            presences=tuple(Presence),
            planned=view.meeting.planned_at.astimezone(BUREAU_TIME),
        )


def _seat(desk: PageDesk, key: int, template: str, said: str = "") -> str:
    with desk.read() as session:
        view = views.seat(session, key, actor=desk.actor())
        return render_template(template, view=view, said=said, choices=tuple(Choice))


def _record(desk: PageDesk, number: str) -> None:
    desk.record_reading(subject="", reference=f"{MEETINGS}/{number}", what="党组会议")


def _require_reader(session: Session, meeting: Meeting, actor: Actor) -> None:
    """Minutes are for who keeps them and for who signs them; other members read the results."""
    signs_part = chaired_for_the_chair(session, meeting, actor.username)
    if not (_reads_all(session, meeting, actor) or signs_part):
        raise MeetingNotFound
    if meeting.state not in _FINISHED:
        raise NoMinutesYet


def _reads_all(session: Session, meeting: Meeting, actor: Actor) -> bool:
    signing = {meeting.chair, signer_of(session, meeting)}
    return may(session, actor, Action.READ) or actor.username in signing


def _open_to(session: Session, meeting: Meeting, actor: Actor, text: Minutes) -> Minutes:
    """Leave out what is kept from the reader; who signs a part alone reads that part."""
    if _reads_all(session, meeting, actor):
        return text.without(views.hidden_items(session, meeting.key, actor))
    return text.only(chaired_for_the_chair(session, meeting, actor.username))


def _corrections_open_to(session: Session, meeting: Meeting, actor: Actor) -> Sequence[Told]:
    """Return the 更正 that the reader may read: as it is with the minutes."""
    listed = records.corrections(session, meeting.key)
    if _reads_all(session, meeting, actor):
        hidden = views.hidden_items(session, meeting.key, actor)
        return [one for one in listed if not one.is_kept(hidden)]
    part = chaired_for_the_chair(session, meeting, actor.username)
    return [one for one in listed if one.about in part]


def _revision() -> int:
    return _number(request.form.get("revision", ""))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else -1


def _is_fragment() -> bool:
    return request.headers.get("HX-Request") == "true"
