"""The party organ above decides what the group never can (C-NEVER): sent, answered, registered.

What it decides stands in the register as a decision on the same matter, with its organ and
document; the case goes on by it as if the group had decided.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.committee import decisions
from processes.committee.agenda import item_again
from processes.committee.norms import NORMS, RULES_VERSION
from processes.committee.refusals import NotForAbove
from processes.committee.rules import Outcome
from processes.committee.tables import Item, ItemState, SuperiorDecision
from processes.registers.days import said_day
from service.domain.actors import Actor
from service.domain.values import Json

_LONGEST_NAME = 60
_LONGEST_NUMBER = 60


class Answer(StrEnum):
    """What the organ above says: it decides, or gives the matter back to the group."""

    AGREED = "同意"
    REFUSED = "不同意"
    RETURNED = "退回由本局再议"


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent to the organ above; `documents` are keys of files."""

    organ: str
    number: str
    sent_on: date | None
    documents: Json


@dataclass(frozen=True, slots=True)
class Reply:
    """What the organ above has answered; `answer` is None where nobody has said it."""

    answer: Answer | None
    number: str
    dated_on: date | None
    documents: Json


def sent_problems(sent: Sent, *, organs: Sequence[str], today: date) -> list[str]:
    """Return why nothing was sent to an organ above yet; `organs` are those of the rules."""
    cited = f"（规则 C-NEVER，{NORMS['C-NEVER'].source}）"
    problems = []
    if not sent.organ or len(sent.organ) > _LONGEST_NAME:
        problems.append(f"请写明批准设立本党组的党组织{cited}。")
    elif sent.organ not in organs:
        problems.append(
            f"“{sent.organ}”不是上级党组织，应为议事规则设定的{'、'.join(organs)}{cited}。"
        )
    problems += _paper_problems("请示", sent.number, sent.sent_on, sent.documents, today)
    return problems


def reply_problems(reply: Reply, sent: Sent, *, today: date) -> list[str]:
    """Return why a reply decides nothing: what of it is missing, or comes before the request."""
    problems = (
        [] if reply.answer is not None else ["请选择上级党组织同意、不同意还是退回由本局再议。"]
    )
    problems += _paper_problems("答复", reply.number, reply.dated_on, reply.documents, today)
    if reply.dated_on is not None and sent.sent_on is not None and reply.dated_on < sent.sent_on:
        problems.append(f"答复的日期不能早于报送的日期（{said_day(sent.sent_on)}）。")
    return problems


def waits_for_above(session: Session, key: int) -> Item:
    """Return the item that the group can never decide, locked. Raises NotForAbove for others."""
    item = session.scalar(select(Item).where(Item.key == key).with_for_update())
    if item is None or decisions.awaited(session, item.root_key) is not item:
        raise NotForAbove
    return item


def back_to_group(
    session: Session, asked_key: int, ground: str, *, key: int, actor: Actor, now: datetime
) -> None:
    """Let an item come before the group again instead of the organ above; once for a key.

    The case that put it up supplements it and puts it up anew. What no case waits for, and a 复议
    that was agreed to, waits for an agenda at once, as an item of this key. Raises NotForAbove.
    """
    if session.get(Item, key) is not None:
        return
    asked = waits_for_above(session, asked_key)
    asked.escalate, asked.reason = False, ground
    again = asked.root_key != asked.key
    if asked.instance_key is None or again:
        item = item_again(asked, key, ground, actor=actor.username, now=now)
        item.root_key = asked.root_key if again else key
        session.add(item)
    session.flush()


def record(
    session: Session,
    asked_key: int,
    sent: Sent,
    reply: Reply,
    *,
    key: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Write a reply without problems into the register, once for a key. Raises NotForAbove."""
    if session.get(Item, key) is not None:
        return
    assert reply.dated_on is not None and sent.sent_on is not None  # noqa: S101, PT018 - no problems
    told = f"{sent.organ}{said_day(reply.dated_on)}"
    if reply.answer is Answer.RETURNED:
        ground = f"{told}{reply.answer.value}（{reply.number}）"
        back_to_group(session, asked_key, ground, key=key, actor=actor, now=now)
        return
    asked = waits_for_above(session, asked_key)
    agreed = reply.answer is Answer.AGREED
    ground = f"本党组不可能形成多数，{said_day(sent.sent_on)}报{sent.organ}决定（{sent.number}）"
    item = item_again(asked, key, ground, actor=actor.username, now=now)
    item.state, item.decided_at, item.rules_version = ItemState.DECIDED, now, RULES_VERSION
    item.outcome = Outcome.CARRIED if agreed else Outcome.NOT_CARRIED
    item.words = f"{told}决定{'同意' if agreed else '不同意'}（{reply.number}）"
    session.add(item)
    session.flush()
    session.add(
        SuperiorDecision(
            item_key=key,
            organ=sent.organ,
            number=reply.number,
            dated_on=reply.dated_on,
            sent_number=sent.number,
            sent_on=sent.sent_on,
            documents={"sent": sent.documents, "reply": reply.documents},
            recorded_at=now,
            recorded_by=actor.username,
            recorded_by_name=actor.display_name or actor.username,
        )
    )
    session.flush()


def _paper_problems(
    what: str, number: str, on: date | None, documents: Json, today: date
) -> list[str]:
    problems = []
    if not number or len(number) > _LONGEST_NUMBER:
        problems.append(f"请填写{what}的文号。")
    if on is None or on > today:
        problems.append(f"{what}的日期没有填写，或者晚于今天。")
    if not documents:
        problems.append(f"请上传{what}的文件。")
    return problems
