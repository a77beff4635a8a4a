"""How a deployment is refused."""

from collections.abc import Sequence

from service.domain.errors import Conflict, Forbidden, Invalid, NotFound
from service.domain.problems import Problem, Severity


class DeploymentRefused(Invalid):
    """部署没有进行：共有 {count} 处问题，请按提示改正后重新部署。现有版本没有改动。"""

    code = "deployment.refused"

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Take all findings; what refuses comes first and alone is counted."""
        order = list(Severity)
        self.problems = tuple(sorted(problems, key=lambda one: order.index(one.severity)))
        super().__init__(count=sum(one.severity is Severity.ERROR for one in problems))


class DeploymentForbidden(Forbidden):
    """你没有部署「{process}」的权限。如需部署，请联系管理员。"""

    code = "deployment.forbidden"


class DeploymentCollided(Conflict):
    """别人正好在同一时刻部署了同一个文件，你的部署没有进行。请核对最新版本后再部署。"""

    code = "deployment.collided"


class ResourceNotFound(NotFound):
    """没有找到这个文件，或者你没有查看的权限。"""

    code = "resource.not-found"


class ResourceInUse(Conflict):
    """文件「{name}」正在使用：{reason}。文件没有删除。"""

    code = "resource.in-use"
