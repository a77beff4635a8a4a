"""The auditor's pages: the access log, one event, the soundness of the record.

Whoever may not read them is answered as if they did not exist. They tell nothing of a case.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from io import TextIOWrapper

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from service.commands import auditing, workbooks
from service.commands.access_log import record, record_reading
from service.domain.access_events import AccessKind, EventGroup
from service.domain.errors import FieldsInvalid, Invalid, NotFound
from service.domain.soundness import HeadsFile, HeadsUnreadable, read_heads
from service.queries import access_log, soundness, subjects
from service.queries.access_log import EventRow, Filters
from service.web import audit_texts
from service.web.catalogue import _
from service.web.desk import current_actor, now, rooms
from service.web.web_settings import web_settings

pages = Blueprint("audit", __name__, url_prefix="/audit")

MOST_EXPORTED = 50_000
"""Rows of one file; the newest that match."""

MOST_VERIFIED = 200_000
"""Entries and events that a page waits for: about a quarter of a minute."""

_LONGEST_REASON = 500


class ExportReasonMissing(FieldsInvalid):
    """导出需要写明理由，没有导出。请填写理由后再导出。"""

    code = "audit.reason-missing"

    def __init__(self) -> None:
        super().__init__({"reason": [_("请填写导出的理由。")]})


class VerificationTooLong(Invalid):
    """记录有 {count} 条，在网页上核对会太久，没有核对。请运维人员运行 jiaoyan audit verify，结果会显示在本页。"""  # noqa: E501 - a message is one paragraph

    code = "audit.verification-too-long"


@pages.get("")
def listing() -> str:
    """The access log, narrowed by who, whom, when and what."""
    actor, filters = current_actor(), _filters()
    with rooms().read() as session:
        page = access_log.page(
            session,
            actor=actor,
            filters=filters,
            closed=web_settings().closed_registers,
            after=request.args.get("after"),
        )
        may_export = access_log.may_export(session, actor)
    _record_look(filters)
    return render_template(
        "audit/list.html",
        page=page,
        first="after" not in request.args,
        filters=filters,
        group=_group(),
        kind=request.args.get("kind", ""),
        may_export=may_export,
        most=MOST_EXPORTED,
        **_words(),
    )


@pages.get("/events/<key:key>")
def event(key: int) -> str:
    """One event with all it tells, and its place in its chain."""
    with rooms().read() as session:
        closed = web_settings().closed_registers
        row = access_log.get(session, actor=current_actor(), key=key, closed=closed)
    return render_template("audit/event.html", row=row, **_words())


@pages.post("/export")
def export() -> Response:
    """The list as an XLSX file, with a reason that stays in the log."""
    actor, filters = current_actor(), _filters()
    with rooms().read() as session:
        if not access_log.may_export(session, actor):
            raise NotFound
        reason = request.form.get("reason", "").strip()[:_LONGEST_REASON]
        if not reason:
            raise ExportReasonMissing
        closed = web_settings().closed_registers
        rows = list(
            access_log.every(
                session, actor=actor, filters=filters, closed=closed, at_most=MOST_EXPORTED
            )
        )
    file = workbooks.write([(_("访问日志"), _head(), _lines(rows))])
    with rooms().write() as tools:
        record(
            tools,
            AccessKind.EXPORT,
            actor=actor,
            subject=filters.subject or filters.person,
            reference="access-log",
            details={"rows": len(rows), "reason": reason, "filters": _said(filters)},
            now=now(),
        )
    return _file(file, workbooks.MEDIA_TYPE, f"access-log-{now():%Y%m%d}.xlsx")


@pages.get("/soundness")
def show_soundness() -> str:
    """How far the record reaches, and what the last verifications found."""
    actor = current_actor()
    with rooms().read() as session:
        extent = soundness.extent(session, actor=actor)
        runs = access_log.newest(session, actor=actor, kind=AccessKind.CHAINS_VERIFIED)
        exports = access_log.newest(session, actor=actor, kind=AccessKind.HEADS_EXPORTED, limit=3)
    return render_template(
        "audit/soundness.html",
        extent=extent,
        runs=runs,
        exports=exports,
        too_long=extent.total > MOST_VERIFIED,
        **_words(),
    )


@pages.post("/verify")
def verify() -> AnyResponse:
    """Verify everything now, with a file of heads where one is sent."""
    actor = current_actor()
    with rooms().read() as session:
        extent = soundness.extent(session, actor=actor)
    if extent.total > MOST_VERIFIED:
        raise VerificationTooLong(count=extent.total)
    outside = _sent_heads(request.files.get("heads"))
    done = auditing.verify(rooms(), outside, actor=actor, now=now())
    if done.findings:
        flash(_("核对完毕：有 %(count)s 处不符，见下方。", count=len(done.findings)), "danger")
    else:
        flash(_("核对完毕：全部记录与链相符，没有发现改动。"))
    return redirect(url_for("audit.show_soundness"))


@pages.post("/heads")
def export_heads() -> Response:
    """The heads of all chains as a file, to be kept outside."""
    lines: list[str] = []
    auditing.export_heads(rooms(), lines.append, actor=current_actor(), now=now())
    return _file("".join(lines).encode(), "application/jsonl", f"heads-{now():%Y%m%d}.jsonl")


def _group() -> EventGroup | None:
    wanted = request.values.get("group", "")
    return EventGroup(wanted) if wanted in set(EventGroup) else None


def _filters() -> Filters:
    kind, group = request.values.get("kind", ""), _group()
    if kind in set(AccessKind):
        kinds = frozenset({AccessKind(kind)})
    else:
        kinds = frozenset() if group is None else group.kinds
    return Filters(
        person=request.values.get("person", "").strip(),
        subject=request.values.get("subject", "").strip(),
        kinds=kinds,
        since=_day("since"),
        until=_day("until"),
        address=request.values.get("address", "").strip(),
        reference=request.values.get("reference", "").strip(),
    )


def _day(name: str) -> date | None:
    """A day that cannot be one counts as none: the page shows what it has understood."""
    try:
        return date.fromisoformat(request.values.get(name, ""))
    except ValueError:
        return None


def _record_look(filters: Filters) -> None:
    """Who looks at what one person did, or who looked at one, looks at a person too."""
    for wanted, name in ((filters.person, "person"), (filters.subject, "subject")):
        if wanted:
            record_reading(
                rooms(),
                AccessKind.LOG_READ,
                actor=current_actor(),
                subject=wanted,
                reference=name,
                now=now(),
            )


def _sent_heads(file: FileStorage | None) -> HeadsFile | None:
    if file is None or not file.filename:
        return None
    try:
        lines = TextIOWrapper(file.stream, encoding="utf-8")
        return read_heads(lines, key=rooms().audit_key)
    except UnicodeDecodeError:
        raise HeadsUnreadable from None


def _named_by_rights() -> dict[str, str]:
    """Names of all that a right may name, by id."""
    settings = web_settings()
    with rooms().read() as session:
        deployed = {one.id: one.name for one in subjects.deployed(session)}
        return {**deployed, **settings.registers, **settings.register_parts(session)}


def _words() -> dict[str, object]:
    return {
        "groups": audit_texts.group_names(),
        "who": audit_texts.who,
        "subject": audit_texts.subject,
        "details": audit_texts.details,
        "place": audit_texts.place,
        "exact": audit_texts.exact,
        "reference": partial(audit_texts.reference, named_by_rights=_named_by_rights()),
        "summary": audit_texts.summary,
        "kinds": list(AccessKind),
    }


def _head() -> list[str]:
    return [
        _("时间"),
        _("操作人"),
        _("用户名"),
        _("事件"),
        _("对象"),
        _("涉及的记录"),
        _("来源地址"),
        _("其他"),
        _("链中的位置"),
    ]


def _lines(rows: Iterable[EventRow]) -> Iterator[list[str]]:
    names = _named_by_rights()
    return (_line(row, names) for row in rows)


def _line(row: EventRow, names: Mapping[str, str]) -> list[str]:
    return [
        audit_texts.exact(row.at),
        row.person_name,
        row.person,
        row.kind_label,
        audit_texts.subject(row),
        audit_texts.reference(row, names),
        row.address,
        audit_texts.summary(row),
        audit_texts.place(row),
    ]


def _said(filters: Filters) -> str:
    """The filters of an export, in one line."""

    def parts() -> Iterator[str]:
        for label, value in (
            (_("操作人"), filters.person),
            (_("对象"), filters.subject),
            (_("来源地址"), filters.address),
            (_("涉及的记录"), filters.reference),
            (_("从"), filters.since),
            (_("到"), filters.until),
            (_("事件"), "、".join(sorted(kind.label for kind in filters.kinds))),
        ):
            if value:
                yield f"{label} {value}"

    return "，".join(parts()) or _("全部")


def _file(content: bytes, media_type: str, name: str) -> Response:
    response = Response(content, mimetype=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "no-store"
    return response
