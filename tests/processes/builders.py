"""What people fill in, complete and right unless a test changes it."""

import json
from collections.abc import Iterator
from pathlib import Path

from service.domain.values import Json

ROOT = Path(__file__).resolve().parent.parent.parent
TEACHING, OTHER = "任教岗位", "非任教岗位"
JUDGED: list[Json] = ["R-E1", "R-E2", "R-E3", "R-E4", "R-E5c"]
ORIGINALS: list[Json] = ["任教证明", "教师资格证", "职称证书", "单位鉴定意见"]


def schema(form_id: str) -> Json:
    """The shipped form."""
    form: Json = json.loads((ROOT / "forms" / f"{form_id}.form").read_text("utf-8"))
    return form


def period(
    starts_on: str, ends_on: str | None = None, *, post: str = TEACHING, school: str = "某某小学"
) -> dict[str, Json]:
    """One row of a career."""
    return {"school": school, "post": post, "starts_on": starts_on, "ends_on": ends_on}


def application(**changes: Json) -> dict[str, Json]:
    """A right application of ten years of teaching and an intermediate title."""
    filled: dict[str, Json] = {
        "applicant_name": "教师甲",
        "unit": "某某小学",
        "seat": "小学语文",
        "teaching_periods": [period("2016-02-01")],
        "title": "一级教师",
        "title_certificate": "",
        "title_appointed": "已聘任",
        "honours": [],
        "achievements": "市级公开课一等奖，主持市级课题一项。",
        "evidence_teaching": ["1001"],
        "evidence_licence": ["1002"],
        "evidence_title": ["1003"],
        "evidence_appraisal": ["1004"],
        "truth_declared": True,
    }
    return filled | changes


def office_check(**changes: Json) -> dict[str, Json]:
    """The office's form with everything seen and confirmed; what is verified came with the case."""
    filled: dict[str, Json] = {
        "verified_periods": [period("2016-02-01")],
        "verified_title": "一级教师",
        "verified_honours": [],
        "originals_checked": list(ORIGINALS),
        "conditions_confirmed": list(JUDGED),
        "refusal_grounds": [],
    }
    return filled | changes


def components(holder: Json) -> Iterator[dict[str, Json]]:
    """Every component of a form, those in groups and lists too."""
    inner = holder.get("components") if isinstance(holder, dict) else None
    for component in inner if isinstance(inner, list) else []:
        if isinstance(component, dict):
            yield component
            yield from components(component)
