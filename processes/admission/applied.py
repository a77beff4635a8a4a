"""Which settings a case goes by: those of the day on which it began, kept with it as `applied`.

Pure. The diagram reads the terms from it, the steps the rest; a later change of a setting concerns
later cases.
"""

from dataclasses import asdict, dataclass

from processes.registers import admission_norms as norms
from processes.registers.norms import PLAN_DAY
from processes.registers.settings import SettingValues, defaults
from service.domain.values import Json, Variables


@dataclass(frozen=True, slots=True)
class Applied:
    """The settings of one case; terms in working days, the validity in months."""

    version: str
    """Of the rules, and how many settings had been changed: `2026-11-26/3`."""
    validity_months: int
    panel_minimum: int
    panel_share: str
    panel_base: str
    panel_days: int
    supplement_days: int
    objection_days: int
    checks_before_refusal: bool

    def as_json(self) -> Json:
        """Write it for the case."""
        return asdict(self)


def applied_on(values: SettingValues) -> Applied:
    """Return what is set on the day of `values`."""
    return Applied(
        version=f"{norms.RULES_VERSION}/{values.revision}",
        validity_months=values.number(norms.VALIDITY_MONTHS),
        panel_minimum=values.number(norms.PANEL_MINIMUM),
        panel_share=values.text(norms.PANEL_SHARE),
        panel_base=values.text(norms.PANEL_BASE),
        panel_days=values.number(norms.PANEL_DAYS),
        supplement_days=values.number(norms.SUPPLEMENT_DAYS),
        objection_days=values.number(norms.OBJECTION_DAYS),
        checks_before_refusal=values.truth(norms.CHECKS_BEFORE_REFUSAL),
    )


def applied_of(variables: Variables) -> Applied:
    """Return what the case goes by; one that began before there were settings, by the defaults."""
    kept = variables.get("applied")
    if not isinstance(kept, dict):
        return applied_on(defaults(PLAN_DAY))
    return Applied(**kept)  # type: ignore[arg-type]  # as `as_json` wrote them
