"""What becomes of a case of recruitment whose admission review is walked to its end."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import delete

from processes.registers.staffing.tables import Researcher
from service.domain.actors import Actor
from tests.processes.desk import Desk
from tests.processes.recruitment.deciding import called_by, pass_days, run_jobs, tasks
from tests.processes.recruitment.engaging import (
    HEAD,
    RETIRED,
    TEACHER,
    VERIFIED,
    apply,
    ask_for,
    consent,
    do,
    only,
)
from tests.processes.recruitment.reviewed import fill_in, grant, refuse

pytestmark = pytest.mark.usefixtures("begin")
SEATS = {"granted": "初中物理", "refused": "初中化学", "withdrawn": "初中生物学"}
"""Held by a full-time researcher each; nobody here has a qualification for them."""


@pytest.fixture(autouse=True)
def nobody_engaged(bureau: Desk) -> Iterator[None]:
    yield
    with bureau.rooms.database.write() as session:
        people = [RETIRED.username, TEACHER.username]
        session.execute(delete(Researcher).where(Researcher.username.in_(people)))


def rehired(desk: Desk, seat: str) -> tuple[int, Actor]:
    case = ask_for(desk, wanted_seat=seat)
    consent(desk, case)
    do(desk, case, "verify", "verified", filled=VERIFIED)
    return case, RETIRED


def part_timer(desk: Desk, seat: str) -> tuple[int, Actor]:
    case = apply(desk, wanted_seat=seat)
    do(desk, case, "recommend", "recommend", HEAD, school_opinion="同意，工作量可以兼顾")
    return case, TEACHER


def give_up(desk: Desk, review: int, person: Actor) -> None:
    """The application never comes, and the office takes it as withdrawn."""
    pass_days(desk, 22)
    do(desk, review, "supplement_late", "withdraw")


def refused(desk: Desk, review: int, person: Actor) -> None:
    fill_in(desk, review, person)
    refuse(desk, review, person)


def granted(desk: Desk, review: int, person: Actor) -> None:
    fill_in(desk, review, person)
    grant(desk, review, person)


END = {"granted": granted, "refused": refused, "withdrawn": give_up}


@pytest.mark.parametrize("begun", [rehired, part_timer])
@pytest.mark.parametrize("conclusion", END)
def test_only_who_is_granted_the_qualification_goes_on(
    bureau: Desk, begun: Callable[[Desk, str], tuple[int, Actor]], conclusion: str
) -> None:
    case, person = begun(bureau, SEATS[conclusion])
    review = called_by(bureau, case, "admission_review")
    END[conclusion](bureau, review, person)
    run_jobs(bureau)
    assert bureau.variables(case)["conclusion"] == conclusion
    if conclusion == "granted":
        assert only(bureau, case, "record").ended_at is None
    else:
        assert tasks(bureau, case, "record") == []
        assert bureau.instance(case).end_event == "没有准入资格"
