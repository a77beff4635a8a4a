"""The command line's part about backups: `jiaoyan backup …` and `jiaoyan restore`."""

import sys
import time
from pathlib import Path

import click

from service.cli_settings import with_settings
from service.domain.backups import Step
from service.settings import Settings

_MEGABYTE = 1024 * 1024
_EVERY = 0.2
"""Seconds between two lines of progress."""

BACKUP = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


class Meter:
    """Shows on a terminal how far it is, in one line; says nothing where nobody looks."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._next = 0.0

    def __call__(self, step: Step, done: int, of: int) -> None:
        """Show this much, now and then."""
        if not self._shown or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _EVERY
        if step is Step.ROWS_OUT:
            said = f"{done} 行"
        elif of:
            said = f"{done * 100 // of}%"
        else:
            said = f"{done / _MEGABYTE:.0f} MB"
        click.echo(f"\r\033[K{step} {said}", nl=False, err=True)

    def clear(self) -> None:
        """Take the line away."""
        if self._shown:
            click.echo("\r\033[K", nl=False, err=True)


@click.group(invoke_without_command=True)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="写到这个文件夹（自动取名）或这个新文件；默认是数据目录下的 backups",
)
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    help="完成后只留下最新的这么多份（只删除自动取名的备份）",
)
@click.pass_context
def backup(context: click.Context, out: Path | None, keep: int | None) -> None:
    """备份数据库和全部附件，写成一个文件；系统可以照常使用。"""
    if context.invoked_subcommand is None:
        with_settings(_take)(out, keep)


def _take(settings: Settings, out: Path | None, keep: int | None) -> None:
    from service import backup_administration

    meter = Meter()
    try:
        done = backup_administration.take(settings, out, keep, meter)
    finally:
        meter.clear()
    for line in done.lines:
        click.echo(line)
    for line in done.warnings:
        click.echo(line, err=True)


@backup.command("verify")
@BACKUP
@with_settings
def verify(settings: Settings, file: Path) -> None:
    """核对备份是否完整、是否被改动，不恢复。不需要数据库。"""
    from service import backup_administration

    meter = Meter()
    try:
        lines = backup_administration.verify(settings, file, meter)
    finally:
        meter.clear()
    for line in lines:
        click.echo(line)


@click.command()
@BACKUP
@click.option(
    "--keys-lost",
    is_flag=True,
    help="制成备份时的密钥确已丢失，仍要恢复：以前的记录不能再核对，加密的个人信息不能再读",
)
@with_settings
def restore(settings: Settings, file: Path, keys_lost: bool) -> None:
    """把备份恢复到空的数据库和空的文件目录；两种数据库之间也可以。"""
    from service import backup_administration

    meter = Meter()
    try:
        lines = backup_administration.restore(settings, file, meter, keys_lost=keys_lost)
    finally:
        meter.clear()
    for line in lines:
        click.echo(line)
