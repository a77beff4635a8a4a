"""The acts of the meeting desk by their names, read from what a form sends."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from processes.committee import (
    agenda,
    amending,
    consent,
    discussion,
    meetings,
    records,
    signing,
    voting,
)
from processes.committee.desk import Sitting
from processes.committee.refusals import ItemNotFound, Unfit
from processes.committee.rules import Outcome, Tally
from processes.committee.tables import Item, Presence
from processes.registers.days import BUREAU_TIME

WHOLE_MEETING = "meeting"
"""What the form of a 更正 sends for one that is about no item."""
_COUNTS = ("yes", "no", "abstain", "postpone")


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form sent, by name."""

    values: Mapping[str, Sequence[str]]

    def get(self, name: str) -> str:
        """Return the value, empty where there is none."""
        given = self.values.get(name)
        return given[0] if given else ""

    def getlist(self, name: str) -> Sequence[str]:
        """Return all values of a name."""
        return self.values.get(name, ())


Act = Callable[[Sitting, Sent], str]
"""Does it; returns what to tell the secretary, empty where the page shows it by itself."""


def moment(text: str) -> datetime:
    """Read what a field of date and time sends, in the bureau's time. Raises Unfit."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise Unfit(reason="请填写日期和时间") from error
    return found if found.tzinfo is not None else found.replace(tzinfo=BUREAU_TIME)


def _item(sent: Sent) -> int:
    return _number(sent.get("item"))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        raise ItemNotFound
    return int(text)


def _about(sent: Sent) -> int | None:
    """Read which item a 更正 is about; None for the whole meeting, which has to be said, too."""
    about = sent.get("about")
    if not about:
        raise Unfit(reason="请选择更正涉及哪一项议题，或者“会议整体”")
    return None if about == WHOLE_MEETING else _number(about)


def _quiet(act: Callable[[Sitting, Sent], object]) -> Act:
    def done(sitting: Sitting, sent: Sent) -> str:
        act(sitting, sent)
        return ""

    return done


def _mark(sitting: Sitting, sent: Sent) -> str:
    presence = sent.get("presence")
    if presence not in set(Presence):
        raise Unfit(reason="请选择到会情况")
    meetings.mark(sitting, sent.get("username"), Presence(presence), sent.get("note"))
    return ""


def _mark_rest(sitting: Sitting, sent: Sent) -> str:
    del sent
    count = meetings.mark_rest_present(sitting)
    if not count:
        return "应到成员都已经登记，没有改动。"
    return f"其余{count}人已登记到会。登记错的，在他的名字下改选后再按“登记”。"


def _begin_vote(sitting: Sitting, sent: Sent) -> str:
    ready = voting.begin_vote(sitting, _item(sent), sent.get("method"))
    return "" if ready.outcome is None else f"{ready.outcome.label}：{ready.words}"


def _vote(sitting: Sitting, sent: Sent) -> str:
    round_ = sent.get("round")
    voting.cast(
        sitting,
        _item(sent),
        sent.get("username"),
        sent.get("choice"),
        round_=int(round_) if round_.isascii() and round_.isdigit() and len(round_) < 6 else -1,
    )
    return ""


def _close_vote(sitting: Sitting, sent: Sent) -> str:
    key = _item(sent)
    voting.close_vote(sitting, key, _paper(sent))
    return sitting.item(key).words


def _paper(sent: Sent) -> Tally | None:
    if not sent.get("paper"):
        return None
    counts: dict[str, int] = {}
    for name in _COUNTS:
        text = sent.get(name).strip() or "0"
        if not (text.isascii() and text.isdigit() and len(text) < 4):
            raise Unfit(reason="票数应为数字")
        counts[name] = int(text)
    return Tally(**counts)


def _renew(sitting: Sitting, sent: Sent) -> str:
    del sent
    meetings.renew_members(sitting)
    return "应到成员已按名册更新，会议通知已重新发出。"


def _put_off(sitting: Sitting, sent: Sent) -> str:
    outcome = sent.get("outcome")
    if outcome not in set(Outcome):
        raise Unfit(reason="请选择缓议或退回补充调查")
    discussion.put_off(
        sitting, _item(sent), Outcome(outcome), sent.get("reason"), proposer=sent.get("proposer")
    )
    return ""


def _reconsider(sitting: Sitting, sent: Sent) -> str:
    key = _item(sent)
    decided = sitting.tools.session.get(Item, key)
    if decided is None:
        raise ItemNotFound
    again = discussion.reconsider(
        sitting,
        decided,
        proposer=sent.get("proposer"),
        reason=sent.get("reason"),
        consenting=sent.getlist("consenting"),
    )
    if again is None:
        return "同意复议的没有超过应到成员的半数，不予复议，原决定继续有效；已记录。"
    return "同意复议。这项议题已回到待上会的议题中，可以列入下次会议。"


ACTS: Mapping[str, Act] = {
    "place": _quiet(lambda sitting, sent: agenda.place(sitting, _item(sent))),
    "take-off": _quiet(lambda sitting, sent: agenda.take_off(sitting, _item(sent))),
    "move-up": _quiet(lambda sitting, sent: agenda.move_up(sitting, _item(sent))),
    "ask": _quiet(lambda sitting, sent: consent.ask(sitting)),
    "agenda-by": _quiet(
        lambda sitting, sent: consent.delegate(sitting, sent.get("username"), sent.get("reason"))
    ),
    "notice": _quiet(lambda sitting, sent: meetings.send_notice(sitting)),
    "renew": _renew,
    "reschedule": _quiet(
        lambda sitting, sent: meetings.reschedule(
            sitting, planned_at=moment(sent.get("planned_at")), place=sent.get("place")
        )
    ),
    "observer": _quiet(
        lambda sitting, sent: meetings.invite_observer(
            sitting, sent.get("name"), sent.get("position")
        )
    ),
    "chair": _quiet(lambda sitting, sent: meetings.delegate_chair(sitting, sent.get("username"))),
    "record": _quiet(lambda sitting, sent: meetings.take_record(sitting)),
    "mark": _mark,
    "mark-rest": _mark_rest,
    "open": _quiet(lambda sitting, sent: meetings.open_meeting(sitting)),
    "cancel": _quiet(lambda sitting, sent: meetings.cancel(sitting, sent.get("reason"))),
    "not-held": _quiet(
        lambda sitting, sent: meetings.declare_not_held(sitting, sent.get("reason"))
    ),
    "close": _quiet(lambda sitting, sent: meetings.close_meeting(sitting)),
    "discuss": _quiet(lambda sitting, sent: discussion.discuss(sitting, _item(sent))),
    "recuse": _quiet(
        lambda sitting, sent: discussion.recuse(
            sitting, _item(sent), sent.get("username"), sent.get("reason")
        )
    ),
    "unrecuse": _quiet(
        lambda sitting, sent: discussion.unrecuse(
            sitting, _item(sent), sent.get("username"), sent.get("reason")
        )
    ),
    "item-chair": _quiet(
        lambda sitting, sent: discussion.delegate_item(sitting, _item(sent), sent.get("username"))
    ),
    "state": _quiet(
        lambda sitting, sent: discussion.state(
            sitting,
            _item(sent),
            sent.get("username"),
            sent.get("text"),
            written=bool(sent.get("written")),
        )
    ),
    "silent": _quiet(lambda sitting, sent: discussion.nobody_speaks(sitting, _item(sent))),
    "begin-vote": _begin_vote,
    "vote": _vote,
    "close-vote": _close_vote,
    "annul": _quiet(lambda sitting, sent: voting.annul(sitting, _item(sent), sent.get("reason"))),
    "put-off": _put_off,
    "reconsider": _reconsider,
    "amend": _quiet(
        lambda sitting, sent: amending.amend(
            sitting, sent.get("entry"), sent.get("text"), sent.get("reason")
        )
    ),
    "add-statement": _quiet(
        lambda sitting, sent: amending.add_statement(
            sitting,
            _item(sent),
            sent.get("username"),
            sent.get("text"),
            sent.get("reason"),
            written=bool(sent.get("written")),
        )
    ),
    "signer": _quiet(
        lambda sitting, sent: signing.change_signer(
            sitting, sent.get("before"), sent.get("username"), sent.get("reason")
        )
    ),
    "checker": _quiet(lambda sitting, sent: signing.take_check(sitting, sent.get("reason"))),
    "correct": _quiet(
        lambda sitting, sent: records.correct(
            sitting, _about(sent), text=sent.get("text"), reason=sent.get("reason")
        )
    ),
}
"""By the last part of the address: `/committee/meetings/<key>/acts/<name>`."""
