"""A roster from a workbook."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from http import HTTPStatus

from flask import Blueprint, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from processes.pages import imports
from processes.pages.imports import Import
from processes.registers import roster_workbook
from processes.registers.editing import require
from processes.registers.roster_workbook import Checked
from processes.rosters.frame import ROSTERS, RULE, page
from service.domain.actors import Actor
from service.domain.authorization import Action
from service.procedure import Ledger, PageDesk


def install(pages: Blueprint, desk: PageDesk) -> None:
    """Add the pages of imports."""
    imports.install(pages, desk, f"/{RULE}", partial(_import, desk))


def _import(desk: PageDesk, roster_id: str) -> Import:
    roster = ROSTERS[roster_id]

    def may(session: Session, actor: Actor) -> None:
        require(session, actor, roster, Action.ACT)

    def check(tools: Ledger, content: bytes, /, *, actor: Actor, now: datetime) -> Checked:
        return roster_workbook.check(tools, roster, content, actor=actor, now=now)

    def take(
        tools: Ledger,
        content: bytes,
        /,
        *,
        digest: str,
        reason: str,
        actor: Actor,
        now: datetime,
    ) -> Checked:
        return roster_workbook.take(
            tools, roster, content, digest=digest, reason=reason, actor=actor, now=now
        )

    def form(status: HTTPStatus, shown: Mapping[str, object]) -> Response:
        actor = desk.actor()
        with desk.read() as session:
            return page(
                session, actor, "rosters/import.html", status=status, roster=roster, **shown
            )

    return Import(
        name=roster.id,
        require=may,
        check=check,
        take=take,
        template=partial(roster_workbook.template, roster),
        form=form,
        done=lambda done: f"已导入：登记 {done.entered} 条，更正 {done.changed} 条。",
        listing=url_for("rosters.listing", roster_id=roster_id),
    )
