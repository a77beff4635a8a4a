"""At which level a researcher is employed: whose leaders decide about them."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.registers.names import names_of
from processes.registers.norms import Refusal
from processes.registers.staffing.facts import Level
from processes.registers.staffing.tables import Establishment, Researcher


@dataclass(frozen=True, slots=True)
class Employer:
    """An institution by its name of today."""

    level: Level
    unit: str


def employer_of(session: Session, username: str) -> Employer | None:
    """Return the institution whose researcher this person is by the rosters in force, or None.

    Part-time and retired ones too: their institution engaged them. Two statements.
    """
    row = session.execute(
        select(Establishment.level, Establishment.unit_id)
        .join(Researcher, Researcher.unit_id == Establishment.unit_id)
        .where(
            Researcher.username == username,
            Researcher.ended_on.is_(None),
            Establishment.ended_on.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    names = names_of(session, (), [row.unit_id])
    return Employer(Level(row.level), names.get(row.unit_id, row.unit_id))


def institution(session: Session, unit: str) -> Employer | None:
    """Return an institution by its unit's key or its name of today, or None. Two statements."""
    rows = session.execute(
        select(Establishment.unit_id, Establishment.level).where(Establishment.ended_on.is_(None))
    ).all()
    names = names_of(session, (), [row.unit_id for row in rows])
    return next(
        (
            Employer(Level(row.level), names.get(row.unit_id, row.unit_id))
            for row in rows
            if unit in {row.unit_id, names.get(row.unit_id)}
        ),
        None,
    )


def institution_names(session: Session) -> dict[str, str]:
    """Return the institutions of the city and its districts by unit, with their names of today."""
    rows = session.scalars(
        select(Establishment.unit_id)
        .where(Establishment.ended_on.is_(None), Establishment.level != Level.LENDER)
        .order_by(Establishment.level == Level.DISTRICT, Establishment.unit_id)
    ).all()
    names = names_of(session, (), rows)
    return {unit_id: names.get(unit_id, unit_id) for unit_id in rows}


def district_refusal(session: Session, unit: str, what: str) -> Refusal | None:
    """Return why the city takes nobody on for a district's institution (C-LEVEL), or None.

    `unit` is its key or name. Two statements.
    """
    employer = institution(session, unit)
    if employer is None or employer.level is not Level.DISTRICT:
        return None
    return Refusal(
        f"{employer.unit}是区级教研机构，{what}应由区教育局党组（党委）决定，市教育局党组不能决定，"
        "不能在这里提出（规则 C-LEVEL，《方案》三（四）和人事管理权限）。"
        "请由区教育局按本级程序办理；需要市里支持的，由市教育局党组向区教育局提出建议。"
    )
