"""What a deployment came to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from service.domain.problems import Problem


@dataclass(frozen=True, slots=True)
class DeployedProcess:
    """One version of one process; `duplicate` when it was there already."""

    key: int
    process_id: str
    name: str
    version: int
    resource_name: str
    resource_key: int
    duplicate: bool


@dataclass(frozen=True, slots=True)
class DeployedDecision:
    """One version of one decision."""

    key: int
    decision_id: str
    name: str
    version: int
    requirements_id: str
    requirements_name: str
    resource_name: str
    resource_key: int
    duplicate: bool


@dataclass(frozen=True, slots=True)
class DeployedForm:
    """One version of one form."""

    key: int
    form_id: str
    version: int
    resource_name: str
    resource_key: int
    duplicate: bool


@dataclass(frozen=True, slots=True)
class DeploymentReceipt:
    """What a deployment holds, new versions and unchanged ones; `problems` has no errors in it."""

    key: int
    deployed_at: datetime
    processes: tuple[DeployedProcess, ...]
    decisions: tuple[DeployedDecision, ...]
    forms: tuple[DeployedForm, ...]
    problems: tuple[Problem, ...]

    def new_versions(self) -> Iterator[str]:
        """Name what was not there before, such as `process admission_review v3`."""
        for process in self.processes:
            if not process.duplicate:
                yield f"process {process.process_id} v{process.version}"
        for decision in self.decisions:
            if not decision.duplicate:
                yield f"decision {decision.decision_id} v{decision.version}"
        for form in self.forms:
            if not form.duplicate:
                yield f"form {form.form_id} v{form.version}"
