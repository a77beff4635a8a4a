"""Which personnel office makes the yearly query: that of the bureau an institution stands under.

未成年人保护法 62 binds the unit that employs, so the city's office neither queries nor dismisses a
district's researchers (C-LEVEL). A district whose bureau has no personnel office in the
organisation queries outside this system.
"""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.registers.staffing.facts import Level
from processes.registers.staffing.tables import Establishment
from service.procedure import unit_paths

_PERSONNEL = "人事"
"""What the name of a personnel office has in it: 人事科, 组织人事股."""


def district_offices(session: Session) -> Mapping[str, str | None]:
    """Return the candidate group by institution of a district; None: it queries by itself.

    The city's institutions are not among them. Two statements.
    """
    levels = {
        row.unit_id: row.level
        for row in session.execute(
            select(Establishment.unit_id, Establishment.level).where(
                Establishment.ended_on.is_(None)
            )
        )
    }
    districts = [unit for unit, level in levels.items() if level == Level.DISTRICT]
    if not districts:
        return {}
    units = unit_paths(session)
    offices = {
        one.names[1:]: f"@ {one.id}"
        for one in units
        if _PERSONNEL in one.names[0] and not one.closed
    }
    bureaus = {one.id: one.names[1:] for one in units if one.id in levels}
    for unit, bureau in bureaus.items():
        if levels[unit] == Level.CITY:
            offices.pop(bureau, None)
    return {unit: offices.get(bureaus.get(unit, ())) for unit in districts}


def queries_itself(session: Session, unit: str) -> bool:
    """Tell whether an institution is a district's that queries outside this system."""
    offices = district_offices(session)
    return unit in offices and offices[unit] is None
