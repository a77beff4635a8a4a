"""What other rooms learn of one flow node."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from service.domain.events import ElementType


class Binding(StrEnum):
    """Which version of a form or a decision an element means, in Camunda 8's spelling."""

    LATEST = "latest"
    DEPLOYMENT = "deployment"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way to finish a user task: `name` for programs, `label` for the button."""

    name: str
    label: str
    comment_required: bool = False
    comment_public: bool = False
    """Whether an applicant from outside reads the opinion."""


@dataclass(frozen=True, slots=True)
class Element:
    """A flow node. No outcomes: one button 提交. `lane` is the lane's name or empty."""

    id: str
    name: str
    type: ElementType
    form_id: str | None = None
    form_binding: Binding = Binding.LATEST
    outcomes: tuple[Outcome, ...] = ()
    documentation: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)
    headers: tuple[tuple[str, str], ...] = ()
    lane: str = ""
    dated: bool = False
    """Of a user task: the diagram gives its due date itself."""
    calls: str = ""
    """Id of the process that a call activity starts, where the diagram names one."""
    public_name: str = ""
    """What an applicant from outside calls the step; empty: they do not see it."""
