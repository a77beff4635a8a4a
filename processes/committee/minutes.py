"""What the minutes (纪要) say, as values: the same for the page, DOCX and PDF.

The least that they hold is rule C-RECORD: time, place, who was due, there, absent and why, sat in,
chaired; each item with materials, recusals, statements in their order, method, counts, result,
dissent; recorder, signature, archive number. What happened to the procedure (程序事项) comes after
the items.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.committee import records, signers
from processes.committee.again import ground_words
from processes.committee.keeping_out import parts_to_sign
from processes.committee.record_tables import RecordKind
from processes.committee.records import OF_ANY, Told
from processes.committee.rules import Choice, ItemClass, Method, Outcome
from processes.committee.tables import (
    Attendee,
    Item,
    ItemMember,
    ItemState,
    Meeting,
    Presence,
    Statement,
    Vote,
)
from processes.registers.days import BUREAU_TIME
from processes.registers.party_group.decisions import item_number
from service.domain.dates import shown
from service.domain.values import Json
from service.procedure import people_names

TITLE = "局党组会议纪要"
PROCEDURAL = "程序事项"
WITHHELD = "与本项所涉人员有应当回避的关系，内容不向你显示。"
PART = "分项本，只列由你主持的议题，供签认"
EXTRACT = "回避本，应当回避的议题未列内容，以归档的纪要为准"
CONFIDENTIAL = "内部资料，公示或送达之前不得外传"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with lines of text."""

    heading: str
    lines: tuple[str, ...]
    item: int = 0
    """Key of the item it is about; 0 for what is about none."""
    of: tuple[int, ...] = ()
    """Where lines are about items of their own: the item's key of each line, 0 for none, OF_ANY
    for what may be about each of them."""

    def without(self, items: frozenset[int], number: int) -> "Section":
        """Return it, as the numbered part of the minutes, for who reads nothing of these items."""
        if self.item in items:
            return Section(f"第{number}项　（应当回避）", (WITHHELD,), self.item)
        if not self.of:
            return self
        shown = [
            WITHHELD if key in items or (key == OF_ANY and items) else line
            for key, line in zip(self.of, self.lines, strict=True)
        ]
        return replace(self, lines=tuple(shown))

    def is_about(self, items: frozenset[int]) -> bool:
        """Tell whether anything in it is about one of these items."""
        return self.item in items or not items.isdisjoint(self.of)


@dataclass(frozen=True, slots=True)
class Minutes:
    """The whole text. `facts` are label and value; `signature` are the lines at the end."""

    title: str
    number: str
    mark: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    signature: tuple[str, ...]

    def as_json(self) -> Json:
        """Return it as it is archived."""
        return {
            "title": self.title,
            "number": self.number,
            "mark": self.mark,
            "facts": [list(each) for each in self.facts],
            "sections": [
                {
                    "heading": s.heading,
                    "lines": list(s.lines),
                    "item": str(s.item),
                    "of": [str(key) for key in s.of],
                }
                for s in self.sections
            ],
            "signature": list(self.signature),
        }

    def without(self, items: frozenset[int]) -> "Minutes":
        """Return the minutes for somebody from whom these items are kept (C-RECUSE)."""
        if not any(section.is_about(items | {OF_ANY}) for section in self.sections) or not items:
            return self
        shown = tuple(
            section.without(items, number) for number, section in enumerate(self.sections, start=1)
        )
        return replace(self, mark="；".join(filter(None, (self.mark, EXTRACT))), sections=shown)

    def only(self, items: frozenset[int]) -> "Minutes":
        """Return the minutes for who chaired these items, and signs that part alone."""
        shown = tuple(
            replace(
                section,
                lines=tuple(
                    line
                    for key, line in zip(section.of, section.lines, strict=True)
                    if key in items
                ),
                of=tuple(key for key in section.of if key in items),
            )
            if section.of
            else section
            for section in self.sections
            if section.is_about(items)
        )
        return replace(self, mark="；".join(filter(None, (self.mark, PART))), sections=shown)


def read_back(kept: Json) -> Minutes:
    """Return archived minutes as they were written."""
    made = cast("dict[str, Any]", kept)
    return Minutes(
        title=made["title"],
        number=made["number"],
        mark=made["mark"],
        facts=tuple((label, value) for label, value in made["facts"]),
        sections=tuple(
            Section(
                one["heading"],
                tuple(one["lines"]),
                int(one.get("item", 0)),
                tuple(
                    _about(int(key), line)
                    for key, line in zip(one.get("of", ()), one["lines"], strict=False)
                ),
            )
            for one in made["sections"]
        ),
        signature=tuple(made["signature"]),
    )


def _about(key: int, line: str) -> int:
    """Tell words on the agenda from what is about no item, in minutes archived without saying."""
    said_of_the_agenda = not key and line.startswith(f"{RecordKind.AGENDA.label}：")
    return OF_ANY if said_of_the_agenda and ("；理由：" in line or line.count("（") > 1) else key


def minutes_of(session: Session, meeting: Meeting) -> Minutes:
    """Write the minutes of a meeting from its records."""
    ordered = select(Attendee).where(Attendee.meeting_key == meeting.key)
    people = session.scalars(
        ordered.order_by(Attendee.due.desc(), Attendee.rank, Attendee.username)
    ).all()
    items = session.scalars(
        select(Item)
        .where(Item.meeting_key == meeting.key, Item.state == ItemState.DECIDED)
        .order_by(Item.position, Item.key)
    ).all()
    names = {one.username: one.name for one in people}
    told = records.of_meeting(session, meeting.key)
    return Minutes(
        title=TITLE,
        number=meeting.number,
        mark=CONFIDENTIAL if any(ItemClass(i.item_class).about_a_person for i in items) else "",
        facts=_facts(meeting, people, names),
        sections=(
            *(
                _section(session, meeting, number, item, names)
                for number, item in enumerate(items, start=1)
            ),
            *([_procedural(told)] if told else []),
        ),
        signature=(
            *_signed(session, meeting, items, names),
            f"议事规则版本：{meeting.rules_version}",
            f"归档编号：{meeting.archive_number or '（签发后编号）'}",
        ),
    )


def _signed(
    session: Session, meeting: Meeting, items: Sequence[Item], names: dict[str, str]
) -> list[str]:
    """Name who took, checked and signed: who does so for another one is said so."""
    checker, checked_by = signers.checker_of(session, meeting)
    signer, parts = signers.signer_of(session, meeting), parts_to_sign(session, meeting)
    chair = names.get(meeting.chair, meeting.chair)
    in_place = f"签发：{names.get(signer, signer)}（代主持会议的{chair}，见{PROCEDURAL}）"
    lines = [f"记录人：{meeting.recorder_name}"]
    if checker != meeting.recorder:
        lines.append(f"核对：{checked_by}（代记录人，见{PROCEDURAL}）")
    lines.append(f"主持人（签发）：{chair}" if signer == meeting.chair else in_place)
    for number, item in enumerate(items, start=1):
        if item.key in parts:
            who = parts[item.key]
            chaired = "主持人" if who == item.chair else ""
            lines.append(f"第{number}项{chaired}（签认）：{names.get(who, who)}")
    return lines


def _procedural(told: Sequence[Told]) -> Section:
    return Section(
        PROCEDURAL,
        tuple(one.line for one in told),
        of=tuple(one.about for one in told),
    )


def _facts(
    meeting: Meeting, people: Sequence[Attendee], names: dict[str, str]
) -> tuple[tuple[str, str], ...]:
    due = [one for one in people if one.due]
    there = [one for one in due if one.presence in {Presence.PRESENT, Presence.LEFT}]
    remote = [one for one in due if one.presence == Presence.REMOTE]
    absent = [one for one in due if one.presence in {Presence.ABSENT, Presence.EXPECTED}]
    observers = [f"{one.name}（{one.position}）" for one in people if not one.due]
    began, ended = meeting.opened_at or meeting.planned_at, meeting.closed_at
    until = "" if ended is None else f"至{_clock(ended)}"
    held = meeting.opened_at is not None
    when = f"{shown(began)}{until}" if held else f"{shown(began)}（原定，会议没有开成）"
    return (
        ("时间", when),
        ("地点", meeting.place),
        ("主持" if held else "拟主持", names.get(meeting.chair, meeting.chair)),
        ("应到", f"{len(due)}人：{_list([one.name for one in due])}"),
        ("出席", f"{len(there)}人：{_list([_with_note(one) for one in there])}"),
        *((("线上参加", _list([one.name for one in remote])),) if remote else ()),
        ("缺席", _list([_with_note(one) for one in absent])),
        ("列席", _list(observers)),
        ("记录", meeting.recorder_name),
    )


def _section(
    session: Session, meeting: Meeting, number: int, item: Item, names: dict[str, str]
) -> Section:
    rows = session.scalars(
        select(ItemMember)
        .where(ItemMember.item_key == item.key, ItemMember.recused)
        .order_by(ItemMember.username)
    ).all()
    materials = [str(each) for each in item.materials] if isinstance(item.materials, list) else []
    chair = item.chair or meeting.chair
    lines = [
        f"事项：{item.text}",
        f"类别：{ItemClass(item.item_class).label}",
        f"议题编号：{item_number(item.key)}",
        f"材料：{_list(materials)}",
        *([ground_words(item)] if item.ground else []),
        *([f"本项主持：{names.get(chair, chair)}"] if item.chair else []),
        *[f"回避：{names.get(row.username, row.username)}{row.reason}" for row in rows],
        *_statements(session, item, names),
        *([f"到会核对：{item.readiness}"] if item.readiness else []),
        *_votes(session, item, names),
        f"结果：{Outcome(item.outcome).label}。{item.words}",
        f"规则版本：{item.rules_version}",
    ]
    return Section(f"第{number}项　{item.title}", tuple(lines), item.key)


def _statements(session: Session, item: Item, names: dict[str, str]) -> list[str]:
    rows = session.scalars(
        select(Statement).where(Statement.item_key == item.key).order_by(Statement.number)
    )
    return [
        f"{_kind(row)}：{names.get(row.username, row.username)}：{row.text}"
        for row in rows
        if row.text
    ]


def _kind(row: Statement) -> str:
    return "书面意见（不计票）" if row.written else "发言"


def _votes(session: Session, item: Item, names: dict[str, str]) -> list[str]:
    if not item.method:
        return []
    annulled = [f"前{item.round - 1}轮表决作废，见{PROCEDURAL}"] if item.round > 1 else []
    method = Method(item.method)
    if method.is_secret:
        counts = item.counts if isinstance(item.counts, dict) else {}
        told = "，".join(f"{each.label}{counts.get(each.value, 0)}票" for each in Choice)
        return [*annulled, f"表决方式：{method.label}", f"票数：{told}"]
    votes = session.scalars(
        select(Vote)
        .where(Vote.item_key == item.key, Vote.round == item.round)
        .order_by(Vote.number)
    ).all()
    order = "、".join(
        f"{names.get(vote.username, vote.username)}{Choice(vote.choice).label}" for vote in votes
    )
    return [
        *annulled,
        f"表决方式：{method.label}",
        f"依次表态：{order}",
        *_entered(session, votes, names),
    ]


def _entered(session: Session, votes: Sequence[Vote], names: dict[str, str]) -> list[str]:
    """Say who entered a vote for whom, where members did not do so themselves."""
    for_others: dict[str, list[str]] = {}
    for vote in votes:
        if vote.entered_by != vote.username:
            member = names.get(vote.username, vote.username)
            for_others.setdefault(vote.entered_by, []).append(member)
    people = people_names()
    known = {
        row.username: row.display_name
        for row in session.execute(select(people).where(people.c.username.in_(for_others)))
    }
    return [
        f"由{known.get(by, by)}按会上表态代为登记：{_list(members)}"
        for by, members in for_others.items()
    ]


def _with_note(one: Attendee) -> str:
    left = "中途离会" if one.presence == Presence.LEFT else ""
    note = "，".join(filter(None, (left, one.note)))
    return f"{one.name}（{note}）" if note else one.name


def _list(names: Sequence[str]) -> str:
    return "、".join(names) if names else "无"


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(BUREAU_TIME):%H:%M}"
