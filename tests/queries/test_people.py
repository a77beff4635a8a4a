"""The list of accounts is for those whose work it is."""

from datetime import datetime

import pytest

from service.commands import rights
from service.domain.actors import SYSTEM
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.domain.errors import NotFound
from service.queries import people
from tests.fixtures_store import OFFICE, Cast, Write


def test_the_accounts_are_for_administrators(write: Write, cast: Cast, now: datetime) -> None:
    right = Grant(GranteeKind.PERSON, "wang.wei", "*", ObjectKind.ACCOUNT, Action.READ)
    with write() as tools:
        with pytest.raises(NotFound):
            people.accounts(tools.session, actor=cast.stranger)
        rights.grant(tools, right, actor=SYSTEM, now=now)
        first, second = people.accounts(tools.session, actor=cast.stranger, limit=2)
        rest = people.accounts(tools.session, actor=cast.stranger, after=second.username)
    assert (first.username, first.groups, first.has_password) == ("li.na", (OFFICE,), True)
    assert [row.username for row in rest] == ["zhang.min"]
