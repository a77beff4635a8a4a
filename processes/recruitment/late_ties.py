"""Ties found behind the ranking (R-VOID): what of the marks still counts, and who is told.

Who lost by the mark of somebody who had to keep out is not to lose by it, nor to win.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.recruitment import candidacies, scoring
from processes.recruitment.candidacies import candidacy_of
from processes.recruitment.history import Step, note
from processes.recruitment.plans import Plan
from processes.recruitment.rounds import post_of
from processes.recruitment.rules.channel import Channel
from processes.recruitment.rules.norms import NORMS
from processes.recruitment.rules.notice import MARKS, UPHELD
from processes.recruitment.score_steps import ranked_rows
from processes.recruitment.standing_scores import (
    ENGAGED,
    NOBODY,
    Bars,
    Look,
    Standing,
    examined,
    foresee,
    look_again,
    tied_marks,
)
from processes.recruitment.steps import plan_of, step_of, today_of
from processes.recruitment.tables import (
    Candidacy,
    CandidacyState,
    PostState,
    RoundPost,
    ScoreEntry,
)
from processes.recruitment.variables import key_of, rows_of, text_of, words_of
from processes.registers.norms import Refusal
from service.domain.recusal import Tie
from service.domain.values import Json, Variables
from service.procedure import (
    BpmnError,
    NoticeText,
    TaskContext,
    Toolbox,
    publish_notice,
    recusals,
    send_message,
)

TIE_FOUND = "recruitment.tie_found"
"""Message to the case of a post, by its code: somebody tied has given a mark that counts."""
MARKS_FELL = "marks-fell"
"""Code of the error event for what rests on marks that have to be looked at first."""
STANDING_WORDS = {
    Standing.HOLDS: "名次不变，公布更正后的成绩",
    Standing.ANEW: "按其余评分重新排名",
    Standing.SHORT: "有效评分不足，重新面试",
}
_NONE_PASS = "按其余评分仍然没有人达到合格线，公布更正后的成绩"  # noqa: S105 - no password
_ROW_LIMIT = 300
_SHOWN_FOR = timedelta(days=30)


def bars_of(session: Session, people: Sequence[Candidacy]) -> Bars:
    """Return who must keep out of each of these by the ties known now, and why."""
    return {one.key: recusals(session, [one.username]) for one in people}


def follow_ties(tools: Toolbox, ties: Sequence[Tie], now: datetime) -> None:
    """Tell the posts in which somebody has marked whom they turn out to be tied to.

    The case looks by itself what follows; a message for nothing changes nothing.
    """
    people = sorted({name for one in ties for name in (one.username, one.other)})
    concerned = (
        select(Candidacy.post_code)
        .join(ScoreEntry, ScoreEntry.candidacy_key == Candidacy.key)
        .join(RoundPost, RoundPost.code == Candidacy.post_code)
        .where(
            RoundPost.state == PostState.OPEN,
            Candidacy.username.in_(people),
            ScoreEntry.rater.in_(people),
            ScoreEntry.void_reason == "",
            ScoreEntry.points != "",
        )
        .distinct()
        .order_by(Candidacy.post_code)
    )
    for code in tools.session.scalars(concerned).all():
        send_message(tools, TIE_FOUND, correlation_key=code, variables={}, now=now)


def count_tied(context: TaskContext) -> Variables:
    """`recruitment.count-tied`: count the marks that fall, where an objection was upheld.

    Takes `post_code` and `notice_result`. Gives `tied_marks`; 0 where the 公示 ended otherwise.
    Nothing is voided: the office says first whether the objection is about the scoring alone.
    """
    if words_of(context.variables, "notice_result") != UPHELD:
        return {"tied_marks": 0}
    return {"tied_marks": tied_now(context, text_of(context.variables, "post_code"))}


def require_no_tied(context: TaskContext, code: str) -> None:
    """Let nothing for good be done by marks that count and that somebody tied has given (R-VOID).

    Raises a BpmnError `marks-fell`, with `notice_result` for a 公示 that is not posted.
    """
    if tied_now(context, code):
        raise BpmnError(MARKS_FELL, "评分须先核对", {"notice_result": MARKS})


def tied_now(context: TaskContext, code: str) -> int:
    """Return how many marks that count were given by who must keep out by the ties known now."""
    people = examined(context.session, code)
    return tied_marks(context.session, people, bars_of(context.session, people))


def order_problems(context: TaskContext, candidate: Candidacy) -> list[Refusal]:
    """Return why nobody is entered by the order of a post: it hangs on void marks (R-VOID).

    None where the header `marks` says that a step behind this one looks.
    """
    if context.headers.get("marks"):
        return []
    plan, bars = _by(context, candidate.post_code)
    look = foresee(context.session, candidate.post_code, plan.scheme, bars, proposed=candidate.key)
    if look.standing is Standing.HOLDS:
        return []
    said = (
        f"评分以后查明{look.fallen}个评分是应当回避的考官给的，{STANDING_WORDS[look.standing]}："
        "不能按原来的名次聘任，请提请局党组复议"
    )
    return [NORMS["R-VOID"].refuses(said)]


def look_at_marks(context: TaskContext) -> Variables:
    """`recruitment.marks-look`: say what the marks come to by the ties known now; nothing written.

    Takes `post_code` and `candidacy_key` (who was put forward; empty for nobody); with
    `only_engaged` it looks only where that person is in post already. Gives `marks_fallen`,
    `scores_standing` (see `scores_stand`), `marks_words` and, for whom it is about, `parties`.
    """
    code, key = _asked_about(context)
    parties: list[Json] = [one.username for one in examined(context.session, code)]
    given: dict[str, Json] = {
        "marks_fallen": 0, "scores_standing": Standing.HOLDS.value, "marks_words": "",
        "parties": parties,
    }  # fmt: skip
    if context.variables.get("only_engaged") is True and not _is_engaged(context, key):
        return given
    plan, bars = _by(context, code)
    look = foresee(context.session, code, plan.scheme, bars, proposed=key)
    if not look.fallen:
        return given
    words = f"{look.fallen}个评分是应当回避的考官给的，{_words(look, key)}"
    return given | {
        "marks_fallen": look.fallen,
        "scores_standing": look.standing.value,
        "marks_words": words,
    }


def scores_stand(context: TaskContext) -> Variables:
    """`recruitment.scores-stand`: void the marks that count no more, and say what follows (R-VOID).

    Takes `post_code`, `candidacy_key` (who was put forward; empty for nobody) and `item_text`.
    Gives `scores_standing`: `hold`, with corrected scores published where marks fell; `rank` or
    `interview`, where the scoring goes on from: who was put forward is among the others again, and
    so is who stood below the line by such a mark alone. Who is in post stays there. Gives
    `marks_fallen` and `item_text`, too.
    """
    session, step = context.session, step_of(context)
    code, key = _asked_about(context)
    plan, bars = _by(context, code)
    look = look_again(session, code, plan.scheme, bars, step, proposed=key)
    given: dict[str, Json] = {
        "scores_standing": look.standing.value,
        "marks_fallen": look.fallen,
        "item_text": context.variables.get("item_text"),
    }
    if not look.fallen:
        return given
    _, round_ = post_of(session, code)
    said = {"post": code, "marks": str(look.fallen), "standing": look.standing.value}
    note(session, round_, "scores-void", said, step, reason="评分后查明应当回避，其评分作废")
    context.log(f"应当回避的评分{look.fallen}个作废，{_words(look, key)}")
    if look.standing is Standing.HOLDS:
        publish_ranking(context, code, "更正后的成绩")
        if key != NOBODY:
            given["item_text"] = asked(context, candidacy_of(session, key)[0])
        return given
    _let_back(session, key, look, step)
    return given


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


def asked(context: TaskContext, chosen: Candidacy) -> str:
    """Return what the Party group is asked about who is put forward, by the ranking in force."""
    _, round_ = post_of(context.session, chosen.post_code)
    ranks = scoring.ranks_of(context.session, chosen.post_code)
    own = next((row for row in ranks if row.candidacy_key == chosen.key), None)
    marks = f"总成绩{own.total}，第{own.place}名。" if own else ""
    return (
        f"{Channel(round_.channel).label}岗位{chosen.post_code}，拟聘{chosen.name}。{marks}"
        "考察、体检和无犯罪记录查询的结论附后。"
    )


def _asked_about(context: TaskContext) -> tuple[str, int]:
    variables = context.variables
    named = words_of(variables, "candidacy_key")
    return text_of(variables, "post_code"), key_of(variables, "candidacy_key") if named else NOBODY


def _by(context: TaskContext, code: str) -> tuple[Plan, Bars]:
    """What was announced for a post, and who must keep out of whom by now."""
    _, round_ = post_of(context.session, code)
    plan = plan_of(context.session, round_, today_of(context))
    return plan, bars_of(context.session, examined(context.session, code))


def _is_engaged(context: TaskContext, key: int) -> bool:
    return key != NOBODY and candidacy_of(context.session, key)[0].state in ENGAGED


def _words(look: Look, key: int) -> str:
    nobody = look.standing is Standing.HOLDS and key == NOBODY
    return _NONE_PASS if nobody else STANDING_WORDS[look.standing]


def _let_back(session: Session, key: int, look: Look, step: Step) -> None:
    """Let who was put forward, and who stood below the line by a void mark, be among the others."""
    keys = [*look.reinstated]
    if key != NOBODY and candidacy_of(session, key)[0].state not in ENGAGED:
        keys.append(key)
    for one in keys:
        candidacies.move(
            session, one, CandidacyState.ADMITTED, step, reason=STANDING_WORDS[look.standing]
        )
