"""Whose a query is, sees it: a district's finding is not the city's to read."""

import pytest

from service.app import ROOT
from service.domain.actors import Actor
from service.domain.errors import NotFound
from service.queries import instances, open_cases, tasks
from tests.processes.desk import COLLEAGUE, OFFICER, Desk
from tests.processes.records.querying import DISTRICT_ONE, DISTRICT_TWO, case_of, only

CITY, DISTRICT = "records_yearly", "records_yearly_district"


@pytest.mark.parametrize("officer", [OFFICER, COLLEAGUE], ids=lambda one: one.username)
def test_the_city_s_office_reads_nothing_of_a_district_s_query(
    bureau: Desk, officer: Actor
) -> None:
    case = case_of(bureau, "researcher25")
    task = only(bureau, case)
    with bureau.rooms.read() as session:
        # of the city's own both read all
        own = instances.get(session, actor=officer, key=case_of(bureau, "researcher02"))
        assert own.may_read_values
        with pytest.raises(NotFound):
            instances.get(session, actor=officer, key=case)
        with pytest.raises(NotFound):
            tasks.get(session, actor=officer, key=task.key)
        readable = open_cases.readable(session, actor=officer)
    assert CITY in readable
    assert DISTRICT not in readable


def test_the_district_s_office_reads_it(bureau: Desk) -> None:
    case = case_of(bureau, "researcher25")
    with bureau.rooms.read() as session:
        for actor in (DISTRICT_ONE, DISTRICT_TWO):
            assert instances.get(session, actor=actor, key=case).may_read_values


def test_the_two_drawings_are_one_but_for_whose_office_it_is() -> None:
    city, district = (
        (ROOT / "bpmn" / f"{name}.bpmn").read_text("utf-8").splitlines()
        for name in (CITY, DISTRICT)
    )
    other = [
        (one, two)
        for one, two in zip(city, district, strict=True)
        if one.replace(CITY, DISTRICT) != two and one != two
    ]
    assert len(other) == 6
    offices = [(one.strip(), two.strip()) for one, two in other if "candidateGroups" in one]
    assert offices == [
        (
            '<zeebe:assignmentDefinition candidateGroups="@ 市教育局/人事科" />',
            '<zeebe:assignmentDefinition candidateGroups="=office" />',
        )
    ] * 2  # fmt: skip
