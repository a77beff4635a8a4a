"""What changes accounts, rights or what runs leaves an event; what changes nothing leaves none."""

import pytest
from sqlalchemy import select

from service.commands import (
    account_states,
    accounts,
    api_tokens,
    element_instances,
    groups,
    incidents,
    rights,
    sign_in,
)
from service.commands.handlers import BpmnError
from service.commands.password_check import SignInRefused
from service.commands.toolbox import Toolbox
from service.domain.access_events import AccessKind
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.store import record_check
from service.store.tables import AccessEvent, Incident, Membership
from tests.fixtures_commands import REVIEW, Deploy, Desk, Stage
from tests.fixtures_store import OFFICE, PASSWORD
from tests.recorded import record_cast

NEW_PASSWORD = "青山遮不住-毕竟东流去"
RIGHT = Grant(GranteeKind.GROUP, OFFICE, "review", ObjectKind.CASE, Action.READ)

Event = tuple[str, str, str, str]

REHASHED: Event = ("li.na", "account_changed", "li.na", "")
"""The accounts of tests have cheap hashes: the first password that fits replaces them."""


def recorded(stage: Stage, *kinds: AccessKind) -> list[Event]:
    """Who did what to whom with what, oldest first; all kinds where none is named."""
    event = AccessEvent
    statement = select(event.person, event.kind, event.subject, event.reference)
    if kinds:
        statement = statement.where(event.kind.in_(kinds))
    with stage.rooms.read() as session:
        rows = session.execute(statement.order_by(event.key))
        return [(row.person, row.kind, row.subject, row.reference) for row in rows]


def details(stage: Stage, kind: AccessKind) -> object:
    """Those of the newest event of this kind."""
    statement = select(AccessEvent.details).where(AccessEvent.kind == kind)
    with stage.rooms.read() as session:
        return session.scalars(statement.order_by(AccessEvent.key.desc())).first()


def enter(stage: Stage, password: str = PASSWORD) -> str:
    return sign_in.sign_in(
        stage.rooms,
        username="li.na",
        password=password,
        address="10.0.0.1",
        now=stage.clock.now,
    ).token


class TestSigningIn:
    """Each try, by the name that was given."""

    def test_coming_and_going(self, stage: Stage) -> None:
        token = enter(stage)
        with stage.rooms.write() as tools:
            for _ in range(2):
                sign_in.sign_out(tools, token=token, address="10.0.0.1", now=stage.clock.now)
        assert recorded(stage) == [
            REHASHED,
            ("li.na", "sign_in", "", ""),
            ("li.na", "sign_out", "", ""),
        ]

    def test_a_wrong_password_and_the_lock_it_leads_to(self, stage: Stage) -> None:
        for _ in range(6):
            with pytest.raises(SignInRefused):
                enter(stage, "wrong")
        assert recorded(stage) == [("li.na", "sign_in_failed", "li.na", "")] * 6
        assert details(stage, AccessKind.SIGN_IN_FAILED) == {
            "way": "page",
            "outcome": "locked",
            "locked": True,
        }

    def test_another_password(self, stage: Stage) -> None:
        sign_in.change_password(
            stage.rooms,
            username="li.na",
            current=PASSWORD,
            new=NEW_PASSWORD,
            token="",
            address="10.0.0.1",
            now=stage.clock.now,
        )
        assert recorded(stage) == [REHASHED, ("li.na", "password_changed", "li.na", "")]


def account_changes(tools: Toolbox, stage: Stage) -> None:
    now = stage.clock.now
    accounts.create_person(tools, username="he.li", display_name="何丽", actor=SYSTEM, now=now)
    accounts.rename_person(tools, username="he.li", display_name="何莉", actor=SYSTEM, now=now)
    account_states.lock(tools, username="he.li", reason="手机丢失", actor=SYSTEM, now=now)
    account_states.unlock(tools, username="he.li", actor=SYSTEM, now=now)
    account_states.leave(tools, username="he.li", actor=SYSTEM, now=now)
    account_states.reactivate(tools, username="he.li", actor=SYSTEM, now=now)
    accounts.set_password(tools, username="he.li", password=NEW_PASSWORD, actor=SYSTEM, now=now)


def test_accounts(stage: Stage) -> None:
    with stage.rooms.write() as tools:
        account_changes(tools, stage)
    assert recorded(stage) == [
        ("system", "account_created", "he.li", ""),
        *[("system", "account_changed", "he.li", "")] * 5,
        ("system", "password_changed", "he.li", ""),
    ]
    assert details(stage, AccessKind.ACCOUNT_CHANGED) == {"change": "reactivated"}


def test_groups_once_for_each_change(stage: Stage) -> None:
    now = stage.clock.now
    with stage.rooms.write() as tools:
        for _ in range(2):
            groups.add_member(tools, group_id=OFFICE, username="zhang.min", actor=SYSTEM, now=now)
        for _ in range(2):
            groups.remove_member(
                tools, group_id=OFFICE, username="zhang.min", actor=SYSTEM, now=now
            )
    assert recorded(stage) == [("system", "group_changed", "zhang.min", OFFICE)] * 2


def test_rights_once_for_each_change(stage: Stage) -> None:
    now = stage.clock.now
    with stage.rooms.write() as tools:
        for change in (rights.grant, rights.revoke):
            for _ in range(2):
                change(tools, RIGHT, actor=SYSTEM, now=now)
    assert recorded(stage) == [
        ("system", "right_granted", OFFICE, "review"),
        ("system", "right_revoked", OFFICE, "review"),
    ]
    assert details(stage, AccessKind.RIGHT_REVOKED) == {
        "grantee_kind": "group",
        "object": "case",
        "action": "read",
    }


def test_who_leaves_gives_up_groups_and_rights_by_the_record_too(stage: Stage) -> None:
    now, case = (
        stage.clock.now,
        Grant(GranteeKind.PERSON, "li.na", "*", ObjectKind.CASE, Action.READ),
    )
    with stage.rooms.write() as tools:
        record_cast(tools, now)
        rights.grant(tools, case, actor=SYSTEM, now=now)
        account_states.leave(tools, username="li.na", actor=SYSTEM, now=now)
    assert stage.rows(Membership) == []
    with stage.rooms.read() as session:
        assert record_check.verify(session) == []


def test_tokens(stage: Stage) -> None:
    officer, now = stage.cast.officer, stage.clock.now
    with stage.rooms.write() as tools:
        key = api_tokens.create_token(
            tools, username="li.na", name="报表", actor=officer, now=now
        ).key
        for _ in range(2):
            api_tokens.revoke_token(tools, key=key, actor=officer, now=now)
    assert recorded(stage) == [
        ("li.na", "token_created", "li.na", f"token/{key}"),
        ("li.na", "token_revoked", "li.na", f"token/{key}"),
    ]


def test_a_deployment_names_what_is_new(stage: Stage, deploy: Deploy) -> None:
    deploy("errand.bpmn")
    assert details(stage, AccessKind.DEPLOYED) == {"versions": ["process errand v1"], "note": ""}


def test_what_operators_do(stage: Stage, deploy: Deploy, operator: Actor) -> None:
    deploy(*REVIEW)
    key = stage.start("review", variables={"姓名": "王小明"}).instance_key
    stage.assign(stage.task(key, "check"), "wang.wei", operator)
    with stage.rooms.write() as tools:
        element_instances.set_variables(
            tools, key, {"姓名": "王小明二"}, local=False, actor=operator, now=stage.clock.now
        )
    stage.cancel(key, operator)
    assert [event for event in recorded(stage) if event[0] == operator.username] == [
        ("zhao.gang", "task_assigned", "wang.wei", f"instance/{key}"),
        ("zhao.gang", "variables_set", "zhang.min", f"instance/{key}"),
        ("zhao.gang", "instance_cancelled", "zhang.min", f"instance/{key}"),
    ]
    assert "王小明二" not in str(details(stage, AccessKind.VARIABLES_SET))


def test_a_retry(stage: Stage, deploy: Deploy, desk: Desk, operator: Actor) -> None:
    deploy("errand.bpmn")
    desk.fails(BpmnError("NOBODY_CATCHES"))
    task = stage.task(stage.start("errand").instance_key, "ask")
    stage.complete(task, stage.cast.applicant)
    key = stage.key(Incident)
    with stage.rooms.write() as tools:
        incidents.retry(tools, key, actor=operator, now=stage.clock.now)
    [(person, kind, _, _)] = recorded(stage, AccessKind.INCIDENT_RETRIED)
    assert (person, kind) == ("zhao.gang", "incident_retried")
    assert str(key) in str(details(stage, AccessKind.INCIDENT_RETRIED))
