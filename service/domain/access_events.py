"""What the access log holds: the kinds of event, how long each class is kept, whose day it is.

The history of an instance says what became of a case. The access log says who came in, who read
whose data, what left the system, and who changed accounts, rights and settings.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum

BUREAU_TIME = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has one time and no summer time, so no time zone data is needed."""


MINIMUM_DAYS = 180
"""Access logs are kept for six months at least: 网络安全法 (2016), article 21 (3)."""
DEFAULT_DAYS = 190


class RetentionClass(StrEnum):
    """How long events are kept; events of one class have a chain of their own."""

    ACCESS = "access"
    """Deleted by whole days when the time that the settings give is over."""
    PERMANENT = "permanent"
    """Never deleted: who had which right when, and what was deleted and why."""


class AccessKind(StrEnum):
    """What happened. A new kind needs its label below, and a line in `_PERMANENT` where it is."""

    SIGN_IN = "sign_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_OUT = "sign_out"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of a kind
    PERSONAL_DATA_READ = "personal_data_read"
    EXPORT = "export"
    DOCUMENT_DOWNLOADED = "document_downloaded"
    TOKEN_CREATED = "token_created"  # noqa: S105 - the name of a kind
    TOKEN_REVOKED = "token_revoked"  # noqa: S105 - the name of a kind
    SETTINGS_CHANGED = "settings_changed"
    DEPLOYED = "deployed"
    RESOURCE_DELETED = "resource_deleted"
    RIGHT_GRANTED = "right_granted"
    RIGHT_REVOKED = "right_revoked"
    PROCEDURE_CLOSED = "procedure_closed"
    PROCEDURE_OPENED = "procedure_opened"
    ACCOUNT_CREATED = "account_created"
    ACCOUNT_CHANGED = "account_changed"
    GROUP_CHANGED = "group_changed"
    ORGANIZATION_CHANGED = "organization_changed"
    DEPUTY_CHANGED = "deputy_changed"
    TIE_CHANGED = "tie_changed"
    CALENDAR_CHANGED = "calendar_changed"
    REGISTER_CHANGED = "register_changed"
    INCIDENT_RETRIED = "incident_retried"
    VARIABLES_SET = "variables_set"
    INSTANCE_CANCELLED = "instance_cancelled"
    INSTANCE_SUSPENDED = "instance_suspended"
    INSTANCE_RESUMED = "instance_resumed"
    ACTIVITY_BEGUN = "activity_begun"
    TASK_ASSIGNED = "task_assigned"
    PUBLIC_REGISTERED = "public_registered"
    PUBLIC_CODE_SENT = "public_code_sent"
    PUBLIC_CODE_FAILED = "public_code_failed"
    LOG_READ = "log_read"
    CHAINS_VERIFIED = "chains_verified"
    HEADS_EXPORTED = "heads_exported"
    LOG_CLEANED = "log_cleaned"
    DATA_ERASED = "data_erased"
    BACKED_UP = "backed_up"
    RESTORED = "restored"

    @property
    def label(self) -> str:
        """What people read."""
        return _LABELS[self]

    @property
    def retention(self) -> RetentionClass:
        """How long events of this kind are kept."""
        return RetentionClass.PERMANENT if self in _PERMANENT else RetentionClass.ACCESS


_LABELS: Mapping[AccessKind, str] = {
    AccessKind.SIGN_IN: "登录",
    AccessKind.SIGN_IN_FAILED: "登录失败",
    AccessKind.SIGN_OUT: "退出登录",
    AccessKind.PASSWORD_CHANGED: "修改密码",
    AccessKind.PERSONAL_DATA_READ: "查看个人信息",
    AccessKind.EXPORT: "导出",
    AccessKind.DOCUMENT_DOWNLOADED: "下载文件",
    AccessKind.TOKEN_CREATED: "建立接口令牌",
    AccessKind.TOKEN_REVOKED: "作废接口令牌",
    AccessKind.SETTINGS_CHANGED: "修改设置",
    AccessKind.DEPLOYED: "部署、发布",
    AccessKind.RESOURCE_DELETED: "删除已部署的文件",
    AccessKind.RIGHT_GRANTED: "授予权限",
    AccessKind.RIGHT_REVOKED: "收回权限",
    AccessKind.PROCEDURE_CLOSED: "封闭流程",
    AccessKind.PROCEDURE_OPENED: "解除流程的封闭",
    AccessKind.ACCOUNT_CREATED: "新建账号",
    AccessKind.ACCOUNT_CHANGED: "变更账号",
    AccessKind.GROUP_CHANGED: "变更用户组",
    AccessKind.ORGANIZATION_CHANGED: "变更机构、岗位",
    AccessKind.DEPUTY_CHANGED: "变更代理",
    AccessKind.TIE_CHANGED: "变更回避申报",
    AccessKind.CALENDAR_CHANGED: "变更工作日历",
    AccessKind.REGISTER_CHANGED: "变更名册",
    AccessKind.INCIDENT_RETRIED: "重试异常",
    AccessKind.VARIABLES_SET: "修改流程数据",
    AccessKind.INSTANCE_CANCELLED: "终止流程",
    AccessKind.INSTANCE_SUSPENDED: "挂起流程",
    AccessKind.INSTANCE_RESUMED: "恢复流程",
    AccessKind.ACTIVITY_BEGUN: "开始自由活动",
    AccessKind.TASK_ASSIGNED: "指定办理人",
    AccessKind.PUBLIC_REGISTERED: "公众注册",
    AccessKind.PUBLIC_CODE_SENT: "向公众发送验证码",
    AccessKind.PUBLIC_CODE_FAILED: "公众验证码错误",
    AccessKind.LOG_READ: "查看访问日志",
    AccessKind.CHAINS_VERIFIED: "核对记录",
    AccessKind.HEADS_EXPORTED: "导出校验锚点",
    AccessKind.LOG_CLEANED: "清理到期日志",
    AccessKind.DATA_ERASED: "依法删除个人信息",
    AccessKind.BACKED_UP: "备份",
    AccessKind.RESTORED: "从备份恢复",
}


class EventGroup(StrEnum):
    """What an auditor looks for; a kind belongs to one at least."""

    SIGN_INS = "sign-ins"
    READINGS = "readings"
    EXPORTS = "exports"
    ACCOUNTS = "accounts"
    RIGHTS = "rights"
    REGISTERS = "registers"
    SETTINGS = "settings"
    AUDIT = "audit"

    @property
    def kinds(self) -> frozenset[AccessKind]:
        """The kinds of event that belong to it."""
        return _GROUPS[self]


_GROUPS: Mapping[EventGroup, frozenset[AccessKind]] = {
    EventGroup.SIGN_INS: frozenset(
        {
            AccessKind.SIGN_IN,
            AccessKind.SIGN_IN_FAILED,
            AccessKind.SIGN_OUT,
            AccessKind.PASSWORD_CHANGED,
            AccessKind.PUBLIC_REGISTERED,
            AccessKind.PUBLIC_CODE_SENT,
            AccessKind.PUBLIC_CODE_FAILED,
        }
    ),
    EventGroup.READINGS: frozenset(
        {AccessKind.PERSONAL_DATA_READ, AccessKind.DOCUMENT_DOWNLOADED, AccessKind.DATA_ERASED}
    ),
    EventGroup.EXPORTS: frozenset(
        {
            AccessKind.EXPORT,
            AccessKind.DOCUMENT_DOWNLOADED,
            AccessKind.HEADS_EXPORTED,
            AccessKind.BACKED_UP,
        }
    ),
    EventGroup.ACCOUNTS: frozenset(
        {
            AccessKind.TOKEN_CREATED,
            AccessKind.TOKEN_REVOKED,
            AccessKind.PASSWORD_CHANGED,
            AccessKind.RIGHT_GRANTED,
            AccessKind.RIGHT_REVOKED,
            AccessKind.ACCOUNT_CREATED,
            AccessKind.ACCOUNT_CHANGED,
            AccessKind.GROUP_CHANGED,
            AccessKind.ORGANIZATION_CHANGED,
            AccessKind.DEPUTY_CHANGED,
            AccessKind.TIE_CHANGED,
        }
    ),
    EventGroup.RIGHTS: frozenset(
        {
            AccessKind.RIGHT_GRANTED,
            AccessKind.RIGHT_REVOKED,
            AccessKind.PROCEDURE_CLOSED,
            AccessKind.PROCEDURE_OPENED,
            AccessKind.GROUP_CHANGED,
        }
    ),
    EventGroup.REGISTERS: frozenset({AccessKind.REGISTER_CHANGED}),
    EventGroup.SETTINGS: frozenset(
        {
            AccessKind.SETTINGS_CHANGED,
            AccessKind.CALENDAR_CHANGED,
            AccessKind.DEPLOYED,
            AccessKind.RESOURCE_DELETED,
            AccessKind.INCIDENT_RETRIED,
            AccessKind.VARIABLES_SET,
            AccessKind.INSTANCE_CANCELLED,
            AccessKind.INSTANCE_SUSPENDED,
            AccessKind.INSTANCE_RESUMED,
            AccessKind.ACTIVITY_BEGUN,
            AccessKind.TASK_ASSIGNED,
        }
    ),
    EventGroup.AUDIT: frozenset(
        {
            AccessKind.LOG_READ,
            AccessKind.CHAINS_VERIFIED,
            AccessKind.HEADS_EXPORTED,
            AccessKind.LOG_CLEANED,
            AccessKind.DATA_ERASED,
            AccessKind.BACKED_UP,
            AccessKind.RESTORED,
        }
    ),
}

_PERMANENT = frozenset(
    {
        AccessKind.PASSWORD_CHANGED,
        AccessKind.TOKEN_CREATED,
        AccessKind.TOKEN_REVOKED,
        AccessKind.RIGHT_GRANTED,
        AccessKind.RIGHT_REVOKED,
        AccessKind.PROCEDURE_CLOSED,
        AccessKind.PROCEDURE_OPENED,
        AccessKind.ACCOUNT_CREATED,
        AccessKind.ACCOUNT_CHANGED,
        AccessKind.GROUP_CHANGED,
        AccessKind.ORGANIZATION_CHANGED,
        AccessKind.DEPUTY_CHANGED,
        AccessKind.TIE_CHANGED,
        AccessKind.CALENDAR_CHANGED,
        AccessKind.REGISTER_CHANGED,
        AccessKind.LOG_CLEANED,
        AccessKind.DATA_ERASED,
        AccessKind.RESTORED,
    }
)


def bureau_day(now: datetime) -> date:
    """Return the bureau's calendar day at this aware moment."""
    return now.astimezone(BUREAU_TIME).date()
