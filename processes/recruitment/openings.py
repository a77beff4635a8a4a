"""What the form of a need holds when it is opened: from a cell of the matrix, or from the menu."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.recruitment import rounds
from processes.recruitment.rounds import Need
from processes.recruitment.rules.channel import Channel
from processes.registers.days import bureau_day
from processes.registers.names import names_of
from processes.registers.process_ids import OPEN, SELECTION, TALENT
from processes.registers.seats import find_seat
from processes.registers.staffing.facts import Level
from processes.registers.staffing.tables import Establishment
from service.domain.errors import Conflict
from service.procedure import Opening

_CHANNELS = {SELECTION: Channel.SELECTION, OPEN: Channel.OPEN, TALENT: Channel.TALENT}


class NoSuchGap(Conflict):
    """这一格不能招聘，没有发起：{why}。请回到配备矩阵，从红色或预警的一格进入。"""

    code = "recruitment.no-such-gap"


def opening(process_id: str) -> Callable[[Session, datetime, str], Opening | None]:
    """Return what opens the form of this process; see `Procedure.openings`."""
    channel = _CHANNELS[process_id]

    def opened(session: Session, now: datetime, wanted: str) -> Opening | None:
        if not wanted:
            return _from_the_menu(session)
        unit_id, _slash, seat_name = wanted.partition("/")
        name = names_of(session, (), [unit_id]).get(unit_id)
        seat = find_seat(seat_name)
        if name is None or seat is None:
            raise NoSuchGap(why=f"没有“{wanted[:60]}”这个教研机构和学段学科")
        need = Need(channel, unit_id, name, (seat,), process_id)
        if problems := rounds.need_problems(session, need, today=bureau_day(now)):
            raise NoSuchGap(why="；".join(str(one).removesuffix("。") for one in problems))
        return Opening(
            f"{name} {seat.name}", {"need_unit": name}, {"need_posts": [{"seat": seat.name}]}
        )

    return opened


def _from_the_menu(session: Session) -> Opening | None:
    """Give the institution where there is but one that the city takes people on for."""
    units = session.scalars(
        select(Establishment.unit_id).where(
            Establishment.ended_on.is_(None), Establishment.level == Level.CITY
        )
    ).all()
    names = names_of(session, (), units)
    if len(units) != 1 or units[0] not in names:
        return None
    return Opening(given={"need_unit": names[units[0]]})
