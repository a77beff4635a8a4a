"""Who comes to the door: one person of each role, each with what the role says and nothing more."""

from collections.abc import Mapping

from service.domain.accounts import PUBLIC_APPLICANTS
from service.domain.actors import Actor
from service.domain.authorization import Action, GranteeKind, ObjectKind, Right

Grantee = tuple[GranteeKind, str]

POST_GROUP = "干事 @ 人事科"

STAFF = Actor("staff", "职员")
APPLICANT = Actor("zhang.min", "张敏")
OFFICER = Actor("li.na", "李娜")
DESIGNER = Actor("designer", "设计员")
OPERATOR = Actor("operator", "运维员")
ADMIN = Actor("admin", "管理员")
AUDITOR = Actor("auditor", "审计员")
WORKER = Actor("worker", "外部程序")
OUTSIDER = Actor("outsider", "外部申请人", frozenset({PUBLIC_APPLICANTS}), public=True)

ROLES: Mapping[str, Actor | None] = {
    "nobody": None,
    "outsider": OUTSIDER,
    "staff": STAFF,
    "applicant": APPLICANT,
    "officer": OFFICER,
    "designer": DESIGNER,
    "operator": OPERATOR,
    "admin": ADMIN,
    "auditor": AUDITOR,
    "worker": WORKER,
}
"""Whoever may come to the door; nobody has not signed in."""

GIVEN: Mapping[str, tuple[tuple[ObjectKind, Action], ...]] = {
    DESIGNER.username: (
        (ObjectKind.DEPLOYMENT, Action.READ),
        (ObjectKind.DEPLOYMENT, Action.ACT),
    ),
    OPERATOR.username: (
        (ObjectKind.RUNNING, Action.READ),
        (ObjectKind.RUNNING, Action.ACT),
        (ObjectKind.TASK, Action.ACT),
    ),
    ADMIN.username: (
        (ObjectKind.ACCOUNT, Action.READ),
        (ObjectKind.ACCOUNT, Action.ACT),
        (ObjectKind.ACCOUNT, Action.EXPORT),
    ),
    AUDITOR.username: ((ObjectKind.AUDIT, Action.READ), (ObjectKind.AUDIT, Action.EXPORT)),
    WORKER.username: ((ObjectKind.JOB, Action.ACT),),
}
OF_THE_POST: tuple[Right, ...] = (
    (ObjectKind.CASE, Action.READ),
    (ObjectKind.REGISTER, Action.READ),
    (ObjectKind.REGISTER, Action.ACT),
    (ObjectKind.REGISTER, Action.EXPORT),
    (ObjectKind.NOTICE, Action.ACT),
    (ObjectKind.OBJECTION, Action.READ),
    (ObjectKind.OBJECTION, Action.ACT),
    (ObjectKind.RECUSAL, Action.READ),
    (ObjectKind.RECUSAL, Action.ACT),
)

REASON = "家中老人住院"
"""A value of a case."""

FILE_NAME = "病历复印件.pdf"
MOBILE = "13812345678"

SECRETS: Mapping[str, frozenset[str]] = {
    REASON: frozenset({"applicant", "officer"}),
    FILE_NAME: frozenset({"applicant", "officer", "outsider"}),
    MOBILE: frozenset(),
    OFFICER.display_name: frozenset(ROLES) - {"nobody", "outsider"},
}
"""Words that no answer may hold, but for these roles; of files each role has uploaded its own."""

CLOSED_REGISTERS: Mapping[str, Grantee] = {
    "committee_meetings": (GranteeKind.GROUP, POST_GROUP),
    "committee_members": (GranteeKind.GROUP, POST_GROUP),
    "committee_rules": (GranteeKind.GROUP, POST_GROUP),
    "setters": (GranteeKind.PERSON, APPLICANT.username),
}
"""What a right to all registers does not reach, and who is named for each."""
