"""An application as the variables of its case hold it, read into values.

The variables come from the forms `admission_application` and `admission_office_check`, which were
validated; whatever is missing nevertheless stops the step with the variable's name.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from processes.admission.applied import applied_of
from processes.admission.rules import Assessment, SeriesRead, assess, refused
from processes.registers import admission_norms as norms
from processes.registers.norms import Refusal
from processes.registers.seats import SEATS, Seat
from processes.registers.titles import NO_TITLE, Series, find_title
from service.domain.errors import Invalid
from service.domain.values import Json, Variables

APPROVED = "approve"
REJECTED = "reject"

DOCUMENT_LABELS = {
    "evidence_teaching": "任教证明",
    "evidence_licence": "教师资格证",
    "evidence_title": "职称证书",
    "evidence_appraisal": "单位鉴定意见",
    "evidence_honours": "称号证书",
}
"""Fields of the application's form that take files, and what they are called."""

_ALWAYS_SEEN = ("evidence_teaching", "evidence_licence", "evidence_appraisal")


class VariableUnusable(Invalid):
    """事项中的“{name}”没有填写或不在可选范围内，这一步没有执行。请补充后在异常中重试。"""

    code = "variable-unusable"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a step cannot go on with what was filled in: the path of the field, what to do."""

    field: str
    message: Refusal


@dataclass(frozen=True, slots=True)
class CareerData:
    """The part of an application that is computed: as declared, or as the office verified it."""

    periods: Json
    title: str
    honours: tuple[str, ...]
    born_on: Json = None
    explained: str = ""
    """Why periods of teaching overlap."""
    series_accepted: str = ""
    """What the office found of a title of another series; empty before it has."""

    def assess(self, cutoff: date, other_teaching: str = norms.EACH_DECIDED) -> Assessment:
        """Work it out at the cut-off date, by what is set of R-SERIES. Raises TitleUnknown."""
        return assess(
            self.periods, find_title(self.title), cutoff, self.born_on,
            explained=self.explained, series=self._series(other_teaching),
        )  # fmt: skip

    def _series(self, other_teaching: str) -> SeriesRead | None:
        if other_teaching != norms.EACH_DECIDED:
            return SeriesRead(other_teaching == norms.ACCEPTED, f"本局设置为{other_teaching}")
        said = self.series_accepted
        return SeriesRead(said == norms.ACCEPTED, f"人事科认定为{said}") if said else None


def declared_data(variables: Variables) -> CareerData:
    """Return what the applicant declared. Raises VariableUnusable."""
    return _career_data(variables, "teaching_periods", "title", "honours")


def verified_data(variables: Variables) -> CareerData:
    """Return what the office verified. Raises VariableUnusable."""
    data = _career_data(variables, "verified_periods", "verified_title", "verified_honours")
    return replace(data, series_accepted=_words(variables, "series_accepted"))


def seat_of(variables: Variables) -> Seat:
    """Return the seat applied for. Raises VariableUnusable."""
    seat = SEATS.get(text_of(variables, "seat"))
    if seat is None:
        raise VariableUnusable(name="seat")
    return seat


def text_of(variables: Variables, name: str) -> str:
    """Return a text that must be there. Raises VariableUnusable."""
    value = variables.get(name)
    if not isinstance(value, str) or not value:
        raise VariableUnusable(name=name)
    return value


def choices_of(variables: Variables, name: str) -> tuple[str, ...]:
    """Return what was ticked in a list; nothing ticked is an empty tuple."""
    value = variables.get(name)
    return tuple(str(choice) for choice in value) if isinstance(value, list) else ()


def declared_problems(assessment: Assessment) -> list[Problem]:
    """Return why an application cannot be computed as the applicant filled it in."""
    return _period_problems(assessment, "teaching_periods")


def check_problems(assessment: Assessment, variables: Variables, outcome: str) -> list[Problem]:
    """Return what the office still has to fill in before its outcome can take effect.

    Approving needs countable periods and all originals seen; rejecting needs a ground; sending
    back needs nothing.
    """
    if outcome == REJECTED:
        ticked = choices_of(variables, "refusal_grounds")
        lacking = refused("请勾选不予通过的依据", "R-PROOF")
        return [] if ticked else [Problem("refusal_grounds", lacking)]
    if outcome != APPROVED:
        return []
    return [
        *_period_problems(assessment, "verified_periods"),
        *_undecided(assessment, variables),
        *_unseen(variables, required_originals(variables)),
    ]


def required_originals(variables: Variables) -> tuple[str, ...]:
    """Return the originals to be seen: certificates only of what was verified."""
    data = verified_data(variables)
    fields = (
        *_ALWAYS_SEEN,
        *(("evidence_title",) if data.title != NO_TITLE else ()),
        *(("evidence_honours",) if data.honours else ()),
    )
    return tuple(DOCUMENT_LABELS[field] for field in fields)


def _career_data(variables: Variables, periods: str, title: str, honours: str) -> CareerData:
    return CareerData(
        periods=variables.get(periods),
        title=text_of(variables, title),
        honours=choices_of(variables, honours),
        born_on=variables.get("born_on"),
        explained=_words(variables, "overlap_reason"),
    )


def _words(variables: Variables, name: str) -> str:
    value = variables.get(name)
    return value.strip() if isinstance(value, str) else ""


def _period_problems(assessment: Assessment, field: str) -> list[Problem]:
    born = [Problem("born_on", assessment.birth)] if assessment.birth else []
    return born + [
        Problem(f"{field}[{problem.row - 1}].{problem.field}", problem.refusal)
        for problem in assessment.problems
    ]


def _undecided(assessment: Assessment, variables: Variables) -> list[Problem]:
    """A title that the plan leaves open is decided by somebody before it counts (R-SERIES)."""
    by_office = applied_of(variables).other_teaching == norms.EACH_DECIDED
    open_ = by_office and not variables.get("series_accepted") and not _before_it(variables)
    if assessment.title.series is not Series.OTHER_TEACHING or not open_:
        return []
    said = f"“{assessment.title.name}”属于{Series.OTHER_TEACHING}，请认定是否认可"
    return [Problem("series_accepted", refused(said, "R-SERIES"))]


def _before_it(variables: Variables) -> bool:
    """Whether the case began before R-SERIES was a setting: its diagram asks nobody about it."""
    kept = variables.get("applied")
    return isinstance(kept, dict) and "other_teaching" not in kept


def _unseen(variables: Variables, wanted: Sequence[str]) -> list[Problem]:
    seen = choices_of(variables, "originals_checked")
    return [
        Problem("originals_checked", refused(f"尚未核对原件：{name}", "R-PROOF"))
        for name in wanted
        if name not in seen
    ]
