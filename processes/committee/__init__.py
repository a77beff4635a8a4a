"""局党组会议: what the Party group decides, item by item, in a meeting (三(四), 党组工作条例).

Rules are pure (`rules`, `norms`); `agenda`, `meetings`, `discussion` and `voting` are what is done
at the desk; `minutes` and `archive` what is kept. Any procedure puts an item up by the task type
`committee-item` and waits for the message `committee.decided` with `committee_item` as its key.
"""

from datetime import time

from processes.committee import sample_cases, superior_steps
from processes.committee.access import page_of_case
from processes.committee.consent import AGREEING
from processes.committee.decision_register import decided, organs
from processes.committee.ended import let_go
from processes.committee.handlers import (
    archive_minutes,
    convene_meeting,
    keep_answer,
    list_members,
    look_up_decision,
    put_item_up,
    take_item_back,
)
from processes.committee.pages import committee_pages
from processes.committee.views import agenda_to_settle
from processes.registers.party_group.decisions import declare, declare_organs
from processes.registers.party_group.soundness import check as check_members
from processes.registers.party_group.tables import MEETINGS, MEMBERS, RULES, SEATS
from service.procedure import (
    CasePage,
    DailyWork,
    Guard,
    MenuEntry,
    Procedure,
    ProcessesBase,
    Register,
    TaskReading,
)

declare(decided)
declare_organs(organs)

GUARD = Guard(
    message="committee.decided",
    variable="committee_item",
    task_type="committee-item",
    process_id="committee_standing",
    title="核对党组决定",
    what="局党组决定",
)
"""What was decided may be taken up again (C-AGAIN): nobody carries it out without looking."""

procedure = Procedure(
    id="committee",
    title="局党组会议",
    registers=(
        Register(MEETINGS, "党组会议", closed=True),
        Register(MEMBERS, "党组成员名册", closed=True),
        Register(SEATS, "党组会议席位", closed=True),
        Register(RULES, "党组议事规则", closed=True),
    ),
    menu=(MenuEntry("党组会议", "/committee", SEATS),),
    case_pages=(CasePage("打开会务台", ("committee_meeting",), page_of_case),),
    task_readings=(
        TaskReading(
            "committee_meeting",
            AGREEING,
            "committee/agenda_reading.html",
            agenda_to_settle,
        ),
    ),
    daily=(DailyWork(103, "committee.ended-cases", time(6, 40), let_go),),
    soundness=check_members,
    pages=committee_pages,
    tables=ProcessesBase.metadata,
    handlers={
        "committee-item": put_item_up,
        "committee-item-take-back": take_item_back,
        "committee-decision": look_up_decision,
        "committee.convene": convene_meeting,
        "committee.members": list_members,
        "committee.agenda": keep_answer,
        "committee.archive": archive_minutes,
        **superior_steps.HANDLERS,
    },
    guards=(GUARD,),
    sample_cases=sample_cases.play,
)
