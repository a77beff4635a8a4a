"""Locking and leaving: who is out is out at once, and comes back to no more than was meant."""

from collections.abc import Callable

import pytest
from sqlalchemy import insert

from service.commands import account_states, api_tokens, password_links, rights, sign_in
from service.commands.account_states import (
    LockReasonMissing,
    OwnAccount,
    PersonLeft,
    PersonNotLeft,
)
from service.commands.accounts import AccountsForbidden, PersonNotFound
from service.commands.tokens import token_hash
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.store.tables import (
    AuthorizationGrant,
    Membership,
    PasswordLink,
    Person,
    Post,
    WebSession,
)
from tests.commands.administering import administrator_of, events_about
from tests.fixtures_commands import Stage
from tests.fixtures_organization import Bureau
from tests.fixtures_store import OFFICE, PASSWORD_HASH

Do = Callable[..., None]


@pytest.fixture
def admin(stage: Stage) -> Actor:
    return administrator_of(stage.rooms, stage.clock.now)


@pytest.fixture
def do(stage: Stage, admin: Actor) -> Do:
    """Run a command on an account in a transaction of its own, as the administrator."""

    def run(command: Do, username: str = "li.na", *, by: Actor = admin, **more: object) -> None:
        with stage.rooms.write() as tools:
            command(tools, username=username, actor=by, now=stage.clock.now, **more)

    return run


def lock(do: Do, username: str = "li.na", **more: object) -> None:
    do(account_states.lock, username, **{"reason": "手机丢失，核实中", **more})


def browser(stage: Stage, username: str = "li.na") -> str:
    """The token of a session that was opened a moment ago."""
    token = f"token of {username}"
    session = {"token_hash": token_hash(token), "username": username}
    with stage.rooms.write() as tools:
        moments = {"created_at": stage.clock.now, "seen_at": stage.clock.now}
        tools.session.execute(insert(WebSession), [{**session, **moments}])
    return token


def program(stage: Stage, username: str = "li.na") -> str:
    with stage.rooms.write() as tools:
        return api_tokens.create_token(
            tools, username=username, name="脚本", actor=SYSTEM, now=stage.clock.now
        ).plain


def is_in(stage: Stage, session_token: str = "", api_token: str = "") -> bool:
    with stage.rooms.read() as session:
        if session_token:
            found = sign_in.session_actor(session, token=session_token, now=stage.clock.now)
            return found is not None
        return api_tokens.token_actor(session, token=api_token, now=stage.clock.now) is not None


def test_a_locked_person_is_out_at_once_by_every_way(stage: Stage, do: Do) -> None:
    session, token = browser(stage), program(stage)
    lock(do)
    assert not is_in(stage, session)
    assert not is_in(stage, api_token=token)
    row = stage.row(Person, username="li.na")
    assert (row["locked_by"], row["lock_reason"]) == ("guan.li", "手机丢失，核实中")


def test_unlocked_the_password_and_the_tokens_serve_again_and_the_session_not(
    stage: Stage, do: Do
) -> None:
    session, token = browser(stage), program(stage)
    lock(do)
    do(account_states.unlock)
    assert not is_in(stage, session)
    assert is_in(stage, api_token=token)
    row = stage.row(Person, username="li.na")
    assert (row["password_hash"], row["lock_reason"]) == (PASSWORD_HASH, None)
    assert [member["group_id"] for member in stage.rows(Membership, username="li.na")] == [OFFICE]


@pytest.mark.parametrize("reason", ["", "  ", "丢", "长" * 201])
def test_nobody_is_locked_without_a_reason(stage: Stage, do: Do, reason: str) -> None:
    with pytest.raises(LockReasonMissing):
        lock(do, reason=reason)
    assert stage.row(Person, username="li.na")["active"]


def test_who_leaves_gives_everything_up(stage: Stage, do: Do, admin: Actor) -> None:
    session, token = browser(stage), program(stage)
    right = Grant(GranteeKind.PERSON, "li.na", "*", ObjectKind.CASE, Action.READ)
    with stage.rooms.write() as tools:
        rights.grant(tools, right, actor=SYSTEM, now=stage.clock.now)
        link = {"username": "li.na", "expires_at": stage.clock.now}
        password_links.make(tools, **link, actor=admin, now=stage.clock.now)  # type: ignore[arg-type]
    do(account_states.leave)
    assert not is_in(stage, session)
    assert not is_in(stage, api_token=token)
    assert stage.rows(Membership, username="li.na") == []
    assert stage.rows(AuthorizationGrant, grantee="li.na") == []
    assert stage.rows(PasswordLink) == []
    row = stage.row(Person, username="li.na")
    assert (row["left_at"], row["password_hash"]) == (stage.clock.now, None)
    assert events_about(stage.rooms, "li.na")[-1] == (
        "guan.li",
        "account_changed",
        {"change": "left", "groups": [OFFICE], "rights": ["* case read"]},
    )


def test_the_posts_of_who_leaves_have_ended(stage: Stage, do: Do, bureau: Bureau) -> None:
    bureau.begin("li.na", "city", heads_unit=True)
    do(account_states.leave)
    (post,) = stage.rows(Post)
    assert (post["ended_at"], post["ended_by"]) == (stage.clock.now, "guan.li")
    bureau.begin("wang.wei", "city", heads_unit=True)


def test_who_comes_back_has_nothing_of_it(stage: Stage, do: Do) -> None:
    token = program(stage)
    do(account_states.leave)
    do(account_states.reactivate)
    assert not is_in(stage, api_token=token)
    row = stage.row(Person, username="li.na")
    assert (row["active"], row["left_at"], row["password_hash"]) == (True, None, None)
    assert stage.rows(Membership, username="li.na") == []


def test_a_locked_person_may_leave_and_comes_back_unlocked(stage: Stage, do: Do) -> None:
    lock(do)
    do(account_states.leave)
    do(account_states.reactivate)
    assert stage.row(Person, username="li.na")["lock_reason"] is None


def test_who_has_left_is_neither_locked_nor_unlocked_nor_leaves_again(do: Do) -> None:
    do(account_states.leave)
    for command in (account_states.unlock, account_states.leave):
        with pytest.raises(PersonLeft, match="2026年3月2日"):
            do(command)
    with pytest.raises(PersonLeft):
        lock(do)


def test_who_has_not_left_does_not_come_back(do: Do) -> None:
    lock(do)
    with pytest.raises(PersonNotLeft):
        do(account_states.reactivate)


def test_nobody_closes_their_own_account(stage: Stage, do: Do, admin: Actor) -> None:
    with pytest.raises(OwnAccount):
        lock(do, admin.username)
    with pytest.raises(OwnAccount):
        do(account_states.leave, admin.username)
    assert stage.row(Person, username=admin.username)["active"]


@pytest.mark.parametrize(
    "command", [account_states.unlock, account_states.leave, account_states.reactivate]
)
def test_it_is_for_administrators_and_about_people_who_are_there(
    stage: Stage, do: Do, command: Do
) -> None:
    with pytest.raises(AccountsForbidden):
        do(command, by=stage.cast.stranger)
    with pytest.raises(AccountsForbidden):
        lock(do, by=stage.cast.stranger)
    for nobody in ("nobody", "a\0b", ""):
        with pytest.raises(PersonNotFound):
            do(command, nobody)
