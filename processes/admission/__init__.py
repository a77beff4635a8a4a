"""准入: an application for the qualification of a researcher is checked and entered (三(三)).

Rules are pure values and functions (`rules`, `checks`, `panel`, `findings`, `applied`,
and the norms in `registers/admission_norms`); `handlers`, `panel_steps`, `replacement_steps` and
`review_steps` do the service tasks of `bpmn/admission_review.bpmn`; `pages` shows the register that
the procedure writes. Called by others as `admission_review`.
"""

from datetime import time

from processes.admission import sample_cases
from processes.admission.handlers import (
    assess_application,
    grant_qualification,
    refuse_application,
)
from processes.admission.pages import qualification_pages
from processes.admission.panel_steps import propose_panel, seat_panel, tally_votes
from processes.admission.replacement_steps import propose_replacement, seat_replacement
from processes.admission.review_steps import (
    assess_compulsory,
    assess_evidence,
    collect_findings,
    open_case,
    record_recheck,
    verify_conclusion,
    withdraw_application,
)
from processes.registers.qualification_expiry import tell_holders
from processes.registers.tables import QUALIFICATIONS
from service.procedure import DailyWork, MenuEntry, Procedure, ProcessesBase, Register

procedure = Procedure(
    id="admission",
    title="教研员准入",
    registers=(Register(QUALIFICATIONS, "准入资格名册"),),
    menu=(MenuEntry("准入资格名册", "/registers/qualifications"),),
    daily=(DailyWork(101, "qualifications.expiry-notices", time(7, 30), tell_holders),),
    pages=qualification_pages,
    tables=ProcessesBase.metadata,
    handlers={
        "admission.open": open_case,
        "admission.assess": assess_application,
        "admission.assess-evidence": assess_evidence,
        "admission.propose-panel": propose_panel,
        "admission.seat-panel": seat_panel,
        "admission.tally": tally_votes,
        "admission.propose-replacement": propose_replacement,
        "admission.seat-replacement": seat_replacement,
        "admission.assess-compulsory": assess_compulsory,
        "admission.findings": collect_findings,
        "admission.verify-conclusion": verify_conclusion,
        "admission.grant": grant_qualification,
        "admission.refuse": refuse_application,
        "admission.record-recheck": record_recheck,
        "admission.withdraw": withdraw_application,
    },
    sample_cases=sample_cases.play,
)
