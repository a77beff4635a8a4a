"""What people fill in, complete and right unless a test changes it."""

import json
from collections.abc import Iterator
from pathlib import Path

from service.domain.values import Json

ROOT = Path(__file__).resolve().parent.parent.parent
TEACHING, OTHER = "任教岗位", "非任教岗位"
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
        "born_on": "1990-05-01",
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
    """The office's form with everything seen; what is verified came with the case."""
    filled: dict[str, Json] = {
        "verified_periods": [period("2016-02-01")],
        "verified_title": "一级教师",
        "verified_honours": [],
        "originals_checked": list(ORIGINALS),
        "refusal_grounds": [],
    }
    return filled | changes


def proof(field: str, finding: str, **changes: Json) -> dict[str, Json]:
    """One check that is proved by a paper, all of it filled in; `changes` name its parts."""
    parts: dict[str, Json] = {
        "finding": finding,
        "source": "人事科01，向某单位查询",
        "dated_on": "2026-03-01",
        "document": ["2001"],
        "reason": None,
    }
    return {f"{field}_{name}": value for name, value in (parts | changes).items()}


def evidence(**changes: Json) -> dict[str, Json]:
    """E1 and E4 proved, nothing against the applicant."""
    return proof("e1", "合格") | proof("e4", "没有查实的失信记录") | changes


def compulsory(**changes: Json) -> dict[str, Json]:
    """N1 to N4 made, nothing found."""
    return (
        proof("n1", "没有记录")
        | proof("n2", "没有")
        | proof("n3", "没有")
        | proof("n4", "均为合格以上")
        | {
            "n3_sanction": "没有受过",
            "n3_inquiry": "没有被调查",
            "n4_first_year": 2023,
            "n4_last_year": 2025,
        }
        | changes
    )


def vote(username: str, **changes: Json) -> dict[str, Json]:
    """One vote as the case keeps it, in favour of everything."""
    cast: dict[str, Json] = {
        "username": username,
        "name": username,
        "stance": "参加评议",
        "e2": "符合",
        "e3": "符合",
        "e5c": "符合",
        "reason": "材料属实",
    }
    return cast | changes


def components(holder: Json) -> Iterator[dict[str, Json]]:
    """Every component of a form, those in groups and lists too."""
    inner = holder.get("components") if isinstance(holder, dict) else None
    for component in inner if isinstance(inner, list) else []:
        if isinstance(component, dict):
            yield component
            yield from components(component)
