"""How starting, cancelling and retrying are refused."""

from service.domain.errors import Conflict, Forbidden, Invalid, NotFound


class ProcessNotFound(NotFound):
    """没有找到流程「{process}」，或者你没有查看的权限。"""

    code = "process.not-found"


class StartForbidden(Forbidden):
    """你没有发起「{process}」的权限。如需发起，请联系管理员。"""

    code = "process.start-forbidden"


class ProcessOnlyCalled(Conflict):
    """「{process}」只由其他流程在办理中调用，不能单独发起，没有发起。请发起调用它的流程，办到那一步会自动开始。"""

    code = "process.only-called"


class StartFormMissing(Conflict):
    """流程「{process}」的开始表单「{form_id}」找不到，暂时不能发起；请联系管理员重新部署表单。"""

    code = "process.start-form-missing"


class RequestTaken(Conflict):
    """这张表单刚刚已经提交过，没有再次发起。请到“我发起的”查看。"""

    code = "process.request-taken"


class InstanceNotFound(NotFound):
    """没有找到这个流程实例，或者你没有查看的权限。"""

    code = "process-instance.not-found"


class InstanceForbidden(Forbidden):
    """你没有处理这个流程实例的权限，没有改动。"""

    code = "process-instance.forbidden"


class InstanceSealed(Forbidden):
    """这个流程的事项只由办理人和系统自己的步骤推进，数据不能从外面写入，没有改动。步骤出错的，请排除原因后重试；办错了的，由有关人员依流程改正。"""

    code = "process-instance.sealed"


class InstanceEnded(Conflict):
    """这个流程实例已经结束，没有改动。"""

    code = "process-instance.ended"


class InstanceNotBegun(Conflict):
    """这个流程实例正在启动，还不能办理，没有改动。请稍后再试。"""

    code = "process-instance.not-begun"


class InstanceCalled(Conflict):
    """这个流程由上级流程（编号 {parent}）调用，不能单独终止，没有改动。请改为终止上级流程。"""

    code = "process-instance.called"


class ElementInstanceNotFound(NotFound):
    """没有找到这个步骤实例，或者你没有查看的权限。"""

    code = "element-instance.not-found"


class ActivityNotInside(Invalid):
    """不能开始这项活动：{reason}没有改动，请改正后再试。"""

    code = "element-instance.activity-not-inside"


class IncidentNotFound(NotFound):
    """没有找到这个异常，或者你没有查看的权限。"""

    code = "incident.not-found"


class IncidentResolvedAlready(Conflict):
    """这个异常已由{who}处理，流程没有改动。请刷新后查看。"""

    code = "incident.resolved"
