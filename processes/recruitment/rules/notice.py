"""The 公示 of a person: what it may show, and that the Party group has decided before. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from processes.recruitment.rules.channel import Channel
from processes.recruitment.rules.findings import Finding
from processes.recruitment.rules.norms import NORMS
from processes.recruitment.rules.terms import Publicity
from processes.registers.days import said_day
from service.domain.disclosures import (
    DisclosureItem,
    DisclosureText,
    ObjectionState,
    holds_identity_number,
    holds_mobile,
)
from service.domain.values import Json

PUBLIC_FIELDS: Mapping[str, str] = {
    "name": "姓名",
    "unit": "现工作单位",
    "post": "拟任岗位",
    "title": "专业技术职称",
    "scores": "成绩",
}
"""All that a 公示 shows of a person, by the key in `content`; the first three must be there."""
_REQUIRED = ("name", "unit", "post")
_LONGEST = 100
RECRUITMENT_ITEM = "recruitment"
"""Class of the items by which the Party group decides whom to take."""

CLEAN, UPHELD, UNDETERMINED = "clean", "upheld", "undetermined"
GIVEN_UP = "given_up"
"""An objection that cannot be settled is not waited for any more."""
REVOKED = "revoked"
"""复议 has taken the decision away that the 公示 rests on: it is withdrawn."""
MARKS = "marks"
"""It was not posted: marks of who had to keep out are to be looked at first (R-VOID)."""

_CONCLUSIONS = {
    UPHELD: "经核查，异议成立，不按本次公示聘用。",
    UNDETERMINED: "异议一时难以查实，暂缓聘用。",
    GIVEN_UP: "异议难以查实，不再等待，不予聘用。",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What the Party group's register says of the item that a 公示 rests on."""

    carried: bool
    item_class: str
    subject_name: str
    decided_on: date | None
    subject: str = ""
    """User name of whom it is about, empty for somebody without an account."""
    organ: str = ""
    """The party organ above that decided in the group's place; empty where the group did."""
    document: str = ""
    """Number of the paper by which the organ above did."""

    @property
    def ground(self) -> str:
        """By whom it was decided, as a notice says it."""
        return self._by if self.organ else "经局党组会议研究"

    @property
    def change(self) -> str:
        """By whom the decision before was changed into this one, as a notice says it."""
        return f"{self._by if self.organ else '经局党组复议'}，原决定已经改变"

    @property
    def _by(self) -> str:
        return f"经{self.organ}决定（{self.document}）"


def notice_findings(
    content: Mapping[str, Json], decision: Decision, posted_on: date
) -> tuple[Finding, ...]:
    """Look at a 公示 before it is posted: decided before, the same person, nothing private."""
    return tuple(_findings(content, decision, posted_on))


def notice_text(
    channel: Channel,
    content: Mapping[str, Json],
    decision: Decision,
    *,
    posted_on: date,
    last: date,
    length: Publicity,
    reception: str,
    rules: str,
) -> DisclosureText:
    """Return what is posted. `reception` says where objections are taken beside the page.

    `rules` is the version of rules and settings by which it is posted; it stands at the end.
    """
    shown = [f"{label}：{_text(content, key)}" for key, label in PUBLIC_FIELDS.items()]
    rows = "\n".join(line for line in shown if not line.endswith("："))
    name, post, unit = (_text(content, key) for key in ("name", "post", "unit"))
    return DisclosureText(
        title=_title(channel),
        content=(
            f"{decision.ground}，现将拟聘人选公示如下。\n\n"
            f"{rows}\n招聘方式：{channel.label}\n\n"
            f"公示期：{said_day(posted_on)}至{said_day(last)}（{length}，发布当日不计）。\n\n"
            "对公示内容有异议的，可以在公示期内通过本页或者书面提出，提倡实名并提供依据；"
            "匿名但线索具体的也予核查。\n\n"
            f"{reception}\n\n规则版本 {rules}。"
        ),
        begins_on=posted_on,
        ends_on=last,
        items=(DisclosureItem(name, post, unit),),
    )


def withdrawn(decision: Decision) -> str:
    """Return what the page of a 公示 says that is withdrawn."""
    return f"{decision.change}，不再聘用，本公示撤回。"


def withdrawal_text(
    channel: Channel,
    content: Mapping[str, Json],
    decision: Decision,
    *,
    posted_on: date,
    lapsed: int,
) -> str:
    """Return what tells the public that a 公示 is withdrawn, and why; it names nobody.

    `lapsed` is how many objections end with it.
    """
    told = (
        f"\n\n还没有核查完的{lapsed}件异议不再核查，已经答复，异议人凭回执查看。" if lapsed else ""
    )
    return (
        f"{said_day(posted_on)}发布的《{_title(channel)}》（拟任岗位：{_text(content, 'post')}），"
        f"{decision.change}，公示的人选不再聘用，现予撤回。{told}"
    )


def lapsed_text(decision: Decision, posted_on: date, withdrawn_on: date, reception: str) -> str:
    """Return what who objected is told whose objection ends with the 公示 (R-OBJECT).

    What they said may concern others than this appointment: `reception` says where it goes on.
    """
    return (
        f"你提出异议的公示（{said_day(posted_on)}发布）已于{said_day(withdrawn_on)}撤回："
        f"{decision.change}，公示的人选不再聘用。这件异议因此不再核查，"
        "不作成立或者不成立的结论。\n\n"
        f"你反映的情况涉及师德师风、违纪违法，与这次聘用无关也需要处理的，请书面提出。{reception}"
    )


def decided_finding(
    decision: Decision, name: str, today: date, *, username: str = "", act: str = "公示"
) -> Finding:
    """R-ORDER: the Party group has decided before, on this person; `act` is what rests on it.

    Where a `username` is given, a namesake is somebody else.
    """
    norm = NORMS["R-ORDER"]
    day = decision.decided_on
    if not decision.carried or day is None or day > today:
        return Finding(norm, False, f"局党组还没有研究确定拟聘人选，不能{act}")
    if decision.item_class != RECRUITMENT_ITEM:
        return Finding(norm, False, f"局党组的这项决定不是确定拟聘人选，不能据此{act}")
    if decision.subject_name != name or (username and decision.subject != username):
        said = f"局党组决定的是{decision.subject_name}，不是{name}本人，不能{act}"
        return Finding(norm, False, said)
    by = f"{decision.organ}（{decision.document}）" if decision.organ else "局党组"
    return Finding(norm, True, f"{by}{said_day(day)}研究确定")


def notice_outcome(states: Sequence[ObjectionState]) -> str:
    """Return what the objections come to, once none of them is open any more."""
    if ObjectionState.UPHELD in states:
        return UPHELD
    return UNDETERMINED if ObjectionState.UNSETTLED in states else CLEAN


def conclusion(outcome: str, objections: int) -> str:
    """Return what the public page says when the 公示 is over."""
    clean = "公示期满，收到的异议经核查不成立。" if objections else "公示期满，没有收到异议。"
    return _CONCLUSIONS.get(outcome, clean)


def _title(channel: Channel) -> str:
    return f"关于拟聘教研员人选的公示（{channel.label}）"


def _findings(
    content: Mapping[str, Json], decision: Decision, posted_on: date
) -> Iterator[Finding]:
    yield decided_finding(decision, _text(content, "name"), posted_on)
    lacking = [PUBLIC_FIELDS[key] for key in _REQUIRED if not _text(content, key)]
    yield Finding(
        NORMS["R-SHOWN"],
        not lacking,
        f"公示内容缺少{'、'.join(lacking)}" if lacking else "姓名、单位、岗位齐全",
    )
    strange = sorted(set(content) - set(PUBLIC_FIELDS))
    private = [
        PUBLIC_FIELDS[key]
        for key in PUBLIC_FIELDS
        if holds_identity_number(_text(content, key)) or holds_mobile(_text(content, key))
    ]
    faults = [f"不公示{key}" for key in strange]
    faults += [f"{label}里有身份证号或者手机号" for label in private]
    yield Finding(NORMS["R-SHOWN"], not faults, "；".join(faults) or "没有身份证号、电话、住址")


def _text(content: Mapping[str, Json], key: str) -> str:
    value = content.get(key)
    return " ".join(str(value).split())[:_LONGEST] if isinstance(value, str | int | float) else ""
