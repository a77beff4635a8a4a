"""Who keeps a register is told of its entries: by their rights at the moment of telling."""

from sqlalchemy import select

from service.commands import notifications, rights
from service.commands.notifications import Concerned, Happening
from service.domain.actors import SYSTEM
from service.domain.authorization import ALL, Action, Grant, GranteeKind, ObjectKind
from service.domain.notifications import OF_CLOSED, NotificationKind
from service.domain.outgoing import Channel
from service.domain.personal_data import PersonalKind
from service.store.tables import Notification
from tests.commands.test_notification_messages import Post, choose, give, post, runner
from tests.fixtures_commands import Stage
from tests.fixtures_store import OFFICE

__all__ = ["post"]
SEATS = "seats"


def grant(
    stage: Stage, grantee: str, process_id: str, *actions: Action, kind: str = "person"
) -> None:
    with stage.rooms.write() as tools:
        for action in actions or (Action.READ, Action.ACT):
            right = Grant(GranteeKind(kind), grantee, process_id, ObjectKind.REGISTER, action)
            rights.grant(tools, right, actor=SYSTEM, now=stage.clock.now, reason="登记")


def tell(stage: Stage, *registers: str, by_name: bool = False) -> set[str]:
    """Tell who keeps these; return who was told, and forget it."""
    happening = Happening(
        NotificationKind.TERM_ENDS,
        Concerned(keepers_of=registers, by_name=by_name),
        facts={"register": "某名册", "what": "聘期", "until": "2026年4月1日"},
        page="/registers/seats/17",
    )
    with stage.rooms.write() as tools:
        notifications.notify(tools, happening, now=stage.clock.now)
    runner(stage, Post(), Channel.MAIL).run_due()
    with stage.rooms.database.write() as session:
        rows = session.scalars(select(Notification)).all()
        assert {row.page for row in rows} <= {"/registers/seats/17"}
        for row in rows:
            session.delete(row)
    return {row.username for row in rows}


def test_who_may_read_and_act_is_told_and_who_only_reads_is_not(stage: Stage) -> None:
    officer, applicant = stage.cast.officer.username, stage.cast.applicant.username
    assert tell(stage, SEATS) == set()
    grant(stage, OFFICE, SEATS, kind="group")
    grant(stage, applicant, SEATS, Action.READ)
    assert tell(stage, SEATS) == {officer}
    grant(stage, applicant, SEATS, Action.ACT)
    assert tell(stage, SEATS) == {officer, applicant}


def test_who_keeps_a_part_is_told_of_that_part_alone(stage: Stage) -> None:
    applicant = stage.cast.applicant.username
    grant(stage, applicant, "seats@wuda")
    assert tell(stage, SEATS, "seats@wuda") == {applicant}
    assert tell(stage, SEATS, "seats@haibowan") == set()


def test_of_a_closed_register_those_named_are_told(stage: Stage) -> None:
    officer, applicant = stage.cast.officer.username, stage.cast.applicant.username
    grant(stage, applicant, ALL)
    grant(stage, officer, SEATS)
    assert tell(stage, SEATS) == {officer, applicant}
    assert tell(stage, SEATS, by_name=True) == {officer}


def test_a_mail_says_of_a_closed_register_only_that_there_is_something(
    stage: Stage, post: Post
) -> None:
    officer = stage.cast.officer.username
    grant(stage, officer, SEATS)
    give(stage, officer, PersonalKind.MAIL, "li.na@example.cn")
    choose(stage, officer, NotificationKind.TERM_ENDED, Channel.MAIL, wanted=True)
    facts = {"register": "命题人员库", "what": "入库期限", "until": "2026年4月1日"}
    for by_name in (True, False):
        to = Concerned(keepers_of=(SEATS,), by_name=by_name)
        with stage.rooms.write() as tools:
            happening = Happening(NotificationKind.TERM_ENDED, to, facts=facts)
            notifications.notify(tools, happening, now=stage.clock.now)
        runner(stage, post).run_due()
    closed, open_ = (one.text for one in post.messages)
    assert closed == OF_CLOSED
    assert "命题人员库" in open_
