"""What an operator does from the command line, each act as the system.

Part of the composition root: `cli.py` names these and prints what they return.
"""

import contextlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from service import app
from service.commands import (
    api_tokens,
    auditing,
    closing,
    deployments,
    erasure,
    groups,
    retention,
    rights,
)
from service.commands.deployments import DeploymentReceipt, Upload
from service.commands.rooms import Rooms
from service.commands.toolbox import Toolbox
from service.domain.actors import SYSTEM
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.domain.dates import shown
from service.domain.errors import JiaoyanError
from service.domain.problems import Problem
from service.domain.soundness import HeadsFile, HeadsUnreadable, read_heads
from service.settings import Settings, with_demonstration_keys
from service.store import migrating
from service.store.database import with_driver


class DatabaseNotReady(JiaoyanError):
    """数据库 {where} {why}，什么也没有改动。地址由 JIAOYAN_DATABASE_URL 或 JIAOYAN_DATA_DIR 决定：不是要用的那一个时改正后再运行，是的话请先运行 `jiaoyan db upgrade`。"""  # noqa: E501 - a message is one paragraph

    code = "database-not-ready"


class AuditKeyMissing(JiaoyanError):
    """没有设置 JIAOYAN_AUDIT_KEY，没有核对记录，也没有做任何改动。请设为系统运行时所用的值后再运行。"""  # noqa: E501 - a message is one paragraph

    code = "audit.key-missing"


class ObjectKindUnknown(JiaoyanError):
    """没有“{given}”这类授权对象，没有授权。可用的有：{known}。"""

    code = "rights.object-unknown"


def check(settings: Settings, files: Sequence[Path]) -> list[Problem]:
    """Return what is wrong with these files, beside what is deployed where there is a database."""
    with _rooms_to_check(settings) as rooms:
        return deployments.check(rooms, _uploads(files))


def deploy(settings: Settings, files: Sequence[Path]) -> list[str]:
    """Deploy the files together; return a line a definition. Raises DeploymentRefused."""
    with opened(settings) as rooms:
        receipt = deployments.deploy(rooms, _uploads(files), actor=SYSTEM, now=rooms.clock())
        return list(_lines(receipt))


def revoke_token(settings: Settings, key: int) -> None:
    """Make a token worthless from now on."""
    with transaction(settings) as (rooms, tools):
        api_tokens.revoke_token(tools, key=key, actor=SYSTEM, now=rooms.clock())


def add_group(settings: Settings, group_id: str, name: str, members: Iterable[str]) -> None:
    """Make a group where there is none, and put these people into it."""
    with transaction(settings) as (rooms, tools):
        groups.create_group(tools, group_id=group_id, name=name, actor=SYSTEM, now=rooms.clock())
        for username in members:
            groups.add_member(
                tools, group_id=group_id, username=username, actor=SYSTEM, now=rooms.clock()
            )


def grant(
    settings: Settings, group_id: str, object_kind: str, action: str, process_id: str
) -> None:
    """Give a group a right. Raises ObjectKindUnknown."""
    if object_kind not in set(ObjectKind):
        raise ObjectKindUnknown(given=object_kind, known="、".join(ObjectKind))
    right = Grant(
        grantee_kind=GranteeKind.GROUP,
        grantee=group_id,
        process_id=process_id,
        object=ObjectKind(object_kind),
        action=Action(action),
    )
    with transaction(settings) as (rooms, tools):
        rights.grant(tools, right, actor=SYSTEM, now=rooms.clock())


def open_procedure(settings: Settings, process_id: str, reason: str) -> None:
    """Let rights to all procedures reach a closed one again; see `service.commands.closing`."""
    with transaction(settings) as (rooms, tools):
        closing.open_procedure(tools, process_id, reason=reason, now=rooms.clock())


def create_token(settings: Settings, username: str, name: str, days: int) -> tuple[int, str]:
    """Make an API token valid for so many days; return its number and the token itself."""
    with transaction(settings) as (rooms, tools):
        now = rooms.clock()
        token = api_tokens.create_token(
            tools,
            username=username,
            name=name,
            expires_at=now + timedelta(days=days),
            actor=SYSTEM,
            now=now,
        )
        return token.key, token.plain


def verify(settings: Settings, heads: Path | None) -> tuple[list[str], str]:
    """Verify the whole record, with heads kept outside where there is a file of them.

    Returns a line a finding, and what was verified. Raises AuditKeyMissing: without the key every
    entry would look forged; HeadsUnreadable, HeadsForged.
    """
    with opened(settings) as rooms:
        outside = None if heads is None else _read_heads(heads, rooms.audit_key)
        done = auditing.verify(rooms, outside, actor=SYSTEM, now=rooms.clock())
    extent = done.extent
    verified = (
        f"共核对 {extent.instances} 个事项的 {extent.entries} 条办理记录、"
        f"{extent.chains} 条日志链的 {extent.events} 条访问日志"
    )
    if outside is not None:
        verified += f"、{shown(outside.at)} 导出的 {done.compared} 个锚点"
    return [each.label for each in done.findings], f"{verified}，{len(done.findings)} 处不符。"


def export_heads(settings: Settings, out: Path | None, echo: Callable[[str], object]) -> str:
    """Write the heads of all chains to a new file, or to `echo`; return what was done."""
    with opened(settings) as rooms, contextlib.ExitStack() as stack:
        write = echo
        if out is not None:
            write = stack.enter_context(out.open("x", encoding="utf-8")).write
        chains = auditing.export_heads(rooms, write, actor=SYSTEM, now=rooms.clock())
    return f"已导出 {chains} 个锚点。请保存到数据库管理员接触不到的地方。"


def erase(settings: Settings, username: str, reason: str) -> str:
    """Erase the content of a person's closed cases whose time is over; return what was done."""
    with transaction(settings) as (rooms, tools):
        done = erasure.erase(tools, username, reason=reason, actor=SYSTEM, now=rooms.clock())
    return (
        f"已删除 {done.cases} 个事项的内容：记录 {done.values} 条、数据 {done.variables} 项、"
        f"文件 {done.documents} 个；账号里的个人信息 {done.account_data} 项。"
    )


def clean_access_log(settings: Settings) -> str:
    """Delete the access logs whose time is over; return what was done."""
    with transaction(settings) as (rooms, tools):
        cleaned = retention.clean_access_log(
            tools, days=rooms.access_log_days, actor=SYSTEM, now=rooms.clock()
        )
    return (
        f"已清理 {cleaned.before} 之前的 {cleaned.chains} 条日志链、{cleaned.events} 条访问日志。"
    )


def _read_heads(file: Path, key: bytes) -> HeadsFile:
    try:
        with file.open(encoding="utf-8") as lines:
            return read_heads(lines, key=key)
    except UnicodeDecodeError:
        raise HeadsUnreadable from None


def _require_schema(settings: Settings, version_locations: Sequence[Path]) -> None:
    lacking = migrating.lacking(settings.database, version_locations)
    if lacking == set():
        return
    why = "还没有建立" if lacking is None else f"比程序旧，还缺 {'、'.join(sorted(lacking))}"
    raise DatabaseNotReady(where=database_named(settings), why=why)


def database_named(settings: Settings) -> str:
    """Return the database's address without its password."""
    return with_driver(settings.database).render_as_string(hide_password=True)


@contextmanager
def looked_at(settings: Settings) -> Iterator[Rooms]:
    """Give the rooms on the database that is there, to read. Raises DatabaseNotReady."""
    bureau = app.discover()
    _require_schema(settings, bureau.version_locations)
    rooms = app.assemble(with_demonstration_keys(settings), bureau)
    try:
        yield rooms
    finally:
        rooms.feel.close()
        rooms.database.dispose()


@contextmanager
def opened(settings: Settings) -> Iterator[Rooms]:
    """Give the rooms to change something; what changes is recorded.

    Raises AuditKeyMissing, DatabaseNotReady.
    """
    with looked_at(settings) as rooms:
        if not rooms.audit_key:
            raise AuditKeyMissing
        yield rooms


@contextmanager
def transaction(settings: Settings) -> Iterator[tuple[Rooms, Toolbox]]:
    """Give one transaction of these rooms. Raises AuditKeyMissing, DatabaseNotReady."""
    with opened(settings) as rooms, rooms.write() as tools:
        yield rooms, tools


@contextmanager
def _rooms_to_check(settings: Settings) -> Iterator[Rooms]:
    """Give the rooms of the database that is set, or of an empty one where none is there."""
    bureau = app.discover()
    with tempfile.TemporaryDirectory() as folder:
        file = settings.data_dir / "jiaoyan.db"
        if not settings.database_url and not file.exists():
            settings = replace(settings, data_dir=Path(folder))
            app.upgrade_database(settings, bureau)
        rooms = app.assemble(settings, bureau)
        try:
            yield rooms
        finally:
            rooms.feel.close()
            rooms.database.dispose()


def _uploads(files: Sequence[Path]) -> list[Upload]:
    return [Upload(path.name, path.read_bytes()) for path in files]


def _lines(receipt: DeploymentReceipt) -> Iterator[str]:
    for process in receipt.processes:
        yield f"流程 {process.process_id} 第 {process.version} 版{_same(process.duplicate)}"
    for decision in receipt.decisions:
        yield f"决策 {decision.decision_id} 第 {decision.version} 版{_same(decision.duplicate)}"
    for form in receipt.forms:
        yield f"表单 {form.form_id} 第 {form.version} 版{_same(form.duplicate)}"


def _same(duplicate: bool) -> str:
    return "（内容没有变化）" if duplicate else ""
