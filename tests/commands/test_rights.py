"""Giving and taking rights: never to oneself, never the last administrator's, with a reason."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from service.commands import account_states, deputies, groups, posts, rights
from service.commands.rights import GrantInvalid, GrantNotFound, GrantReasonMissing
from service.commands.separation import LastAdministrator, OwnAccess, SensitiveForEveryone
from service.commands.toolbox import Toolbox
from service.domain.access_events import AccessKind
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import (
    MEANT,
    Action,
    Grant,
    GranteeKind,
    ObjectKind,
    everyone,
    is_sensitive,
)
from service.store.tables import AuthorizationGrant, Membership, Person, Post
from tests.commands.administering import administrator_of, events_about
from tests.commands.test_two_at_once import at_once
from tests.fixtures_commands import Stage
from tests.fixtures_organization import Bureau, bureau
from tests.fixtures_store import OFFICE, PASSWORD_HASH, Cast

__all__ = ["bureau"]

PERSON, GROUP = GranteeKind.PERSON, GranteeKind.GROUP
CASES = (ObjectKind.CASE, Action.READ)
STARTS = (ObjectKind.PROCEDURE, Action.ACT)
ADMINISTERS = (ObjectKind.ACCOUNT, Action.ACT)

Act = Callable[[Toolbox], object]


@pytest.fixture
def admin(stage: Stage) -> Actor:
    return administrator_of(stage.rooms, stage.clock.now)


def right(kind: GranteeKind, grantee: str, what: tuple[ObjectKind, Action] = CASES) -> Grant:
    return Grant(kind, grantee, "*", *what)


def give(stage: Stage, given: Grant, actor: Actor, reason: str = "工作需要") -> None:
    with stage.rooms.write() as tools:
        rights.grant(tools, given, actor=actor, now=stage.clock.now, reason=reason)


def take(stage: Stage, taken: Grant, actor: Actor) -> None:
    with stage.rooms.write() as tools:
        rights.revoke(tools, taken, actor=actor, now=stage.clock.now, reason="岗位调整")


def with_password(stage: Stage, *usernames: str) -> None:
    with stage.rooms.write() as tools:
        named = update(Person).where(Person.username.in_(usernames))
        tools.session.execute(named.values(password_hash=PASSWORD_HASH))


def test_a_right_says_by_whom_and_why(stage: Stage, admin: Actor) -> None:
    give(stage, right(PERSON, "wang.wei"), admin, "教研室 2026 年第 3 号\n通知")
    row = stage.row(AuthorizationGrant, grantee="wang.wei")
    assert (row["granted_by"], row["granted_at"]) == (admin.username, stage.clock.now)
    assert row["reason"] == "教研室 2026 年第 3 号 通知"
    take(stage, right(PERSON, "wang.wei"), admin)
    assert [(who, kind, said["reason"]) for who, kind, said in events_about(
        stage.rooms, "wang.wei"
    )] == [
        (admin.username, AccessKind.RIGHT_GRANTED, "教研室 2026 年第 3 号 通知"),
        (admin.username, AccessKind.RIGHT_REVOKED, "岗位调整"),
    ]  # fmt: skip


@pytest.mark.parametrize("reason", ["", " ", "事", "长" * 201])
def test_a_sensitive_right_needs_a_reason(stage: Stage, admin: Actor, reason: str) -> None:
    with pytest.raises(GrantReasonMissing):
        give(stage, right(PERSON, "wang.wei"), admin, reason)
    assert stage.rows(AuthorizationGrant, grantee="wang.wei") == []


def test_an_ordinary_right_needs_none(stage: Stage, admin: Actor) -> None:
    give(stage, right(PERSON, "wang.wei", STARTS), admin, "")
    give(stage, everyone(*STARTS), admin, "")
    assert len(stage.rows(AuthorizationGrant, object=ObjectKind.PROCEDURE)) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        Grant(PERSON, "wang.wei", "*", ObjectKind.AUDIT, Action.ACT),
        Grant(PERSON, "wang.wei", "leave", *ADMINISTERS),
        Grant(PERSON, "wang.wei", " ", *STARTS),
        Grant(PERSON, "wang.wei", "x" * 201, *STARTS),
        Grant(PERSON, "wang.wei", "a\0b", *STARTS),
        Grant(GranteeKind.EVERYONE, "wang.wei", "*", *STARTS),
    ],
)
def test_a_right_of_which_nothing_follows_is_refused(
    stage: Stage, admin: Actor, wrong: Grant
) -> None:
    with pytest.raises(GrantInvalid):
        give(stage, wrong, admin)


def test_every_kind_of_object_says_what_may_be_done_to_it() -> None:
    assert set(MEANT) == set(ObjectKind)
    sensitive = [
        one for kind, actions in MEANT.items() for action in actions
        if is_sensitive(one := Grant(PERSON, "x", "*", kind, action))
    ]  # fmt: skip
    assert len(sensitive) < sum(map(len, MEANT.values()))


def test_nobody_gives_rights_to_themselves(stage: Stage, admin: Actor) -> None:
    with stage.rooms.write() as tools:
        groups.join(
            tools, group_id=OFFICE, username=admin.username, actor=SYSTEM, now=stage.clock.now
        )
    for own in (right(PERSON, admin.username, STARTS), right(GROUP, OFFICE, STARTS)):
        with pytest.raises(OwnAccess):
            give(stage, own, admin)
    with pytest.raises(SensitiveForEveryone):
        give(stage, everyone(*CASES), admin)
    assert len(stage.rows(AuthorizationGrant)) == 1


def test_nobody_gives_a_right_to_a_post_of_their_own(
    stage: Stage, admin: Actor, bureau: Bureau
) -> None:
    bureau.begin(admin.username, "city", labels=["数学"])
    bureau.name_group("教研员 @ city")
    with pytest.raises(OwnAccess):
        give(stage, right(GROUP, "教研员 @ 市教研机构"), admin)
    with pytest.raises(OwnAccess):
        give(stage, right(GROUP, "教研员 · 数学"), admin)  # a group that nothing named before
    give(stage, right(GROUP, "教研员 · 语文 @ 市教研机构"), admin)


def test_nobody_joins_takes_a_post_or_a_deputy_s_place_by_themselves(
    stage: Stage, admin: Actor, bureau: Bureau
) -> None:
    now = stage.clock.now
    acts: list[Act] = [
        lambda tools: groups.add_member(
            tools, group_id=OFFICE, username=admin.username, actor=admin, now=now
        ),
        lambda tools: posts.begin_post(
            tools, username=admin.username, unit_id="city", title="教研员", actor=admin, now=now
        ),
        lambda tools: deputies.appoint(
            tools,
            principal="li.na",
            deputy=admin.username,
            starts_at=now,
            ends_at=now + timedelta(days=1),
            actor=admin,
            now=now,
        ),
    ]
    for act in acts:
        with pytest.raises(OwnAccess), stage.rooms.write() as tools:
            act(tools)
    assert stage.rows(Membership, username=admin.username) == []
    assert stage.rows(Post) == []


def test_a_right_is_taken_by_its_key_once(stage: Stage, admin: Actor) -> None:
    give(stage, right(PERSON, "wang.wei"), admin)
    key = stage.key(AuthorizationGrant, grantee="wang.wei")
    with stage.rooms.write() as tools:
        rights.revoke_by_key(tools, key=key, actor=admin, now=stage.clock.now)
    with pytest.raises(GrantNotFound), stage.rooms.write() as tools:
        rights.revoke_by_key(tools, key=key, actor=admin, now=stage.clock.now)


def test_the_last_administrator_cannot_be_taken_away(
    stage: Stage, admin: Actor, cast: Cast
) -> None:
    own = right(PERSON, admin.username, ADMINISTERS)
    with pytest.raises(LastAdministrator):
        take(stage, own, admin)
    give(stage, right(PERSON, cast.officer.username, ADMINISTERS), admin)
    take(stage, own, admin)
    [left] = stage.rows(AuthorizationGrant)
    assert left["grantee"] == cast.officer.username


@pytest.mark.parametrize("unfit", [{"password_hash": None}, {"active": False}, {"kind": "public"}])
def test_an_administrator_who_cannot_come_in_does_not_count(
    stage: Stage, admin: Actor, cast: Cast, unfit: dict[str, object]
) -> None:
    give(stage, right(PERSON, cast.officer.username, ADMINISTERS), admin)
    with stage.rooms.write() as tools:
        named = update(Person).where(Person.username == cast.officer.username)
        tools.session.execute(named.values(**unfit))
    with pytest.raises(LastAdministrator):
        take(stage, right(PERSON, admin.username, ADMINISTERS), admin)


def test_nobody_leaves_the_last_administrator_s_group_or_post(
    stage: Stage, cast: Cast, bureau: Bureau
) -> None:
    now = stage.clock.now
    post = bureau.begin(cast.applicant.username, "city")
    give(stage, right(GROUP, OFFICE, ADMINISTERS), SYSTEM)
    give(stage, right(GROUP, "教研员 @ 市教研机构", ADMINISTERS), SYSTEM)

    posted = Actor(cast.applicant.username, groups=frozenset({"教研员 @ city"}))
    with stage.rooms.write() as tools:
        groups.remove_member(tools, group_id=OFFICE, username="li.na", actor=posted, now=now)
    with pytest.raises(LastAdministrator), stage.rooms.write() as tools:
        posts.end_post(tools, key=post, actor=posted, now=now)


def test_the_system_may_lock_the_last_administrator_out(stage: Stage, admin: Actor) -> None:
    take(stage, right(PERSON, admin.username, ADMINISTERS), SYSTEM)
    assert stage.rows(AuthorizationGrant) == []


def test_two_administrators_at_once_cannot_shut_each_other_out(
    stage: Stage, admin: Actor, cast: Cast
) -> None:
    other = cast.officer
    give(stage, right(PERSON, other.username, ADMINISTERS), admin)
    with_password(stage, admin.username, other.username)

    def lock(actor: Actor, whom: Actor) -> None:
        with stage.rooms.write() as tools:
            account_states.lock(
                tools, username=whom.username, reason="核查", actor=actor, now=stage.clock.now
            )

    answers = at_once(lambda: lock(admin, other), lambda: lock(other, admin))
    [refusal] = [answer for answer in answers if answer is not None]
    assert isinstance(refusal, LastAdministrator)
    assert len([row for row in stage.rows(Person) if not row["active"]]) == 1
