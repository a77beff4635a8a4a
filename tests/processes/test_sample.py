"""The sample bureau: synthetic, the same each time, with groups and rights that mean something."""

import re
from collections import Counter

import pytest

from processes.admission import procedure as admission
from processes.committee import procedure as committee
from processes.recruitment import procedure as recruitment
from processes.registers.process_ids import APPLICATION, OF_A_ROUND, PART_TIME, ROUNDS
from processes.rosters import procedure as rosters
from processes.sample import (
    ADMISSION,
    DEADLINES,
    DISTRICT_HEAD,
    DISTRICT_RECORDS,
    ENGAGEMENTS,
    EXAM_OFFICE,
    MEETING,
    OFFICE_HEAD,
    OPERATORS,
    PERSONNEL_OFFICE,
    RESEARCH_HEADS,
    SECRETARIES,
    YEARLY_RECORDS,
    sample,
)
from processes.sample.staff import RESEARCHERS, TEACHERS, posts
from processes.sample.units import CITY_RESEARCH, DISTRICTS, SCHOOLS
from service.demo import SERVICE_RIGHTS
from service.domain.accounts import PUBLIC_APPLICANTS
from service.domain.authorization import ALL, PART, Action, ObjectKind
from service.domain.organization import PostGroup, parse
from service.procedure import Post

UNITS = {unit.id: unit for unit in sample.organization.units}
POSTS = sample.organization.posts
BY_TITLE = Counter(post.title for post in POSTS)
ROLES = (
    r"(海勃湾区|海南区|乌达区)?(局长|副局长|申请人|教师|教研员|校长|园长|\w{1,3}[科室]|机关纪委)"
)


def test_nobody_bears_the_name_of_a_person() -> None:
    names = {post.display_name for post in POSTS} | {one.display_name for one in sample.accounts}
    assert [name for name in names if not re.fullmatch(ROLES + r"\d{2,3}", name)] == []


def test_it_is_drawn_the_same_each_time() -> None:
    assert posts() == tuple(POSTS)
    assert Post("teacher001", "教师001", "primary-06", "教师", ("小学", "音乐")) in POSTS


def test_it_is_as_large_as_the_city() -> None:
    assert Counter(school.kind.name for school in SCHOOLS) == {
        "示例幼儿园": 50,
        "示例小学": 30,
        "示例初中": 15,
        "示例高中": 5,
        "示例特殊教育学校": 1,
    }
    assert (BY_TITLE["教研员"], RESEARCHERS) == (40, 40)
    assert len({post.username for post in POSTS if post.username.startswith("teacher")}) == TEACHERS
    assert [district.label for district in DISTRICTS] == ["海勃湾", "海南", "乌达"]


def test_every_post_is_in_a_unit_and_every_unit_under_one_that_is_there() -> None:
    assert {post.unit for post in POSTS} <= set(UNITS)
    assert {unit.parent for unit in UNITS.values()} <= {*UNITS, ""}


def test_every_unit_has_one_head() -> None:
    assert Counter(post.unit for post in POSTS if post.heads_unit) == Counter(UNITS.keys())


def test_a_group_over_posts_finds_the_researchers_of_a_subject() -> None:
    assert members("教研员 · 数学 · 小学", CITY_RESEARCH.id) == ["researcher03"]
    assert members("教研员 · 数学 · 小学 · 乌达", None) == ["researcher36"]
    assert members("教研员 · 数学", None) == [
        "researcher03", "researcher08", "researcher17", "researcher24", "researcher27",
        "researcher30", "researcher33", "researcher36", "researcher39",
    ]  # fmt: skip


def members(text: str, unit: str | None) -> list[str]:
    group = parse(text)
    meant = PostGroup(group.title, group.labels, unit)
    return sorted(
        post.username
        for post in POSTS
        if meant.fits(
            title=post.title, labels=post.labels, unit=post.unit, heads_unit=post.heads_unit
        )
    )


def test_who_has_an_account_has_a_post_too() -> None:
    assert {account.username for account in sample.accounts} <= {post.username for post in POSTS}


def test_accounts_and_rights_name_groups_that_exist() -> None:
    groups = {group.id for group in sample.groups}
    assert {group for account in sample.accounts for group in account.groups} == groups
    granted = {right.group for right in sample.rights}
    leaders = {"局长 @ 市教育局", "副局长 @ 市教育局"}
    offices = {PERSONNEL_OFFICE, EXAM_OFFICE, SECRETARIES, OFFICE_HEAD, DISTRICT_HEAD}
    assert granted == groups | {OPERATORS, PUBLIC_APPLICANTS, RESEARCH_HEADS} | offices | leaders


def test_rights_are_about_these_procedures_and_their_registers() -> None:
    kept = [
        *admission.registers,
        *rosters.registers,
        *committee.registers,
        *recruitment.registers,
    ]
    known = {ADMISSION, DEADLINES, MEETING, APPLICATION, *OF_A_ROUND, *ENGAGEMENTS}
    known |= {YEARLY_RECORDS, DISTRICT_RECORDS}
    known |= {register.id for register in kept}
    about = {
        right.on.split(PART)[0] for right in sample.rights if right.object is not ObjectKind.RECUSAL
    }
    assert about == known


def test_the_closed_bank_is_named_to_one_office() -> None:
    closed = {register.id for register in rosters.registers if register.closed}
    assert closed == {"setters"}
    assert {right.group for right in sample.rights if right.on in closed} == {EXAM_OFFICE}


@pytest.mark.parametrize("group", ["applicants", PUBLIC_APPLICANTS])
def test_applicants_may_start_and_read_nothing_of_others(group: str) -> None:
    rights = [right for right in sample.rights if right.group == group and right.on != DEADLINES]
    started = {ADMISSION, APPLICATION} | ({PART_TIME} & {one.on for one in rights})
    assert {(right.on, right.object, right.action) for right in rights} == {
        (process, ObjectKind.PROCEDURE, Action.ACT) for process in started
    }


def test_part_timers_are_staff_of_schools_and_nobody_from_outside() -> None:
    groups = [right.group for right in sample.rights if right.on == PART_TIME]
    assert PUBLIC_APPLICANTS not in groups
    assert "applicants" in groups


def test_the_office_opens_rounds_and_starts_nothing_that_it_decides() -> None:
    office = [right for right in sample.rights if right.group == PERSONNEL_OFFICE]
    begun = {right.on for right in office if right.object is ObjectKind.PROCEDURE}
    assert begun == set(ROUNDS)


def test_nobody_may_start_everything() -> None:
    given = [*SERVICE_RIGHTS, *sample.rights]
    assert not [one for one in given if one.object is ObjectKind.PROCEDURE and one.on == ALL]
