"""公示 as it is posted: after the decision alone, with what may be shown, for its days."""

from datetime import date, datetime

import pytest

from processes.committee.rules import ItemClass
from processes.recruitment.rules import settings as rule_settings
from processes.recruitment.rules.channel import Channel
from processes.registers import set_values
from tests.processes.desk import OFFICER, Desk
from tests.processes.recruitment.deciding import (
    about,
    disclosure_of,
    incidents,
    record_decision,
)
from tests.processes.recruitment.noticing import person, post, show

pytestmark = pytest.mark.usefixtures("begin")


def test_trap_13_a_notice_before_the_decision_is_refused_with_the_law(bureau: Desk) -> None:
    case = show(bureau, person(), "17")
    (incident,) = incidents(bureau, case)
    assert incident.startswith("open_notice")
    assert "局党组还没有研究确定拟聘人选" in incident
    assert "第二十二条、第二十三条，R-ORDER" in incident


@pytest.mark.parametrize(
    ("decided", "shown", "item_class", "carried", "why"),
    [
        ("教师某甲", "教师某乙", ItemClass.RECRUITMENT, True, "局党组决定的是"),
        ("教师某丙", "教师某丙", ItemClass.EXIT, True, "不是确定拟聘人选"),
        ("教师某丁", "教师某丁", ItemClass.RECRUITMENT, False, "还没有研究确定"),
    ],
)
def test_the_decision_must_be_carried_and_about_this_person(
    bureau: Desk, decided: str, shown: str, item_class: ItemClass, carried: bool, why: str
) -> None:
    item = record_decision(bureau, about(decided, item_class=item_class), carried=carried)
    case = show(bureau, shown, str(item))
    (incident,) = incidents(bureau, case)
    assert why in incident


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (("address", "海勃湾区某街1号"), "不公示address"),
        (("title", "一级教师 13800138000"), "职称里有身份证号或者手机号"),
        (("unit", ""), "缺少现工作单位"),
    ],
)
def test_what_is_private_or_lacking_is_not_posted(
    bureau: Desk, more: tuple[str, str], why: str
) -> None:
    case = post(bureau, channel=Channel.SELECTION, name="", **dict([more]))
    (incident,) = incidents(bureau, case)
    assert why in incident


def test_trap_13_days_are_counted_by_channel_from_the_day_after_posting(bureau: Desk) -> None:
    # given the Wednesday before Qingming (Monday 6 April is off)
    bureau.clock.now = datetime.fromisoformat("2026-04-01T09:30+08:00")
    selection, open_ = post(bureau), post(bureau, channel=Channel.OPEN)
    # then five and seven working days behind the day of posting
    assert disclosure_of(bureau, selection).begins_on == date(2026, 4, 1)
    assert disclosure_of(bureau, selection).ends_on == date(2026, 4, 9)
    assert disclosure_of(bureau, open_).ends_on == date(2026, 4, 13)


def test_trap_13_calendar_days_are_another_count(bureau: Desk) -> None:
    setting = rule_settings.PUBLICITY_UNIT[Channel.TALENT]
    with bureau.rooms.write() as tools:
        revision = set_values.values_on(tools.session, date(2030, 1, 1)).revision
        set_values.set_value(
            tools, setting, "日历日", register="recruitment-rules",
            effective_from=bureau.clock().date(), reason="局党组会议决定", revision=revision,
            actor=OFFICER, now=bureau.clock(),
        )  # fmt: skip
    case = post(bureau, channel=Channel.TALENT)
    assert bureau.variables(case)["notice_length"] == "7个日历日"
    assert str(bureau.variables(case)["notice_rules"]).endswith(f"/{revision + 1}")


def test_the_page_shows_what_may_be_shown_and_the_case_says_whom_it_is_about(bureau: Desk) -> None:
    case = post(bureau, name="教师某戊", title="高级教师", scores="笔试80.00，面试85.55")
    shown = disclosure_of(bureau, case)
    assert shown.items == [{"name": "教师某戊", "post": "小学语文教研员", "unit": "市第一小学"}]
    assert "成绩：笔试80.00，面试85.55" in shown.content
    assert "招聘方式：集中遴选" in shown.content
    assert bureau.instance(case).title == "公示：教师某戊"
