"""The vote on an item: the check before it, each vote with the chair last, the result."""

from collections.abc import Collection

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from processes.committee import records
from processes.committee.desk import Sitting, said
from processes.committee.item_room import (
    VOTE_BEGUN,
    bar_reason,
    bars_of,
    chair_of,
    count_anew,
    counts_of,
    decide,
    eligible_of,
    names_of,
    open_item,
    quorum_of,
    require_chair,
    require_last,
    require_member,
    require_state,
    room_of,
    row_of,
    voted_of,
)
from processes.committee.record_tables import RecordKind
from processes.committee.refusals import (
    Circulation,
    NotAllVoted,
    NotDiscussed,
    NotPresent,
    Recused,
    TiedVoted,
    Unfit,
    VotedAlready,
    WrongState,
)
from processes.committee.rules import (
    Choice,
    Method,
    Readiness,
    Room,
    Tally,
    readiness,
    result,
)
from processes.committee.tables import (
    Attendee,
    Ballot,
    BallotBox,
    Item,
    ItemMember,
    ItemState,
    MeetingState,
    Statement,
    Vote,
)
from service.domain.values import Json

CIRCULATION = "circulation"
"""What somebody might ask for in place of a method."""


def begin_vote(sitting: Sitting, item_key: int, method: str) -> Readiness:
    """Check who is there, write the check down, and begin to vote if it may be voted on.

    Else the item is decided by the check: DEFERRED or NO_QUORUM, without a vote. Raises
    Circulation, NotDiscussed, ChairNeeded.
    """
    item = open_item(sitting, item_key)
    require_state(item, ItemState.DISCUSSED, act="开始表决")
    if method == CIRCULATION:
        raise Circulation
    if method not in set(Method):
        raise Unfit(reason="请选择表决方式")
    _apply_new_ties(sitting, item)
    room = room_of(sitting.tools.session, item)
    ready = readiness(room, quorum_of(sitting, item), sitting.settings)
    item.readiness = ready.words
    if ready.outcome is not None:
        item.escalate = ready.escalate
        decide(sitting, item, ready.outcome, ready.words, counts_of(room, None))
        return ready
    _require_discussed(sitting, item)
    require_chair(sitting, item)
    item.state, item.method, item.round = ItemState.VOTING, method, item.round + 1
    told = f"{item.title}：开始{Method(method).label}，第{item.round}轮；{ready.words}"
    sitting.note(told, item, for_good=VOTE_BEGUN)
    return ready


def cast(sitting: Sitting, item_key: int, username: str, choice: str, *, round_: int) -> None:
    """Enter a member's vote: they do, or in an open ballot the secretary for them.

    Raises NotAMember, NotPresent, Recused, VotedAlready, ChairVotesLast, WrongState, Unfit.
    """
    sitting.require(MeetingState.OPEN, act="表决")
    item = sitting.item(item_key)
    require_state(item, ItemState.VOTING, act="表决")
    if round_ != item.round:
        raise WrongState(act="表决", state="这一轮已经作废，请刷新后重新表态")
    if choice not in set(Choice):
        raise Unfit(reason="请选择同意、不同意、弃权或缓议")
    member, session = require_member(sitting, username), sitting.tools.session
    secret = Method(item.method).is_secret
    if secret and username != sitting.actor.username:
        raise WrongState(
            act="代为登记", state="无记名投票只能由本人投；用纸质票的，请在结束时登记票数"
        )
    row = row_of(sitting, item, username)
    _require_may_vote(sitting, item, row, member)
    _apply_new_ties(sitting, item)
    voted = voted_of(session, item)
    if username in voted:
        raise VotedAlready(who=member.name)
    if username == chair_of(sitting, item):
        require_last(sitting, item, voted)
    if secret:
        _put_in_box(session, item, username, Choice(choice))
        return
    session.add(
        Vote(
            item_key=item.key,
            round=item.round,
            username=username,
            number=len(voted) + 1,
            choice=choice,
            entered_at=sitting.now,
            entered_by=sitting.actor.username,
        )
    )
    by = "" if sitting.actor.username == username else "（会议秘书登记）"
    sitting.note_quietly(f"{item.title}：{member.name}表态{Choice(choice).label}{by}", item)


def close_vote(sitting: Sitting, item_key: int, paper: Tally | None = None) -> None:
    """End the vote of an item and work out what it comes to.

    `paper`: counts of a secret ballot on paper, one for each who could vote. A tie that came to be
    known since somebody voted spoils the round, and so does a chair who is gone unvoted. Raises
    TiedVoted, ChairGone, NotAllVoted.
    """
    item = open_item(sitting, item_key)
    require_state(item, ItemState.VOTING, act="结束表决")
    session, voted = sitting.tools.session, voted_of(sitting.tools.session, item)
    _require_untied(sitting, item, voted if paper is None else set(eligible_of(session, item)))
    _apply_new_ties(sitting, item)
    require_chair(sitting, item, voting=True)
    room = room_of(session, item)
    if paper is not None:
        _require_paper(item, room, voted, paper)
        tally = paper
    else:
        waiting = set(eligible_of(session, item)) - voted
        if waiting:
            raise NotAllVoted(waiting=names_of(sitting, waiting))
        tally = _tally(session, item)
    if Method(item.method).is_secret:
        _seal_box(session, item)
    found = result(room, tally, quorum_of(sitting, item), sitting.settings)
    decide(sitting, item, found.outcome, found.words, counts_of(room, tally))


def annul(sitting: Sitting, item_key: int, reason: str) -> None:
    """Annul a vote that was not held as the rules ask: it stays on record and is held anew."""
    item = open_item(sitting, item_key)
    require_state(item, ItemState.VOTING, act="作废本轮")
    why = said(reason, "程序上的问题", longest=200)
    method, figures = Method(item.method), _figures(sitting.tools.session, item)
    if method.is_secret:
        _seal_box(sitting.tools.session, item)
    item.state, item.method = ItemState.DISCUSSED, ""
    count_anew(sitting, item)
    told = "、".join(f"{each.label}{figures[each]}票" for each in Choice if each in figures)
    given = f"已表态{figures['cast']}人" + (f"（{told}）" if told else "")
    records.enter(
        sitting,
        RecordKind.ANNULLED,
        f"第{item.round}轮{method.label}作废，重新表决；作废时{given}",
        reason=why,
        item=item,
        figures=figures,
    )


def _figures(session: Session, item: Item) -> dict[str, Json]:
    """What was entered in the round; of a secret one no choices before the last one is given.

    Some of them would tell whose they are.
    """
    voted = voted_of(session, item)
    found: dict[str, Json] = {"round": item.round, "cast": len(voted)}
    if Method(item.method).is_secret and not voted >= set(eligible_of(session, item)):
        return found
    tally = _tally(session, item)
    return found | {each.value: getattr(tally, each.value) for each in Choice}


def _require_discussed(sitting: Sitting, item: Item) -> None:
    session = sitting.tools.session
    spoken = select(Statement.number).where(Statement.item_key == item.key, ~Statement.written)
    if session.scalar(spoken.limit(1)) is None and not records.is_silent(session, item):
        raise NotDiscussed(title=item.title)


def _tally(session: Session, item: Item) -> Tally:
    if Method(item.method).is_secret:
        box = select(BallotBox.choice, BallotBox.votes).where(
            BallotBox.item_key == item.key, BallotBox.round == item.round
        )
        return Tally(**{choice: votes for choice, votes in session.execute(box)})
    rows = session.execute(
        select(Vote.choice, func.count())
        .where(Vote.item_key == item.key, Vote.round == item.round)
        .group_by(Vote.choice)
    )
    return Tally(**{choice: votes for choice, votes in rows})


def _put_in_box(session: Session, item: Item, username: str, choice: Choice) -> None:
    session.add(Ballot(item_key=item.key, round=item.round, username=username))
    key = (item.key, item.round, choice.value)
    if session.get(BallotBox, key) is None:
        # All at once, so that no row tells by its coming which choice came first.
        for each in Choice:
            session.add(BallotBox(item_key=item.key, round=item.round, choice=each, votes=0))
    session.flush()
    session.execute(
        update(BallotBox)
        .where(
            BallotBox.item_key == item.key,
            BallotBox.round == item.round,
            BallotBox.choice == choice,
        )
        .values(votes=BallotBox.votes + 1)
    )


def _seal_box(session: Session, item: Item) -> None:
    """Empty the box, and write anew who has voted: nothing is left that tells an order."""
    its = (Ballot.item_key == item.key, Ballot.round == item.round)
    voters = sorted(session.scalars(select(Ballot.username).where(*its)))
    session.execute(
        delete(BallotBox).where(BallotBox.item_key == item.key, BallotBox.round == item.round)
    )
    session.execute(delete(Ballot).where(*its))
    if voters:
        rows = [{"item_key": item.key, "round": item.round, "username": name} for name in voters]
        session.execute(insert(Ballot), rows)


def _require_paper(item: Item, room: Room, voted: Collection[str], paper: Tally) -> None:
    if not Method(item.method).is_secret:
        raise WrongState(act="登记票数", state="只有无记名投票按票数登记")
    if voted:
        raise WrongState(act="登记纸质票", state="已经有人在线投票；要改用纸质票，请先作废本轮")
    if min(paper.yes, paper.no, paper.abstain, paper.postpone) < 0:
        raise Unfit(reason="票数不能是负数")
    if paper.cast != room.eligible:
        raise Unfit(
            reason=f"可以表决的{room.eligible}人，票数合计应为{room.eligible}，"
            f"现在是{paper.cast}（废票、空白票计入弃权）"
        )


def _require_may_vote(sitting: Sitting, item: Item, row: ItemMember, member: Attendee) -> None:
    if not row.present:
        raise NotPresent(who=member.name)
    if row.recused:
        raise Recused(who=member.name, reason=row.reason)
    bar = bars_of(sitting.tools.session, item).get(member.username)
    if bar is not None:
        raise Recused(who=member.name, reason=bar_reason(bar, item))


def _require_untied(sitting: Sitting, item: Item, voted: Collection[str]) -> None:
    for username, bar in bars_of(sitting.tools.session, item).items():
        if username in voted:
            raise TiedVoted(who=names_of(sitting, [username]), reason=bar_reason(bar, item))


def _apply_new_ties(sitting: Sitting, item: Item) -> None:
    """Recuse who has been declared tied since the discussion began and has not voted."""
    voted = voted_of(sitting.tools.session, item) if item.state == ItemState.VOTING else set()
    for username, bar in bars_of(sitting.tools.session, item).items():
        row = sitting.tools.session.get(ItemMember, (item.key, username))
        if row is not None and not row.recused and username not in voted:
            row.recused, row.reason = True, bar_reason(bar, item)
    sitting.tools.session.flush()
