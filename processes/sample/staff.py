"""Who has which post in the sample bureau, drawn by a fixed number: the same people every time.

All synthetic. People are called by their role and a number, never by a name: cases of misconduct
will hang on some of them. They have no ID number, telephone or mail: a made-up one may be real.
"""

import random
from collections import Counter
from collections.abc import Iterator, Sequence

from processes.registers.seats import CROSS_STAGE, SEATS
from processes.sample.units import (
    BUREAU,
    CITY_RESEARCH,
    DISTRICTS,
    KINDERGARTEN,
    OFFICES,
    PERSONNEL,
    SCHOOLS,
    School,
    SchoolKind,
)
from service.procedure import Post

SEED = 20231020
"""The day of the plan: what is drawn follows from it alone."""

RESEARCHERS = 40
TEACHERS = 600
_SEATS_OF_DISTRICT = ("小学语文", "小学数学", "小学外语", "初中语文", "初中数学", "初中外语")
_PART_TIME_RESEARCHERS_OF_DISTRICT = 4
_SEATS = tuple(SEATS.values())
_TEACHERS_TO_ONE = {"kindergarten": 2, "primary": 7, "junior": 10, "senior": 16, "special": 6}
"""How teachers are spread over the kinds of school: shares of one school."""


def posts() -> tuple[Post, ...]:
    """Return all posts of the sample bureau."""
    chance = random.Random(SEED)  # noqa: S311 - drawn to be the same again, nothing secret
    teachers = list(_teachers(chance))
    return (
        *_officers(),
        *_heads(),
        *_researchers(),
        *teachers,
        *_part_time_researchers(chance, teachers),
        Post("applicant", "申请人01", "primary-01", "教师", ("小学", "语文")),
    )


def newcomers(schools: Sequence[School], count: int) -> tuple[Post, ...]:
    """Return heads and teachers of schools that are not there yet, numbered behind the others."""
    chance = random.Random(SEED + 1)  # noqa: S311 - as above
    heads = tuple(
        Post(f"new-head{number:02}", f"新校长{number:02}", school.unit.id, school.kind.head, (),
             heads_unit=True)
        for number, school in enumerate(schools, start=1)
    )  # fmt: skip
    first = TEACHERS + 1
    return heads + tuple(
        _teacher(number, chance.choice(schools), chance) for number in range(first, first + count)
    )


def _officers() -> Iterator[Post]:
    """Five leaders, who are the Party group, and two of each office: the first heads it."""
    yield Post("director01", "局长01", BUREAU.id, "局长", heads_unit=True)
    yield Post("director02", "副局长01", BUREAU.id, "副局长", ("教研",))
    for number in range(3, 6):
        yield Post(f"director{number:02}", f"副局长{number - 1:02}", BUREAU.id, "副局长")
    for office in OFFICES:
        prefix = office.id if office is PERSONNEL else f"{office.id}-"
        title = "主任" if office.name.endswith("室") else "科长"
        for number, its in ((1, title), (2, "科员")):
            name = f"{office.name}{number:02}"
            yield Post(f"{prefix}{number}", name, office.id, its, heads_unit=number == 1)
    for number, district in enumerate(DISTRICTS, start=1):
        username, name = f"district-director{number:02}", f"{district.label}区局长01"
        unit = district.bureau.id
        yield Post(username, name, unit, "局长", (district.label,), heads_unit=True)


def _heads() -> Iterator[Post]:
    counted: Counter[str] = Counter()
    for school in SCHOOLS:
        title = school.kind.head
        counted[title] += 1
        prefix = "kindergarten-head" if school.kind is KINDERGARTEN else "head"
        username = f"{prefix}{counted[title]:02}"
        labels = (school.kind.stage, *_district_of(school))
        yield Post(
            username, f"{title}{counted[title]:02}", school.unit.id, title, labels, heads_unit=True
        )


def _researchers() -> Iterator[Post]:
    """The city's first, one a seat as far as they go; then each district's. The first one heads."""
    of_city = RESEARCHERS - len(_SEATS_OF_DISTRICT) * len(DISTRICTS)
    seats = iter(_SEATS)
    for number in range(1, of_city + 1):
        seat = next(seats)
        yield _researcher(number, CITY_RESEARCH.id, _labels(seat.stage, seat.subject), number == 1)
    number = of_city
    for district in DISTRICTS:
        for place, name in enumerate(_SEATS_OF_DISTRICT):
            number += 1
            seat = SEATS[name]
            labels = (*_labels(seat.stage, seat.subject), district.label)
            yield _researcher(number, district.research.id, labels, place == 0)


def _researcher(number: int, unit: str, labels: tuple[str, ...], heads: bool) -> Post:
    name = f"教研员{number:02}"
    return Post(f"researcher{number:02}", name, unit, "教研员", labels, heads_unit=heads)


def _teachers(chance: random.Random) -> Iterator[Post]:
    shares = [_TEACHERS_TO_ONE[school.kind.id] for school in SCHOOLS]
    at = [*SCHOOLS, *chance.choices(SCHOOLS, shares, k=TEACHERS - len(SCHOOLS))]
    chance.shuffle(at)
    for number, school in enumerate(at, start=1):
        yield _teacher(number, school, chance)


def _teacher(number: int, school: School, chance: random.Random) -> Post:
    seat = chance.choice(_seats_taught(school.kind))
    labels = _labels(school.kind.stage, seat)
    return Post(f"teacher{number:03}", f"教师{number:03}", school.unit.id, "教师", labels)


def _seats_taught(kind: SchoolKind) -> list[str]:
    """Subjects of the stage; those that span stages are taught in schools of all subjects."""
    own = [seat.subject for seat in _SEATS if seat.stage == kind.stage]
    spanning = [seat.subject for seat in _SEATS if seat.stage == CROSS_STAGE]
    return own if len(own) == 1 else own * 2 + spanning


def _part_time_researchers(chance: random.Random, teachers: list[Post]) -> Iterator[Post]:
    """Some teachers of each district, beside their post at school."""
    districts = {s.unit.id: s.district for s in SCHOOLS if s.kind is not KINDERGARTEN}
    for district in DISTRICTS:
        there = [post for post in teachers if districts.get(post.unit) is district]
        for post in chance.sample(there, _PART_TIME_RESEARCHERS_OF_DISTRICT):
            labels = (*post.labels, district.label)
            yield Post(post.username, post.display_name, district.research.id, "兼职教研员", labels)


def _district_of(school: School) -> tuple[str, ...]:
    return () if school.district is None else (school.district.label,)


def _labels(stage: str, subject: str) -> tuple[str, ...]:
    """Stage and subject; what has one subject alone says it once."""
    return (stage,) if subject.startswith(stage) else (stage, subject)
