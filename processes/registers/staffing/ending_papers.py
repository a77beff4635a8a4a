"""By which paper somebody leaves, whoever says so: by hand, by workbook, or by a case (S-ENDING).

Three acts end what an employer began and are not exchangeable: 退出 and 撤销聘任 are the Party
group's to decide, of a district's researcher the district's; whatever is none of the ways named
here (其他) as well, so that no other word goes round it. All others have a paper of their own.
"""

import re
from collections.abc import Collection, Iterator
from datetime import date

from sqlalchemy import select

from processes.registers import changes
from processes.registers.days import add_months, said_day
from processes.registers.fields import Fault
from processes.registers.names import names_of
from processes.registers.party_group import decisions
from processes.registers.party_group.decisions import Decided
from processes.registers.roster import Candidate, RegisterChange
from processes.registers.staffing.facts import SLIP, Leaving, Level, PersonKind
from processes.registers.staffing.norms import LONGEST_TRIAL, NORMS
from processes.registers.staffing.tables import RESEARCHERS, Establishment

_KEY = "leaving_basis"
_PAPERS = {
    Leaving.RETIREMENT: "批准文号：退休日期以批准为准",
    Leaving.TRANSFER: "调动的批准文号",
    Leaving.WITHDRAWN: "取消聘用的决定和文号",
    Leaving.BACK: "试用考核结论或者取消聘用决定的文号",
    Leaving.CONTRACT: "解除合同的法定情形和文号",
    Leaving.AGREEMENT: "解除聘用协议的文件和文号",
    Leaving.DISMISSED: "处分决定的文号",
    Leaving.SCHOOL: "选派文件的文号",
    Leaving.SECONDMENT: "批准文号：借调须经批准",
    Leaving.DEATH: "死亡证明的编号",
}
"""What is asked of each ending; 任期届满 follows from the term."""
_NORMS = {Leaving.RETIREMENT: "M5", Leaving.SECONDMENT: "S-GUARD"}
_OF_A_TRIAL = {Leaving.WITHDRAWN, Leaving.BACK}
_SAYS_LEAVING = re.compile(
    r"离岗|离任|离职|不再(?:担任|聘任|聘用|从事)|免去|调整.{0,6}岗位|岗位调整"
)
"""In the title of an item without a class of its own that somebody leaves by."""


def leaving_papers(candidate: Candidate, how: str, on: date | None) -> Iterator[Fault]:
    """Give what is missing of the decision or paper by which somebody leaves from a day on.

    A case has its own checks: only 退出 is asked of it too.
    """
    if how == SLIP or how not in set(Leaving):
        return
    said, leaving = str(candidate.values[_KEY] or ""), Leaving(how)
    city = _level(candidate) is not Level.DISTRICT
    if leaving is Leaving.EXIT:
        yield from _exit_faults(candidate, on, city=city)
    elif candidate.instance_key is not None:
        return
    elif leaving is Leaving.OTHER:
        yield from _other_faults(candidate, on, city=city)
    elif leaving is Leaving.TERM:
        yield from _term_faults(candidate, on)
    elif leaving in _OF_A_TRIAL and city and not _may_be_on_trial(candidate, on):
        yield from _revoked_faults(candidate, leaving, on)
    elif not said:
        norm = NORMS[_NORMS.get(leaving, "S-ENDING")]
        yield Fault(_KEY, f"{leaving}须填写{_PAPERS[leaving]}", norm)


def _exit_faults(candidate: Candidate, on: date | None, *, city: bool) -> Iterator[Fault]:
    if not city:
        yield from _district_faults(candidate, Leaving.EXIT, "S-EXIT")
        return
    yield from _item_faults(
        candidate, on,
        classes={decisions.EXIT}, what="退出", rule="S-EXIT",
        lacking="退出教研队伍须经局党组会议决定，请填写已议定的议题编号",
    )  # fmt: skip


def _revoked_faults(candidate: Candidate, how: Leaving, on: date | None) -> Iterator[Fault]:
    yield from _item_faults(
        candidate, on,
        classes={decisions.REVOCATION}, what="撤销聘任", rule="S-ENDING",
        lacking=(
            f"不在试用期的，{how}就是撤销聘任，须经局党组会议决定，请填写已议定的议题编号；"
            "试用未通过的由招聘事项办理"
        ),
    )  # fmt: skip


def _other_faults(candidate: Candidate, on: date | None, *, city: bool) -> Iterator[Fault]:
    """What is none of the ways named is decided as they are: by the item about this person."""
    if not city:
        yield from _district_faults(candidate, Leaving.OTHER, "S-ENDING")
        return
    yield from _item_faults(
        candidate, on,
        classes={decisions.EXIT, decisions.REVOCATION, decisions.PERSONAL}, what="离岗",
        rule="S-ENDING",
        lacking=(
            "选“其他”的也要有局党组会议关于本人离岗的决定，请填写已议定的议题编号；"
            "退休、调出、解除合同、处分、去世等各有依据的，请选那一种"
        ),
    )  # fmt: skip


def _item_faults(
    candidate: Candidate,
    on: date | None,
    *,
    classes: Collection[str],
    what: str,
    rule: str,
    lacking: str,
) -> Iterator[Fault]:
    session, username = candidate.session, str(candidate.values["username"])
    found, norm = decisions.find(session, str(candidate.values[_KEY] or "")), NORMS[rule]
    name = names_of(session, [username]).get(username, username)
    if found is None:
        yield Fault(_KEY, lacking, norm)
    elif not _is_on(found, classes) or not found.is_about(username, name):
        yield Fault(_KEY, f"议题{found.item}不是关于{name}{what}的决定", norm)
    elif not found.carried:
        yield Fault(_KEY, f"局党组没有同意{name}{what}，本人继续在岗", norm)
    elif on is not None and on < found.decided_on:
        yield Fault(_KEY, f"早于局党组决定的日期{said_day(found.decided_on)}", norm)


def _is_on(found: Decided, classes: Collection[str]) -> bool:
    """Whether an item is of such a class; one without a class of its own says it in its title."""
    if found.item_class == decisions.PERSONAL and _SAYS_LEAVING.search(found.title) is None:
        return False
    return found.item_class in classes


def _district_faults(candidate: Candidate, how: Leaving, rule: str) -> Iterator[Fault]:
    """What a district has decided, its paper says: the city's item decides nothing (C-LEVEL)."""
    said = str(candidate.values[_KEY] or "")
    what = "退出" if how is Leaving.EXIT else f"离岗（{how}）"
    decides = f"区级教研员{what}由区教育局党组（党委）决定"
    if decisions.find(candidate.session, said) is not None:
        reason = (
            f"{decides}，市教育局党组的议题不能代替（规则 C-LEVEL），请填写区里决定的文件和文号"
        )
        yield Fault(_KEY, reason, NORMS[rule])
    elif not any(one.isdigit() for one in said):
        reason = f"{decides}（规则 C-LEVEL），请填写区里决定的文件和文号"
        yield Fault(_KEY, reason, NORMS[rule])


def _term_faults(candidate: Candidate, on: date | None) -> Iterator[Fault]:
    term = candidate.values["term_ends_on"]
    if isinstance(term, date):
        if on is not None and on <= term:
            reason = f"聘期到{said_day(term)}（含当日）才届满，提前离岗的请选择别的离岗原因"
            yield Fault("ended_on" if candidate.values.get("ended_on") else "leaves_on", reason)
    elif not candidate.values[_KEY]:
        reason = "名册里没有登记聘期届满日，任期届满须填写合同或者聘书的文号"
        yield Fault(_KEY, reason, NORMS["S-ENDING"])


def _may_be_on_trial(candidate: Candidate, on: date | None) -> bool:
    """Whether a trial that no case runs may have been failed: full-time, and within its longest.

    Who came by a case has their trial there, and those of before the register have theirs behind.
    """
    values = candidate.values
    began = values["began_on"]
    if (
        values["kind"] != PersonKind.FULL_TIME
        or values["stock_basis"]
        or _came_by_a_case(candidate)
    ):
        return False
    return isinstance(began, date) and (on or candidate.today) <= add_months(began, LONGEST_TRIAL)


def _came_by_a_case(candidate: Candidate) -> bool:
    entered = select(RegisterChange.instance_key).where(
        RegisterChange.register == RESEARCHERS,
        RegisterChange.entry_key == candidate.key,
        RegisterChange.act == changes.ENTERED,
    )
    return candidate.session.scalar(entered) is not None


def _level(candidate: Candidate) -> Level | None:
    level = candidate.session.scalar(
        select(Establishment.level).where(
            Establishment.unit_id == candidate.values["unit_id"], Establishment.ended_on.is_(None)
        )
    )
    return None if level is None else Level(level)
