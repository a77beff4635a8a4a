"""The service tasks of the panel: propose, seat, count. Each may run again and writes nothing."""

from collections.abc import Mapping

from processes.admission.applied import applied_of
from processes.admission.panel import (
    PANEL_CONDITIONS,
    RECUSED,
    Outcome,
    Tally,
    rule_of,
    seat_problems,
    tally,
)
from processes.registers.admission_norms import NORMS
from service.domain.values import Json, Variables
from service.procedure import TaskContext, members_of, recusals

NO_VOTES: Json = {"outcome": "none"}
"""The tally of a case in which nobody has voted yet."""


def propose_panel(context: TaskContext) -> Variables:
    """Name the people of the header's group, why some must keep out, and a panel to begin with.

    Whoever has a vote that counts stays proposed.
    """
    rule = rule_of(applied_of(context.variables))
    group = context.headers.get("candidate-group", "")
    people = members_of(context, group)
    barred = recusals(context.session, parties_of(context.variables))
    asked = who_asked(context.variables)
    fit = [
        one.username for one in people if one.username not in barred and one.username not in asked
    ]
    stays = [one for one in chosen(context.variables, "panel") if one in fit]
    filled = [*stays, *(one for one in fit if one not in stays)][: max(rule.minimum, len(stays))]
    return {
        "panel_rule": {
            "text": str(rule),
            "minimum": rule.minimum,
            "candidate_group": group,
            "version": applied_of(context.variables).version,
        },
        "panel_candidates": [
            {
                "label": f"{one.name}（应当回避）" if one.username in barred else one.name,
                "value": one.username,
            }
            for one in people
        ],
        "panel_barred": [
            {"name": one.name, "reason": barred[one.username]}
            for one in people
            if one.username in barred
        ],
        "panel_choice": [*filled],
    }


def seat_panel(context: TaskContext) -> Variables:
    """Look at the panel that was chosen; `panel_open` are those of it who have not voted yet."""
    variables = context.variables
    rule, group = rule_of(applied_of(variables)), group_of(variables)
    names = {one.username: one.name for one in members_of(context, group)}
    barred = recusals(context.session, parties_of(variables))
    seated = list(dict.fromkeys(chosen(variables, "panel_choice")))
    problems = seat_problems(seated, names, barred, rule)
    voted = {str(vote.get("username")) for vote in votes_of(variables)}
    panel: list[Json] = [{"username": one, "name": names.get(one, one)} for one in seated]
    return {
        "panel": panel,
        "panel_open": []
        if problems
        else [p for p in panel if object_of(p)["username"] not in voted],
        "panel_problems": [*problems],
    }


def tally_votes(context: TaskContext) -> Variables:
    """Count the votes by the ties declared now."""
    return {"tally": tally_json(count(context), context.variables)}


def count(context: TaskContext) -> Tally | None:
    """Count the votes of a case by the ties declared now; None where nobody was seated."""
    variables = context.variables
    panel = chosen(variables, "panel")
    if not panel:
        return None
    barred = recusals(context.session, parties_of(variables))
    return tally(votes_of(variables), panel, barred, rule_of(applied_of(variables)))


def tally_json(counted: Tally | None, variables: Variables) -> Json:
    """Write a count for the case, with the rule in words and the void votes with their reasons."""
    if counted is None:
        return NO_VOTES
    names = {str(vote.get("username")): str(vote.get("name")) for vote in votes_of(variables)}
    return {
        "outcome": counted.outcome.value,
        "counted": counted.counted,
        "base": counted.base,
        "in_favour": [
            {
                "rule": rule,
                "title": NORMS[rule].title,
                "votes": f"{counted.in_favour[rule]}／{counted.base}",
                "effect": _effect(counted, rule),
            }
            for rule in PANEL_CONDITIONS
        ],
        "void": [
            {"name": names.get(one, one), "reason": reason} for one, reason in counted.void.items()
        ],
        "rule": str(rule_of(applied_of(variables))),
    }


def parties_of(variables: Variables) -> tuple[str, ...]:
    """Whom the case is about: the applicant, and whoever started it for them."""
    parties = variables.get("parties")
    return tuple(str(one) for one in parties) if isinstance(parties, list) else ()


def votes_of(variables: Variables) -> list[Mapping[str, Json]]:
    """Return the votes that were cast, in their order."""
    votes = variables.get("panel_votes")
    return [vote for vote in votes if isinstance(vote, dict)] if isinstance(votes, list) else []


def who_asked(variables: Variables) -> set[str]:
    """Return who asked to keep out in their vote."""
    return {str(vote.get("username")) for vote in votes_of(variables) if vote["stance"] == RECUSED}


def group_of(variables: Variables) -> str:
    """Return the candidate group from which the panel is chosen."""
    return str(object_of(variables.get("panel_rule")).get("candidate_group") or "")


def chosen(variables: Variables, name: str) -> list[str]:
    """Return the user names of a list of people, or of what was ticked in one."""
    value = variables.get(name)
    rows = value if isinstance(value, list) else []
    return [str(row["username"]) if isinstance(row, dict) else str(row) for row in rows]


def object_of(value: Json) -> dict[str, Json]:
    """Return a value that is an object; of anything else an empty one."""
    return value if isinstance(value, dict) else {}


def _effect(counted: Tally, rule: str) -> str:
    if counted.outcome is Outcome.SHORT:
        return "票数不足"
    return "不符合" if rule in counted.failed else "符合"
