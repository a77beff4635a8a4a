"""What becomes of the open tasks of somebody whose account is closed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from service.domain.errors import Conflict, Invalid


class Destination(StrEnum):
    """Where a task goes."""

    CANDIDATES = "candidates"
    """Back to its candidates, to be claimed."""
    SUCCESSOR = "successor"
    """To the person who takes over."""
    NOBODY = "nobody"
    """Nowhere yet: it waits in the list of tasks that nobody can do."""


class SuccessorUnfit(Invalid):
    """“{successor}”不能接手任务：接手人应是另一位在用的本单位账号，也不能是你自己。没有做任何改动，请换一个人。"""

    code = "handing-over.successor-unfit"


class SuccessorMissing(Invalid):
    """有任务选了“交给接手人”，但没有写接手人的用户名。没有做任何改动，请填写后再提交。"""

    code = "handing-over.successor-missing"


class AccountStillOpen(Conflict):
    """{username} 的账号仍在使用，任务没有移交。要换人办理，请由有改派权限的人员改派。"""

    code = "handing-over.account-open"


@dataclass(frozen=True, slots=True)
class HandoverPlan:
    """Who takes over, and where each task goes that was shown; the others by `destination`."""

    successor: str = ""
    chosen: Mapping[int, Destination] = field(default_factory=dict)

    @property
    def needs_successor(self) -> bool:
        """Whether a task is meant for the successor."""
        return Destination.SUCCESSOR in self.chosen.values()

    def destination(self, task_key: int, *, claimable: bool) -> Destination:
        """Return where the task goes: as chosen, else to its candidates, else to the successor."""
        if task_key in self.chosen:
            return self.chosen[task_key]
        if claimable:
            return Destination.CANDIDATES
        return Destination.SUCCESSOR if self.successor else Destination.NOBODY
