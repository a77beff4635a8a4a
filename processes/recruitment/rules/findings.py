"""What a rule says of the facts of a case: a finding with its rule and source. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from processes.registers.norms import Norm, Refusal
from service.domain.values import Json


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule looked at: whether it is met, and in words why."""

    norm: Norm
    met: bool
    reason: str

    @property
    def effect(self) -> str:
        """What people read."""
        return "符合" if self.met else "不符合"

    @property
    def refusal(self) -> Refusal:
        """The reason with its rule and source, as a person who is refused reads it."""
        return self.norm.refuses(self.reason)

    def row(self) -> dict[str, Json]:
        """Return it for a case: rule, clause, title, effect, reason."""
        return {
            "rule": self.norm.id,
            "clause": self.norm.clause,
            "title": self.norm.title,
            "effect": self.effect,
            "reason": self.reason,
        }


def unmet(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return what is not met: the reasons of a refusal."""
    return tuple(one for one in findings if not one.met)


def refusals(findings: Iterable[Finding]) -> list[Refusal]:
    """Return the reasons of a refusal as texts with their sources; empty where all is met."""
    return [one.refusal for one in unmet(findings)]
