"""Who sees rounds and registers what comes from outside: by rights on the register."""

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from processes.recruitment.history import RoundNotFound
from processes.recruitment.tables import Round
from processes.registers.rule_books import RECRUITMENT
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.errors import Forbidden
from service.procedure import granted


class RecruitmentForbidden(Forbidden):
    """你可以查看招聘，但没有登记的权限，没有改动。如有需要请联系管理员。"""

    code = "recruitment.forbidden"


def may(session: Session, actor: Actor, action: Action) -> bool:
    """Tell whether the actor has this right on the register of recruitment."""
    right = granted(actor, ObjectKind.REGISTER, action, literal(RECRUITMENT))
    return bool(session.scalar(select(right)))


def page_of_case(session: Session, actor: Actor, key: int) -> str | None:
    """Return the page of the round that a case is about, for who may open it."""
    if not may(session, actor, Action.READ):
        return None
    round_key = session.scalar(select(Round.key).where(Round.instance_key == key))
    return None if round_key is None else f"/recruitment/{round_key}"


def require_reader(session: Session, actor: Actor) -> None:
    """Raise RoundNotFound for strangers: the same as for a round that is not there."""
    if not may(session, actor, Action.READ):
        raise RoundNotFound


def require_clerk(session: Session, actor: Actor) -> None:
    """Raise RoundNotFound for strangers, RecruitmentForbidden for who only reads."""
    require_reader(session, actor)
    if not may(session, actor, Action.ACT):
        raise RecruitmentForbidden
