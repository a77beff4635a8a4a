"""The forms of the Entry procedures: figures that are settings, sources, help on each field."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from processes.committee.norms import NORMS as COMMITTEE
from processes.recruitment.rules import settings
from processes.recruitment.rules.channel import Channel
from processes.recruitment.rules.limits import (
    appointment_limits,
    engagement_limits,
    plan_limits,
)
from processes.recruitment.rules.norms import NORMS as RECRUITMENT
from processes.recruitment.variables import rows_of, words_of
from processes.registers.admission_norms import NORMS as ADMISSION
from processes.registers.settings import Setting, SettingValues
from processes.registers.staffing.norms import NORMS as STAFFING
from service.domain.values import Json
from tests.processes.builders import ROOT, components, schema

ENTRY = sorted(
    path.stem
    for kind in (
        "admission", "committee", "engagement", "notice", "part_time", "records", "recruitment",
        "rehire", "revocation", "superior", "talent",
    )
    for path in (ROOT / "forms").glob(f"{kind}_*.form")
)  # fmt: skip
DIAGRAMS = sorted(
    path
    for kind in ("admission_review", "public_notice", "recruitment_*")
    for path in (ROOT / "bpmn").glob(f"{kind}.bpmn")
)
FIGURE = re.compile(
    r"[0-9二三四五六七八九十]+个?(?:工作日|日历日|天|分钟|月|年|%|人|周岁|分|比1|∶1|:1)"
)
OF_THE_SOURCE = {
    "6年": "《方案》三（三）5",
    "三年": "R-N4 的通例",
    "24个月": "教师〔2018〕18号第三条",
}
"""Figures that a source itself states and no setting changes."""
OF_A_SCALE = {"0分", "100分", "1分钟"}
"""Marks are of 100, what is not answered as it must be is nought, who is late is so by a minute."""


def said(form: str) -> Iterator[str]:
    """All that somebody reads in a form, without what is put in from the case."""
    for one in components(schema(form)):
        rows = [one, *rows_of(one.get("values"))]
        for text in [
            words_of(row, key) for row in rows for key in ("label", "description", "text")
        ]:
            yield re.sub(r"\{\{.*?\}\}", "", text)


@pytest.mark.parametrize("form", ENTRY)
def test_a_form_states_no_figure_that_is_a_setting(form: str) -> None:
    found = {figure for text in said(form) for figure in FIGURE.findall(text)}
    assert found <= {*OF_THE_SOURCE, *OF_A_SCALE}


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_a_diagram_says_of_a_figure_that_it_is_a_default(path: Path) -> None:
    words = re.findall(r"<bpmn:documentation>(.*?)</bpmn:documentation>", path.read_text("utf-8"))
    strange = {
        sentence
        for text in words
        for sentence in re.split(r"[。；]", text)
        if set(FIGURE.findall(sentence)) - {*OF_THE_SOURCE, *OF_A_SCALE}
        and not re.search(r"默认", sentence)
    }
    assert strange == set()


def changed(**values: str) -> SettingValues:
    named = {f"recruit-{key.replace('_', '-')}": one for key, one in values.items()}
    return SettingValues(date(2026, 11, 2), named, revision=len(named))


def test_a_form_shows_what_is_set_with_its_version() -> None:
    values = changed(
        notice_days="9", window_most="20", panel_least="5", contract_years="5", part_time_most="4",
        rehire_oldest="70",
    )  # fmt: skip
    plan = plan_limits(Channel.OPEN, values)
    assert (plan["notice_days"], plan["window_most"], plan["panel_least"]) == (9, 20, 5)
    assert appointment_limits(values)["contract_years"] == 5
    engaged = engagement_limits(values)
    assert (engaged["part_time_most"], engaged["oldest"]) == (4, 70)
    assert str(engaged["version"]).endswith("/6")


@pytest.mark.parametrize(
    ("form", "setting", "reads"),
    [
        ("recruitment_plan", settings.NOTICE_DAYS, "plan_limits.notice_days"),
        ("recruitment_plan", settings.REGISTRATION_MOST, "plan_limits.window_most"),
        ("recruitment_attendance", settings.LATE_MINUTES, "late_minutes"),
        ("recruitment_appointment", settings.CONTRACT_YEARS, "appointment_limits.contract_years"),
        ("engagement_sign", settings.PART_TIME_MOST, "engagement_limits.part_time_most"),
        ("rehire_consent", settings.REHIRE_OLDEST, "engagement_limits.oldest"),
    ],
)
def test_a_form_names_the_rule_beside_the_figure(form: str, setting: Setting, reads: str) -> None:
    shown = [
        text
        for one in components(schema(form))
        for text in (words_of(one, "description"), words_of(one, "text"))
        if reads in text
    ]
    assert shown
    assert any(setting.norm.id in text for text in shown)


RULES = {*ADMISSION, *RECRUITMENT, *STAFFING, *COMMITTEE}
RULE = re.compile(r"(?<![A-Za-z0-9-])(?:R|S|C)-[A-Z][A-Za-z0-9-]*|(?<![A-Za-z0-9-])M[1-5](?![0-9])")
SOURCE = re.compile(r"《[^》]+》|〔[0-9]{4}〕[0-9]+号|三（[一二三四五六]）")
NO_RULE = {"recruitment_result": "tells what became of an application; the reasons come with it"}
"""Forms that apply no rule, with the reason."""
FILLED_IN = {"textfield", "textarea", "number", "datetime", "filepicker"}
"""What a person can get wrong; a choice says itself what it means."""


def shown_rules(form: str) -> set[str]:
    return {rule for text in said(form) for rule in RULE.findall(text)}


@pytest.mark.parametrize("form", ENTRY)
def test_a_form_names_the_source_of_its_rule(form: str) -> None:
    named = shown_rules(form) or any(SOURCE.search(text) for text in said(form))
    assert bool(named) is (form not in NO_RULE)


@pytest.mark.parametrize("form", ENTRY)
def test_a_form_names_no_rule_that_there_is_not(form: str) -> None:
    assert shown_rules(form) <= RULES


def unexplained(holder: Json) -> Iterator[str]:
    """The fields that nobody explains: neither they nor their group name what is to be written."""
    inner = holder.get("components") if isinstance(holder, dict) else None
    rows = rows_of(inner)
    inside = holder.get("type") == "group" if isinstance(holder, dict) else False
    told = inside and any(RULE.search(words_of(one, "text")) for one in rows)
    for one in rows:
        open_to = one.get("type") in FILLED_IN and not (one.get("readonly") or one.get("disabled"))
        if open_to and not told and not words_of(one, "description"):
            yield words_of(one, "key")
        yield from unexplained(one)


@pytest.mark.parametrize("form", ENTRY)
def test_each_field_that_is_filled_in_says_what_belongs_there(form: str) -> None:
    assert [*unexplained(schema(form))] == []
