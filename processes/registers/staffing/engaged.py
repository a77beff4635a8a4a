"""How many full-time and rehired researchers there are, as R-CH-3 counts them."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.registers.settings import SettingValues
from processes.registers.staffing import rehire
from processes.registers.staffing.facts import Leaving, PersonKind, is_engaged
from processes.registers.staffing.tables import Researcher


def engaged(one: Researcher, today: date) -> bool:
    """Tell whether an entry in force counts today."""
    leaving = Leaving(one.leaving) if one.leaving else None
    return is_engaged(one.began_on, one.term_ends_on, leaving, one.leaves_on, today)


def engaged_beside(
    session: Session, *, unit_id: str, username: str, values: SettingValues, today: date
) -> tuple[int, int]:
    """Return how many are full-time and how many other retired ones are engaged today.

    In this institution, or in the whole city where the setting says so. Whose term has ended or
    who has left counts no more.
    """
    in_force = select(Researcher).where(
        Researcher.ended_on.is_(None), Researcher.username != username
    )
    if values.text(rehire.SCOPE) == rehire.IN_UNIT:
        in_force = in_force.where(Researcher.unit_id == unit_id)
    there = [one.kind for one in session.scalars(in_force) if engaged(one, today)]
    return there.count(PersonKind.FULL_TIME), there.count(PersonKind.RETIRED)
