"""What is set of a round and shown where it applies: the plan, the terms of the formal check."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from processes.recruitment.rules import settings
from processes.recruitment.tables import CandidacyState
from processes.registers import set_values
from processes.registers.days import bureau_day
from processes.registers.settings import Setting
from service.domain.actors import Actor
from service.feel import FeelPool
from tests.processes.desk import OFFICER, Desk
from tests.processes.recruitment.selecting import Selecting
from tests.processes.recruitment.selecting_bureau import open_bureau
from tests.processes.recruitment.selection_cast import MORE

SUBJECT = "小学语文"
MENDS, OBJECTS, SECOND = MORE[:3]


@pytest.fixture(scope="module")
def one(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Selecting]:
    """A round open on a Tuesday; 1, 4 and 2 working days are set, and others afterwards.

    Nine examiners are set after the round was opened and before its plan.
    """
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("terms"), feel) as desk:
        desk.clock.now = datetime.fromisoformat("2026-03-02T09:30+08:00")
        set_terms(desk, reply=1, supplement=4, objection=2)
        one = Selecting(desk)
        one.open(SUBJECT)
        put(desk, ((settings.PANEL_LEAST, 9),))
        one.approve()
        one.plan(plan_ratio=1)
        one.plan(plan_ratio=1, plan_panel_least=9)
        one.decide()
        one.open_registration()
        for teacher in (MENDS, OBJECTS, SECOND):
            one.qualify(teacher, SUBJECT)
            one.apply(teacher)
        set_terms(desk, reply=9, supplement=9, objection=9)
        yield one


def set_terms(desk: Desk, *, reply: int, supplement: int, objection: int) -> None:
    put(
        desk,
        (
            (settings.REPLY_DAYS, reply),
            (settings.SUPPLEMENT_DAYS, supplement),
            (settings.OBJECTION_DAYS, objection),
        ),
    )


def put(desk: Desk, named: tuple[tuple[Setting, int], ...]) -> None:
    with desk.rooms.write() as tools:
        for setting, days in named:
            revision = set_values.values_on(tools.session, date(2030, 1, 1)).revision
            set_values.set_value(
                tools, setting, str(days), register="recruitment-rules",
                effective_from=desk.clock().date(), reason="局党组会议决定", revision=revision,
                actor=OFFICER, now=desk.clock(),
            )  # fmt: skip
            tools.session.flush()


def due_on(one: Selecting, teacher: Actor) -> date:
    task = one.desk.open_task(one.applications[teacher.username])
    assert task.due_at is not None
    return bureau_day(task.due_at)


def test_the_plan_s_form_shows_what_is_set_when_it_is_filled_in(one: Selecting) -> None:
    limits = one.desk.variables(one.case)["plan_limits"]
    assert isinstance(limits, dict)
    assert limits["panel_least"] == 9
    assert str(limits["version"]).endswith("/4")


def test_the_office_answers_within_the_days_that_were_set_at_the_entry(one: Selecting) -> None:
    assert due_on(one, SECOND) == date(2026, 3, 4)


def test_terms_end_behind_their_last_day(one: Selecting) -> None:
    # given, on a Tuesday, one who is asked for papers and one who is refused
    one.check(MENDS, "supplement")
    one.check(OBJECTS, "reject", check_reason="没有同意报考证明")
    assert (due_on(one, MENDS), due_on(one, OBJECTS)) == (date(2026, 3, 9), date(2026, 3, 5))
    # on the last day of an objection it may still be made
    one.pass_days(2)
    assert one.candidacy(OBJECTS).state == CandidacyState.CHECKING
    # and is over on the day behind it
    one.pass_days(1)
    assert one.candidacy(OBJECTS).state == CandidacyState.REFUSED
    # the supplements may come on Monday, and not on Tuesday: then what is there is checked
    one.pass_days(3)
    assert one.desk.open_task(one.applications[MENDS.username]).element_id == "supplement"
    one.pass_days(1)
    assert one.desk.open_task(one.applications[MENDS.username]).element_id == "formal_check"
