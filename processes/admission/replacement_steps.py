"""A reviewer who must keep out while the panel votes: the office is told, and names another.

The service tasks of one reviewer's place; the places of the others go on meanwhile. Each may run
again and writes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from processes.admission.applied import applied_of
from processes.admission.panel import RECUSED, replacement_problems, rule_of
from processes.admission.panel_steps import (
    chosen,
    group_of,
    object_of,
    parties_of,
    votes_of,
    who_asked,
)
from service.domain.values import Json, Variables
from service.procedure import Participant, TaskContext, members_of, recusals

REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class _Place:
    """The place of a reviewer who keeps out, and who is there beside them."""

    username: str
    name: str
    why: str
    remaining: Sequence[str]
    """Those of the panel who may judge."""
    candidates: Sequence[Participant]
    """Who may judge and is not of the panel."""


def propose_replacement(context: TaskContext) -> Variables:
    """Say who keeps out and why, how many are left, and who may come; the first is proposed."""
    place, rule = _place(context), rule_of(applied_of(context.variables))
    return {
        "replaced": {
            "name": place.name,
            "reason": place.why,
            "remaining": len(place.remaining),
            "minimum": rule.minimum,
            "needed": len(place.remaining) < rule.minimum,
        },
        "replacement_candidates": [
            {"label": one.name, "value": one.username} for one in place.candidates
        ],
        "replacement_choice": place.candidates[0].username if place.candidates else None,
    }


def seat_replacement(context: TaskContext) -> Variables:
    """Give the place to who was chosen, or leave it empty where the panel is large enough."""
    variables, place = context.variables, _place(context)
    replaces = variables.get("replacement_act") == REPLACE
    choice = str(variables.get("replacement_choice") or "") if replaces else None
    names = {one.username: one.name for one in place.candidates}
    rule = rule_of(applied_of(variables))
    problems = replacement_problems(choice, names, place.remaining, rule)
    came: Json = None
    if choice is not None and not problems:
        came = {"username": choice, "name": names[choice]}
    before = _rows(variables, "panel")
    stays = [one for one in before if object_of(one).get("username") != place.username]
    left: Json = {"name": place.name, "reason": place.why, "came": object_of(came).get("name")}
    changes = _rows(variables, "panel_changes")
    return {
        "panel": before if problems else [*stays, *([came] if came else [])],
        "panel_changes": changes if problems else [*changes, left],
        "reviewer": came or variables.get("reviewer"),
        "replacement_problems": [*problems],
        "seat_taken": came is not None,
    }


def _place(context: TaskContext) -> _Place:
    variables = context.variables
    reviewer = object_of(variables.get("reviewer"))
    username, panel = str(reviewer.get("username")), chosen(variables, "panel")
    barred, asked = recusals(context.session, parties_of(variables)), who_asked(variables)
    fit = [
        one
        for one in members_of(context, group_of(variables))
        if one.username not in barred and one.username not in asked and one.username != username
    ]
    return _Place(
        username=username,
        name=str(reviewer.get("name")),
        why=_why(username, variables, barred),
        remaining=[one.username for one in fit if one.username in panel],
        candidates=[one for one in fit if one.username not in panel],
    )


def _why(username: str, variables: Variables, barred: Mapping[str, str]) -> str:
    if username in barred:
        return barred[username]
    votes = [vote for vote in votes_of(variables) if vote.get("username") == username]
    if votes and votes[-1].get("stance") == RECUSED:
        return f"本人申请回避：{str(votes[-1].get('reason') or '').rstrip('。')}"
    return "评议任务因回避收回"


def _rows(variables: Variables, name: str) -> list[Json]:
    value = variables.get(name)
    return list(value) if isinstance(value, list) else []
