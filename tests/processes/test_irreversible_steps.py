"""The shipped diagrams mark what the bureau cannot take back, and the act that puts it right."""

import pytest

from service.app import ROOT
from service.engine import process_models

MARKED = {
    "appointment_revocation": {"revoke": "更正"},
    "committee_standing": {"take_reply": "请示上级党组织改变决定"},
    "admission_review": {"grant": "撤销决定", "refuse": "异议复核"},
    "committee_meeting": {"who_chaired": "复议", "archive": "更正"},
    "public_notice": {"open_notice": "更正", "withdraw": "更正"},
    "records_yearly": {"stop_duties": "更正"},
    "records_yearly_district": {"stop_duties": "更正"},
    "recruitment_appointment": {"enter_researcher": "撤销决定"},
    "recruitment_engagement": {"enter": "撤销决定"},
    "recruitment_open": {"tell_applicants": "更正"},
    "recruitment_part_time": {"note_waiver": "复议"},
    "recruitment_selection": {"tell_applicants": "更正"},
    "recruitment_talent": {"tell_applicants": "更正"},
}


@pytest.mark.parametrize("process_id", MARKED)
def test_what_cannot_be_taken_back(process_id: str) -> None:
    content = (ROOT / "bpmn" / f"{process_id}.bpmn").read_bytes()
    assert process_models(content)[0].irreversible == MARKED[process_id]
