"""The command line's part about the calendar: `jiaoyan calendar …`."""

from pathlib import Path

import click

from service.cli_settings import with_settings
from service.settings import Settings


@click.group()
def calendar() -> None:
    """工作日历。"""


@calendar.command("import")
@click.argument("year", type=int)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--confirmed", is_flag=True, help="已与国务院办公厅的通知核对，有疑问也导入")
@with_settings
def bring_in(settings: Settings, year: int, file: Path, confirmed: bool) -> None:
    """导入一年的放假和调休安排（.xlsx），整个换掉这一年。"""
    from service import calendar_administration

    click.echo(calendar_administration.import_year(settings, year, file, confirmed=confirmed))


@calendar.command("export")
@click.argument("year", type=int)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_settings
def export(settings: Settings, year: int, file: Path) -> None:
    """把一年的安排写成表格（.xlsx），改好后可以再导入。"""
    from service import calendar_administration

    calendar_administration.export_year(settings, year, file)
    click.echo(f"已写入 {file}。")


@calendar.command("update")
@with_settings
def update(settings: Settings) -> None:
    """补上今后各年的推算，采用随系统提供的安排；作业程序每天也会做。"""
    from service import calendar_administration

    click.echo(calendar_administration.update(settings))
