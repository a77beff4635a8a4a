"""Rights in the words of a bureau."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.domain.authorization import (
    ALL,
    KEPT_CLOSED,
    MEANT,
    OF_THE_HOUSE,
    SENSITIVE,
    Action,
    Grant,
    GranteeKind,
    ObjectKind,
    Right,
)
from service.domain.organization import is_post_group
from service.queries.grants import Way
from service.queries.groups import PostBehind
from service.queries.subjects import Subject, SubjectKind
from service.web.catalogue import _


@dataclass(frozen=True, slots=True)
class Choice:
    """One of what a list offers."""

    value: str
    label: str


def kind_name(kind: ObjectKind) -> str:
    """What a right is about."""
    names = {
        ObjectKind.PROCEDURE: _("发起申请"),
        ObjectKind.CASE: _("事项内容"),
        ObjectKind.RUNNING: _("运行情况"),
        ObjectKind.JOB: _("外部办理的系统步骤"),
        ObjectKind.TASK: _("任务"),
        ObjectKind.DEPLOYMENT: _("流程设计"),
        ObjectKind.REGISTER: _("名册"),
        ObjectKind.NOTICE: _("公告"),
        ObjectKind.OBJECTION: _("公示异议"),
        ObjectKind.RECUSAL: _("回避申报"),
        ObjectKind.ACCOUNT: _("人员和授权"),
        ObjectKind.AUDIT: _("审计"),
    }
    return names[kind]


def right_name(right: Right) -> str:
    """What a right lets somebody do."""
    return right_names()[right]


def right_names() -> Mapping[tuple[str, str], str]:
    """What each right lets somebody do, by kind of object and action."""
    read, act, export = Action.READ, Action.ACT, Action.EXPORT
    return {
        (ObjectKind.PROCEDURE, act): _("发起申请"),
        (ObjectKind.CASE, read): _("查看事项内容：填写的内容、意见、附件"),
        (ObjectKind.RUNNING, read): _("查看运行情况：进度和异常，不含填写的内容"),
        (ObjectKind.RUNNING, act): _("处理运行：重试、挂起、终止、修改流程数据"),
        (ObjectKind.JOB, act): _("用外部程序办理系统步骤，并读取这些步骤的数据"),
        (ObjectKind.TASK, act): _("指定、改派办理人"),
        (ObjectKind.DEPLOYMENT, read): _("查看流程设计：流程图、决策、表单"),
        (ObjectKind.DEPLOYMENT, act): _("发布、删除流程设计"),
        (ObjectKind.REGISTER, read): _("查看名册"),
        (ObjectKind.REGISTER, act): _("登记、更正名册"),
        (ObjectKind.REGISTER, export): _("导出名册"),
        (ObjectKind.NOTICE, act): _("发布、撤下面向公众的公告"),
        (ObjectKind.OBJECTION, read): _("查看公示收到的异议，不含提出人"),
        (ObjectKind.OBJECTION, act): _("答复公示异议，看到是谁提出的"),
        (ObjectKind.RECUSAL, read): _("查看回避申报：亲属和利益关系"),
        (ObjectKind.RECUSAL, act): _("替人登记、终止回避申报"),
        (ObjectKind.ACCOUNT, read): _("查看人员、机构和授权"),
        (ObjectKind.ACCOUNT, act): _("管理人员、机构、岗位、用户组和授权"),
        (ObjectKind.ACCOUNT, export): _("导出人员和机构"),
        (ObjectKind.AUDIT, read): _("查看访问日志、核对记录"),
        (ObjectKind.AUDIT, export): _("导出访问日志"),
    }


def choices() -> Mapping[str, list[Choice]]:
    """Every right that can be given, by what it is about."""
    return {
        kind_name(kind): [
            Choice(f"{kind}.{action}", _marked(right_name((kind, action)), (kind, action)))
            for action in actions
        ]
        for kind, actions in MEANT.items()
    }


def _marked(name: str, right: Right) -> str:
    return _("%(name)s（敏感）", name=name) if right in SENSITIVE else name


@dataclass(frozen=True, slots=True)
class Subjects:
    """What rights name: everything deployed, and the registers by id with their titles."""

    deployed: tuple[Subject, ...]
    registers: Mapping[str, str]
    closed: frozenset[str] = frozenset()
    """Registers that a right to all of them does not reach."""

    @property
    def closed_procedures(self) -> Mapping[str, str]:
        """Procedures that a right to all of them does not reach, by id with their names."""
        return {one.id: one.name for one in self.deployed if one.closed}

    def name(self, right: Grant) -> str:
        """What the right is to, for people."""
        if right.object in OF_THE_HOUSE:
            return _("全系统")
        if right.process_id == ALL:
            if right.object is ObjectKind.REGISTER:
                return _("全部名册，不含封闭的名册") if self.closed else _("全部名册")
            if right.object in KEPT_CLOSED and self.closed_procedures:
                return _("全部流程，包括以后新增的，不含封闭的流程")
            return _("全部流程，包括以后新增的")
        if right.object is ObjectKind.REGISTER:
            return self.registers.get(right.process_id, right.process_id)
        named = (
            _closed(one.name, one.closed) for one in self.deployed if one.id == right.process_id
        )
        return next(named, right.process_id)

    def choices(self) -> Mapping[str, list[Choice]]:
        """What a right may be given to, in groups; an id once, as `name` tells it.

        A right to an id that a process and a form share is one right to both.
        """
        told: dict[str, Subject] = {}
        for one in self.deployed:
            told.setdefault(one.id, one)
        groups = {
            SubjectKind.PROCESS: _("流程"),
            SubjectKind.DECISION: _("决策"),
            SubjectKind.FORM: _("表单"),
        }
        offered = {
            title: [
                Choice(one.id, _closed(one.name, one.closed))
                for one in told.values()
                if one.kind is kind
            ]
            for kind, title in groups.items()
        }
        offered[_("名册")] = [
            Choice(id, _closed(title, id in self.closed)) for id, title in self.registers.items()
        ]
        return {title: some for title, some in offered.items() if some}


def _closed(title: str, closed: bool) -> str:
    return _("%(title)s（封闭）", title=title) if closed else title


def grantee_kind(kind: GranteeKind) -> str:
    """To whom a right is given."""
    names = {
        GranteeKind.PERSON: _("个人"),
        GranteeKind.GROUP: _("用户组或岗位组"),
        GranteeKind.EVERYONE: _("全体人员"),
    }
    return names[kind]


def group_kind(group_id: str) -> str:
    """Whether members are listed or follow from posts."""
    return _("岗位组") if is_post_group(group_id) else _("用户组")


def way(way: Way) -> list[str]:
    """How a right reaches somebody: one line a way."""
    match way.kind:
        case GranteeKind.EVERYONE:
            return [_("全体人员都有")]
        case GranteeKind.PERSON:
            return [_("授予本人")]
        case GranteeKind.GROUP:
            listed = [_("在这个用户组里")] if way.by_name else []
            return listed + [_("岗位：%(post)s", post=_post(post)) for post in way.posts]


def _post(post: PostBehind) -> str:
    title = f"{post.title}（{'、'.join(post.labels)}）" if post.labels else post.title
    return f"{post.unit} {title}"
