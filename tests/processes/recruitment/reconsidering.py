"""复议 as the tests of recruitment use it: agreed to, then decided, at no cost.

Or sent to the organ above by the case that reports it, which answers.
"""

from processes.committee import agenda
from processes.committee.agenda import UNDECIDED
from processes.committee.rules import Outcome
from processes.committee.tables import Item, ItemState
from service.domain.values import Json
from tests.processes.desk import OFFICER, Desk
from tests.processes.recruitment.deciding import newest, run_jobs, tasks

SENT: dict[str, Json] = {
    "superior_organ": "中共乌海市委组织部",
    "sent_number": "乌教党字〔2026〕3号",
}
REPLY: dict[str, Json] = {"reply_number": "乌组复〔2026〕8号"}

_KEPT = (
    "item_class", "title", "text", "materials", "subject", "subject_name", "unit", "matter",
    "root_key", "process_id", "instance_key", "proposed_by",
)  # fmt: skip


def take_up(desk: Desk, root: int) -> int:
    """Write what a meeting that agrees to 复议 would, and tell the cases; return the new item."""
    with desk.rooms.write() as tools:
        decided = tools.session.get_one(Item, root)
        item = Item(
            **{name: getattr(decided, name) for name in _KEPT},
            key=tools.keys.next(), meeting_key=None, position=0, state=ItemState.WAITING,
            proposed_at=desk.clock(), previous_key=decided.key, ground="超过半数同意复议",
            **UNDECIDED,
        )  # fmt: skip
        tools.session.add(item)
        tools.session.flush()
        agenda.tell_reconsidered(tools, item, now=desk.clock())
        key = item.key
    run_jobs(desk)
    return key


def decide_again(desk: Desk, key: int, outcome: Outcome) -> None:
    """Write what the meeting that votes on a 复议 would, and tell the cases."""
    desk.clock.pass_days(1)
    with desk.rooms.write() as tools:
        item = tools.session.get_one(Item, key)
        item.state, item.outcome, item.decided_at = ItemState.DECIDED, outcome, desk.clock()
        tools.session.flush()
        agenda.tell_case(tools, item, meeting=None, now=desk.clock())
    run_jobs(desk)


def overturn(desk: Desk, root: int) -> None:
    """Let a decision be taken up again and not be carried any more."""
    decide_again(desk, take_up(desk, root), Outcome.NOT_CARRIED)


def cannot_decide(desk: Desk, key: int) -> int:
    """Write what a meeting would that can never decide a 复议; return the case that reports it."""
    with desk.rooms.write() as tools:
        item = tools.session.get_one(Item, key)
        item.state, item.outcome = ItemState.DECIDED, Outcome.DEFERRED
        item.decided_at, item.escalate = desk.clock(), True
        tools.session.flush()
        agenda.tell_case(tools, item, meeting=None, now=desk.clock())
    run_jobs(desk)
    return newest(desk, "committee_standing")


def answer_from_above(desk: Desk, case: int, answer: str) -> None:
    """The office reports it, and enters what the organ above has answered."""
    today = desk.clock().date().isoformat()
    (task,) = tasks(desk, case, "report")
    sent = {**SENT, "sent_document": desk.upload(task.key, "sent_document", OFFICER)}
    desk.complete(task, "sent", sent | {"sent_on": today}, actor=OFFICER)
    (task,) = tasks(desk, case, "reply")
    given = {**REPLY, "reply_document": desk.upload(task.key, "reply_document", OFFICER)}
    desk.complete(
        task, "submit", given | {"reply_answer": answer, "reply_on": today}, actor=OFFICER
    )
    run_jobs(desk)
