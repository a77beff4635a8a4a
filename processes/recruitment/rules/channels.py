"""The gates between the channels, R-CH-1 to R-CH-5: from facts to findings. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from processes.recruitment.rules import settings
from processes.recruitment.rules.channel import Channel
from processes.recruitment.rules.findings import Finding
from processes.recruitment.rules.norms import NORMS
from processes.recruitment.rules.terms import ends_on
from processes.registers.days import said_day
from processes.registers.seats import Seat
from processes.registers.settings import SettingValues
from processes.registers.staffing import rehire
from processes.registers.staffing.norms import NORMS as STAFFING
from processes.registers.staffing.rules import CellState, part_time_fault
from processes.registers.titles import Rank

CENTRAL, OWN_FUNDS = "中央财政（银龄讲学计划）", "本级教研经费"
FUNDS = (OWN_FUNDS, "学校经费", CENTRAL)


@dataclass(frozen=True, slots=True)
class Selected:
    """Who applies by channel A: where they stand, and who agrees."""

    on_establishment: bool
    """Holds an establishment of a public institution (事业编制) now."""
    in_city: bool
    in_post: bool
    """Teaches now."""
    school_agrees: bool
    authority_agrees: bool


@dataclass(frozen=True, slots=True)
class Talent:
    """Who applies by channel C, and what was approved."""

    rank: Rank
    doctor: bool
    in_catalogue: bool
    group_agreed: bool


@dataclass(frozen=True, slots=True)
class Retirement:
    """The approval by which somebody retired; its number as it is written."""

    approval_no: str
    approved_on: date | None
    retired_on: date | None
    """First day of retirement by the approval."""


@dataclass(frozen=True, slots=True)
class Rehired:
    """Who is to come back by channel D, by which agreement and paid from what."""

    retirement: Retirement
    born_on: date | None
    rank: Rank
    begins_on: date
    last_day: date
    funds: str
    consents: bool
    fit: bool
    """Passed the medical."""


def seat_finding(channel: Channel, seat_code: str) -> Finding:
    """R-CH-1: D and E hold no seat; the others need one."""
    if channel.fills_seat:
        text = f"占用岗位{seat_code}" if seat_code else "没有岗位和编制，不能进人"
        return Finding(STAFFING["S-LIMIT"], bool(seat_code), text)
    text = f"{channel.label}不能占岗位{seat_code}" if seat_code else "不占岗位和编制"
    return Finding(NORMS["R-CH-1"], not seat_code, text)


def full_time_first(
    seat: Seat, cells: Iterable[tuple[Seat, CellState]], waiver: str, values: SettingValues
) -> Finding:
    """R-CH-2: a part-timer only where full-time seats are filled, or the 党组 has waived it.

    `cells` are those of the institution; `waiver` says which decision, empty where there is none.
    """
    fault = part_time_fault(seat, cells, values)
    if fault is None:
        return Finding(NORMS["R-CH-2"], True, f"{seat.name}的专职教研员已经配齐")
    if waiver.strip():
        return Finding(NORMS["R-CH-2"], True, f"{fault.text}；经局党组同意：{waiver.strip()}")
    return Finding(NORMS["R-CH-2"], False, f"{fault.text}，也没有局党组同意的决定")


def rehire_room(full_time: int, rehired: int, values: SettingValues) -> Finding:
    """R-CH-3: is there room for one more beside `rehired`, who are there already?"""
    return Finding(NORMS["R-CH-3"], *rehire.rehire_room(full_time, rehired, values))


def rehire_findings(person: Rehired, values: SettingValues) -> tuple[Finding, ...]:
    """R-CH-4: retired by approval, title and age within the limits, no central funds."""
    return tuple(_rehire(person, values))


def selection_findings(person: Selected) -> tuple[Finding, ...]:
    """R-CH-5 and article 11: who may be transferred by selection."""
    return (
        Finding(
            NORMS["R-CH-5"],
            person.on_establishment,
            "本人在事业编制内"
            if person.on_establishment
            else "本人不在事业编制内，应当通过公开招聘进入",
        ),
        Finding(
            NORMS["R-CH-A"],
            person.in_city and person.in_post,
            "本市在职在岗教师"
            if person.in_city and person.in_post
            else "不是本市在职在岗教师，不能参加遴选",
        ),
        Finding(
            NORMS["R-CH-A"],
            person.school_agrees and person.authority_agrees,
            _consent(person),
        ),
    )


def talent_findings(person: Talent) -> tuple[Finding, ...]:
    """Channel C: direct assessment by title or doctorate, in the catalogue and agreed."""
    senior = person.rank.reaches(Rank.ASSOCIATE)
    return (
        Finding(
            NORMS["R-CH-C"],
            senior or person.doctor,
            f"{person.rank}职称" + ("，博士" if person.doctor else "")
            if senior or person.doctor
            else f"{person.rank}职称，也不是博士，应当通过考试公开招聘",
        ),
        Finding(
            NORMS["R-CH-C2"],
            person.in_catalogue and person.group_agreed,
            "在引进目录内，市人才工作领导小组已同意"
            if person.in_catalogue and person.group_agreed
            else "岗位不在年度引进目录内"
            if not person.in_catalogue
            else "还没有市人才工作领导小组同意的文件",
        ),
    )


def _rehire(person: Rehired, values: SettingValues) -> Iterator[Finding]:
    yield _retired(person, values.day)
    oldest = values.number(settings.REHIRE_OLDEST)
    yield _not_too_old(person, oldest)
    least = Rank(values.text(settings.REHIRE_TITLE))
    yield Finding(
        NORMS["R-CH-4"],
        person.rank.reaches(least),
        f"职称{person.rank}，应为{least}以上",
    )
    yield Finding(
        NORMS["R-CH-4"],
        person.funds in FUNDS and person.funds != CENTRAL,
        f"经费来源：{person.funds or '没有填写'}"
        + ("，返聘不是国家银龄讲学计划" if person.funds == CENTRAL else ""),
    )
    ready = person.consents and person.fit
    yield Finding(
        NORMS["R-CH-4"],
        ready,
        "本人同意，体检合格" if ready else "没有本人同意或者体检不合格",
    )


def _retired(person: Rehired, today: date) -> Finding:
    approval = person.retirement
    missing = not approval.approval_no.strip() or approval.approved_on is None
    if missing or approval.retired_on is None:
        return Finding(NORMS["R-CH-4a"], False, "没有退休审批的文号和日期，不能按年龄认定退休")
    if approval.approved_on is not None and approval.approved_on > today:
        late = f"退休审批的日期{said_day(approval.approved_on)}晚于今天"
        return Finding(NORMS["R-FILLED"], False, late)
    met = approval.retired_on <= person.begins_on
    text = f"{approval.approval_no}，{said_day(approval.retired_on)}退休"
    return Finding(NORMS["R-CH-4a"], met, text if met else f"{text}，晚于协议开始日")


def _not_too_old(person: Rehired, oldest: int) -> Finding:
    """The limit holds on the last day of the agreement; the birthday itself is not too old."""
    if person.born_on is None:
        return Finding(NORMS["R-CH-4"], False, "没有出生日期")
    reached = ends_on(person.born_on, 12 * (oldest + 1))
    return Finding(
        NORMS["R-CH-4"],
        person.last_day <= reached,
        f"协议到期时{'不超过' if person.last_day <= reached else '已超过'}{oldest}周岁",
    )


def _consent(person: Selected) -> str:
    lacking = [
        name
        for name, given in (
            ("所在学校", person.school_agrees),
            ("主管部门", person.authority_agrees),
        )
        if not given
    ]
    return f"没有{'、'.join(lacking)}同意报考的证明" if lacking else "所在学校和主管部门同意报考"
