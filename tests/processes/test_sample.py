"""The demonstration's people: synthetic, in groups that exist, with rights that mean something."""

import re

import pytest

from processes.admission import procedure
from processes.sample import ADMISSION, sample
from service.domain.accounts import PUBLIC_APPLICANTS
from service.domain.authorization import Action, ObjectKind

GROUPS = {group.id for group in sample.groups}


def test_no_account_bears_the_name_of_a_person() -> None:
    for account in sample.accounts:
        assert re.fullmatch(r"(申请人|教师|人事科)\d+", account.display_name)


def test_accounts_and_rights_name_groups_that_exist() -> None:
    assert {group for account in sample.accounts for group in account.groups} == GROUPS
    assert {right.group for right in sample.rights} == GROUPS | {PUBLIC_APPLICANTS}


def test_rights_are_about_this_procedure_and_its_register() -> None:
    known = {ADMISSION, *(register.id for register in procedure.registers)}
    assert {right.on for right in sample.rights} == known


@pytest.mark.parametrize("group", ["applicants", PUBLIC_APPLICANTS])
def test_applicants_may_start_and_read_nothing_of_others(group: str) -> None:
    (right,) = [right for right in sample.rights if right.group == group]
    assert (right.on, right.object, right.action) == (ADMISSION, ObjectKind.PROCEDURE, Action.ACT)


def test_the_office_may_not_start_the_procedure_it_decides() -> None:
    office = [right for right in sample.rights if right.group == "personnel-office"]
    assert not [right for right in office if right.object is ObjectKind.PROCEDURE]
