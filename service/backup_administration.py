"""What an operator does with backups from the command line, each act as the system.

Part of the composition root: `cli_backup.py` names these and prints what they return.
"""

import os
import platform
import pwd
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from service import app
from service.administration import AuditKeyMissing, opened
from service.commands import backups, restoring
from service.commands.new_file import said_plainly
from service.domain.actors import SYSTEM
from service.domain.backups import Interrupted, Manifest, Progress, file_name
from service.domain.dates import shown
from service.domain.values import Json
from service.settings import RELEASE, Settings, with_demonstration_keys

_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, and what somebody should look at."""

    lines: list[str]
    warnings: list[str]


def take(settings: Settings, out: Path | None, keep: int | None, progress: Progress) -> Done:
    """Write a backup, and delete older ones beside it where a number to keep is given.

    Raises AuditKeyMissing, DatabaseNotReady and what `backups.take` raises.
    """
    with opened(settings) as rooms, _interruptible():
        now = rooms.clock()
        path = out or settings.data_dir / "backups"
        if out is None:
            with said_plainly(path):
                path.mkdir(mode=0o700, exist_ok=True)
        if path.is_dir():
            path /= file_name(now)
        taken = backups.take(
            rooms,
            path,
            tables=app.table_names(),
            program=RELEASE,
            progress=progress,
            actor=SYSTEM,
            details=_operator(),
            now=now,
        )
    lines = [
        f"已备份到 {path}（{taken.size / _MEGABYTE:.1f} MB）。",
        f"内容：{_content(taken.manifest)}。",
    ]
    if keep is not None:
        deleted = backups.keep_newest(path.parent, keep)
        lines += [f"已删除旧的备份 {old.name}。" for old in deleted]
    lines.append("请复制到另一台机器上保存。审计密钥和个人信息密钥不在备份里，请分开保管。")
    warnings = _lacking(taken.manifest)
    if taken.left_out:
        names = "、".join(taken.left_out)
        warnings.append(f"注意：数据库里的表 {names} 不属于本系统，没有备份。")
    return Done(lines, warnings)


def verify(settings: Settings, file: Path, progress: Progress) -> list[str]:
    """Check a backup without a database; return what it is. Raises what `backups.verify` raises."""
    key = with_demonstration_keys(settings).audit_key
    manifest = backups.verify(file, key.encode() if key else None, progress=progress)
    signed = "签名相符" if key else "没有设置 JIAOYAN_AUDIT_KEY，没有核对签名"
    return [
        f"备份完好：{file}（{signed}）。",
        f"取自 {shown(manifest.at)}，程序 {manifest.program}，{_content(manifest)}。",
        *_lacking(manifest),
    ]


def restore(
    settings: Settings, file: Path, progress: Progress, *, keys_lost: bool = False
) -> list[str]:
    """Restore a backup into what is empty; return what was done.

    Raises AuditKeyMissing and what `restoring.restore` raises.
    """
    bureau = app.discover()
    settings = with_demonstration_keys(settings)
    if not settings.audit_key:
        raise AuditKeyMissing
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    rooms = app.assemble(settings, bureau)
    try:
        with _interruptible():
            manifest = restoring.restore(
                rooms,
                file,
                tables=app.table_names(),
                version_locations=bureau.version_locations,
                keys_lost=keys_lost,
                progress=progress,
                actor=SYSTEM,
                details=_operator(),
                now=rooms.clock(),
            )
    finally:
        rooms.feel.close()
        rooms.database.dispose()
    return [
        f"已恢复 {shown(manifest.at)} 的备份：{_content(manifest)}。",
        *_lacking(manifest),
        "请接着运行 jiaoyan audit verify 核对记录，再启动系统。",
        "备份以后作废的令牌、锁定的账号、收回的权限又是备份时的样子，请核对；"
        "备份时等待发送的消息会再发送一次。",
    ]


def _content(manifest: Manifest) -> str:
    return (
        f"{len(manifest.tables)} 个表 {manifest.rows} 行，"
        f"{manifest.files} 个文件 {manifest.file_bytes / _MEGABYTE:.1f} MB"
    )


def _lacking(manifest: Manifest) -> list[str]:
    if not manifest.lacking:
        return []
    named = "、".join(manifest.lacking_named)
    more = "等" if manifest.lacking > len(manifest.lacking_named) else ""
    return [
        f"注意：备份时已有 {manifest.lacking} 个附件不在文件目录里，或者内容被改动过"
        f"（编号 {named}{more}），请从更早的备份里找回。"
    ]


def _operator() -> "dict[str, Json]":
    """Who runs the command on which machine, as the operating system knows them."""
    try:
        account = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        account = str(os.getuid())
    return {"operator": account, "host": platform.node()}


@contextmanager
def _interruptible() -> Iterator[None]:
    """Raise Interrupted in this block where somebody stops the program, so it can clear up."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise Interrupted

    stops = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {each: signal.signal(each, stop) for each in stops}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
