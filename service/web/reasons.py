"""Why a task is before somebody, in words."""

from service.domain.dates import shown
from service.queries.groups import PostBehind
from service.queries.tasks import Reason, TaskPage
from service.web.catalogue import _


def reason_text(task: TaskPage) -> str:  # noqa: C901 - one branch a reason
    """Say why the task is before who reads its page."""
    match task.reason:
        case Reason.ASSIGNED:
            return _("指定由你办理")
        case Reason.CLAIMED if task.principal:
            return _("你已代%(who)s签收", who=task.principal)
        case Reason.CLAIMED:
            return _("你已签收")
        case Reason.DEPUTY if task.may_complete:
            return _("%(who)s委托你代理，你们都可以办理，先办为准", who=task.principal)
        case Reason.DEPUTY:
            return _("%(who)s委托你代理，你可以代%(who)s签收", who=task.principal)
        case Reason.CANDIDATE:
            return _("你是候选办理人，可以签收")
        case Reason.GROUP if task.posts:
            return _("你任%(posts)s，所以可以签收", posts=_("；").join(map(post_text, task.posts)))
        case Reason.GROUP:
            return _("你所在的“%(groups)s”可以签收", groups="、".join(task.groups))
        case Reason.SUPERIOR:
            return _superior_text(task)
        case _ if task.assignee and task.held_since:
            return _(
                "自 %(when)s 起由%(who)s办理，你可以查看",
                when=shown(task.held_since),
                who=task.assignee,
            )
        case _:
            return _("你可以查看")


def _superior_text(task: TaskPage) -> str:
    if task.assignee:
        return _("%(who)s逾期未办，已报到你这里：你可以催办或改派，不能代为办理", who=task.assignee)
    return _("逾期无人签收，已报到你这里：你可以催办或指定办理人，不能代为办理")


def post_text(post: PostBehind) -> str:
    """市教研机构教研员（数学、小学）; who heads a unit is asked for as such."""
    labels = "、".join(post.labels)
    named = {"unit": post.unit, "title": post.title, "labels": labels}
    if post.as_head:
        return _("%(unit)s负责人（%(title)s）", **named)
    if labels:
        return _("%(unit)s%(title)s（%(labels)s）", **named)
    return f"{post.unit}{post.title}"
