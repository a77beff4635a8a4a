"""Steps that cannot be taken back: what is wrong is put right by its lawful act alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from service.domain.dates import shown
from service.domain.errors import Conflict

PAGE_ACT_FOR_GOOD = "page.acted-for-good"
"""Act of the history: done on a page of the case's procedure, and not to be taken back.

`step` names it, `remedy` is the act that puts it right."""


@dataclass(frozen=True, slots=True)
class PassedStep:
    """An irreversible step that was completed at `when`; `remedy` is the act that puts it right."""

    name: str
    when: datetime
    remedy: str

    @property
    def shown_when(self) -> str:
        """When, in Beijing time to the minute."""
        return shown(self.when)


class InstanceIrreversible(Conflict):
    """“{step}”已于 {when} 完成，不能撤回，这个流程不能终止，没有改动。确有错误的，请依法办理：{remedy}。"""  # noqa: E501 - a message is one paragraph

    code: ClassVar[str] = "process-instance.irreversible"

    def __init__(self, passed: PassedStep) -> None:
        super().__init__(step=passed.name, when=passed.shown_when, remedy=passed.remedy)


def barrier(passed: Iterable[PassedStep]) -> PassedStep | None:
    """Return the step that no way leads back behind: the newest irreversible one, if any.

    What came last is what has to be put right first.
    """
    return max(passed, key=lambda one: one.when, default=None)
