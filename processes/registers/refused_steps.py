"""How a step of a case tells its diagram that a register's rule refused it."""

from processes.registers.entries import EntryOvertaken, EntryRefused
from processes.registers.staffing.rosters import RESEARCHER_ROSTER, SEAT_ROSTER
from service.domain.values import Json
from service.procedure import BpmnError

REFUSED = "register-refused"
"""Code of the error event that catches it; `register_refusals` goes with it."""


def as_error(refusal: EntryRefused | EntryOvertaken) -> BpmnError:
    """Return a refusal as the error that a diagram may catch, each reason with its source."""
    if isinstance(refusal, EntryOvertaken):
        return BpmnError(REFUSED, refusal.message, {"register_refusals": [refusal.message]})
    labels = {one.key: one.label for one in (*SEAT_ROSTER.fields, *RESEARCHER_ROSTER.fields)}
    told: list[Json] = [f"{labels.get(one.key, one.key)}：{one.text}" for one in refusal.faults]
    return BpmnError(REFUSED, "；".join(map(str, told)), {"register_refusals": told})
