"""An item before its vote: opened, discussed, members recused; put off, or taken up again."""

from collections.abc import Sequence

from sqlalchemy import func, select

from processes.committee import decisions, records
from processes.committee.again import blocking, proposal_of
from processes.committee.agenda import item_again, require_case, tell_reconsidered
from processes.committee.desk import Sitting, said
from processes.committee.item_room import (
    bar_reason,
    bars_of,
    chair_of,
    counts_of,
    decide,
    names_of,
    open_item,
    require_chair,
    require_last,
    require_member,
    require_state,
    room_of,
    row_of,
    voted_of,
)
from processes.committee.keeping_out import bar_of
from processes.committee.proposals import require_new
from processes.committee.record_tables import RecordKind
from processes.committee.refusals import (
    ChairNeeded,
    DecidedAbove,
    NothingToReconsider,
    NotPresent,
    Reconsidering,
    RecorderTied,
    Recused,
    Unfit,
    WrongState,
)
from processes.committee.rules import ItemClass, Outcome, reconsidered
from processes.committee.tables import Item, ItemMember, ItemState, MeetingState, Statement
from service.domain.values import Json


def discuss(sitting: Sitting, item_key: int) -> None:
    """Open an item; who is tied to its person is recused at once (C-RECUSE)."""
    sitting.require(MeetingState.OPEN, act="开始讨论")
    other = sitting.open_item()
    if other is not None:
        raise WrongState(
            act="开始讨论", state=f"“{other.title}”还没有议定，应当逐项讨论（规则 C-EACH）"
        )
    item = sitting.item(item_key)
    require_state(item, ItemState.AGENDA, act="开始讨论")
    _require_recorder(sitting, item)
    require_case(sitting.tools.session, item)
    _require_undecided(sitting, item)
    item.state = ItemState.DISCUSSED
    barred = bars_of(sitting.tools.session, item)
    for member in sitting.attendees(due=True):
        bar = barred.get(member.username)
        sitting.tools.session.add(
            ItemMember(
                item_key=item.key,
                username=member.username,
                present=sitting.is_there(member),
                recused=bar is not None,
                reason="" if bar is None else bar_reason(bar, item),
            )
        )
    sitting.tools.session.flush()
    out = [row.name for row in sitting.attendees(due=True) if row.username in barred]
    told = f"；依回避申报应当回避：{'、'.join(out)}" if out else ""
    sitting.note(f"开始讨论：{item.title}{told}", item)


def _require_undecided(sitting: Sitting, item: Item) -> None:
    """Ask again whether the matter may come (C-AGAIN): it may have been decided since.

    Raises Blocked, NothingNew.
    """
    if item.root_key != item.key:
        return
    proposal = proposal_of(item)
    before = blocking(sitting.tools.session, proposal)
    if before is not None:
        require_new(before, proposal, item.ground)


def _require_recorder(sitting: Sitting, item: Item) -> None:
    bar = bar_of(sitting.tools.session, item, sitting.meeting.recorder)
    if bar is not None:
        raise RecorderTied(who=sitting.meeting.recorder_name, reason=bar_reason(bar, item))


def recuse(sitting: Sitting, item_key: int, username: str, reason: str) -> None:
    """Recuse a member who has not voted: on their own word, or as the meeting decides."""
    item, member = open_item(sitting, item_key), require_member(sitting, username)
    row = row_of(sitting, item, username)
    if voted_of(sitting.tools.session, item) & {username}:
        raise WrongState(act="登记回避", state=f"{member.name}已经表态，请先作废本轮")
    row.recused, row.reason = True, f"（{said(reason, '回避的理由', longest=200)}）"
    sitting.note(f"{item.title}：{member.name}回避{row.reason}，离开会场", item)


def unrecuse(sitting: Sitting, item_key: int, username: str, reason: str) -> None:
    """Take back a recusal that was entered by mistake, before the vote; what happened is recorded.

    Raises WrongState where the tie is declared, which no act of the desk undoes.
    """
    item, member = open_item(sitting, item_key), require_member(sitting, username)
    require_state(item, ItemState.DISCUSSED, act="撤销回避登记")
    row = row_of(sitting, item, username)
    if not row.recused:
        raise WrongState(act="撤销回避登记", state=f"{member.name}没有登记回避")
    bar = bars_of(sitting.tools.session, item).get(username)
    if bar is not None:
        raise WrongState(
            act="撤销回避登记",
            state=f"{member.name}{bar_reason(bar, item)}，应当回避（规则 C-RECUSE）",
        )
    why, before = said(reason, "撤销的理由", longest=200), row.reason
    row.recused, row.reason, row.present = False, "", sitting.is_there(member)
    told = f"{member.name}的回避{before}系误登，已撤销"
    records.enter(sitting, RecordKind.UNRECUSED, told, reason=why, item=item)


def delegate_item(sitting: Sitting, item_key: int, username: str) -> None:
    """Let another member chair this item, whose chair is recused or gone (C-CHAIR)."""
    item, member = open_item(sitting, item_key), require_member(sitting, username)
    if item.state == ItemState.VOTING and voted_of(sitting.tools.session, item):
        raise WrongState(act="委托主持", state="已经开始投票，请先作废本轮")
    row = row_of(sitting, item, username)
    if not row.present or row.recused:
        raise ChairNeeded(who=member.name, reason="没有到会或者应当回避")
    before = names_of(sitting, [chair_of(sitting, item)])
    item.chair = username
    told = f"{before}不主持本项，委托{member.name}主持"
    records.enter(sitting, RecordKind.CHAIR, told, item=item)


def nobody_speaks(sitting: Sitting, item_key: int) -> None:
    """Enter that nobody asked to speak on the item (C-DISCUSS): it may be voted on then."""
    item, session = open_item(sitting, item_key), sitting.tools.session
    require_state(item, ItemState.DISCUSSED, act="登记无人发言")
    spoken = select(func.count()).where(Statement.item_key == item.key, ~Statement.written)
    if session.scalar(spoken):
        raise WrongState(act="登记无人发言", state="这项议题已经登记了发言")
    if records.is_silent(session, item):
        raise WrongState(act="登记无人发言", state="已经登记过了")
    records.enter(sitting, RecordKind.SILENT, "主持人征询意见，没有成员要求发言", item=item)


def state(sitting: Sitting, item_key: int, username: str, text: str, *, written: bool) -> None:
    """Enter what a member said, in the order in which it was said; the chair speaks last (C-LAST).

    `written`: the opinion of somebody absent. It is kept and never counted (C-WRITTEN).
    """
    item, member = open_item(sitting, item_key), require_member(sitting, username)
    row, session = row_of(sitting, item, username), sitting.tools.session
    if row.recused:
        raise Recused(who=member.name, reason=row.reason)
    if written and row.present:
        raise Unfit(reason=f"{member.name}已经到会，请登记发言")
    if not written and not row.present:
        raise NotPresent(who=member.name)
    if (
        not written
        and ItemClass(item.item_class).about_a_person
        and username == chair_of(sitting, item)
    ):
        spoken = set(
            session.scalars(select(Statement.username).where(Statement.item_key == item.key))
        )
        require_last(sitting, item, spoken | voted_of(session, item))
    number = session.scalar(select(func.count()).where(Statement.item_key == item.key)) or 0
    session.add(
        Statement(
            item_key=item.key,
            number=number + 1,
            username=username,
            text=said(text, "发言内容"),
            written=written,
            entered_at=sitting.now,
            entered_by=sitting.actor.username,
        )
    )
    what = "书面意见（不计票）" if written else "发言"
    sitting.note(f"{item.title}：登记{member.name}的{what}", item)


def put_off(
    sitting: Sitting, item_key: int, outcome: Outcome, reason: str, *, proposer: str
) -> None:
    """Defer an item or return it for more inquiry, before it is voted on, as a member proposes.

    Raises ChairNeeded, NotAMember, NotPresent, Recused, WrongState, Unfit.
    """
    item = open_item(sitting, item_key)
    require_state(item, ItemState.DISCUSSED, act="缓议或退回")
    if outcome not in {Outcome.DEFERRED, Outcome.RETURNED}:
        raise Unfit(reason="请选择缓议或退回补充调查")
    require_chair(sitting, item)
    member, row = require_member(sitting, proposer), row_of(sitting, item, proposer)
    if not row.present:
        raise NotPresent(who=member.name)
    if row.recused:
        raise Recused(who=member.name, reason=row.reason)
    item.reason = said(reason, "缓议或退回的理由", longest=500)
    words = f"{outcome.label}（{member.name}提议）：{item.reason}"
    decide(sitting, item, outcome, words, counts_of(room_of(sitting.tools.session, item), None))


def reconsider(
    sitting: Sitting, decided: Item, *, proposer: str, reason: str, consenting: Sequence[str]
) -> Item | None:
    """Take a decision up again where more than half of the members agree in this meeting (C-AGAIN).

    Returns the new item that waits for an agenda, or None where too few agree; both are recorded.
    What a member says after the meeting changes nothing. The decision holds until there is another
    one. Raises NothingToReconsider, Reconsidering, ItemTied, Recused: who keeps out of the item
    keeps out of taking it up again, too.
    """
    sitting.require(MeetingState.OPEN, act="提出复议")
    sitting.require_untied(decided)
    _require_standing(sitting, decided)
    why = said(reason, "复议的理由", longest=500)
    proposing = require_member(sitting, proposer)
    agreed = [require_member(sitting, each) for each in dict.fromkeys(consenting)]
    kept_out = _kept_out(sitting, decided)
    for one in (proposing, *agreed):
        if not sitting.is_there(one):
            raise NotPresent(who=one.name)
        if one.username in kept_out:
            raise Recused(who=one.name, reason=kept_out[one.username])
    due = len(sitting.attendees(due=True))
    names = "、".join(one.name for one in agreed) or "无"
    consent = f"同意的{len(agreed)}人（{names}），应到{due}人"
    told = f"{proposing.name}提议复议“{decided.title}”：{why}；{consent}"
    asked = f"{proposing.name}提议复议，{consent}"
    carried = reconsidered(due, len(agreed))
    figures: dict[str, Json] = {"due": due, "consenting": len(agreed), "accepted": carried}
    said_then = "超过半数，同意复议" if carried else "没有超过半数，不予复议，原决定继续有效"
    records.enter(
        sitting, RecordKind.MOTION, f"{asked}，{said_then}", reason=why, item=decided,
        figures=figures,
    )  # fmt: skip
    if not carried:
        return None
    item = item_again(
        decided, sitting.tools.keys.next(), told, actor=sitting.actor.username, now=sitting.now
    )
    sitting.tools.session.add(item)
    sitting.tools.session.flush()
    sitting.note(f"{told}，超过半数，同意复议", decided)
    tell_reconsidered(sitting.tools, item, now=sitting.now)
    return item


def _require_standing(sitting: Sitting, decided: Item) -> None:
    session = sitting.tools.session
    # Two meetings may be open at once: the second waits here for the first.
    session.scalar(select(Item.key).where(Item.key == decided.root_key).with_for_update())
    holds = decisions.standing(session, decided)
    if holds is None or holds.key != decided.key:
        raise NothingToReconsider(title=decided.title)
    if (by := decisions.above(session, holds)) is not None:
        raise DecidedAbove(title=decided.title, organ=by.organ, number=by.number)
    if decisions.taken_up(session, decided) is not None:
        raise Reconsidering(title=decided.title)


def _kept_out(sitting: Sitting, item: Item) -> dict[str, str]:
    """Who was recused from the item, or is tied to its person now, with why (C-RECUSE)."""
    session = sitting.tools.session
    rows = select(ItemMember).where(ItemMember.item_key == item.key, ItemMember.recused)
    barred = bars_of(session, item)
    return {row.username: row.reason for row in session.scalars(rows)} | {
        username: bar_reason(bar, item) for username, bar in barred.items()
    }
