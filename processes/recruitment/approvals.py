"""By which approval the opening ratio is lower than the bureau's (R-RATIO): in a plan, at a post.

Both forms ask the same four things: organ, number, day, document.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from processes.recruitment.rules.norms import NORMS
from processes.recruitment.variables import day_or_none, texts_of, words_of
from processes.registers.days import said_day
from processes.registers.norms import Refusal
from service.domain.values import Json


@dataclass(frozen=True, slots=True)
class Approval:
    """An approval as somebody filled it in; `documents` are the keys of its files."""

    organ: str
    number: str
    dated_on: date | None
    documents: tuple[str, ...]

    @property
    def basis(self) -> str:
        """Organ and number, as a notice quotes them; empty for none."""
        return f"{self.organ}{self.number}"

    @property
    def said(self) -> str:
        """The same with its day."""
        return self.basis + (f"，{said_day(self.dated_on)}" if self.dated_on else "")


def read_approval(variables: Mapping[str, Json], prefix: str) -> Approval:
    """Read a form: `<prefix>organ`, `…basis` (the number), `…dated_on`, `…document`."""
    return Approval(
        organ=words_of(variables, f"{prefix}organ"),
        number=words_of(variables, f"{prefix}basis"),
        dated_on=day_or_none(variables.get(f"{prefix}dated_on")),
        documents=tuple(texts_of(variables.get(f"{prefix}document"))),
    )


def approval_problems(approval: Approval, today: date) -> list[Refusal]:
    """Return what is missing of the approval of a lower ratio: organ, number, day, document."""
    norm, on = NORMS["R-RATIO"], approval.dated_on
    problems = [
        norm.refuses(f"没有填写{label}")
        for text, label in ((approval.organ, "批准单位"), (approval.number, "批准文号"))
        if not text
    ]
    if on is None or on > today:
        problems.append(norm.refuses("批准日期没有填写，或者晚于今天"))
    if not approval.documents:
        problems.append(norm.refuses("没有上传批准文件"))
    return problems
