"""准入: an application for the qualification of a researcher is checked and entered (三(三)).

Rules are pure values and functions (`norms`, `titles`, `rules`); `handlers` does the service tasks
of `bpmn/admission_review.bpmn`; `pages` shows the register that the procedure writes.
"""

from processes.admission.handlers import (
    assess_application,
    grant_qualification,
    refuse_application,
)
from processes.admission.pages import qualification_pages
from processes.registers.tables import QUALIFICATIONS
from service.procedure import MenuEntry, Procedure, ProcessesBase, Register

procedure = Procedure(
    id="admission",
    title="教研员准入",
    registers=(Register(QUALIFICATIONS, "准入资格名册"),),
    menu=(MenuEntry("准入资格名册", "/registers/qualifications"),),
    pages=qualification_pages,
    tables=ProcessesBase.metadata,
    handlers={
        "admission.assess": assess_application,
        "admission.grant": grant_qualification,
        "admission.refuse": refuse_application,
    },
)
