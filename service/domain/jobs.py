"""How the answers of outside workers are refused. The cases are those of the Camunda 8 API."""

from service.domain.errors import Conflict, Forbidden, NotFound


class JobNotFound(NotFound):
    """没有找到这个作业：可能已经办完、已随流程终止，或者你没有办理的权限。没有做任何改动。"""

    code = "job.not-found"


class JobsForbidden(Forbidden):
    """你没有领取系统步骤的权限。如需用外部程序办理，请联系管理员为它的账号授权。"""

    code = "job.forbidden"


class JobFailed(Conflict):
    """这个作业的重试次数已经用完，流程停在这一步等运维人员处理；没有做任何改动。"""

    code = "job.failed"


class JobLeaseLost(Conflict):
    """这个作业的租约令牌不对或者没有给：作业可能已超时，由别的程序接手。没有做任何改动，请放弃这次结果。"""

    code = "job.lease-lost"


class JobNotHeld(Conflict):
    """这个作业现在没有人在办，不能改它的期限；没有做任何改动。"""

    code = "job.not-held"


def lease_token(job_key: int, fencing: int) -> str:
    """The token of one lease. Who may answer the job may take it too: it need be no secret."""
    return f"{job_key:x}-{fencing:x}"
