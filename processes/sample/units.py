"""The units of the sample bureau: offices, research institutions, districts, about 100 schools.

Numbers of schools: a sample of the size that the city has (50 kindergartens, 30 primary, 15 junior
and 5 senior schools, one for special education). The districts are real, the schools are not.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from service.procedure import Unit

BUREAU = Unit("bureau", "市教育局", "局机关")
PERSONNEL = Unit("personnel", "人事科", "科室", BUREAU.id, 2)
OFFICES = (
    Unit("general", "办公室", "科室", BUREAU.id, 1),
    PERSONNEL,
    Unit("basic-education", "基教科", "科室", BUREAU.id, 3),
    Unit("vocational-education", "职成科", "科室", BUREAU.id, 4),
    Unit("finance", "计财科", "科室", BUREAU.id, 5),
    Unit("regulations", "法规科", "科室", BUREAU.id, 6),
    Unit("safety", "安全科", "科室", BUREAU.id, 7),
    Unit("supervision", "督导室", "科室", BUREAU.id, 8),
    Unit("discipline", "机关纪委", "科室", BUREAU.id, 9),
)
CITY_RESEARCH = Unit("city-research", "市教研机构", "教研机构", BUREAU.id, 10)


@dataclass(frozen=True, slots=True)
class District:
    """A district: its bureau, and the research office below it."""

    bureau: Unit
    research: Unit

    @property
    def label(self) -> str:
        """What the posts say that cover it, such as 海勃湾."""
        return self.bureau.name.removesuffix("区教育局")


def _district(unit_id: str, name: str, position: int) -> District:
    bureau = Unit(unit_id, f"{name}区教育局", "区教育局", BUREAU.id, position)
    return District(
        bureau, Unit(f"{unit_id}-research", f"{name}区教研室", "教研机构", bureau.id, 1)
    )


DISTRICTS = (
    _district("haibowan", "海勃湾", 11),
    _district("hainan", "海南", 12),
    _district("wuda", "乌达", 13),
)
_SHARES = (5, 2, 3)
"""Of ten schools in a row, how many each district has."""


@dataclass(frozen=True, slots=True)
class SchoolKind:
    """A kind of school: what its units are called, how many there are, what it teaches."""

    id: str
    name: str
    kind: str
    count: int
    stage: str
    head: str
    """Title of who heads it."""
    city_run: bool = False
    """It stands under the city's bureau, not under a district's."""


KINDERGARTEN = SchoolKind("kindergarten", "示例幼儿园", "幼儿园", 50, "学前", "园长")
PRIMARY = SchoolKind("primary", "示例小学", "小学", 30, "小学", "校长")
JUNIOR = SchoolKind("junior", "示例初中", "初中", 15, "初中", "校长")
SENIOR = SchoolKind("senior", "示例高中", "高中", 5, "普通高中", "校长", city_run=True)
SPECIAL = SchoolKind(
    "special", "示例特殊教育学校", "特殊教育学校", 1, "特殊教育", "校长", city_run=True
)
SCHOOL_KINDS = (KINDERGARTEN, PRIMARY, JUNIOR, SENIOR, SPECIAL)


@dataclass(frozen=True, slots=True)
class School:
    """A school, and the district it lies in (None: city-run)."""

    unit: Unit
    kind: SchoolKind
    district: District | None


def schools_of(kind: SchoolKind, numbers: Iterable[int]) -> Iterator[School]:
    """Return these schools of a kind; which district one lies in follows from its number."""
    places = [place for place, share in zip(DISTRICTS, _SHARES, strict=True) for _ in range(share)]
    for number in numbers:
        district = None if kind.city_run else places[(number - 1) % len(places)]
        parent = BUREAU if district is None else district.bureau
        numbered = "" if kind.count == 1 else f"{number:02}"
        unit_id = f"{kind.id}-{numbered}" if numbered else kind.id
        position = 100 * (1 + SCHOOL_KINDS.index(kind)) + number
        yield School(
            Unit(unit_id, f"{kind.name}{numbered}", kind.kind, parent.id, position), kind, district
        )


SCHOOLS = tuple(
    school for kind in SCHOOL_KINDS for school in schools_of(kind, range(1, kind.count + 1))
)
UNITS = (
    BUREAU,
    *OFFICES,
    CITY_RESEARCH,
    *(unit for district in DISTRICTS for unit in (district.bureau, district.research)),
    *(school.unit for school in SCHOOLS),
)
