"""The rules of the Party group's decisions as values: source, certainty, what follows. Pure.

The arithmetic is in `rules`; docs/rules-committee.md says the same in prose.
"""

from collections.abc import Mapping
from datetime import date

from processes.committee.rules import (
    AGENDA_POST,
    DEFAULT_QUORUMS,
    ItemClass,
    Quorum,
    RecusalBase,
    RuleSettings,
)
from processes.registers.norms import PLAN, PLAN_DAY, Certainty, Norm, Strictness
from service.domain.errors import Invalid
from service.domain.values import Json

ORGANS_ABOVE = ("中共乌海市委", "中共乌海市委组织部")
"""Who approves the bureau's Party group, or decides for who does, where nobody has set another."""

RULES_VERSION = "2026-11"
"""Of this program; a decision records it with the number of the bureau's own settings."""

_PARTY_GROUP = "《中国共产党党组工作条例》（2019年修订）"
_CADRES = "《党政领导干部选拔任用工作条例》（2019年）"
_RECUSAL = "《事业单位人事管理回避规定》（人社部规〔2019〕1号）"
_PARTY_DAY = date(2019, 4, 6)
_CADRE_DAY = date(2019, 3, 3)
_RECUSAL_DAY = date(2020, 1, 1)

_REFUSES, _COUNTS, _SETS = Strictness.FORBIDS, Strictness.COUNTS, Strictness.SETS

_ALL = (
    Norm("C-CARRY", "表决",
         "赞成票超过应到会党组成员半数为通过；弃权、缓议、缺席、书面意见都不是赞成票",
         _PARTY_GROUP, Certainty.READ, _COUNTS, _PARTY_DAY),
    Norm("C-AGENDA", "议程", "上会的议题由书记确定，发出通知之前审定议程；由哪一职务审定可以设定",
         "通行做法", Certainty.KNOWN, _REFUSES, _PARTY_DAY),
    Norm("C-DISCUSS", "表决", "表决前应当充分讨论；征询后无人发言的，如实记录",
         _PARTY_GROUP, Certainty.READ, _REFUSES, _PARTY_DAY),
    Norm("C-LAST", "表决", "主持人末位表态", _PARTY_GROUP, Certainty.READ, _REFUSES, _PARTY_DAY),
    Norm("C-EACH", "表决", "多个事项逐项表决", _PARTY_GROUP, Certainty.READ, _REFUSES, _PARTY_DAY),
    Norm("C-WRITTEN", "表决", "缺席成员的书面意见不得计入票数",
         _PARTY_GROUP, Certainty.READ, _REFUSES, _PARTY_DAY),
    Norm("C-RECORD", "表决", "会议由专人记录，决定事项编发纪要并存档",
         _PARTY_GROUP, Certainty.READ, _REFUSES, _PARTY_DAY),
    Norm("C-2/3", "讨论决定", "干部任免、处分事项须有三分之二以上成员到会",
         _CADRES, Certainty.READ, _COUNTS, _CADRE_DAY),
    Norm("C-EXIT", "三（四）", "教研员退出等对个人不利的决定按三分之二到会办理",
         PLAN + "三（四）只写“局党组研究决定”；按从严办理，属默认设定",
         Certainty.UNCERTAIN, _SETS, PLAN_DAY),
    Norm("C-HALF", "到会",
         "一般事项须有半数以上成员到会；是否含半数，条文用语与党内惯例不同，默认不含",
         _PARTY_GROUP + "；其他单位的议事规则", Certainty.SECONDARY, _SETS, _PARTY_DAY),
    Norm("C-ITEM", "到会", "有人回避时，按扣除回避成员后的人数核对本项到会要求；不足的缓议，不表决",
         "条例没有写明，属默认设定", Certainty.UNCERTAIN, _SETS, _PARTY_DAY),
    Norm("C-BASE", "表决", "有人回避时，半数仍按全体应到成员计算",
         "条例没有写明，属默认设定", Certainty.UNCERTAIN, _SETS, _PARTY_DAY),
    Norm("C-REMOTE", "到会", "以视频、电话方式参加的不算到会，本单位议事规则另有规定的除外",
         "条例没有写明，属默认设定", Certainty.UNCERTAIN, _SETS, _PARTY_DAY),
    Norm("C-MEETING", "方式", "不得以传签、会签、个别征求意见代替会议表决",
         "多地党组议事规则；通行做法", Certainty.SECONDARY, _REFUSES, _PARTY_DAY),
    Norm("C-ONE", "方式", "涉及个人的，一人一项、一项一票，不得打包表决",
         _PARTY_GROUP + "逐项表决的要求", Certainty.READ, _REFUSES, _PARTY_DAY),
    Norm("C-AGAIN", "复议",
         "已作出的决定需要复议的，经超过半数成员同意；未通过的事项没有新的证据和材料不再上会",
         _CADRES + "；后半句为默认设定", Certainty.PROPOSED, _REFUSES, _CADRE_DAY),
    Norm("C-RECUSE", "回避", "有应当回避关系的成员不得参加讨论和表决，应当离场",
         _RECUSAL, Certainty.READ, _REFUSES, _RECUSAL_DAY),
    Norm("C-CHAIR", "主持", "主持人缺席或本项应当回避的，委托其他成员主持本项",
         "通行做法", Certainty.KNOWN, _REFUSES, _PARTY_DAY),
    Norm("C-LEVEL", "职权",
         "市级教研员由市教育局党组决定，区级教研员由区教育局党组（党委）决定；市教育局党组只能提出建议",
         PLAN + "三（四）只写“局党组”，没有写明哪一级；按人事管理权限",
         Certainty.KNOWN, _REFUSES, PLAN_DAY),
    Norm("C-NEVER", "回避", "回避后不可能形成多数的，报请批准设立党组的党组织决定",
         "条例没有写明，属默认设定", Certainty.PROPOSED, _SETS, _PARTY_DAY),
)  # fmt: skip

NORMS: Mapping[str, Norm] = {norm.id: norm for norm in _ALL}
"""Every rule by id, in the order in which people read them."""


class SettingsInvalid(Invalid):
    """议事规则的设定没有保存：{reason}。请改正后再提交。"""

    code = "committee.settings-invalid"


def norms_on(day: date) -> tuple[Norm, ...]:
    """Return the rules in force for a meeting on `day`."""
    return tuple(norm for norm in NORMS.values() if norm.in_force(day))


def organs_above(settings: RuleSettings) -> tuple[str, ...]:
    """Return which party organs decide what the group never can (C-NEVER)."""
    return settings.organs_above or ORGANS_ABOVE


def settings_as_json(settings: RuleSettings) -> dict[str, Json]:
    """Write settings as JSON: what a meeting freezes and a decision keeps."""
    return {
        "half_includes_half": settings.half_includes_half,
        "recused_count_for_quorum": settings.recused_count_for_quorum,
        "recusal_base": settings.recusal_base.value,
        "remote_counts": settings.remote_counts,
        "agenda_post": settings.agenda_post,
        "organs_above": list(organs_above(settings)),
        "quorums": {each.value: settings.quorums[each].value for each in ItemClass},
    }


def settings_of(value: Json) -> RuleSettings:
    """Read settings back; a class that is not named has its default. Raises SettingsInvalid."""
    if not isinstance(value, dict):
        raise SettingsInvalid(reason="不是一组设定")
    quorums = value.get("quorums")
    named = quorums if isinstance(quorums, dict) else {}
    organs = value.get("organs_above")
    try:
        return RuleSettings(
            half_includes_half=value.get("half_includes_half") is True,
            recused_count_for_quorum=value.get("recused_count_for_quorum") is True,
            recusal_base=RecusalBase(str(value.get("recusal_base", RecusalBase.FULL))),
            remote_counts=value.get("remote_counts") is True,
            agenda_post=str(value.get("agenda_post", AGENDA_POST)),
            organs_above=tuple(map(str, organs)) if isinstance(organs, list) else (),
            quorums={
                each: Quorum(str(named.get(each.value, DEFAULT_QUORUMS[each])))
                for each in ItemClass
            },
        )
    except ValueError as error:
        raise SettingsInvalid(reason="含有不认识的选项") from error
