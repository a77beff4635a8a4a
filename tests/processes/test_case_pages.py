"""A case leads to the procedure's own page on which it is worked on, whom that page is open to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from processes.committee import access as committee
from processes.recruitment import access as recruitment
from service.domain.actors import Actor
from service.feel import FeelPool
from tests.processes import party_group
from tests.processes.desk import COLLEAGUE, OFFICER, Desk
from tests.processes.party_group import SECRETARY, Group, actor_of
from tests.processes.recruitment.selecting_bureau import begin_post, open_bureau, page_of
from tests.processes.recruitment.selection_cast import MORE, SUBJECT

STRANGER = Actor("head06", "校长06", frozenset())


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("pages"), feel) as desk:
        yield desk


def test_a_case_of_a_round_leads_who_reads_the_register_to_the_round(
    bureau: Desk, tmp_path: Path
) -> None:
    one = begin_post(bureau, [MORE[0]], SUBJECT)
    address = f"/recruitment/{one.round.key}"
    with bureau.rooms.read() as session:
        found = {
            actor.username: recruitment.page_of_case(session, actor, one.case)
            for actor in (OFFICER, COLLEAGUE, STRANGER)
        }
    assert found == {"personnel1": address, "personnel2": address, "head06": None}
    page = page_of(bureau, tmp_path, f"/instances/{one.case}")
    assert f'href="{address}">打开本轮招聘<' in page


def test_a_meeting_leads_the_secretary_to_the_desk_and_a_member_to_the_seat(bureau: Desk) -> None:
    group = Group(bureau, 3)
    group.prepare(party_group.about_plan("年度教研计划"))
    page = f"/committee/meetings/{group.key}"
    with bureau.rooms.read() as session:
        found = [
            committee.page_of_case(session, actor, group.key)
            for actor in (SECRETARY, actor_of(2), STRANGER)
        ]
    assert found == [page, f"{page}/seat", None]
