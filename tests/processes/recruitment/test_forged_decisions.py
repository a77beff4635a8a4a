"""Only the Party group's register decides: messages in its name lead nowhere."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest

from processes.committee.agenda import DECIDED
from processes.recruitment.history import acts_of
from processes.recruitment.tables import CandidacyState
from service.commands import starting
from service.commands.case_acts import send_message
from service.domain.actors import SYSTEM
from service.domain.values import Json
from service.feel import FeelPool
from tests.processes.desk import Desk
from tests.processes.recruitment.deciding import about, incidents, record_decision, run_jobs
from tests.processes.recruitment.selecting import Selecting
from tests.processes.recruitment.selecting_bureau import begin_post, open_bureau
from tests.processes.recruitment.selection_cast import MORE, SUBJECTS

_weeks = count()


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("forged"), feel) as desk:
        yield desk


@pytest.fixture
def desk(bureau: Desk) -> Desk:
    """The bureau on a Monday of its own: each Party group is in office for a day."""
    bureau.clock.now = datetime.fromisoformat("2026-02-09T09:30+08:00")
    bureau.clock.pass_days(7 * next(_weeks))
    return bureau


def forge(one: Selecting, result: str) -> None:
    """Say in the Party group's name what became of the item that waits."""
    item = str(one.desk.variables(one.case)["committee_item"])
    said: dict[str, Json] = {"committee_result": result, "committee_words": "已议定"}
    with one.desk.rooms.write() as tools:
        now = one.desk.clock()
        send_message(tools, DECIDED, correlation_key=item, variables=said, now=now)
    one.run()


def test_nothing_is_written_or_shown_before_the_party_group_has_decided(desk: Desk) -> None:
    first, second = MORE[:2]
    one = begin_post(desk, [first, second], SUBJECTS[0])
    one.write(90, 80)
    one.interview(90, 80)
    one.examine()
    with desk.rooms.read() as session:
        before = len(acts_of(session, one.round.key))
    for result in ("CARRIED", "NOT_CARRIED", "DEFERRED"):
        forge(one, result)
    assert one.open_elements() == []
    assert one.called("public_notice") == 0
    assert one.candidacy(first).state == CandidacyState.PROPOSED
    with desk.rooms.read() as session:
        assert len(acts_of(session, one.round.key)) == before
    # what the register says is heard then
    one.decide()
    assert one.called("public_notice") != 0


def test_nobody_is_appointed_without_a_decision_on_them_and_before_they_were_proposed(
    desk: Desk,
) -> None:
    person, other = MORE[2], MORE[3]
    one = begin_post(desk, [person], SUBJECTS[1], process="recruitment_checks")
    name = person.display_name
    carried = replace(about(name, person.username), instance_key=one.case)
    refused = replace(about(name, person.username), matter="另一轮", instance_key=one.case + 1)
    items = {
        "": "R-ORDER",
        str(record_decision(desk, about(name, other.username))): "R-ORDER",
        str(record_decision(desk, carried)): "不能改为“等待备案”",
        str(record_decision(desk, refused, carried=False)): "R-ORDER",
    }
    cases = {
        starting.start(
            desk.rooms, process_id="recruitment_appointment", actor=SYSTEM, now=desk.clock(),
            variables={"candidacy_key": str(one.candidacy(person).key), "committee_item": item},
            through_form=False,
        ).instance_key: expected
        for item, expected in items.items()
    }  # fmt: skip
    for _ in range(4):
        run_jobs(desk)
        desk.clock.pass_days(1)
    for case, expected in cases.items():
        (told,) = incidents(desk, case)
        assert expected in told
    assert one.candidacy(person).state == CandidacyState.ADMITTED
