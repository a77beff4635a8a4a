"""Titles by their full name on the certificate, old and new, and the rank each stands for.

Pure. R-TITLE: the 2015 reform (人社部发〔2015〕79号) made one series of the former titles of
primary and secondary schools. No part of a name tells the rank: 一级教师 is 中级, 小学一级教师 is
初级, 小学高级教师 is 中级, 中学高级教师 is 副高级. So a title is looked up whole or not at all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.domain.errors import Invalid


class Rank(StrEnum):
    """Ranks of the teachers' series; NONE stands for no title of it."""

    NONE = "无"
    JUNIOR = "初级"
    INTERMEDIATE = "中级"
    ASSOCIATE = "副高级"
    SENIOR = "正高级"

    def reaches(self, least: "Rank") -> bool:
        """Whether it is this rank or a higher one."""
        order = tuple(Rank)
        return order.index(self) >= order.index(least)


class Series(StrEnum):
    """To which series of professional titles a title belongs."""

    SCHOOL = "中小学教师系列"
    OTHER_TEACHING = "中职、高校教师系列"
    NOT_TEACHING = "非教师系列"


@dataclass(frozen=True, slots=True)
class Title:
    """One title as the certificate names it."""

    name: str
    rank: Rank
    series: Series


class TitleUnknown(Invalid):
    """职称「{title}」不在职称表中，请从列表中选择证书上的全称。"""

    code = "title-unknown"


OTHER_SERIES = "其他系列职称（工程、卫生、经济等）"
NO_TITLE = "没有职称"

_SCHOOL = {
    Rank.JUNIOR: (
        "三级教师",
        "二级教师",
        "中学三级教师",
        "中学二级教师",
        "小学三级教师",
        "小学二级教师",
        "小学一级教师",
    ),
    Rank.INTERMEDIATE: ("一级教师", "中学一级教师", "小学高级教师"),
    Rank.ASSOCIATE: ("高级教师", "中学高级教师"),
    Rank.SENIOR: ("正高级教师",),
}
_OTHER_TEACHING = {
    Rank.JUNIOR: ("助理讲师", "助教"),
    Rank.INTERMEDIATE: ("讲师",),
    Rank.ASSOCIATE: ("高级讲师", "副教授"),
    Rank.SENIOR: ("正高级讲师", "教授"),
}
_NOT_TEACHING = {Rank.NONE: (OTHER_SERIES, NO_TITLE)}


def _titles() -> Iterable[Title]:
    for series, ranks in (
        (Series.SCHOOL, _SCHOOL),
        (Series.OTHER_TEACHING, _OTHER_TEACHING),
        (Series.NOT_TEACHING, _NOT_TEACHING),
    ):
        for rank, names in ranks.items():
            for name in names:
                yield Title(name, rank, series)


TITLES: Mapping[str, Title] = {title.name: title for title in _titles()}
"""Every title a form offers, by its full name."""


FORMER_TITLES = frozenset(
    name for names in _SCHOOL.values() for name in names if name.startswith(("小学", "中学"))
)
"""Titles of before the reform, still on certificates."""


def find_title(name: str) -> Title:
    """Return the title of exactly this name. Raises TitleUnknown."""
    title = TITLES.get(name)
    if title is None:
        raise TitleUnknown(title=name)
    return title
