"""What the pages show of the item that is discussed or voted on."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.committee.item_room import eligible_of, room_of, voted_of
from processes.committee.norms import settings_of
from processes.committee.rules import (
    ItemClass,
    Method,
    quorum_needed,
    vote_base,
    votes_needed,
)
from processes.committee.tables import (
    Attendee,
    Item,
    ItemMember,
    ItemState,
    Meeting,
    Statement,
    Vote,
)


@dataclass(frozen=True, slots=True)
class VoteLine:
    """A member due, in the item that is open. `choice` is a value of `Choice`, empty
    where it is secret or not given.
    """

    username: str
    name: str
    present: bool
    recused: bool
    reason: str
    voted: bool
    choice: str
    chairs: bool


@dataclass(frozen=True, slots=True)
class OpenItem:
    """The item that is discussed or voted on."""

    item: Item
    chair: str
    rule: str
    lines: Sequence[VoteLine]
    statements: Sequence[Statement]
    votes_cast: int
    votes_due: int
    secret: bool

    @property
    def spoken(self) -> bool:
        """Whether anybody who is there has said anything."""
        return any(not one.written for one in self.statements)


def open_view(
    session: Session, meeting: Meeting, item: Item, people: Sequence[Attendee]
) -> OpenItem:
    """Show the item that is open; a choice only where the vote is open and on."""
    rows = {
        row.username: row
        for row in session.scalars(select(ItemMember).where(ItemMember.item_key == item.key))
    }
    secret = bool(item.method) and Method(item.method).is_secret
    voting = item.state == ItemState.VOTING
    voted = voted_of(session, item) if voting else set()
    choices = {} if secret or not voting else _choices(session, item)
    chair = item.chair or meeting.chair
    lines = [
        VoteLine(
            username=one.username,
            name=one.name,
            present=rows[one.username].present,
            recused=rows[one.username].recused,
            reason=rows[one.username].reason,
            voted=one.username in voted,
            choice=choices.get(one.username, ""),
            chairs=one.username == chair,
        )
        for one in people
        if one.username in rows
    ]
    statements = select(Statement).where(Statement.item_key == item.key)
    return OpenItem(
        item=item,
        chair=chair,
        rule=_rule(session, meeting, item),
        lines=lines,
        statements=session.scalars(statements.order_by(Statement.number)).all(),
        votes_cast=len(voted),
        votes_due=len(eligible_of(session, item)),
        secret=secret,
    )


def _choices(session: Session, item: Item) -> dict[str, str]:
    rows = session.execute(
        select(Vote.username, Vote.choice).where(
            Vote.item_key == item.key, Vote.round == item.round
        )
    )
    return {username: choice for username, choice in rows}


def _rule(session: Session, meeting: Meeting, item: Item) -> str:
    settings, room = settings_of(meeting.settings), room_of(session, item)
    quorum = settings.quorums[ItemClass(item.item_class)]
    needed = quorum_needed(room.due, quorum, settings)
    majority = votes_needed(vote_base(room, settings))
    return (
        f"应到{room.due}人，实到{room.present}人，回避{room.recused}人；"
        f"本类事项须{quorum.label}以上即{needed}人到会，赞成{majority}票通过"
    )
