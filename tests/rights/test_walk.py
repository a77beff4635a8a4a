"""Every page and every call, as every role: the answer is the one that docs/access.md says."""

import re
from collections.abc import Iterator, Mapping

import pytest

from tests.rights import lists
from tests.rights.roles import ROLES, SECRETS
from tests.rights.table import DOCUMENT, Call, calls, listings
from tests.rights.walk import Walker, endpoint_of

TEXT = DOCUMENT.read_text("utf-8")
CALLS = calls(TEXT)
LISTS = listings(TEXT)

NOWHERE = {"qualification": "4", "seat_name": "nothing", "personal": "mobile", "group": "nothing"}
"""Objects that are not there, where neither a key nor a word may be invented."""


def endpoints(walker: Walker) -> Iterator[str]:
    for rule in walker.world.web.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if rule.endpoint != "static":
                yield f"{method} {rule.endpoint}"


def test_every_page_and_call_is_in_the_table(walker: Walker) -> None:
    walked = [
        f"{call.method} {endpoint_of(walker.world, walker.path(call), call.method)}"
        for call in CALLS
    ]
    assert sorted(set(endpoints(walker)) - set(walked)) == [], "not in docs/access.md"
    assert len(CALLS) == len({(call.method, call.address) for call in CALLS})


SHUT = {
    "GET demonstration.show", "GET demonstration.download", "GET public_sign_in.demo_inbox",
    "PUT api.pinClock", "POST api.resetClock", "GET metrics.show",
    "POST sign_in.enter", "POST public_disclosures.look_up", "POST api.correlateMessage",
}  # fmt: skip
"""Of another set-up than the walk's, or answered by what is sent, which here is nothing."""


def test_every_page_and_call_is_there_for_somebody(walker: Walker) -> None:
    """Else its rows would stay as they are, whoever were let in or kept out."""
    there: dict[str, bool] = {}
    for call in CALLS:
        name = f"{call.method} {endpoint_of(walker.world, walker.path(call), call.method)}"
        answered = {status for role, status in call.statuses.items() if role != "nobody"}
        there[name] = there.get(name, False) or not answered <= {401, 403, 404}
    assert {name for name, open_to_somebody in there.items() if not open_to_somebody} == SHUT


def test_every_role_is_in_every_row() -> None:
    assert all(list(call.statuses) == list(ROLES) for call in CALLS)


@pytest.mark.parametrize("role", ROLES)
def test_every_page_and_call_answers_a_role_as_the_table_says(walker: Walker, role: str) -> None:
    hidden = [secret for secret, readers in SECRETS.items() if role not in readers]
    wrong = []
    for call in CALLS:
        answer, expected = walker.answer(call, role), call.statuses[role]
        if answer.status != expected:
            wrong.append(f"{call.method} {call.address}: {answer.status}, not {expected}")
        told = [secret for secret in hidden if secret in answer.text]
        wrong += [f"{call.method} {call.address} tells {secret}" for secret in told]
    assert wrong == []


@pytest.mark.parametrize("role", ["outsider", "staff", "operator"])
def test_what_is_hidden_looks_like_what_does_not_exist(walker: Walker, role: str) -> None:
    hidden = [call for call in CALLS if call.statuses[role] == 404 and "{" in call.address]
    assert len(hidden) >= 30
    different = [
        f"{call.method} {call.address}: {there} and {nowhere}"
        for call in hidden
        if (there := said(walker, call, role, walker.world.objects))
        != (nowhere := said(walker, call, role, invented(walker)))
    ]
    assert different == []


def test_every_list_shows_each_role_what_the_table_says(walker: Walker) -> None:
    assert [row.name for row in LISTS] == lists.names(walker)
    wrong = [
        f"{row.name} for {role}: {count}, not {said}"
        for row in LISTS
        for role, said in row.counts.items()
        if (count := lists.count(walker, row.name, role)) != wanted(walker, row.name, said)
    ]
    assert wrong == []
    assert all(any(said != "0" for said in row.counts.values()) for row in LISTS)


def wanted(walker: Walker, name: str, said: str) -> int:
    if said != "all":
        return int(said)
    return lists.whole(walker, name) or pytest.fail(f"there is nothing in {name}")


def invented(walker: Walker) -> dict[str, str]:
    """The same kinds of object, none of which is there."""
    objects = walker.world.objects
    return {
        name: "4" if value.isdigit() else "nothing" for name, value in objects.items()
    } | NOWHERE


def said(walker: Walker, call: Call, role: str, objects: Mapping[str, str]) -> tuple[int, str]:
    """What a program is told: the status, and the text without the address that was asked."""
    path = call.address.format_map(objects)
    answer = walker.ask(call.method, path, role, body=f"{call.method} {call.address}", json=True)
    problem = answer.get_json(silent=True) or {}
    text = re.sub("|".join(map(re.escape, objects.values())), "·", str(problem.get("detail", "")))
    return answer.status_code, f"{problem.get('code')} {text}"
