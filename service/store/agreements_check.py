"""What the record says of deputies, and of ties that keep people out."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.access_events import AccessKind
from service.domain.soundness import ChainKind
from service.store.record_comparison import Comparison, Said, Standing, flag, moment
from service.store.tables import Deputy, PersonalTie


def _deputies(session: Session) -> set[Standing]:
    return {
        (
            str(row.key),
            row.principal,
            row.deputy,
            moment(row.starts_at),
            moment(row.ends_at),
            ",".join(row.process_ids),
            flag(row.covers_open),
            row.appointed_by,
            moment(row.appointed_at),
            row.ended_by or "",
        )
        for row in session.scalars(select(Deputy).execution_options(populate_existing=True))
    }


def _recorded_deputies(events: Iterable[Said]) -> set[Standing]:
    agreed: dict[str, Standing] = {}
    for said in events:
        key = said.reference
        match said.text("change"):
            case "appointed":
                whom = (key, said.subject, said.text("deputy"))
                window = (_moment(said.text("from")), _moment(said.text("to")))
                scope = (",".join(said.texts("processes")), said.flag("covers_open"))
                agreed[key] = (*whom, *window, *scope, said.person, said.at, "")
            case "dismissed" if key in agreed:
                one = agreed[key]
                # One that has not begun never counted.
                window = (min(one[3], said.at), said.at)
                agreed[key] = (*one[:3], *window, *one[5:-1], said.person)
    return set(agreed.values())


def _moment(written: str) -> str:
    return moment(datetime.fromisoformat(written)) if written else ""


def _ties(session: Session) -> set[Standing]:
    return {
        (
            f"tie/{row.key}",
            row.username,
            row.other or "",
            row.kind,
            row.source,
            row.declared_by,
            moment(row.declared_at),
            row.ended_by or "",
            moment(row.ended_at),
        )
        for row in session.scalars(select(PersonalTie).execution_options(populate_existing=True))
    }


def _recorded_ties(events: Iterable[Said]) -> set[Standing]:
    declared: dict[str, Standing] = {}
    for said in events:
        key = said.reference
        match said.text("change"):
            case "declared":
                what = (said.text("other"), said.text("kind"), said.text("source"))
                declared[key] = (key, said.subject, *what, said.person, said.at, "", "")
            case "ended" if key in declared:
                declared[key] = (*declared[key][:-2], said.person, said.at)
    return set(declared.values())


DEPUTIES = Comparison(ChainKind.DEPUTY, (AccessKind.DEPUTY_CHANGED,), _deputies, _recorded_deputies)
TIES = Comparison(ChainKind.TIE, (AccessKind.TIE_CHANGED,), _ties, _recorded_ties)
