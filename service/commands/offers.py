"""What may be applied for from outside now: what the public may start, by a notice that is open.

A notice may offer a procedure with choices, such as the posts of a round of recruitment. Who
applies by it chooses one, and a field of the start form is given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from service.domain.accounts import OUTSIDER
from service.domain.notices import Choice, ChoiceMissing, ChoiceNotOffered, NotOffered
from service.store.authorization import may_start
from service.store.case_ends import cancelled_case
from service.store.tables import Notice, NoticeProcedure, ProcessDefinition


@dataclass(frozen=True, slots=True)
class Offer:
    """What open notices let the public apply for; `freely`: one of them asks for no choice."""

    name: str
    choices: Sequence[Choice]
    freely: bool

    def chosen(self, value: str) -> Choice | None:
        """Return the choice of this value; None where nothing was chosen and need not be.

        Raises ChoiceMissing, ChoiceNotOffered.
        """
        for one in self.choices:
            if one.value == value:
                return one
        if value:
            raise ChoiceNotOffered(choice=value[:50])
        if not self.freely:
            raise ChoiceMissing(process=self.name)
        return None


def require_offered(session: Session, process_id: str, *, name: str, now: datetime) -> Offer:
    """Return what open notices let the public apply for; one statement.

    `name` is the procedure's. Raises NotOffered where none offers this process now.
    """
    lists = session.scalars(
        select(NoticeProcedure.choices)
        .join(Notice, Notice.key == NoticeProcedure.notice_key)
        .where(
            NoticeProcedure.process_id == process_id,
            Notice.withdrawn_at.is_(None),
            Notice.opens_at <= now,
            or_(Notice.closes_at.is_(None), Notice.closes_at > now),
            ~cancelled_case(Notice.instance_key).exists(),
            exists().where(
                ProcessDefinition.process_id == NoticeProcedure.process_id, may_start(OUTSIDER)
            ),
        )
    ).all()
    if not lists:
        raise NotOffered(process=name)
    choices = [Choice(process_id, **one) for each in lists for one in each]
    return Offer(name, choices, freely=not all(lists))
