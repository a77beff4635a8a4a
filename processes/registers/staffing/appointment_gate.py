"""By which decision somebody comes outside a case: 专职, 兼职 and 返聘 alike (S-APPOINT).

The procedures of 兼职 and 返聘 put each person before the Party group as those of 遴选 do, a term
that follows too; so does whoever is entered by hand or workbook.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from processes.registers import changes
from processes.registers.days import said_day
from processes.registers.fields import Fault
from processes.registers.names import names_of
from processes.registers.party_group import decisions
from processes.registers.party_group.decisions import Decided
from processes.registers.roster import Candidate, RegisterChange
from processes.registers.seats import Seat
from processes.registers.staffing.facts import SLIP, Level, PersonKind
from processes.registers.staffing.norms import NORMS
from processes.registers.staffing.tables import RESEARCHERS, Researcher

_KEY = "appointment_basis"
_WORDS = {PersonKind.PART_TIME: "兼职", PersonKind.RETIRED: "返聘"}
"""What the title of an item says that engages somebody without a seat."""


@dataclass(frozen=True, slots=True)
class Appointment:
    """What somebody is entered for: `begins` is the first day of what is decided on."""

    kind: PersonKind
    seat: Seat
    begins: date | None

    @property
    def words(self) -> str:
        """Return it as refusals name it."""
        return f"{self.kind}{self.seat.name}教研员"


def appointment_faults(
    candidate: Candidate, appointment: Appointment, level: Level
) -> Iterator[Fault]:
    """Give why nobody who appoints has decided on it; that it is asked, the caller has found.

    Of the city the Party group's item is looked up; what a district's decides, its paper says.
    """
    said = str(candidate.values[_KEY] or "")
    found = decisions.find(candidate.session, said)
    norm = NORMS["S-APPOINT"]
    if level is Level.DISTRICT:
        if not said or found is not None:
            reason = "区级教研员由区教育局党组决定聘任，请填写决定的文件和文号"
            yield Fault(_KEY, reason, norm)
    elif found is None:
        reason = (
            f"{appointment.kind}教研员须经局党组会议决定聘任，请填写已议定的议题编号，"
            "或者由招聘事项办理"
        )
        yield Fault(_KEY, reason, norm)
    elif reason := _of_another(candidate, appointment, found) or _used(candidate, found):
        yield Fault(_KEY, reason, norm)


def _of_another(candidate: Candidate, appointment: Appointment, found: Decided) -> str:
    """Return why an item does not decide on this; empty where it does."""
    username, unit_id = str(candidate.values["username"]), str(candidate.values["unit_id"])
    names = names_of(candidate.session, [username], [unit_id])
    name, unit = names.get(username, username), names.get(unit_id, unit_id)
    about = found.title + found.text
    if found.item_class != decisions.RECRUITMENT or not found.is_about(username, name):
        return f"议题{decisions.item_number(found.item)}不是关于聘任{name}的决定"
    if appointment.seat.name not in about or not _of_kind(appointment.kind, found.title):
        return f"议题“{found.title}”不是聘任{appointment.words}的决定"
    if found.unit not in {unit_id, unit} and (found.unit or unit not in about):
        return f"议题“{found.title}”不是聘到{unit}的决定，请核对议题写明的教研机构"
    if not found.carried:
        return f"局党组没有同意聘任{name}"
    if appointment.begins is not None and appointment.begins < found.decided_on:
        return f"到岗日（续聘的为新聘期开始日）早于局党组决定的日期{said_day(found.decided_on)}"
    return ""


def _of_kind(kind: PersonKind, title: str) -> bool:
    if kind is PersonKind.FULL_TIME:
        return not any(word in title for word in _WORDS.values())
    return _WORDS[kind] in title


def _used(candidate: Candidate, found: Decided) -> str:
    """Return why an item is used up: each decision brings somebody to one post, once."""
    session, username = candidate.session, str(candidate.values["username"])
    entries = session.scalars(
        select(Researcher).where(
            Researcher.key != candidate.key,
            Researcher.ended_how != SLIP,
            or_(
                Researcher.username == username,
                decisions.names_item(Researcher.appointment_basis, found.item),
            ),
        )
    )
    for entry in entries:
        named = decisions.find(session, entry.appointment_basis)
        same = named is not None and named.root == found.root
        if same or _came_by_a_case(candidate, entry, found):
            return (
                f"议题{decisions.item_number(found.item)}的决定已经用过："
                f"{said_day(entry.began_on)}凭此到岗登记过一次，再次聘任须由局党组另行决定，请填写新的议题编号"
            )
    if any(
        named is not None and named.root == found.root
        for named in (decisions.find(session, said) for said in _said_before(candidate))
    ):
        return (
            f"议题{decisions.item_number(found.item)}的决定已经用过：这条登记已经凭此聘任过，"
            "调整岗位、机构和续聘须由局党组另行决定，请填写新的议题编号"
        )
    return ""


def _came_by_a_case(candidate: Candidate, entry: Researcher, found: Decided) -> bool:
    """Whether a case has carried out what was decided: it enters no number of an item."""
    values = candidate.values
    if (entry.username, entry.kind, entry.unit_id) != (
        values["username"],
        values["kind"],
        values["unit_id"],
    ):
        return False
    by_hand = entry.appointment_basis or entry.stock_basis
    return not by_hand and entry.began_on >= found.decided_on


def _said_before(candidate: Candidate) -> Iterator[str]:
    """The decisions that this entry has named so far."""
    if candidate.before is None:
        return
    rows = candidate.session.scalars(
        select(RegisterChange.changes).where(
            RegisterChange.register == RESEARCHERS,
            RegisterChange.entry_key == candidate.key,
            RegisterChange.act.in_((changes.ENTERED, changes.CHANGED)),
        )
    )
    for row in rows:
        told = row.get(_KEY) if isinstance(row, dict) else None
        if isinstance(told, list) and told and isinstance(told[-1], str):
            yield told[-1]
