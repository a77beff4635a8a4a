"""Ties found behind the ranking: what an upheld objection may be about (R-VOID).

Who lost by the mark of somebody who had to keep out is not to lose by it.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from processes.recruitment.rounds import post_of
from processes.recruitment.rules.notice import UPHELD
from processes.recruitment.score_steps import ranked_rows
from processes.recruitment.standing_scores import (
    Bars,
    Standing,
    ranked,
    tied_marks,
)
from processes.recruitment.tables import Candidacy
from processes.recruitment.variables import rows_of, text_of, words_of
from service.domain.values import Variables
from service.procedure import NoticeText, TaskContext, publish_notice, recusals

STANDING_WORDS = {
    Standing.HOLDS: "名次不变，公布更正后的成绩",
    Standing.ANEW: "按其余评分重新排名",
    Standing.SHORT: "有效评分不足，重新面试",
}
_ROW_LIMIT = 300
_SHOWN_FOR = timedelta(days=30)


def bars_of(session: Session, people: Sequence[Candidacy]) -> Bars:
    """Return who must keep out of each of these by the ties known now, and why."""
    return {one.key: recusals(session, [one.username]) for one in people}


def count_tied(context: TaskContext) -> Variables:
    """`recruitment.count-tied`: count the marks that fall, where an objection was upheld.

    Takes `post_code` and `notice_result`. Gives `tied_marks`; 0 where the 公示 ended otherwise.
    Nothing is voided: the office says first whether the objection is about the scoring alone.
    """
    if words_of(context.variables, "notice_result") != UPHELD:
        return {"tied_marks": 0}
    people = ranked(context.session, text_of(context.variables, "post_code"))
    return {"tied_marks": tied_marks(context.session, people, bars_of(context.session, people))}


def publish_ranking(context: TaskContext, code: str, what: str) -> str:
    """Publish the ranking in force; return where it is read."""
    post, round_ = post_of(context.session, code)
    rows = rows_of(ranked_rows(context, code))[:_ROW_LIMIT]
    lines = [f"岗位{code}（{post.seat}）"]
    for row in rows:
        parts = [words_of(row, "place"), words_of(row, "name"), words_of(row, "unit")]
        marks = [("笔试", "written"), ("面试", "interview"), ("总成绩", "total")]
        parts += [f"{label}{row[key]}" for label, key in marks if row.get(key)]
        lines.append("　".join([*parts, words_of(row, "note")]).rstrip())
    text = NoticeText(
        title=f"{round_.title}{post.seat}{what}"[:100],
        body="\n".join(lines),
        opens_at=context.now,
        closes_at=context.now + _SHOWN_FOR,
    )
    published = publish_notice(context, text)
    context.log(f"{what}已公布")
    return published.slug
