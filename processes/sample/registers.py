"""The registers of the sample bureau: establishments, seats, researchers, the two banks.

All synthetic. Days are counted from the day the demonstration begins, so that the matrix shows
what is held, what will be vacant, what is borrowed and what is missing whenever it is opened.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from processes.registers import set_values
from processes.registers.bank.rosters import REVIEWER_ROSTER, SETTER_ROSTER
from processes.registers.bank.rules import declaration_year
from processes.registers.changes import Cause
from processes.registers.days import add_months, bureau_day
from processes.registers.entries import put_in
from processes.registers.fields import Value
from processes.registers.roster import Roster
from processes.registers.seats import SEATS, find_seat
from processes.registers.settings import defaults
from processes.registers.staffing.facts import Leaving, Level, PersonKind
from processes.registers.staffing.norms import DEFAULT_ORGANS, RULES_VERSION, STOCK_UNTIL
from processes.registers.staffing.rosters import (
    ESTABLISHMENT_ROSTER,
    RESEARCHER_ROSTER,
    SEAT_ROSTER,
)
from processes.registers.staffing.sources import Source
from processes.registers.staffing.tables import STAFFING_RULES
from processes.sample.staff import posts
from processes.sample.units import CITY_RESEARCH, DISTRICTS, SCHOOLS
from service.domain.access_events import AccessKind
from service.domain.actors import SYSTEM
from service.procedure import Ledger, Post, record

_REASON = "示例数据"
_BEGAN = date(2024, 9, 1)
_STOCK = "《关于聘任教研员的通知》（示例教发〔2024〕12号）"
_LENDER = SCHOOLS[50].unit
_ORGANS = {CITY_RESEARCH.id: DEFAULT_ORGANS[0]} | {
    one.research.id: organ for one, organ in zip(DISTRICTS, DEFAULT_ORGANS[1:4], strict=True)
}
_PREFIXES = {CITY_RESEARCH.id: "SJ"} | {
    one.research.id: prefix for one, prefix in zip(DISTRICTS, ("HBW", "HN", "WD"), strict=True)
}
_BORROWED = {"researcher10": 18, "researcher11": 4, "researcher12": -1}
"""Months until their borrowed seats must be given back; what is past is a gap."""
_LEAVING: Mapping[str, tuple[Leaving, int, int | None]] = {
    "researcher05": (Leaving.RETIREMENT, 5, None),
    "researcher18": (Leaving.TRANSFER, 2, None),
    "researcher25": (Leaving.SCHOOL, 9, 21),
    "researcher33": (Leaving.RETIREMENT, 10, None),
}
"""How, in how many months, and when they are back."""
_VACANT = (
    "普通高中化学", "跨学段信息技术", "普通高中生物学", "跨学段心理健康", "跨学段劳动教育",
    "跨学段综合实践",
)  # fmt: skip
_SECOND = {"researcher02": "跨学段音乐"}
QUERY_OVERDUE = ("researcher20", "researcher21", "researcher22")
"""Whose records were last queried more than a year before the anniversary that has come."""
DISTRICT_OVERDUE = ("researcher30",)
"""The same of a district, whose own bureau queries."""


class _Filler:
    """Writes entries as the pages do, checked by the same rules."""

    def __init__(self, tools: Ledger, now: datetime) -> None:
        self.today = bureau_day(now)
        self._tools = tools
        self._cause = Cause(SYSTEM, now, _REASON, f"{RULES_VERSION}/0")
        self.written = 0

    def put(self, roster: Roster, **values: Value) -> None:
        empty = {one.key: _EMPTY.get(one.kind.value, "") for one in roster.fields}
        key = self._tools.keys.next()
        put_in(self._tools.session, roster, empty | values, key=key, cause=self._cause)
        self.written += 1


_EMPTY: Mapping[str, Value] = {"date": None, "number": None, "yes-no": False}


def fill(tools: Ledger, now: datetime) -> None:
    """Fill the registers of the sample bureau."""
    filler = _Filler(tools, now)
    _allow_stock(tools, now)
    _establishments(filler)
    people = {post.username: post for post in posts() if post.title == "教研员"}
    _seats_and_researchers(filler, people)
    _part_time(filler)
    _banks(filler)
    record(
        tools,
        AccessKind.REGISTER_CHANGED,
        actor=SYSTEM,
        reference="researchers/sample",
        details={"change": "imported", "reason": _REASON, "rows": filler.written},
        now=now,
    )


def _allow_stock(tools: Ledger, now: datetime) -> None:
    """Let the stock come in however late the demonstration is made."""
    today = bureau_day(now)
    if today > defaults(today).day_of(STOCK_UNTIL):
        set_values.set_value(
            tools, STOCK_UNTIL, today.isoformat(), register=STAFFING_RULES,
            effective_from=today, reason=_REASON, revision=0, actor=SYSTEM, now=now,
        )  # fmt: skip


def _establishments(filler: _Filler) -> None:
    units = [(CITY_RESEARCH.id, Level.CITY, 33)]
    units += [(one.research.id, Level.DISTRICT, 10) for one in DISTRICTS]
    for number, (unit_id, level, seats) in enumerate(units, start=1):
        filler.put(
            ESTABLISHMENT_ROSTER,
            unit_id=unit_id, level=level.value, approved_seats=seats, approved_posts=seats,
            organ=_ORGANS[unit_id], approval_no=f"示例编办〔2024〕{number}号",
            approved_on=date(2024, 3, 1),
        )  # fmt: skip
    filler.put(
        ESTABLISHMENT_ROSTER,
        unit_id=_LENDER.id, level=Level.LENDER.value, approved_seats=3, approved_posts=3,
        organ=DEFAULT_ORGANS[0], approval_no="示例编办〔2024〕9号", approved_on=date(2024, 3, 1),
    )  # fmt: skip


def _seats_and_researchers(filler: _Filler, people: Mapping[str, Post]) -> None:
    numbers: dict[str, int] = {}
    for username, post in people.items():
        seat = find_seat("".join(post.labels[:2])) or find_seat("".join(post.labels[:1]))
        assert seat is not None, post  # noqa: S101 - drawn from the table of seats itself
        numbers[post.unit] = numbers.get(post.unit, 0) + 1
        code = f"{_PREFIXES[post.unit]}-{numbers[post.unit]:02}"
        _seat(filler, code, post.unit, seat.name, _BORROWED.get(username))
        how, leaves, returns = _LEAVING.get(username, (None, 0, None))
        filler.put(
            RESEARCHER_ROSTER,
            username=username, unit_id=post.unit, kind=PersonKind.FULL_TIME.value,
            seat_code=code, began_on=_BEGAN, stock_basis=_STOCK,
            second_subject=_SECOND.get(username, ""),
            second_basis="示例批复〔2024〕1号" if username in _SECOND else "",
            leaving="" if how is None else how.value,
            leaves_on=None if how is None else add_months(filler.today, leaves),
            returns_on=None if returns is None else add_months(filler.today, returns),
            leaving_basis="" if how is None else "示例批文〔2026〕3号",
            records_on=_looked_up(
                filler.today, late=username in {*QUERY_OVERDUE, *DISTRICT_OVERDUE}
            ),
        )  # fmt: skip
    for number, name in enumerate(_VACANT, start=90):
        _seat(filler, f"SJ-{number}", CITY_RESEARCH.id, name, None)


def _seat(filler: _Filler, code: str, unit: str, seat: str, borrowed: int | None) -> None:
    lent = borrowed is not None
    filler.put(
        SEAT_ROSTER,
        code=code, unit_id=unit, seat=SEATS[seat].name, begins_on=_BEGAN,
        source=(Source.LENT_SEAT if lent else Source.OWN).value,
        organ=_ORGANS[unit] if lent else "",
        approval_no="示例编办〔2024〕9号" if lent else "",
        lender_id=_LENDER.id if lent else "",
        ends_on=None if borrowed is None else add_months(filler.today, borrowed),
        return_rule="到期归还，提前1个月书面通知" if lent else "",
    )  # fmt: skip


def _part_time(filler: _Filler) -> None:
    """The first two part-time researchers of each district, engaged by a waiver."""
    counted: dict[str, int] = {}
    for post in posts():
        if post.title != "兼职教研员":
            continue
        counted[post.unit] = counted.get(post.unit, 0) + 1
        seat = find_seat("".join(post.labels[:2]))
        if counted[post.unit] > 2 or seat is None or seat.stage in {"普通高中", "特殊教育"}:
            continue
        filler.put(
            RESEARCHER_ROSTER,
            username=post.username, unit_id=post.unit, kind=PersonKind.PART_TIME.value,
            covers=seat.name, began_on=_BEGAN, term_ends_on=add_months(filler.today, 10),
            waiver="局党组会议纪要（示例）〔2024〕6号", stock_basis=_STOCK,
            records_on=_looked_up(filler.today, late=False),
        )  # fmt: skip


def _looked_up(today: date, *, late: bool) -> date:
    """When records were queried last: three weeks ago, or too long ago."""
    return add_months(today, -15) if late else today - timedelta(days=21)


def _banks(filler: _Filler) -> None:
    year = declaration_year(filler.today, defaults(filler.today))
    ends = add_months(filler.today, 24)
    for number in range(1, 13):
        filler.put(
            REVIEWER_ROSTER,
            username=f"researcher{number:02}", seats="小学语文、初中语文", title_rank="副高级",
            expertise="准入评审、课题评审", begins_on=_BEGAN, ends_on=ends,
            declared_on=filler.today, declared_year=year,
        )  # fmt: skip
    for number in range(1, 13):
        filler.put(
            SETTER_ROSTER,
            username=f"researcher{number + 6:02}", seats="初中数学、小学数学", title_rank="副高级",
            work="命题" if number % 3 else "审题", begins_on=_BEGAN, ends_on=ends,
            agreement_no=f"示例保密〔2026〕{number}号" if number % 5 else "",
            declared_on=filler.today if number % 4 else None,
            declared_year=year if number % 4 else None,
            test_prep=number == 6, relative_sits="九年级" if number == 7 else "",
            teaches="九年级数学" if number == 8 else "",
        )  # fmt: skip
