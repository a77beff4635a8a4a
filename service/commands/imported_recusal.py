"""岗位回避 at an import: relatives get no posts of which one directs the other."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy.orm import Session

from service.domain.import_people import PeoplePlan, PersonState, PostState
from service.domain.import_rows import Refusals
from service.domain.import_units import UnitPlan
from service.domain.recusal import SOURCE, Tie, directs
from service.store.recusal import ties_of


def check(
    session: Session,
    plan: PeoplePlan,
    people: Mapping[str, PersonState],
    held: Collection[PostState],
    units: UnitPlan,
    refusals: Refusals,
) -> None:
    """Refuse posts that `posts.begin_post` would; with the posts as they are to be."""
    parents = {one.id: one.parent_id for one in units.units.values()}
    seats: dict[str, list[PostState]] = defaultdict(list)
    for post in {*held, *plan.begun} - set(plan.ended):
        seats[post.username].append(post)
    relatives = _relatives(ties_of(session, {post.username for post in plan.begun}))
    for post in plan.begun:
        for other, tie in relatives.get(post.username, ()):
            if any(directs(post, seat, parents) for seat in seats[other]):
                name = people[other].name if other in people else other
                kind = tie.kind.label.partition("（")[0]
                refusals.add(
                    plan.rows[post.username],
                    "title",
                    f"与{name}有亲属关系（{kind}），依照{SOURCE}不得担任有直接上下级领导关系的岗位",
                )
                break


def _relatives(ties: Collection[Tie]) -> dict[str, list[tuple[str, Tie]]]:
    found: dict[str, list[tuple[str, Tie]]] = defaultdict(list)
    for tie in ties:
        if tie.kind.is_kinship:
            found[tie.username].append((tie.other, tie))
            found[tie.other].append((tie.username, tie))
    return found
