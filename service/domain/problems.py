"""What the deploy check finds in a resource."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """ERROR refuses the deployment; WARNING is doubtful; NOTICE is worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding, in the words of a designer: where, which rule, what is wrong, what to do."""

    resource: str
    element_id: str
    element_name: str
    rule: str
    message: str
    remedy: str
    severity: Severity = Severity.ERROR
