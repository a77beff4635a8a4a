"""What a case made public goes with its content, and so do the objections to it."""

import io
from dataclasses import dataclass

import pytest

from service.commands import erasure
from service.commands.erasure import NothingToErase
from service.commands.handlers import TaskContext
from service.commands.notices import publish
from service.commands.objections import Receipt
from service.commands.public_files import Sent
from service.commands.publications import publish_notice
from service.domain.actors import SYSTEM
from service.domain.authorization import ALL
from service.domain.disclosures import DisclosureNotFound
from service.domain.notices import NoticeNotFound, NoticeText
from service.domain.retention import ERASED
from service.domain.values import Variables
from service.queries import disclosures, notices
from service.store.tables import (
    Disclosure,
    Document,
    Notice,
    Objection,
    ObjectionAnswer,
    PublicDocument,
)
from tests.commands.objecting import answer, look_up, object_to
from tests.fixtures_commands import Desk, Stage
from tests.fixtures_events import Bring, RunDue, begin_with
from tests.fixtures_public import DISCLOSES, FIRST, closes, let_office_publish, opens

PDF = b"%PDF-1.4\n%%EOF\n"
KEPT = (
    b"<bpmn:extensionElements><zeebe:properties>"
    b'<zeebe:property name="jiaoyan.retention" value="P1Y" />'
    b"</zeebe:properties></bpmn:extensionElements>"
)


def opens_and_announces(context: TaskContext) -> Variables:
    text = NoticeText("关于教师甲的公告", "教师甲拟准入。", context.now, None, ())
    publish_notice(context, text)
    return opens(heard=False)(context)


@dataclass(frozen=True, slots=True)
class Published:
    """A closed case that made something public; the public name of its disclosure, a receipt."""

    key: int
    slug: str
    receipt: Receipt


@pytest.fixture
def published(stage: Stage, bring: Bring, desk: Desk, run_due: RunDue) -> Published:
    """A notice that is open, a disclosure that is over, an objection that was answered."""
    let_office_publish(stage.rooms, "discloses")
    desk.acts = [opens_and_announces, closes]
    head = b'<bpmn:process id="discloses" isExecutable="true">'
    bring(DISCLOSES.replace(head, head + KEPT))
    key = begin_with(stage, "discloses")
    slug = str(stage.variables(key)["slug"])
    receipt = object_to(stage, slug, files=(Sent("证据.pdf", io.BytesIO(PDF)),))
    run_due()
    answer(stage)
    stage.complete(stage.task(key, "wait"), stage.cast.applicant)
    return Published(key, slug, receipt)


def erase(stage: Stage) -> erasure.Erased:
    with stage.rooms.write() as tools:
        return erasure.erase(
            tools, "zhang.min", reason="保存期满", actor=SYSTEM, now=stage.clock.now
        )


def test_they_go_with_the_case(stage: Stage, published: Published) -> None:
    stage.clock.forward(days=366)

    assert erase(stage).documents == 1

    kept = [stage.row(one) for one in (Notice, Disclosure, Objection, ObjectionAnswer)]
    for word in ("教师甲", "任教", "王某"):
        assert word not in str(kept)
    assert stage.row(Objection)["sealed_sender"] is None
    assert stage.rows(PublicDocument) == stage.rows(Document) == []
    with stage.rooms.read() as session:
        assert disclosures.shown(session, today=FIRST).rows == ()
        with pytest.raises(DisclosureNotFound):
            disclosures.get(session, slug=published.slug, today=FIRST)
        with pytest.raises(NoticeNotFound):
            notices.get(session, slug=str(stage.row(Notice)["slug"]), now=stage.clock.now)
    progress = look_up(stage, published.receipt)
    assert [one.text for one in progress.answers] == [ERASED]


def test_before_its_time_they_stay(stage: Stage, published: Published) -> None:
    stage.clock.forward(days=364)
    with pytest.raises(NothingToErase):
        erase(stage)
    assert stage.row(Objection)["sealed_sender"] is not None


def test_what_others_made_public_stays(stage: Stage, published: Published) -> None:
    text = NoticeText("受理公告", "现受理申请。", stage.clock.now, None, ())
    slug = publish(stage.rooms, text, process_id=ALL, files=(), actor=SYSTEM, now=stage.clock.now)
    stage.clock.forward(days=366)
    erase(stage)
    with stage.rooms.read() as session:
        assert notices.get(session, slug=slug, now=stage.clock.now).body == "现受理申请。"
