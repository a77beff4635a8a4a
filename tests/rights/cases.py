"""What there is in the world to be seen: cases, tasks, files, notices, objections, designs."""

import io
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import select

from service.commands import deployments, documents, drafts, notices, starting, working_copies
from service.commands.deployments import Upload
from service.commands.public_files import Owner, Sent
from service.commands.rooms import Rooms
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import ALL
from service.domain.notices import NoticeText
from service.jobs.runner import JobRunner
from service.store.base import Base
from service.store.tables import (
    AccessEvent,
    DecisionDefinition,
    ElementInstance,
    Incident,
    Notice,
    Objection,
    ProcessDefinition,
    PublicDocument,
    Resource,
    UserTask,
    Variable,
)
from tests.commands.objecting import object_to
from tests.engine.builders import diagram, end, flows, service, start, user
from tests.fixtures_commands import Desk, Stage
from tests.fixtures_events import bring_in
from tests.fixtures_public import DISCLOSES, opens
from tests.rights.roles import (
    APPLICANT,
    FILE_NAME,
    OFFICER,
    OUTSIDER,
    POST_GROUP,
    REASON,
    STAFF,
)

API_DIAGRAMS = Path(__file__).parents[1] / "api" / "diagrams"
DIAGRAMS = Path(__file__).parents[1] / "commands" / "diagrams"
PDF = b"%PDF-1.7\n1 0 obj"

ASKS = diagram(
    start(), user("supply", assignee="=initiator", form="evidence"), end(),
    flows("start", "supply", "end"), process_id="asks",
)  # fmt: skip
DESERTED = diagram(
    start(), user("left", assignee="gone"), end(), flows("start", "left", "end"),
    process_id="deserted",
)  # fmt: skip
BREAKS = diagram(
    start(), service("breaks"), end(), flows("start", "breaks", "end"), process_id="breaks"
)


def _files(folder: Path, *names: str) -> list[Upload]:
    """The diagrams of other tests, with their office's tasks for the officer's post."""
    return [
        Upload(name, (folder / name).read_bytes().replace(
            b'"personnel-office"', f'"{POST_GROUP}"'.encode()
        ))
        for name in names
    ]  # fmt: skip


def begin_cases(stage: Stage, desk: Desk) -> dict[str, str]:
    rooms, now = stage.rooms, stage.clock.now
    leave = _files(
        API_DIAGRAMS, "leave.bpmn", "leave_kind.dmn", "leave_request.form", "leave_review.form"
    )
    deployments.deploy(rooms, leave, actor=SYSTEM, now=now)
    evidence = _files(DIAGRAMS, "evidence.bpmn", "evidence.form")
    deployments.deploy(rooms, evidence, actor=SYSTEM, now=now)
    bring_in(rooms, DISCLOSES)
    bring_in(rooms, BREAKS)
    bring_in(rooms, ASKS)
    bring_in(rooms, DESERTED)

    def begin(process_id: str, actor: Actor, **variables: str | int) -> int:
        return starting.start(
            rooms, process_id=process_id, variables=variables, actor=actor, now=now,
            through_form=False,
        ).instance_key  # fmt: skip

    case = begin("leave", APPLICANT, reason=REASON, days=1)
    own = begin("evidence", APPLICANT)
    done = begin("evidence", APPLICANT)
    outside = begin("asks", OUTSIDER)
    begin("deserted", APPLICANT)
    desk.acts = [opens()]
    disclosed = begin("discloses", APPLICANT)
    slug = str(stage.variables(disclosed)["slug"])
    enclosed = Sent("证据.pdf", io.BytesIO(PDF))
    object_to(stage, slug, files=(enclosed,))
    desk.fails(RuntimeError("没有连上"), times=20)
    begin("breaks", APPLICANT)
    runner = JobRunner(rooms, owner="worker-1")
    while not stage.rows(Incident):
        stage.clock.forward(hours=1)
        runner.run_due()
    stage.clock.now = now
    desk.acts = []
    return {
        "case": str(case), "task": str(_newest(stage, UserTask, instance_key=case)),
        "own_task": str(_newest(stage, UserTask, instance_key=own)),
        "done_task": str(_newest(stage, UserTask, instance_key=done)),
        "outside_task": str(_newest(stage, UserTask, instance_key=outside)),
        "application": str(outside), "slug": slug, "process": "leave",
        "objection": str(stage.key(Objection)), "incident": str(stage.key(Incident)),
        "definition": str(stage.key(ProcessDefinition, process_id="leave")),
        "resource": str(stage.key(Resource, name="leave.bpmn")),
        "decision": str(stage.key(DecisionDefinition)),
        "requirements": str(stage.key(Resource, name="leave_kind.dmn")),
        "variable": str(_newest(stage, Variable, scope_key=case)),
        "element": str(_newest(stage, ElementInstance, instance_key=case)),
    }  # fmt: skip


def _newest(stage: Stage, entity: type[Base], **where: object) -> int:
    return max(int(str(row["key"])) for row in stage.rows(entity, **where))


def file_papers(stage: Stage, objects: Mapping[str, str]) -> dict[str, str]:
    rooms, now = stage.rooms, stage.clock.now

    def upload(subject: int, actor: Actor) -> str:
        receipt = documents.upload(
            rooms, subject, field="证明", file_name=FILE_NAME,
            stream=io.BytesIO(PDF), actor=actor, now=now,
        )  # fmt: skip
        return str(receipt.key)

    task, done = int(objects["own_task"]), int(objects["done_task"])
    asked = int(objects["outside_task"])
    offered = stage.key(ProcessDefinition, process_id="evidence")
    submitted = upload(done, APPLICANT)
    stage.complete(done, APPLICANT, {"证明": [submitted]})
    for_task = upload(asked, OUTSIDER)
    with rooms.write() as tools:
        drafts.save(tools, asked, data={"证明": [for_task]}, actor=OUTSIDER, now=now)
        drafts.save(tools, offered, data={"说明": "事"}, actor=OUTSIDER, now=now)
    notice = notices.publish(
        rooms, NoticeText("受理公告", "现受理申请。", now, None, ("leave", "evidence")),
        process_id=ALL, files=(Sent("附件.pdf", io.BytesIO(PDF)),), actor=SYSTEM, now=now,
    )  # fmt: skip
    form = (API_DIAGRAMS / "leave_review.form").read_text("utf-8")
    with rooms.write() as tools:
        working_copies.import_file(
            tools, Upload("draft.form", form.replace('"leave_review"', '"draft"').encode()),
            actor=SYSTEM, now=now,
        )  # fmt: skip
        event = tools.session.scalars(select(AccessEvent.key)).first()
    files = {row["owner_kind"]: str(row["document_key"]) for row in stage.rows(PublicDocument)}
    found = {
        "document": upload(task, APPLICANT), "thrown": upload(task, APPLICANT),
        "submitted": submitted,
        "asked": for_task, "asked_thrown": upload(asked, OUTSIDER),
        "enclosed": upload(offered, OUTSIDER), "enclosed_thrown": upload(offered, OUTSIDER),
        "notice": str(stage.key(Notice)), "notice_slug": notice,
        "notice_file": files[Owner.NOTICE], "objection_file": files[Owner.OBJECTION],
        "event": str(event),
    }  # fmt: skip
    return found | _register(rooms, objects, now)


def _register(rooms: Rooms, objects: Mapping[str, str], now: datetime) -> dict[str, str]:
    """An entry of the bureau's register; nothing where the procedures were taken out."""
    if find_spec("processes") is None:
        return {}
    with suppress(ImportError):
        from tests.processes.registers.entering import SEAT, enter_seat
        from tests.processes.test_qualification_register import enter

        with rooms.database.write() as session:
            enter(session, now, holder=APPLICANT)
        with rooms.write() as tools:
            seat = enter_seat(tools, now=now)
        entered = {"qualification": "1", "seat_entry": str(seat), "seat_name": SEAT}
        entered |= _recruitment(rooms, int(objects["case"]), now)
        return entered | _party_group(rooms, int(objects["case"]), now)
    return {}


def _party_group(rooms: Rooms, case: int, now: datetime) -> dict[str, str]:
    """A meeting of one member, who has no other right; its notice has gone out."""
    from processes.committee import agenda, meetings
    from processes.committee.proposals import Proposal
    from processes.committee.rules import ItemClass
    from processes.committee.tables import MeetingState
    from processes.registers.party_group import members

    with rooms.write() as tools:
        term = members.Term(STAFF.username, "职员", "书记", 1, now.date(), None, "任职文件")
        member = members.enter(tools, term, actor=SYSTEM, now=now)
        meeting = meetings.convene(
            tools.session, case, planned_at=now, place="会议室", recorder=OFFICER, now=now
        )
        meeting.state, meeting.noticed_at = MeetingState.NOTICED, now
        proposal = Proposal(ItemClass.PLAN, "计划", "审定计划")
        item = agenda.put_up_by_office(tools, proposal, actor=SYSTEM, now=now)
    return {"meeting": str(case), "member": str(member), "item": str(item)}


def _recruitment(rooms: Rooms, case: int, now: datetime) -> dict[str, str]:
    """A round that waits for its approval, and somebody in it who waits for theirs."""
    from processes.recruitment import candidacies, rounds
    from processes.recruitment.history import Step
    from processes.recruitment.rules.channel import Channel
    from processes.recruitment.tables import Candidacy, CandidacyState
    from processes.registers.seats import SEATS
    from tests.processes.registers.entering import CITY, SEAT

    with rooms.write() as tools:
        step = Step(tools.keys.next(), case, SYSTEM, now, "2026-11/0")
        need = rounds.Need(Channel.SELECTION, CITY, "市教研机构", (SEATS[SEAT],), "leave")
        round_ = rounds.open_round(tools.session, need, step)
        key = tools.keys.next()
        tools.session.add(
            Candidacy(
                key=key, round_key=round_.key, post_code=f"{round_.number}-01", instance_key=case,
                username=APPLICANT.username, name="申请人", unit="学校", title="一级教师",
                honoured=False, qualification_key=None, state=CandidacyState.PROPOSED, reason="",
                applied_at=now,
            )
        )  # fmt: skip
        tools.session.flush()
        candidacies.move(tools.session, key, CandidacyState.FILING, step, reason="等待备案")
        return {
            "round": str(round_.key), "candidacy": str(key), "round_post": f"{round_.number}-01",
        }  # fmt: skip
