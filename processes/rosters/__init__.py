"""名册: the pages of the registers that several procedures share, and what diagrams ask of them.

The registers themselves, their rules and tables, are in `processes.registers`.
"""

from collections.abc import Iterator
from datetime import time

from sqlalchemy.orm import Session

from processes.registers import roster_soundness
from processes.registers.bank.rosters import REVIEWER_ROSTER, SETTER_ROSTER
from processes.registers.scope import by_unit
from processes.registers.staffing.employers import institution_names
from processes.registers.staffing.rosters import (
    ESTABLISHMENT_ROSTER,
    RESEARCHER_ROSTER,
    SEAT_ROSTER,
)
from processes.registers.staffing.tables import STAFFING_RULES
from processes.registers.term_notices import tell_keepers
from processes.rosters.handlers import HANDLERS
from processes.rosters.pages import roster_pages
from service.domain.authorization import PART
from service.domain.soundness import Finding
from service.procedure import DailyWork, MenuEntry, Procedure, ProcessesBase, Register

_ROSTERS = (RESEARCHER_ROSTER, SEAT_ROSTER, ESTABLISHMENT_ROSTER, REVIEWER_ROSTER, SETTER_ROSTER)


def _soundness(session: Session) -> Iterator[Finding]:
    return roster_soundness.check(session, _ROSTERS)


def _parts(session: Session) -> dict[str, str]:
    """The rosters by institution: what an office of a district may be given of them."""
    return {
        f"{roster.id}{PART}{unit_id}": f"{roster.title}（只限{name}）"
        for unit_id, name in institution_names(session).items()
        for roster in _ROSTERS
        if by_unit(roster)
    }


procedure = Procedure(
    id="rosters",
    title="教研队伍",
    registers=(
        *(Register(one.id, one.title, one.closed) for one in _ROSTERS),
        Register(STAFFING_RULES, "规则设置"),
    ),
    menu=(
        MenuEntry("教研队伍", "/registers/matrix", SEAT_ROSTER.id),
        MenuEntry("评审专家", f"/registers/{REVIEWER_ROSTER.id}", REVIEWER_ROSTER.id),
        MenuEntry("命题人员", f"/registers/{SETTER_ROSTER.id}", SETTER_ROSTER.id),
    ),
    pages=roster_pages,
    tables=ProcessesBase.metadata,
    handlers=dict(HANDLERS),
    daily=(DailyWork(105, "registers.term-notices", time(7, 20), tell_keepers),),
    soundness=_soundness,
    register_parts=_parts,
)
