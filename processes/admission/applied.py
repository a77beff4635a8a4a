"""Which settings a case goes by: those of the day on which it began, kept with it as `applied`.

Pure. The diagram reads the terms from it, the steps the rest; a later change of a setting concerns
later cases.
"""

from dataclasses import asdict, dataclass, replace

from processes.registers import admission_norms as norms
from processes.registers.norms import PLAN_DAY
from processes.registers.settings import SettingValues, defaults
from service.domain.values import Json, Variables


@dataclass(frozen=True, slots=True)
class Applied:
    """The settings of one case; terms in working days, the validity in months."""

    version: str
    """Of the rules, and how many settings had been changed: `2026-11-26.2/3`."""
    validity_months: int
    panel_minimum: int
    panel_share: str
    panel_base: str
    panel_days: int
    supplement_days: int
    objection_days: int
    checks_before_refusal: bool
    other_teaching: str
    """How titles of vocational schools and universities are read (R-SERIES)."""
    n1_reading: str
    """How 未成年人保护法 62 is taken to hold for a research institution (R-N1)."""
    appraisal_years: int
    """How many years' assessments N4 looks at (R-N4)."""

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
        other_teaching=values.text(norms.OTHER_TEACHING),
        n1_reading=values.text(norms.N1_READING),
        appraisal_years=values.number(norms.APPRAISAL_YEARS),
    )


def applied_of(variables: Variables) -> Applied:
    """Return what the case goes by; what was no setting yet when it began, by the defaults."""
    kept, before = variables.get("applied"), applied_on(defaults(PLAN_DAY))
    if not isinstance(kept, dict):
        return before
    return replace(before, **kept)  # type: ignore[arg-type]  # as `as_json` wrote them
