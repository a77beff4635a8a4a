"""The command line's part about people: `jiaoyan users …` and `jiaoyan data …`."""

from datetime import datetime

import click

from service.cli_settings import with_settings
from service.domain.dates import shown
from service.settings import Settings


@click.group()
def users() -> None:
    """账号、用户组和授权。"""


PASSWORD = click.password_option(prompt="密码", confirmation_prompt="再输一次")


PROGRAM = click.option("--program", is_flag=True, help="供程序使用的账号：首次登录不要求修改密码")
GROUPS = click.option("--group", "groups", multiple=True, help="所属用户组，可写多次")


@users.command("add")
@click.argument("username")
@click.option("--name", required=True, help="显示的姓名")
@GROUPS
@PROGRAM
@PASSWORD
@with_settings
def add_user(
    settings: Settings,
    username: str,
    name: str,
    groups: tuple[str, ...],
    program: bool,
    password: str,
) -> None:
    """新建账号，先给一个密码；本人登录后须先改成自己的密码。"""
    from service import user_administration

    user_administration.add_person(
        settings, username, name, groups, password, must_change=not program
    )
    click.echo(f"已建立账号 {username}。")


@users.command("invite")
@click.argument("username")
@click.option("--name", required=True, help="显示的姓名")
@GROUPS
@with_settings
def invite_user(settings: Settings, username: str, name: str, groups: tuple[str, ...]) -> None:
    """新建账号，显示一次性链接，由本人设置密码。"""
    from service import user_administration

    _show_link(user_administration.invite(settings, username, name, groups))


@users.command("link")
@click.argument("username")
@with_settings
def link_user(settings: Settings, username: str) -> None:
    """显示新的一次性链接，由本人设置或重设密码；以前的链接作废。"""
    from service import user_administration

    _show_link(user_administration.password_link(settings, username))


def _show_link(link: tuple[str, datetime]) -> None:
    address, expires_at = link
    click.echo(address)
    click.echo(f"链接只能用一次，{shown(expires_at)} 前有效，只显示这一次。", err=True)


@users.command("password")
@click.argument("username")
@PROGRAM
@PASSWORD
@with_settings
def set_password(settings: Settings, username: str, program: bool, password: str) -> None:
    """重设密码；该账号在别处的登录随即失效，本人登录后须先改成自己的密码。"""
    from service import user_administration

    user_administration.set_password(settings, username, password, must_change=not program)
    click.echo(f"已重设 {username} 的密码。")


@users.command("list")
@with_settings
def list_users(settings: Settings) -> None:
    """列出全部账号。"""
    from service import user_administration

    for line in user_administration.list_accounts(settings):
        click.echo(line)


@users.command("rename")
@click.argument("username")
@click.option("--name", required=True, help="显示的姓名")
@with_settings
def rename_user(settings: Settings, username: str, name: str) -> None:
    """修改显示的姓名。"""
    from service import user_administration

    user_administration.rename(settings, username, name)
    click.echo(f"已修改 {username} 的姓名。")


@users.command("lock")
@click.argument("username")
@click.option("--reason", required=True, help="锁定的原因")
@with_settings
def lock_user(settings: Settings, username: str, reason: str) -> None:
    """锁定账号；已有的登录随即失效，令牌在解锁前不能用。"""
    from service import user_administration

    user_administration.lock(settings, username, reason)
    click.echo(f"已锁定 {username}。")


@users.command("unlock")
@click.argument("username")
@with_settings
def unlock_user(settings: Settings, username: str) -> None:
    """解开被锁定的账号。"""
    from service import user_administration
    from service.commands import account_states

    user_administration.change_account(settings, username, account_states.unlock)
    click.echo(f"{username} 可以登录了。")


@users.command("leave")
@click.argument("username")
@click.option("--successor", default="", help="接手没有候选人的任务的用户名")
@with_settings
def leave_user(settings: Settings, username: str, successor: str) -> None:
    """办理离岗：关闭账号，作废令牌，移交未办的任务。"""
    from service import user_administration

    done = user_administration.leave(settings, username, successor)
    click.echo(
        f"{username} 已离岗。未办的任务：放回候选人 {done.to_candidates} 项，"
        f"交给接手人 {done.to_successor} 项，留待指定办理人 {done.to_nobody} 项。"
    )


@users.command("reactivate")
@click.argument("username")
@with_settings
def reactivate_user(settings: Settings, username: str) -> None:
    """重新启用离岗的账号；密码、用户组和授权要重新给。"""
    from service import user_administration
    from service.commands import account_states

    user_administration.change_account(settings, username, account_states.reactivate)
    click.echo(f"已启用 {username}。设置密码的链接用 jiaoyan users link {username} 取得。")


@users.command("group")
@click.argument("group_id")
@click.option("--name", required=True, help="显示的名称")
@click.option("--member", "members", multiple=True, help="成员的用户名，可写多次")
@with_settings
def add_group(settings: Settings, group_id: str, name: str, members: tuple[str, ...]) -> None:
    """新建用户组（已有则只加成员）。"""
    from service import administration

    administration.add_group(settings, group_id, name, members)
    click.echo(f"用户组 {group_id} 已就绪。")


@users.command("grant")
@click.argument("group_id")
@click.argument("object_kind")
@click.argument("action", type=click.Choice(["read", "act", "export"]))
@click.argument("process_id", default="*")
@with_settings
def grant(
    settings: Settings, group_id: str, object_kind: str, action: str, process_id: str
) -> None:
    """给用户组授权：对哪个流程（* 为全部）的哪类对象可以做什么。"""
    from service import administration

    administration.grant(settings, group_id, object_kind, action, process_id)
    click.echo("已授权。")


@click.group()
def data() -> None:
    """个人信息。"""


@data.command("rotate-key")
@with_settings
def rotate_key(settings: Settings) -> None:
    """把全部个人信息改用新密钥加密（新密钥写在 JIAOYAN_DATA_KEY 的最前面）。"""
    from service import user_administration

    sealed = user_administration.rotate_data_key(settings)
    click.echo(f"已改用新密钥加密 {sealed} 项；旧密钥可以从 JIAOYAN_DATA_KEY 中去掉了。")
