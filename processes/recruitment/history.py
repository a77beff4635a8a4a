"""The history of a round: every act on it, its posts and its candidates, chained by digests.

It lies in `register_change` as that of any register's entry: register `recruitment`, entry the
round. Names of candidates are not in it: their keys are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.recruitment.tables import Round
from processes.registers.changes import digest_of
from processes.registers.roster import RegisterChange
from processes.registers.rule_books import RECRUITMENT
from service.domain.actors import Actor
from service.domain.errors import NotFound


class RoundNotFound(NotFound):
    """没有找到这一轮招聘，或者你没有查看的权限。"""

    code = "recruitment.round-not-found"


@dataclass(frozen=True, slots=True)
class Step:
    """The step of a case, or the act on a page, that changes a round."""

    key: int
    """Key of the element instance; 0 for an act on a page."""
    instance_key: int
    actor: Actor
    now: datetime
    rules: str
    """Version of rules and settings that was applied."""


def locked(session: Session, round_key: int) -> Round:
    """Return a round under its lock, until the end of the transaction. Raises RoundNotFound."""
    statement = select(Round).where(Round.key == round_key).with_for_update()
    found = session.scalar(statement.execution_options(populate_existing=True))
    if found is None:
        raise RoundNotFound
    return found


def case_of(session: Session, round_key: int) -> int:
    """Return the key of a round's case, to be locked before the round. Raises RoundNotFound."""
    found = session.scalar(select(Round.instance_key).where(Round.key == round_key))
    if found is None:
        raise RoundNotFound
    return found


def note(
    session: Session, round_: Round, act: str, said: Mapping[str, str], step: Step, *, reason: str
) -> None:
    """Write an act on a round, which the caller has locked.

    `said` are what the act is about and came to: keys and figures, no names; `reason` in words.
    """
    previous = session.scalar(
        select(RegisterChange.digest)
        .where(RegisterChange.register == RECRUITMENT, RegisterChange.entry_key == round_.key)
        .order_by(RegisterChange.revision.desc())
        .limit(1)
    )
    round_.revision += 1
    change = RegisterChange(
        register=RECRUITMENT,
        entry_key=round_.key,
        revision=round_.revision,
        act=act,
        at=step.now,
        by=step.actor.username,
        by_name=step.actor.display_name,
        reason=reason,
        changes={key: ["", value] for key, value in said.items()},
        rules=step.rules,
        instance_key=step.instance_key,
        cause_key=step.key or None,
        digest="",
    )
    change.digest = digest_of(change, previous or "")
    session.add(change)
    session.flush()


def acts_of(session: Session, round_key: int) -> Sequence[RegisterChange]:
    """Return all acts on a round, the newest first; whom it is shown to, the caller has asked."""
    return session.scalars(
        select(RegisterChange)
        .where(RegisterChange.register == RECRUITMENT, RegisterChange.entry_key == round_key)
        .order_by(RegisterChange.revision.desc())
    ).all()


def newest_said(
    session: Session, round_key: int, act: str, **about: str
) -> Mapping[str, str] | None:
    """Return what the newest act of this kind said, of those about this; None: there is none."""
    for change in acts_of(session, round_key):
        said = said_in(change)
        if change.act == act and about.items() <= said.items():
            return said
    return None


def said_in(change: RegisterChange) -> dict[str, str]:
    """Return what `note` was told an act is about and came to."""
    changes = change.changes if isinstance(change.changes, dict) else {}
    return {key: str(pair[1]) for key, pair in changes.items() if isinstance(pair, list)}


def is_whole(acts: Sequence[RegisterChange], round_: Round) -> bool:
    """Tell whether the acts are all there and as they were written; `acts` as `acts_of` gives."""
    digest = ""
    for number, change in enumerate(reversed(acts), start=1):
        digest = digest_of(change, digest)
        if change.revision != number or change.digest != digest:
            return False
    return round_.revision == len(acts)
