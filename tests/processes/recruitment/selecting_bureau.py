"""A bureau in which a round of selection is held, and posts of rounds that are further on."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import count
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import insert, update

from processes.recruitment import applications, candidacies, plans, rounds
from processes.recruitment.history import Step
from processes.recruitment.rules.channel import Channel
from processes.recruitment.rules.channels import Selected
from processes.recruitment.tables import CandidacyState, Round
from processes.registers.days import bureau_day
from processes.registers.seats import SEATS
from processes.registers.staffing.rosters import (
    ESTABLISHMENT_ROSTER,
    RESEARCHER_ROSTER,
    SEAT_ROSTER,
)
from processes.registers.staffing.tables import StaffSeat
from service import app
from service.commands import starting, ties
from service.domain.actors import SYSTEM, Actor
from service.domain.recusal import TieKind
from service.domain.values import Json
from service.feel import FeelPool
from service.settings import Settings
from service.store.tables import (
    Person,
)
from tests.fixtures_store import PASSWORD, PASSWORD_HASH
from tests.processes import party_group
from tests.processes.conftest import SECRET
from tests.processes.desk import OFFICER, Desk
from tests.processes.kept_bureaus import open_copy
from tests.processes.recruitment.deciding import about, record_decision
from tests.processes.recruitment.selecting import Selecting
from tests.processes.recruitment.selection_cast import BEGINS, CITY, MORE, SUBJECTS
from tests.processes.registers.entering import establishment, put, researcher, seat

_people = count(1)


def begin_post(
    desk: Desk,
    teachers: Sequence[Actor],
    subject: str,
    *,
    process: str = "recruitment_post",
    qualified: Sequence[Actor] | None = None,
    keep_seat: bool = False,
    **changes: Json,
) -> Selecting:
    """Begin what comes behind the formal check, with these who have passed it.

    All have a qualification that holds, or only those in `qualified`.
    """
    one = Selecting(desk)
    now, today = desk.clock(), bureau_day(desk.clock())
    with desk.rooms.write() as tools:
        session, case = tools.session, tools.keys.next()
        step = Step(tools.keys.next(), case, SYSTEM, now, "2026-11/0")
        need = rounds.Need(
            Channel.SELECTION, CITY, "市教研机构", (SEATS[subject],), "recruitment_selection"
        )
        round_ = rounds.open_round(session, need, step)
        code = f"{round_.number}-01"
        one.round_key = round_.key
        if keep_seat or process == "recruitment_appointment":
            rounds.keep_seat(session, code, replace(step, key=tools.keys.next()))
        scheme: dict[str, Json] = {
            **plans.proposed(Channel.SELECTION, rounds.values_of(session, today)),
            "plan_ratio": 1, "plan_written_on": one.later(1), "plan_interview_on": one.later(2),
            "plan_scores_until": one.later(3), "plan_substitutes_until": one.later(90),
        }  # fmt: skip
        plan = plans.read(scheme | changes, rounds.values_of(session, today))
        rounds.announce(
            session, round_.key, plans.as_json(plan), "1", replace(step, key=tools.keys.next()),
            opens_on=today, closes_on=today, until=plan.scheme.substitutes_until,
        )  # fmt: skip
        for teacher in teachers:
            key = tools.keys.next()
            applicant = applications.Applicant(
                teacher.username, teacher.display_name, "示例小学01", "一级教师", honoured=False,
                selected=Selected(True, True, True, True, True),
            )  # fmt: skip
            own = replace(step, key=key)
            assert applications.enter(session, code, applicant, own).candidacy is not None
            candidacies.move(session, key, CandidacyState.ADMITTED, own, reason="资格审查通过")
            if process == "recruitment_appointment":
                candidacies.move(session, key, CandidacyState.PROPOSED, own, reason="列入考察")
            session.flush()
    for teacher in teachers if qualified is None else qualified:
        one.qualify(teacher, subject)
    variables: dict[str, Json] = {
        "round_key": str(one.round_key), "post_code": code, "channel": "selection",
    }  # fmt: skip
    if process in {"recruitment_checks", "recruitment_appointment"}:
        variables["candidacy_key"] = str(one.candidacy(teachers[0]).key)
    if process == "recruitment_appointment":
        decided = replace(
            about(teachers[0].display_name, teachers[0].username),
            matter=f"{one.round.number} {code}",
        )
        variables["committee_item"] = str(record_decision(desk, decided))
    one.case = starting.start(
        desk.rooms, process_id=process, variables=variables, actor=SYSTEM, now=now,
        through_form=False,
    ).instance_key  # fmt: skip
    _belong(desk, one.round_key, one.case)
    one.run()
    return one


def _belong(desk: Desk, round_key: int, case: int) -> None:
    """Let a round that was made beside its case, and the seat kept for it, belong to this one."""
    with desk.rooms.database.write() as session:
        round_ = session.get_one(Round, round_key)
        kept = update(StaffSeat).where(StaffSeat.reserved_instance == round_.instance_key)
        session.execute(kept.values(reserved_instance=case))
        round_.instance_key = case


@contextmanager
def open_bureau(template: Path, folder: Path, feel: FeelPool) -> Iterator[Desk]:
    """A bureau with a free seat for each of `SUBJECTS`, a Party group, and nothing begun."""
    with open_copy(_settle, template, folder, feel, datetime.fromisoformat(BEGINS)) as desk:
        yield desk


def _settle(desk: Desk) -> None:
    party_group.settle(desk)
    with desk.rooms.write() as tools:
        put(tools, ESTABLISHMENT_ROSTER, establishment(CITY), now=desk.clock())
        for place, subject in enumerate(SUBJECTS, start=1):
            free = seat(f"SJ-{place:02}", unit_id=CITY, seat=subject)
            put(tools, SEAT_ROSTER, free, now=desk.clock())
        tools.session.execute(insert(Person), [account(one, desk) for one in MORE])
        there = researcher(MORE[-1].username, unit_id=CITY, seat_code=f"SJ-{len(SUBJECTS):02}")
        put(tools, RESEARCHER_ROSTER, there, now=desk.clock())


def account(one: Actor, desk: Desk) -> dict[str, object]:
    return {
        "username": one.username, "display_name": one.display_name, "sort_name": one.username,
        "password_hash": PASSWORD_HASH, "active": True, "failed_sign_ins": 0,
        "locked_until": None, "created_at": desk.clock(),
    }  # fmt: skip


def page_of(desk: Desk, folder: Path, address: str) -> str:
    """Open a page of the real application as the personnel office."""
    return browser_of(desk, folder).get(address).text


def browser_of(desk: Desk, folder: Path, actor: Actor = OFFICER) -> FlaskClient:
    """Sign somebody in to the real application."""
    settings = Settings(
        database_url="sqlite://", data_dir=folder, audit_key=SECRET, secret_key=SECRET, https=False
    )
    browser = app.web_application(settings, app.discover(), desk.rooms).test_client()
    token = re.search(r'name="csrf-token" content="([^"]+)"', browser.get("/sign-in").text)
    assert token
    entry = {"username": actor.username, "password": PASSWORD, "csrf_token": token[1]}
    assert browser.post("/sign-in", data=entry).status_code == 302
    return browser


def teachers(desk: Desk, number: int) -> list[Actor]:
    """So many teachers who have nothing to do with anybody yet."""
    found = [
        Actor(f"candidate{next(_people):02}", f"教师甲{place}", frozenset({"applicants"}))
        for place in range(number)
    ]
    with desk.rooms.database.write() as session:
        session.execute(insert(Person), [account(one, desk) for one in found])
    return found


def tie(desk: Desk, username: str, other: str) -> None:
    """Let somebody declare a cousin."""
    with desk.rooms.write() as tools:
        ties.declare(
            tools, username=username, other=other, kind=TieKind.COLLATERAL,
            actor=Actor(username, username, frozenset()), now=desk.clock(),
        )  # fmt: skip


def words(one: Selecting, name: str, process: str = "recruitment_scores") -> str:
    """What a case says in a list of problems."""
    return "".join(map(str, one.desk.variables(one.called(process) or one.case)[name]))  # type: ignore[arg-type]
