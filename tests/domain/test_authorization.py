"""A right is for whom, for what and for which procedure it says, and for nothing else."""

import pytest

from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import (
    Action,
    Grant,
    GranteeKind,
    ObjectKind,
    allows,
    everyone,
)

OFFICER = Actor("li.na", "李娜", frozenset({"office"}))
CASES_OF_ADMISSION = Grant(GranteeKind.GROUP, "office", "admission", ObjectKind.CASE, Action.READ)


def test_a_group_gives_its_members_the_right() -> None:
    assert allows([CASES_OF_ADMISSION], OFFICER, ObjectKind.CASE, Action.READ, "admission")


@pytest.mark.parametrize(
    ("actor", "object", "action", "process_id"),
    [
        (Actor("li.na"), ObjectKind.CASE, Action.READ, "admission"),
        (Actor("office"), ObjectKind.CASE, Action.READ, "admission"),
        (OFFICER, ObjectKind.RUNNING, Action.READ, "admission"),
        (OFFICER, ObjectKind.CASE, Action.EXPORT, "admission"),
        (OFFICER, ObjectKind.CASE, Action.READ, "leave"),
        (OFFICER, ObjectKind.CASE, Action.READ, "*"),
    ],
    ids=["former member", "named like the group", "object", "action", "process", "all processes"],
)
def test_it_says_nothing_about_anything_else(
    actor: Actor, object: ObjectKind, action: Action, process_id: str
) -> None:
    assert not allows([CASES_OF_ADMISSION], actor, object, action, process_id)


def test_a_right_of_a_person_is_theirs_alone() -> None:
    right = Grant(GranteeKind.PERSON, "li.na", "*", ObjectKind.AUDIT, Action.READ)
    assert allows([right], OFFICER, ObjectKind.AUDIT, Action.READ, "admission")
    assert not allows(
        [right], Actor("x", groups=frozenset({"li.na"})), ObjectKind.AUDIT, Action.READ, "*"
    )


def test_a_right_of_everyone_is_each_members_of_staff() -> None:
    right = everyone(ObjectKind.PROCEDURE, Action.ACT, "admission")
    assert allows([right], Actor("anyone"), ObjectKind.PROCEDURE, Action.ACT, "admission")


def test_a_right_of_everyone_is_not_for_people_from_outside() -> None:
    right = everyone(ObjectKind.PROCEDURE, Action.ACT, "admission")
    outsider = Actor("applicant", groups=frozenset({"public-applicants"}), public=True)
    assert not allows([right], outsider, ObjectKind.PROCEDURE, Action.ACT, "admission")
    theirs = Grant(
        GranteeKind.GROUP, "public-applicants", "admission", ObjectKind.PROCEDURE, Action.ACT
    )
    assert allows([theirs], outsider, ObjectKind.PROCEDURE, Action.ACT, "admission")


def test_the_system_needs_no_right() -> None:
    assert allows([], SYSTEM, ObjectKind.ACCOUNT, Action.ACT, "*")


def test_somebody_who_is_called_system_is_not_the_system() -> None:
    assert not allows([], Actor("system", "假的"), ObjectKind.ACCOUNT, Action.ACT, "*")
