"""How the meeting desk refuses: what is wrong, by which rule, and what to do instead."""

from service.domain.errors import Conflict, Forbidden, Invalid, NotFound


class MeetingNotFound(NotFound):
    """没有找到这次会议，或者你没有查看的权限。"""

    code = "committee.meeting-not-found"


class ItemNotFound(NotFound):
    """没有找到这项议题，或者你没有查看的权限。"""

    code = "committee.item-not-found"


class DeskForbidden(Forbidden):
    """会务由会议秘书办理，你没有这项权限，没有任何改动。"""

    code = "committee.forbidden"


class RulesForbidden(Forbidden):
    """议事规则由有“党组议事规则”办理权限的人设定，会议秘书不能改，没有任何改动。确需改动的，请按批准的文件交有权限的人设定。"""

    code = "committee.rules-forbidden"


class DeskChanged(Conflict):
    """{who}刚刚在{when}更新了这次会议，你的操作没有生效。请刷新后核对再办。"""

    code = "committee.changed"


class Outdated(Conflict):
    """这次会议是按旧版流程图召开的，没有审定议程这一步，没有送审。请取消会议，重新召开；议题都留着。"""

    code = "committee.outdated"


class WrongState(Conflict):
    """现在不能{act}：{state}。没有任何改动。"""

    code = "committee.wrong-state"


class Unfit(Invalid):
    """没有登记：{reason}。请改正后再提交。"""

    code = "committee.invalid"


class NoMinutesYet(Conflict):
    """会议还没有结束，还没有纪要。闭会以后再从会务台打开。"""

    code = "committee.no-minutes-yet"


class OnePersonOneItem(Invalid):
    """没有登记：涉及个人的议题应当一人一项、一项一票，这里写了{count}人（规则 C-ONE，党组工作条例关于逐项表决的规定）。填写的内容还在，请只留一人，其他人分开提出。"""  # noqa: E501 - a message is one paragraph

    code = "committee.one-person-one-item"


class AnotherClass(Invalid):
    """没有登记：“{title}”写的是“{said}”，应当按这一类提出，不能放在“{chosen}”里（规则 C-ONE、C-2/3，党组工作条例、干部选拔任用工作条例）。"""  # noqa: E501 - a message is one paragraph

    code = "committee.another-class"


class MattersJoined(Invalid):
    """没有登记：“{title}”把{said}写在一项里。这是不同的事项，应当分别提出、逐项表决（规则 C-EACH，党组工作条例）。"""  # noqa: E501 - a message is one paragraph

    code = "committee.matters-joined"


class NotToldApart(Conflict):
    """{who}此前已有{what}的议题“{title}”（{state}）。是同一件事的，不能换个说法再提（规则 C-AGAIN，干部选拔任用工作条例）；是另一件事的，请填写这一件的立案或者来文文号，并写明与那一件有什么不同，会一并列给成员看。"""  # noqa: E501 - a message is one paragraph

    code = "committee.not-told-apart"


class NothingNew(Conflict):
    """{who}的同一事项已于{when}作出决定（{outcome}）。再次上会要有新的证据：请写明是什么，并附上至少一份上次没有的材料（规则 C-AGAIN，干部选拔任用工作条例）。"""  # noqa: E501 - a message is one paragraph

    code = "committee.nothing-new"


class NotAMember(Conflict):
    """{who}不是本次会议应到会的党组成员，列席人员没有表决权，这一票没有登记，已经登记的票不变（规则 C-CARRY，党组工作条例）。请核对会务台的应到成员；确实在任的，先在党组成员名册登记，开会以前更新应到成员。"""  # noqa: E501 - a message is one paragraph

    code = "committee.not-a-member"


class NotPresent(Conflict):
    """{who}没有登记到会，缺席成员的意见不能计票，这一票没有登记，已经登记的票不变（规则 C-WRITTEN，党组工作条例）。已经到会的，请先登记到会，再登记表决。"""  # noqa: E501 - a message is one paragraph

    code = "committee.not-present"


class ItemTied(Conflict):
    """{who}{reason}，应当回避，不得经办本项，没有任何改动。请由其他会议秘书办理（规则 C-RECUSE，人社部规〔2019〕1号）。"""  # noqa: E501 - a message is one paragraph

    code = "committee.item-tied"


class RecorderTied(Conflict):
    """记录人{who}{reason}，应当回避，本项不能由其记录，没有开始讨论。请另一位会议秘书先点“由我记录”（规则 C-RECUSE，人社部规〔2019〕1号）。"""  # noqa: E501 - a message is one paragraph

    code = "committee.recorder-tied"


class MembersChanged(Conflict):
    """发出通知以后党组成员名册有变（{changes}），没有宣布开会。应到成员以会议当日在任的为准：请在会务台点“按名册更新应到成员”，登记到会后再宣布开会（规则 C-CARRY，党组工作条例）。"""  # noqa: E501 - a message is one paragraph

    code = "committee.members-changed"


class Recused(Conflict):
    """{who}{reason}，应当回避，不得参加本项讨论和表决，这一票没有登记，已经登记的票不变（规则 C-RECUSE，人社部规〔2019〕1号）。请登记回避，由其他成员表决。"""  # noqa: E501 - a message is one paragraph

    code = "committee.recused"


class ChairVotesLast(Conflict):
    """主持人应当末位表态：{waiting}还没有表态。主持人的这一票没有登记，其他人的票不变（规则 C-LAST，党组工作条例）。请等他们都表态以后再登记。"""  # noqa: E501 - a message is one paragraph

    code = "committee.chair-last"


class VotedAlready(Conflict):
    """{who}已经表过态，一项一票，没有再次登记。登记有误的，由会议秘书作废本轮、重新表决。"""

    code = "committee.voted-already"


class TiedVoted(Conflict):
    """{who}{reason}，应当回避，已经投出的票不能计入，没有计算结果（规则 C-RECUSE，人社部规〔2019〕1号）。请写明原因作废本轮，重新核对到会后再表决。"""  # noqa: E501 - a message is one paragraph

    code = "committee.tied-voted"


class ChairGone(Conflict):
    """主持人{who}{reason}，没有主持人末位表态，不能计算结果（规则 C-LAST，党组工作条例；规则 C-CHAIR，通行做法）。请写明原因作废本轮，委托到会的成员主持本项，再重新表决。"""  # noqa: E501 - a message is one paragraph

    code = "committee.chair-gone"


class NotAllVoted(Conflict):
    """还有{waiting}没有表态，不能结束本项表决。中途离会的，请先登记离会。"""

    code = "committee.not-all-voted"


class Circulation(Invalid):
    """不得以传签、会签、个别征求意见代替会议表决，没有登记（规则 C-MEETING，多地党组议事规则）。请在会上表决。"""  # noqa: E501 - a message is one paragraph

    code = "committee.circulation"


class AgendaNotAgreed(Conflict):
    """议程还没有经{who}同意，没有发出通知：上会的议题由书记确定（规则 C-AGENDA，通行做法）。请先点“送审议程”。"""  # noqa: E501 - a message is one paragraph

    code = "committee.agenda-not-agreed"


class NotDiscussed(Conflict):
    """“{title}”还没有登记发言，没有开始表决：表决前应当充分讨论（规则 C-DISCUSS，党组工作条例）。请登记发言；征询后没有人发言的，请点“登记无人发言”。"""  # noqa: E501 - a message is one paragraph

    code = "committee.not-discussed"


class ChairNeeded(Conflict):
    """主持人{who}{reason}，请先委托一位到会的成员主持本项（规则 C-CHAIR，通行做法）。"""

    code = "committee.chair-needed"


class AlreadyUp(Conflict):
    """{who}的同一事项已经提出，{state}，没有再次登记：同一事项议定以前只上会一次（规则 C-AGAIN，干部选拔任用工作条例）。要补充材料的，请先由会议秘书退回原来的议题，再重新提出。"""  # noqa: E501 - a message is one paragraph

    code = "committee.already-up"


class Blocked(Conflict):
    """{who}的同一事项已于{when}作出决定（{outcome}），不能再次上会（规则 C-AGAIN，干部选拔任用工作条例）。未通过的，有新的证据才可以再提；已通过的，只能在会上经超过半数成员同意复议。"""  # noqa: E501 - a message is one paragraph

    code = "committee.blocked"


class CaseOver(Conflict):
    """提出“{title}”的事项已经办结或者终止，没有列入。它会退出待上会的议题；确需研究的，请重新提出。"""

    code = "committee.case-over"


class MeetingOver(Conflict):
    """这次会议的事项已经终止，不能再办，没有任何改动。没有议定的议题会回到待上会的议题中，请另行召集会议。"""

    code = "committee.meeting-over"


class NothingToReconsider(Conflict):
    """“{title}”没有可以复议的决定，没有登记：没有表决的可以直接再上会；已经复议过的，请对最近一次决定提出（规则 C-AGAIN，干部选拔任用工作条例）。"""  # noqa: E501 - a message is one paragraph

    code = "committee.nothing-to-reconsider"


class Reconsidering(Conflict):
    """“{title}”已经同意复议，还没有议定，没有再次登记。请在会上议定以后再说（规则 C-AGAIN，干部选拔任用工作条例）。"""  # noqa: E501 - a message is one paragraph

    code = "committee.reconsidering"


class ReconsiderationStands(Conflict):
    """“{title}”的复议是经超过半数成员同意的，会议秘书不能退回，没有任何改动。请列入议程，由会议议定；成员认为不必再议的，在会上表决维持原决定（规则 C-AGAIN，干部选拔任用工作条例）。"""  # noqa: E501 - a message is one paragraph

    code = "committee.reconsideration-stands"


class DecidedAbove(Conflict):
    """“{title}”是{organ}决定的（{number}），本局党组不能复议，没有登记。认为应当改变的，请向{organ}提出（规则 C-NEVER，条例没有写明，属默认设定）。"""  # noqa: E501 - a message is one paragraph

    code = "committee.decided-above"


class NotForAbove(Conflict):
    """这项议题不是本局党组不能决定的，或者已经有了决定，没有登记上级党组织的答复。请核对党组议题的登记。"""

    code = "committee.not-for-above"


class NotReconsidered(Conflict):
    """同意复议的{count}人，没有超过应到{due}人的半数，原决定继续有效（规则 C-AGAIN，干部选拔任用工作条例）。"""  # noqa: E501 - a message is one paragraph

    code = "committee.not-reconsidered"


class OutOfJurisdiction(Conflict):
    """{who}是{unit}的（拟聘）教研员，{what}应由区教育局党组（党委）决定，市教育局党组不能决定，没有登记（规则 C-LEVEL，《方案》三（四）和人事管理权限）。可以按“涉及个人的其他事项”提出，题目以“建议”开头，向区教育局提出建议。"""  # noqa: E501 - a message is one paragraph

    code = "committee.out-of-jurisdiction"


class BelowTheLaw(Invalid):
    """议事规则没有保存：“{what}”须有三分之二以上成员到会，是条例的规定，本单位不能改为半数（规则 C-2/3，《党政领导干部选拔任用工作条例》2019年）。"""  # noqa: E501 - a message is one paragraph

    code = "committee.below-the-law"


class Backdated(Invalid):
    """议事规则没有保存：不能从过去的日期起生效，以前的决定是按当时的规则作出的。请填写今天或者以后的日期。"""

    code = "committee.backdated"


class MinutesTouched(Conflict):
    """归档的纪要与归档时的校验值不符，可能被改动过，没有给出文件。请联系审计人员核对。"""

    code = "committee.minutes-touched"


class Locked(Conflict):
    """这次会议的纪要已经归档锁定，不能改动。确有错误的，请登记更正。"""

    code = "committee.locked"
