"""Notices: by who has the right, while their window is open, with what the public may start."""

import io
from datetime import datetime, timedelta

import pytest

from service.commands import documents, notices, offers, public_files
from service.commands.public_files import Sent
from service.domain.actors import Actor
from service.domain.errors import FieldsInvalid
from service.domain.files import DocumentNotFound, FileTypeRefused
from service.domain.notices import (
    NoticeNotFound,
    NoticeOfCase,
    NoticesForbidden,
    NoticeText,
    NoticeWithdrawn,
    NotOffered,
)
from service.queries import notices as reading
from service.store.tables import Notice
from tests.fixtures_commands import Deploy, Stage
from tests.fixtures_public import let_office_publish, let_public_start

PDF = b"%PDF-1.7\n1 0 obj"


def text(now: datetime, **changes: object) -> NoticeText:
    values: dict[str, object] = {"title": "受理公告", "body": "现受理申请。", "opens_at": now}
    return NoticeText(**(values | changes))  # type: ignore[arg-type]  # of the test's own making


def publish(stage: Stage, actor: Actor | None = None, process: str = "*", **changes: object) -> str:
    return notices.publish(
        stage.rooms,
        text(stage.clock.now, **changes),
        process_id=process,
        actor=actor or stage.cast.officer,
        now=stage.clock.now,
    )


def withdraw(stage: Stage, key: int, actor: Actor, reason: str = "印错了日期") -> None:
    with stage.rooms.write() as tools:
        notices.withdraw(tools, key, reason, actor=actor, now=stage.clock.now)


def require_offered(stage: Stage) -> None:
    with stage.rooms.read() as session:
        offers.require_offered(session, "errand", name="办一件事", now=stage.clock.now)


@pytest.fixture
def offered(stage: Stage, deploy: Deploy) -> str:
    """A notice that offers a procedure for a week."""
    deploy("errand.bpmn")
    let_public_start(stage.rooms, "errand")
    let_office_publish(stage.rooms)
    closes_at = stage.clock.now + timedelta(days=7)
    return publish(stage, process="errand", procedures=("errand",), closes_at=closes_at)


def test_a_procedure_may_be_applied_for_while_its_notice_is_open(
    stage: Stage, offered: str
) -> None:
    require_offered(stage)
    with stage.rooms.read() as session:
        page = reading.get(session, slug=offered, now=stage.clock.now)
    assert [one.name for one in page.offered] == ["办一件事"]
    stage.clock.forward(days=7)
    with pytest.raises(NotOffered, match="办一件事"):
        require_offered(stage)


def test_a_notice_that_is_over_is_still_read_and_offers_nothing(stage: Stage, offered: str) -> None:
    stage.clock.forward(days=8)
    with stage.rooms.read() as session:
        page = reading.get(session, slug=offered, now=stage.clock.now)
        assert reading.offered(session, now=stage.clock.now) == ()
    assert page.offered == ()
    assert not page.row.is_open(stage.clock.now)


def test_a_notice_of_tomorrow_is_not_there_today(stage: Stage) -> None:
    let_office_publish(stage.rooms)
    slug = publish(stage, opens_at=stage.clock.now + timedelta(days=1))
    with stage.rooms.read() as session, pytest.raises(NoticeNotFound):
        reading.get(session, slug=slug, now=stage.clock.now)
    stage.clock.forward(days=1)
    with stage.rooms.read() as session:
        assert reading.shown(session, now=stage.clock.now).rows[0].slug == slug


def test_a_withdrawn_notice_is_gone_and_offers_nothing(stage: Stage, offered: str) -> None:
    withdraw(stage, stage.key(Notice), stage.cast.officer)
    with stage.rooms.read() as session, pytest.raises(NoticeNotFound):
        reading.get(session, slug=offered, now=stage.clock.now)
    with pytest.raises(NotOffered):
        require_offered(stage)
    with pytest.raises(NoticeWithdrawn, match="李娜"):
        withdraw(stage, stage.key(Notice), stage.cast.officer)


def test_its_page_says_why_it_is_gone(stage: Stage, offered: str) -> None:
    with stage.rooms.read() as session:
        assert reading.withdrawn(session, slug=offered, now=stage.clock.now) is None
    withdraw(stage, stage.key(Notice), stage.cast.officer, "印错了\n日期")
    with stage.rooms.read() as session:
        gone = reading.withdrawn(session, slug=offered, now=stage.clock.now)
    assert gone is not None
    assert (gone.title, gone.reason) == ("受理公告", "印错了 日期")


def test_what_nobody_ever_read_leaves_no_page(stage: Stage) -> None:
    let_office_publish(stage.rooms)
    slug = publish(stage, opens_at=stage.clock.now + timedelta(days=1))
    withdraw(stage, stage.key(Notice), stage.cast.officer)
    stage.clock.forward(days=2)
    with stage.rooms.read() as session:
        assert reading.withdrawn(session, slug=slug, now=stage.clock.now) is None


@pytest.mark.parametrize("reason", ["", " \n", "因" * 201, "电话13800138000", "11010519491231002X"])
def test_a_reason_is_asked_that_the_public_may_read(
    stage: Stage, offered: str, reason: str
) -> None:
    with pytest.raises(FieldsInvalid) as refused:
        withdraw(stage, stage.key(Notice), stage.cast.officer, reason)
    assert list(refused.value.errors) == ["reason"]
    with stage.rooms.read() as session:
        assert reading.get(session, slug=offered, now=stage.clock.now).row.slug == offered


def test_what_a_case_has_published_is_put_right_by_the_case(stage: Stage, deploy: Deploy) -> None:
    deploy("errand.bpmn")
    let_office_publish(stage.rooms)
    with stage.rooms.write() as tools:
        notices.insert_notice(
            tools.session,
            tools.keys.next(),
            notices.new_slug(),
            text(stage.clock.now),
            process_id="errand",
            by="系统",
            now=stage.clock.now,
            instance_key=stage.start("errand").instance_key,
        )
    with pytest.raises(NoticeOfCase):
        withdraw(stage, stage.key(Notice), stage.cast.officer)
    with stage.rooms.read() as session:
        [managed] = reading.managed(session, actor=stage.cast.officer)
    assert (managed.of_case, managed.withdrawn_at) == (True, None)


def test_what_the_public_may_not_start_is_not_offered(stage: Stage, deploy: Deploy) -> None:
    deploy("errand.bpmn")
    let_office_publish(stage.rooms)
    with pytest.raises(FieldsInvalid) as refused:
        publish(stage, procedures=("errand", "nothing"))
    assert list(refused.value.errors) == ["procedures"]
    assert stage.rows(Notice) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", " "), ("title", "标" * 101), ("body", ""), ("body", "正" * 20_001)],
)
def test_a_text_that_does_not_fit_is_named(stage: Stage, field: str, value: str) -> None:
    let_office_publish(stage.rooms)
    with pytest.raises(FieldsInvalid) as refused:
        publish(stage, None, "*", **{field: value})
    assert list(refused.value.errors) == [field]


def test_a_window_that_ends_before_it_begins_is_refused(stage: Stage) -> None:
    let_office_publish(stage.rooms)
    with pytest.raises(FieldsInvalid) as refused:
        publish(stage, closes_at=stage.clock.now)
    assert list(refused.value.errors) == ["closes_at"]


def test_strangers_publish_and_withdraw_nothing(stage: Stage, offered: str) -> None:
    for actor in (stage.cast.stranger, stage.cast.applicant):
        with pytest.raises(NoticesForbidden):
            publish(stage, actor)
        with pytest.raises(NoticeNotFound):
            withdraw(stage, stage.key(Notice), actor)


def test_a_right_to_one_procedure_lets_publish_about_no_other(stage: Stage, deploy: Deploy) -> None:
    deploy("errand.bpmn", "later.bpmn")
    for process in ("errand", "later"):
        let_public_start(stage.rooms, process)
    let_office_publish(stage.rooms, "errand")
    publish(stage, process="errand", procedures=("errand",))
    for process, procedures in (("*", ()), ("later", ()), ("errand", ("later",))):
        with pytest.raises(NoticesForbidden):
            publish(stage, process=process, procedures=procedures)


def test_files_of_a_notice_are_everybodys_and_kept(stage: Stage) -> None:
    let_office_publish(stage.rooms)
    slug = notices.publish(
        stage.rooms,
        text(stage.clock.now),
        files=[Sent("附件 一.pdf", io.BytesIO(PDF))],
        actor=stage.cast.officer,
        now=stage.clock.now,
    )
    stage.clock.forward(days=400)
    documents.clean_up(stage.rooms, now=stage.clock.now)
    with stage.rooms.read() as session:
        page = reading.get(session, slug=slug, now=stage.clock.now)
    [file] = page.files
    _receipt, stream = public_files.open_of_notice(stage.rooms, page.row.key, file.key)
    with stream:
        assert stream.read() == PDF
    with pytest.raises(DocumentNotFound):
        public_files.open_of_notice(stage.rooms, page.row.key + 1, file.key)


def test_a_file_that_is_refused_publishes_nothing_and_leaves_nothing(stage: Stage) -> None:
    let_office_publish(stage.rooms)
    files = [Sent("一.pdf", io.BytesIO(PDF)), Sent("二.exe", io.BytesIO(b"MZ" + bytes(64)))]
    with pytest.raises(FileTypeRefused):
        notices.publish(
            stage.rooms,
            text(stage.clock.now),
            files=files,
            actor=stage.cast.officer,
            now=stage.clock.now,
        )
    assert stage.rows(Notice) == []
    assert list(stage.rooms.files.names(older_than=2e10)) == []


def test_marks_that_turn_the_writing_and_control_characters_go(stage: Stage) -> None:
    let_office_publish(stage.rooms)
    publish(stage, title="公\u202e告\x07", body="一\r\n二\u0000")
    row = stage.row(Notice)
    assert (row["title"], row["body"]) == ("公 告", "一\n二")
