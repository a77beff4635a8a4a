"""Trying again all incidents that are alike, lot after lot, and saying how far it is."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from service.commands.incident_batches import MOST_LEFT, IncidentClass, Lot, retry_lot
from service.web.catalogue import _
from service.web.desk import current_actor, rooms
from service.web.limits import parse_key


@dataclass(frozen=True, slots=True)
class Progress:
    """What all lots so far came to. `step` is the element's name, as the page gave it."""

    step: str
    resolved: int
    failed_again: int
    refused: int
    broken: int
    left: int
    busy: bool
    fields: dict[str, str | int]
    """What the next lot is asked by."""

    @property
    def tried(self) -> int:
        """How many were tried."""
        return self.resolved + self.failed_again + self.refused + self.broken

    @property
    def goes_on(self) -> bool:
        """Whether the page asks for the next lot by itself."""
        return bool(self.left) and not self.busy


_LONGEST_NAME = 200


def retry_class() -> AnyResponse | str:
    """Try a lot again. A script is told how far it is, a plain form is led back to the page."""
    kind = IncidentClass(*(request.form.get(name, "") for name in ("process", "element", "type")))
    lot = retry_lot(
        rooms(), kind, actor=current_actor(), after=_number("after"), until=_number("until") or None
    )
    progress = _progress(kind, lot)
    if request.headers.get("HX-Request") == "true":
        return render_template(
            "operations/retrying.html", progress=progress, retried_words=retried_words
        )
    flash(retried_words(progress), "warning" if progress.tried > progress.resolved else "message")
    return redirect(url_for("operations.show", _anchor="incidents"))


def retried_words(progress: Progress) -> str:
    """What became of those that were tried, and how many are left."""
    parts = [
        _("已重试 %(count)s 处", count=progress.tried),
        _("%(count)s 处流程已继续", count=progress.resolved),
    ]
    if progress.failed_again:
        parts.append(_("%(count)s 处问题还在", count=progress.failed_again))
    if progress.refused:
        parts.append(_("%(count)s 处没能重试（已挂起，或者已被他人处理）", count=progress.refused))
    if progress.broken:
        parts.append(
            _("%(count)s 处重试时程序出错（没有改动，原因已写入日志）", count=progress.broken)
        )
    if progress.left:
        parts.append(
            _("还有超过 %(count)s 处没有试", count=MOST_LEFT)
            if progress.left > MOST_LEFT
            else _("还有 %(count)s 处没有试", count=progress.left)
        )
    return "，".join(parts) + "。"


def _progress(kind: IncidentClass, lot: Lot) -> Progress:
    resolved = _number("resolved") + lot.resolved
    failed_again = _number("failed_again") + lot.failed_again
    refused = _number("refused") + lot.refused
    broken = _number("broken") + lot.broken
    step = request.form.get("step", "")[:_LONGEST_NAME] or kind.element_id
    fields: dict[str, str | int] = {
        "step": step,
        "process": kind.process_id,
        "element": kind.element_id,
        "type": kind.type,
        "after": lot.after,
        "until": lot.until,
        "resolved": resolved,
        "failed_again": failed_again,
        "refused": refused,
        "broken": broken,
    }
    return Progress(step, resolved, failed_again, refused, broken, lot.left, lot.busy, fields)


def _number(name: str) -> int:
    return parse_key(request.form.get(name, "")) or 0
