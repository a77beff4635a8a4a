"""更正, 撤销, 恢复: the forms under a qualification, for who may act on the register."""

from collections.abc import Callable
from datetime import date

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from processes.registers import qualification_acts as acts
from processes.registers.days import read_day
from processes.registers.qualification_acts import ActUnfit, Correction, Restoration, Revocation
from service.domain.actors import Actor
from service.domain.errors import Conflict, Invalid
from service.procedure import PageDesk, Toolbox

Shown = Callable[[int, Invalid | Conflict | None], Response]
"""Shows the qualification again, with why an act was refused."""

_SAVED = {
    "correct": "已更正，更正前的登记保留在下面。",
    "revoke": "已撤销，并已告知本人。撤销不能收回；撤销有误的，由他人复查后恢复。",
    "restore": "已恢复，并已告知本人。",
}


def install(pages: Blueprint, desk: PageDesk, shown: Shown) -> None:
    """Add the addresses of the acts."""

    @pages.post("/<int:key>/<any(correct, revoke, restore):verb>")
    def act(key: int, verb: str) -> Response:
        actor = desk.actor()
        try:
            with desk.write() as tools:
                _act(tools, key, verb, actor, desk)
        except (Invalid, Conflict) as refusal:
            return shown(key, refusal)
        flash(_SAVED[verb])
        return redirect(url_for("qualifications.detail", key=key))


def _act(tools: Toolbox, key: int, verb: str, actor: Actor, desk: PageDesk) -> None:
    form, now = request.form, desk.now()
    acts.require(tools.session, key, actor)
    revision = int(sent) if (sent := form.get("revision", "")).isdecimal() else 0
    if verb == "correct":
        change = Correction(
            form.get("reason", ""),
            form.get("holder_name") or None,
            form.get("unit") or None,
            _day(form.get("valid_until", "")),
        )
        acts.correct(tools, key, change, revision=revision, actor=actor, now=now)
        return
    if form.get("understood") != "yes":
        raise ActUnfit(reason="请勾选“已经核对，知道这个决定不能收回”。")
    if verb == "revoke":
        texts = [form.get(name, "") for name in ("ground", "document", "reason", "heard")]
        acts.revoke(tools, key, Revocation(*texts), revision=revision, actor=actor, now=now)
    else:
        texts = [form.get(name, "") for name in ("document", "reason")]
        acts.restore(tools, key, Restoration(*texts), revision=revision, actor=actor, now=now)


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    day = read_day(text.strip())
    if day is None:
        raise ActUnfit(reason="有效期不是日期（如 2028年3月1日）。")
    return day
