"""Personal data of an import: found before it is written, and written in bulk, sealed."""

from datetime import datetime

from sqlalchemy import select

from service.commands.tie_effects import numbers_change
from service.commands.toolbox import Toolbox
from service.commands.upserts import Row, upsert
from service.domain.accounts import PersonKind
from service.domain.import_people import PeoplePlan
from service.domain.import_rows import Refusals
from service.domain.personal_data import PersonalKind
from service.store.personal_data import place_of, scope_of
from service.store.tables import PersonalDatum

_BATCH = 500
"""Values asked for by one statement."""


def check(tools: Toolbox, plan: PeoplePlan, refusals: Refusals) -> None:
    """Refuse values that another account has. Raises DataKeyMissing."""
    wanted: dict[str, tuple[str, PersonalKind]] = {}
    for (username, kind), value in plan.personal.items():
        for lookup in tools.data_keys.lookups(value, scope_of(PersonKind.STAFF, kind)):
            wanted[lookup] = username, kind
    lookups = sorted(wanted)
    for start in range(0, len(lookups), _BATCH):
        found = select(PersonalDatum.lookup, PersonalDatum.username).where(
            PersonalDatum.lookup.in_(lookups[start : start + _BATCH])
        )
        for lookup, owner in tools.session.execute(found):
            username, kind = wanted[lookup]
            if owner != username:
                reason = f"已登记在另一个账号（{owner}）下，请核对是不是同一个人"
                refusals.add(plan.rows[username], kind.value, reason)


def write(tools: Toolbox, plan: PeoplePlan, now: datetime) -> None:
    """Write the values over those before. Raises DataKeyMissing."""
    rows: list[Row] = [
        {
            "username": username,
            "kind": kind,
            "sealed": tools.data_keys.seal(value, place_of(username, kind)),
            "lookup": tools.data_keys.lookup(value, scope_of(PersonKind.STAFF, kind)),
            "changed_at": now,
        }
        for (username, kind), value in plan.personal.items()
    ]
    with numbers_change(tools, {username for username, _kind in plan.personal}, now):
        upsert(tools.session, PersonalDatum, rows, ("sealed", "lookup", "changed_at"))
