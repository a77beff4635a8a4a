"""The command line: `jiaoyan …`. An entry point: its parts are `cli_…`."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from service.cli_backup import backup, restore
from service.cli_calendar import calendar
from service.cli_settings import with_settings
from service.cli_users import data, users
from service.domain.errors import JiaoyanError
from service.domain.problems import Problem, Severity
from service.settings import Settings

SEVERITY = {Severity.ERROR: "错误", Severity.WARNING: "疑问", Severity.NOTICE: "提示"}


def main(words: Sequence[str] | None = None) -> None:
    """Run these words, or those of the command line; ends by SystemExit, as a program does.

    An error of ours is a message and exit status 1, not a trace.
    """
    try:
        cli.main(words, prog_name="jiaoyan", standalone_mode=True)
    except JiaoyanError as error:
        click.echo(f"{error.message}（{error.code}）", err=True)
        sys.exit(1)


@click.group()
def cli() -> None:
    """教研：教育局教研业务流程系统。"""


cli.add_command(users)
cli.add_command(calendar)
cli.add_command(data)
cli.add_command(backup)
cli.add_command(restore)


@cli.command()
@with_settings
def demo(settings: Settings) -> None:
    """启动演示：样例数据，网页和作业在一个进程里。"""
    from service import demo as demonstration

    demonstration.run(settings)


@cli.command()
@with_settings
def serve(settings: Settings) -> None:
    """启动网页和接口（不运行作业）。"""
    from service import serving

    serving.serve(settings)


@cli.command()
@with_settings
def worker(settings: Settings) -> None:
    """运行到期的作业。"""
    from service import serving

    serving.work(settings)


@cli.group()
def db() -> None:
    """数据库。"""


@db.command("upgrade")
@with_settings
def upgrade(settings: Settings) -> None:
    """把数据库升级到最新结构。"""
    from service import app

    app.upgrade_database(settings, app.discover())
    click.echo("数据库已是最新结构。")


FILES = click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)


@cli.command()
@FILES
@with_settings
def check(settings: Settings, files: tuple[Path, ...]) -> None:
    """检查流程图、决策表和表单，不部署。有错误时退出码为 1。"""
    from service import administration

    if _show(administration.check(settings, files)):
        sys.exit(1)
    click.echo("没有错误，可以部署。")


@cli.command()
@FILES
@with_settings
def deploy(settings: Settings, files: tuple[Path, ...]) -> None:
    """检查并一起部署流程图、决策表和表单。"""
    from service import administration
    from service.commands.deployments import DeploymentRefused

    try:
        for line in administration.deploy(settings, files):
            click.echo(line)
    except DeploymentRefused as refused:
        _show(refused.problems)
        raise


def _show(problems: "list[Problem] | tuple[Problem, ...]") -> bool:
    """Print the findings, worst first; tell whether there is an error among them."""
    order = list(SEVERITY)
    for problem in sorted(problems, key=lambda p: (order.index(p.severity), p.resource)):
        element = (
            f"{problem.element_name or ''}（{problem.element_id}）" if problem.element_id else ""
        )
        click.echo(f"{SEVERITY[problem.severity]}  {problem.resource} {element}")
        click.echo(f"    {problem.message}")
        click.echo(f"    改法：{problem.remedy}  [{problem.rule}]")
    return any(problem.severity is Severity.ERROR for problem in problems)


@cli.command("open-procedure")
@click.argument("process_id")
@click.option("--reason", required=True, help="依据和理由，永久记入访问日志")
@with_settings
def open_procedure(settings: Settings, process_id: str, reason: str) -> None:
    """解除一个流程的封闭：授权“全部流程”的人从此能看到它的事项，以前的也在内。"""
    from service import administration

    administration.open_procedure(settings, process_id, reason)
    click.echo(f"流程 {process_id} 不再封闭。")


@cli.group()
def token() -> None:
    """接口令牌。"""


@token.command("create")
@click.argument("username")
@click.option("--name", required=True, help="用途，便于日后辨认")
@click.option("--days", default=365, show_default=True, help="有效天数")
@with_settings
def create_token(settings: Settings, username: str, name: str, days: int) -> None:
    """建立令牌并显示一次；系统只保存它的摘要。"""
    from service import administration

    key, plain = administration.create_token(settings, username, name, days)
    click.echo(plain)
    click.echo(f"编号 {key}；作废时运行 jiaoyan token revoke {key}", err=True)


@token.command("revoke")
@click.argument("key", type=int)
@with_settings
def revoke_token(settings: Settings, key: int) -> None:
    """作废一个令牌。"""
    from service import administration

    administration.revoke_token(settings, key)
    click.echo("已作废。")


@cli.group()
def audit() -> None:
    """审计。"""


@audit.command("verify")
@click.option(
    "--heads",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="以前导出的锚点文件：还能发现整条删除、恢复旧备份和用密钥重写",
)
@with_settings
def verify(settings: Settings, heads: Path | None) -> None:
    """核对办理记录、访问日志和授权；有不符之处时退出码为 1。"""
    from service import administration

    findings, verified = administration.verify(settings, heads)
    for line in findings:
        click.echo(line)
    click.echo(verified)
    if findings:
        sys.exit(1)


@audit.command("heads")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="写入这个新文件，而不是屏幕"
)
@with_settings
def export_heads(settings: Settings, out: Path | None) -> None:
    """导出每条链的锚点，保存到系统之外，以后用 audit verify --heads 对照。"""
    from service import administration

    try:
        done = administration.export_heads(settings, out, lambda line: click.echo(line, nl=False))
    except FileExistsError:
        click.echo(f"文件 {out} 已经存在，没有覆盖。请换一个文件名。", err=True)
        sys.exit(1)
    click.echo(done, err=True)


@audit.command("erase")
@click.argument("username")
@click.option("--reason", required=True, help="依据和理由，永久记入访问日志")
@with_settings
def erase(settings: Settings, username: str, reason: str) -> None:
    """依法删除一个人已办结、保存期满的事项内容；不能恢复。"""
    from service import administration

    click.echo(administration.erase(settings, username, reason))


@audit.command("clean")
@with_settings
def clean_access_log(settings: Settings) -> None:
    """清理保存期已满的访问日志；作业程序每天也会清理。"""
    from service import administration

    click.echo(administration.clean_access_log(settings))


if __name__ == "__main__":
    main()
