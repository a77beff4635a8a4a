"""What people do behind the office's check: prove, judge, examine, conclude, object, re-check."""

from collections.abc import Sequence

from sqlalchemy import select

from service.commands import ties
from service.commands.user_tasks import Completed
from service.domain.actors import Actor
from service.domain.recusal import TieKind
from service.domain.values import Json
from service.store.tables import ProcessInstance, UserTask
from tests.processes.builders import compulsory, evidence
from tests.processes.desk import APPLICANT, OFFICER, Desk

REVIEWERS = tuple(
    Actor(f"researcher{number:02}", f"教研员{number:02}", frozenset()) for number in range(1, 6)
)
PANEL = tuple(reviewer.username for reviewer in REVIEWERS[:3])


def only_case(desk: Desk) -> int:
    """Return the key of the one case there is."""
    with desk.rooms.read() as session:
        return session.scalars(select(ProcessInstance.key)).one()


def task_at(desk: Desk, instance_key: int, element_id: str) -> UserTask:
    """Return the one open task, which waits at this step."""
    task = desk.open_task(instance_key)
    assert task.element_id == element_id
    return task


def prove(desk: Desk, key: int, *, actor: Actor = OFFICER, **changes: Json) -> Completed:
    """Complete the step of E1 and E4."""
    task = task_at(desk, key, "evidence_check")
    papers = {name: desk.upload(task.key, name, actor) for name in ("e1_document", "e4_document")}
    return desk.complete(task, "submit", evidence(**papers | changes), actor=actor)


def seat(
    desk: Desk, key: int, usernames: Sequence[str] = PANEL, *, actor: Actor = OFFICER
) -> Completed:
    """Complete the step that chooses the panel."""
    task = task_at(desk, key, "choose_panel")
    return desk.complete(task, "submit", {"panel_choice": [*usernames]}, actor=actor)


def vote(desk: Desk, key: int, reviewer: Actor, **changes: Json) -> Completed:
    """Complete a reviewer's own task, by default in favour."""
    (task,) = [task for task in desk.open_tasks(key) if task.assignee == reviewer.username]
    cast: dict[str, Json] = {
        "vote_stance": "参加评议",
        "vote_e2": "符合",
        "vote_e3": "符合",
        "vote_e5c": "符合",
        "vote_reason": "材料属实，业绩突出",
    }
    return desk.complete(task, "submit", cast | changes, actor=reviewer)


def vote_all(desk: Desk, key: int, **changes: Json) -> None:
    """Let the panel of three vote alike."""
    for reviewer in REVIEWERS[:3]:
        vote(desk, key, reviewer, **changes)


def replace(desk: Desk, key: int, username: str | None, *, actor: Actor = OFFICER) -> Completed:
    """Give the place of who keeps out, the first one, to another, or (None) leave it empty."""
    task = next(one for one in desk.open_tasks(key) if one.element_id == "replace_reviewer")
    outcome = "leave" if username is None else "replace"
    return desk.complete(task, outcome, {"replacement_choice": username}, actor=actor)


def examine(desk: Desk, key: int, *, actor: Actor = OFFICER, **changes: Json) -> Completed:
    """Complete the step of N1 to N4."""
    task = task_at(desk, key, "compulsory_check")
    fields = [f"n{number}_document" for number in range(1, 5)]
    papers = {name: desk.upload(task.key, name, actor) for name in fields}
    return desk.complete(task, "submit", compulsory(**papers | changes), actor=actor)


def conclude(
    desk: Desk, key: int, outcome: str = "grant", *, actor: Actor = OFFICER, comment: str = ""
) -> Completed:
    """Complete the office's conclusion."""
    task = task_at(desk, key, "conclude")
    return desk.complete(task, outcome, actor=actor, comment=comment)


def to_conclusion(desk: Desk, key: int) -> None:
    """Bring a case from the office's check to its conclusion, everything in favour."""
    desk.check(key)
    prove(desk, key)
    seat(desk, key)
    vote_all(desk, key)
    examine(desk, key)


def admit(desk: Desk, key: int) -> None:
    """Bring a case from the office's check into the register."""
    to_conclusion(desk, key)
    conclude(desk, key)


def refuse(desk: Desk, key: int, *, actor: Actor = OFFICER) -> None:
    """Conclude that a case is refused; the compulsory checks come before any conclusion."""
    if desk.open_task(key).element_id == "compulsory_check":
        examine(desk, key, actor=actor)
    conclude(desk, key, "refuse", actor=actor, comment="不符合条件，理由见各项条件")


def read(
    desk: Desk, key: int, outcome: str = "read", *, comment: str = "", actor: Actor = APPLICANT
) -> Completed:
    """Complete the applicant's reading of what came of it."""
    return desk.complete(desk.open_task(key), outcome, actor=actor, comment=comment)


def tie(desk: Desk, username: str) -> None:
    """Let somebody declare that the applicant is their cousin."""
    with desk.rooms.write() as tools:
        ties.declare(
            tools,
            username=username,
            other=APPLICANT.username,
            kind=TieKind.COLLATERAL,
            actor=Actor(username, username, frozenset()),
            now=desk.clock(),
        )


def words(desk: Desk, key: int, name: str) -> list[Json]:
    """Return a variable of the case that is a list."""
    value = desk.variables(key)[name]
    assert isinstance(value, list)
    return value


def counted(desk: Desk, key: int) -> dict[str, Json]:
    """Return the count of the votes as the case keeps it."""
    value = desk.variables(key)["tally"]
    assert isinstance(value, dict)
    return value


def voters(desk: Desk, key: int) -> set[str | None]:
    """Return whose the open votes are."""
    return {task.assignee for task in desk.open_tasks(key) if task.element_id == "panel_vote"}
