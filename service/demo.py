"""The demonstration: the sample bureau on SQLite, pages and jobs in one process.

Part of the composition root. No other mode knows the demonstration's password.
"""

import contextlib
import socket
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

import click
import waitress

from service import app, demo_cases
from service.commands import (
    accounts,
    groups,
    notices,
    organization_files,
    organization_import,
    personal_data,
    rights,
)
from service.commands.clocks import AdjustableClock
from service.commands.deployments import Upload
from service.commands.rooms import Rooms
from service.commands.toolbox import Toolbox
from service.connectors.sink import FileSink
from service.domain.accounts import PUBLIC_APPLICANTS
from service.domain.actors import SYSTEM
from service.domain.authorization import ALL, Action, Grant, GranteeKind, ObjectKind
from service.domain.errors import JiaoyanError
from service.domain.notices import NoticeText
from service.domain.outgoing import Channel
from service.domain.personal_data import PersonalKind
from service.jobs.calendar import with_digest
from service.jobs.scheduler import JobScheduler
from service.procedure import Account, Group, Organization, Right, Sample
from service.settings import Settings, demonstration_secret
from service.web.app_factory import DemoAccount, DemoFile

PASSWORD = "jiaoyan-demo"  # noqa: S105 - the demonstration's, printed on its sign-in page

SERVICE_GROUPS = (
    Group("administrators", "系统管理员"),
    Group("designers", "流程设计员"),
    Group("operators", "运维人员"),
    Group("auditors", "审计人员"),
    Group(PUBLIC_APPLICANTS, "公众申请人"),
)
SERVICE_ACCOUNTS = (
    Account("admin", "系统管理员", ("administrators",), "管理账号、部署流程；看不到事项内容"),
    Account("designer", "流程设计员", ("designers",), "绘制、检查和发布流程、决策与表单"),
    Account("operator", "运维人员", ("operators",), "查看异常并重试；看不到填写的内容"),
    Account(
        "auditor", "审计人员", ("auditors",), "查看访问日志、核对记录有没有被改动；看不到事项内容"
    ),
)
SERVICE_RIGHTS = (
    Right("administrators", ALL, ObjectKind.DEPLOYMENT, Action.READ),
    Right("administrators", ALL, ObjectKind.DEPLOYMENT, Action.ACT),
    Right("administrators", ALL, ObjectKind.ACCOUNT, Action.READ),
    Right("administrators", ALL, ObjectKind.ACCOUNT, Action.ACT),
    Right("administrators", ALL, ObjectKind.ACCOUNT, Action.EXPORT),
    Right("designers", ALL, ObjectKind.DEPLOYMENT, Action.READ),
    Right("designers", ALL, ObjectKind.DEPLOYMENT, Action.ACT),
    Right("operators", ALL, ObjectKind.RUNNING, Action.READ),
    Right("operators", ALL, ObjectKind.RUNNING, Action.ACT),
    Right("operators", ALL, ObjectKind.TASK, Action.ACT),
    Right("auditors", ALL, ObjectKind.AUDIT, Action.READ),
    Right("auditors", ALL, ObjectKind.AUDIT, Action.EXPORT),
)


class PortTaken(JiaoyanError):
    """端口 {port} 已被占用，演示没有启动，数据没有改动。请关闭占用它的程序，或用环境变量 JIAOYAN_PORT 换一个端口。"""  # noqa: E501 - a message is one paragraph

    code = "demo.port-taken"


def demonstration(settings: Settings) -> Settings:
    """Return the settings with what the demonstration fixes: plain HTTP and secrets of its own."""
    return replace(
        settings,
        https=False,
        web_threads=8,
        secret_key=settings.secret_key or demonstration_secret(settings.data_dir, "cookie"),
        audit_key=settings.audit_key or demonstration_secret(settings.data_dir, "audit"),
        data_key=settings.data_key or demonstration_secret(settings.data_dir, "data"),
    )


def run(settings: Settings) -> None:
    """Serve the demonstration until interrupted; raises PortTaken."""
    settings = demonstration(settings)
    _require_free(settings.host, settings.port)
    bureau = app.discover()
    app.upgrade_database(settings, bureau)
    scheduler: list[JobScheduler] = []
    rooms = app.assemble(
        settings,
        bureau,
        clock=AdjustableClock(app.utc_now),
        job_written=lambda due_at: scheduler[0].wake(due_at) if scheduler else None,
    )
    accounts_shown = seed(rooms, bureau.sample)
    app.deploy_on_empty(rooms, beside=uploads(bureau.sample))
    publish_notices(rooms, bureau.sample)
    inbox = settings.data_dir / "demo-inbox"
    sink = FileSink(inbox, rooms.clock)
    senders = {channel: sink for channel in Channel}
    calendar = with_digest(settings.digest_hour, frozenset(senders))
    calendar = (*calendar, *app.daily_works(bureau))

    def begin() -> None:
        scheduler.append(JobScheduler(rooms, senders=senders, calendar=calendar))
        scheduler[0].start()

    application = app.web_application(
        settings,
        bureau,
        rooms,
        channels=tuple(Channel),
        demo_inbox=inbox,
        demo_accounts=accounts_shown,
        demo_password=PASSWORD,
        demo_files=files(bureau.sample),
    )
    stop_playing = demo_cases.play_beside(rooms, bureau.procedures, begin)
    click.echo(f"教研系统演示已启动：http://{settings.host}:{settings.port}/")
    click.echo(f"公众办事大厅：http://{settings.host}:{settings.port}/public")
    click.echo(f"登录页列有全部演示账号，密码都是 {PASSWORD}。按 Ctrl+C 停止，数据保留。")
    try:
        waitress.serve(
            application,
            host=settings.host,
            port=settings.port,
            threads=settings.web_threads,
            ident=None,
            _quiet=True,
        )
    finally:
        stop_playing()
        for one in scheduler:
            one.stop()
        rooms.feel.close()
        rooms.database.dispose()


def seed(rooms: Rooms, sample: Sample) -> list[DemoAccount]:
    """Make the sample bureau where nobody is; return the accounts of the sign-in page.

    Those accounts alone have the demonstration's password, each with a hash of its own. Everybody
    else comes by the import that the bureau uses, without a password: nobody signs in as them
    until they are invited, and hundreds of hashes cost no time.
    """
    people = (*sample.accounts, *SERVICE_ACCOUNTS)
    with rooms.read() as session:
        empty = not accounts.anybody(session)
    if empty:
        with rooms.write() as tools:
            _make_people(tools, people, (*sample.groups, *SERVICE_GROUPS), rooms.clock())
            _make_organization(tools, sample.organization, rooms.clock())
            _give_rights(tools, (*sample.rights, *SERVICE_RIGHTS), rooms.clock())
            if sample.registers is not None:
                sample.registers(tools, rooms.clock())
    return [DemoAccount(each.username, each.display_name, each.purpose) for each in people]


def uploads(sample: Sample) -> list[Upload]:
    """Return the files that the demonstration alone has."""
    return [Upload(one.file_name, one.content) for one in sample.files]


def publish_notices(rooms: Rooms, sample: Sample) -> None:
    """Publish the sample notices where there is none."""
    with rooms.read() as session:
        if notices.any_published(session):
            return
    now = rooms.clock()
    for one in sample.notices:
        text = NoticeText(one.title, one.body, now, None, tuple(one.procedures))
        notices.publish(rooms, text, process_id=one.process_id, actor=SYSTEM, now=now)


def _make_people(
    tools: Toolbox, people: Sequence[Account], offices: Sequence[Group], now: datetime
) -> None:
    for office in offices:
        groups.create_group(tools, group_id=office.id, name=office.name, actor=SYSTEM, now=now)
    for person in people:
        accounts.create_person(
            tools,
            username=person.username,
            display_name=person.display_name,
            password=PASSWORD,
            actor=SYSTEM,
            now=now,
            demonstration=True,
        )
        mail = f"{person.username}@jiaoyan.example"
        personal_data.write(
            tools, username=person.username, kind=PersonalKind.MAIL, text=mail, now=now
        )
        for group in person.groups:
            groups.add_member(
                tools, group_id=group, username=person.username, actor=SYSTEM, now=now
            )


def files(sample: Sample) -> tuple[DemoFile, ...]:
    """Return the workbooks to try the import with; each is written when somebody asks for it."""
    return tuple(
        DemoFile(one.file_name, one.title, partial(_workbook, one.organization))
        for one in sample.workbooks
    )


def _make_organization(tools: Toolbox, organization: Organization, now: datetime) -> None:
    if organization.units:
        organization_import.apply(tools, _workbook(organization), actor=SYSTEM, now=now)


def _workbook(organization: Organization) -> bytes:
    units = [
        (unit.id, unit.name, unit.kind, unit.parent, str(unit.position))
        for unit in organization.units
    ]
    people = [
        organization_files.person_row(
            post.username,
            post.display_name,
            post.unit,
            post.title,
            post.labels,
            heads_unit=post.heads_unit,
        )
        for post in organization.posts
    ]
    return organization_files.workbook(units, people)


def _give_rights(tools: Toolbox, wanted: Sequence[Right], now: datetime) -> None:
    for right in wanted:
        kind = GranteeKind.EVERYONE if right.group == ALL else GranteeKind.GROUP
        grant = Grant(
            grantee_kind=kind,
            grantee=right.group,
            process_id=right.on,
            object=right.object,
            action=right.action,
        )
        rights.grant(tools, grant, actor=SYSTEM, now=now)


def _require_free(host: str, port: int) -> None:
    with contextlib.closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(port=port) from error
