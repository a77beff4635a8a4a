"""Routes of remedy by the act complained of: where to turn, within how long. Pure.

Exit, sanction, assessment and the end of an engagement are different acts with different routes;
a text that tells somebody of one states its own route and no other (traps 6 and 7).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from processes.registers.norms import Certainty


class Act(StrEnum):
    """What somebody is told."""

    SANCTION = "处分"
    PARTY_SANCTION = "党纪处分"
    ASSESSMENT = "年度考核定为基本合格或者不合格"
    EXIT = "退出教研队伍（岗位调整，不带处分）"
    ETHICS = "师德处理"
    SUPERVISORY = "监察机关的政务处分"
    CONTRACT = "解除聘用合同、取消聘用"
    ENGAGEMENT = "兼职、返聘的聘用协议"
    REVOCATION = "撤销准入资格"
    REFUSAL = "不予准入、资格审查不通过"
    UPHELD = "复核维持不予准入、资格审查不通过"
    NOT_CHOSEN = "招聘中没有进入聘任"
    TRIAL = "试用没有通过，回原单位"


@dataclass(frozen=True, slots=True)
class Remedy:
    """One way open: to whom, within how many days of knowing (0: not written), by which rule."""

    way: str
    to: str
    days: int
    source: str
    certainty: Certainty
    decides_in: str = ""
    """Within how long an answer is due, where that is written."""
    in_the_case: bool = False
    """Its terms are those of the case in which somebody is told."""

    @property
    def said(self) -> str:
        """The way as people read it."""
        return self.told()

    def told(self, *, term: str = "", answer: str = "") -> str:
        """The way as people read it; `term` and `answer` are those of the case, in words."""
        within = _term(self.days) if self.days else ""
        decides_in = self.decides_in
        if self.in_the_case:
            within, decides_in = term, answer
        term = f"自知道之日起{within}内" if within else ""
        answer = f"（{decides_in}）" if decides_in else ""
        rule = "" if self.certainty is Certainty.PROPOSED else f"，依据：{self.source}"
        return f"{term}向{self.to}{self.way}{answer}{rule}"


_APPEALS = "《事业单位工作人员申诉规定》（人社部发〔2014〕45号）"
_TEACHERS = "《教师法》第三十九条"
_DISPUTES = "《劳动争议调解仲裁法》"
_ETHICS = "《中小学教师违反职业道德行为处理办法》（教师〔2018〕18号）"
_POLICY = "《方案》没有规定，为系统默认"
_READ, _KNOWN, _OURS = Certainty.READ, Certainty.KNOWN, Certainty.PROPOSED

_INTERNAL = Remedy("申请复核", "作出决定的单位", 30, _POLICY, _OURS, "30日内答复")
_REVIEW = Remedy("申请复核", "原处理单位", 30, _APPEALS, _READ, "30日内作出决定")
_PEERS = Remedy(
    "提出申诉（对复核决定不服的，自收到复核决定之日起30日内）",
    "同级人力资源社会保障部门", 0, _APPEALS, _READ, "60日内作出决定，复杂的可以延长30日",
)  # fmt: skip
_AGAIN = Remedy(
    "提出再申诉（对申诉决定不服的，自收到申诉决定之日起30日内）",
    "上一级人力资源社会保障部门", 0, _APPEALS, _KNOWN,
)  # fmt: skip
_TEACHER = Remedy(
    "提出教师申诉（教育局自己的决定）", "同级人民政府或者上一级教育部门", 0, _TEACHERS, _READ,
    "30日内处理",
)  # fmt: skip
_ARBITRATION = Remedy(
    "申请人事争议仲裁（只限履行、解除聘用合同的争议）", "劳动人事争议仲裁委员会", 365,
    f"{_DISPUTES}第二十七条", _READ, "45日内裁决，可以延长15日；不服的15日内起诉",
)  # fmt: skip

ROUTES: Mapping[Act, tuple[Remedy, ...]] = {
    Act.SANCTION: (_REVIEW, _PEERS, _AGAIN),
    Act.PARTY_SANCTION: (
        Remedy("提出申诉", "作出决定的党组织或者上级党组织", 0, "《中国共产党章程》", _KNOWN),
    ),
    Act.ASSESSMENT: (_REVIEW, _PEERS, _AGAIN),
    Act.EXIT: (_INTERNAL, _TEACHER, _ARBITRATION),
    Act.ETHICS: (
        Remedy("申请复核", "学校主管教育部门", 0, _ETHICS, _KNOWN),
        Remedy("提出申诉（对复核决定不服的）", "上一级教育部门", 0, _ETHICS, _KNOWN),
    ),
    Act.SUPERVISORY: (
        Remedy("申请复审，对复审决定不服的申请复核", "作出决定的监察机关", 30,
               "《公职人员政务处分法》第五十五条", _KNOWN),
    ),
    Act.CONTRACT: (_ARBITRATION,),
    Act.ENGAGEMENT: (
        Remedy("协商，协商不成的按协议约定的方式解决", "聘用单位", 0,
               "聘用协议（不适用事业单位工作人员申诉规定）", _KNOWN),
    ),
    Act.REVOCATION: (
        Remedy("提出，由作出决定以外的人复查", "市教育局人事科", 30, _POLICY, _OURS,
               "30日内答复"),
    ),
    Act.REFUSAL: (
        Remedy("提出异议（写明理由，可以附材料），由作出结论以外的人复核", "市教育局人事科", 0,
               _POLICY, _OURS, in_the_case=True),
    ),
    Act.UPHELD: (),
    Act.NOT_CHOSEN: (
        Remedy("反映意见，公示期内也可以按公示写明的方式提出异议", "公告写明的咨询方式", 0,
               _POLICY, _OURS),
    ),
    Act.TRIAL: (
        Remedy("提出，由考核以外的人复查", "市教育局人事科", 30, _POLICY, _OURS, "30日内答复"),
    ),
}  # fmt: skip
"""The ways open against each act, in the order in which they are gone."""

ISSUED_BY: Mapping[Act, str] = {
    Act.SANCTION: "市教育局或者有人事管理权限的单位，按处分程序",
    Act.PARTY_SANCTION: "局党组会同派驻纪检监察机构，"
    "按2025年修订的《党组讨论和决定党员处分事项工作程序规定》",
    Act.ASSESSMENT: "考核的单位，书面通知本人",
    Act.EXIT: "局党组决定，以市教育局或者有人事管理权限的教研机构名义办理；党组不对外行文",
    Act.ETHICS: "学校或者主管教育部门",
    Act.SUPERVISORY: "监察机关",
    Act.CONTRACT: "聘用单位",
    Act.ENGAGEMENT: "聘用单位",
    Act.REVOCATION: "市教育局",
    Act.REFUSAL: "市教育局人事科",
    Act.UPHELD: "市教育局人事科，由作出结论以外的人",
    Act.NOT_CHOSEN: "市教育局",
    Act.TRIAL: "市教育局或者教研机构",
}
"""Who issues each act outwards: the Party group decides an exit, and issues sanctions alone."""

NO_MORE = (
    "本事项的异议和复核已经办完。这个结论不在《事业单位工作人员申诉规定》所列的事项里；"
    "能否另行申诉，法律没有写明，本局不作承诺。条件具备后可以重新申请。"
)
"""What is said where no way is open: none is promised that the law does not give."""

STANDING = "申请复核或者申诉，不停止决定的执行，也不会因此加重。"
"""L13 art. 5: said with every route that it opens."""


def notice_of(act: Act, *, term: str = "", answer: str = "") -> str:
    """Return what a text that tells somebody of this act says of their remedies.

    `term` and `answer`: within how long to turn there, and to be answered, where the case says so
    itself: `10个工作日`, `5个工作日内答复`.
    """
    if not ROUTES[act]:
        return NO_MORE
    ways = "；".join(one.told(term=term, answer=answer) for one in ROUTES[act])
    appeals = any(one.source == _APPEALS for one in ROUTES[act])
    return f"对决定不服的，可以：{ways}。" + (STANDING if appeals else "")


def _term(days: int) -> str:
    return "一年" if days == 365 else f"{days}日"
