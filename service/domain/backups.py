"""A backup file: what it says of itself, how that is signed, and what may be wrong with one.

The file is a plain tar (ustar) of regular files, in this order:

`tables/<table>/<number>.jsonl.gz`  rows, a JSON list a line, in lots; numbers from 000001
`files/<storage name>`              the bytes of uploaded files
`SHA256SUMS`                        a line a member before it, as `sha256sum -c` reads them
`manifest.json`                     what it is: see `Manifest`
`manifest.hmac`                     HMAC-SHA-256 of the manifest, by a key derived of the audit key

Neither the audit key nor the data key is in it.
"""

import hmac
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from service.domain.access_events import BUREAU_TIME
from service.domain.errors import Conflict, Invalid, JiaoyanError

FORMAT = "jiaoyan-backup-1"
"""Changes with each change that an older program would read wrongly."""
_FAMILY = "jiaoyan-backup-"

SUMS, MANIFEST, SIGNATURE = "SHA256SUMS", "manifest.json", "manifest.hmac"
MEMBER_NAME = re.compile(
    r"tables/[a-z][a-z0-9_]{0,62}/[0-9]{6}\.jsonl\.gz|files/[0-9a-f]{32}"
    r"|SHA256SUMS|manifest\.json|manifest\.hmac"
)
FILE_NAME = re.compile(r"jiaoyan-[0-9]{8}-[0-9]{6}\.tar")
"""Of backups that were named by the program; only these are ever deleted by `--keep`."""

_T = TypeVar("_T")

NAMED = 20
"""Files at most that the manifest names one by one."""


class Step(StrEnum):
    """What is being done, for a person who waits."""

    ROWS_OUT = "读取数据"
    FILES_OUT = "复制文件"
    CHECK = "核对备份"
    FILES_IN = "写入文件"
    ROWS_IN = "写入数据"


Progress = Callable[[Step, int, int], None]
"""Told how much is done, of how much in all; 0 where nobody knows. Rows out, else bytes."""


class BackupUnreadable(Invalid):
    """这不是本系统的备份文件，或者文件不完整（{reason}）。什么也没有写入。请重新取一份副本，或换一份备份。"""

    code = "backup.unreadable"


class BackupDamaged(Invalid):
    """备份文件已损坏：{member} 与记下的校验值不符。什么也没有写入。请换用另外保存的副本，或换一份备份。"""  # noqa: E501 - a message is one paragraph

    code = "backup.damaged"


class BackupForged(Invalid):
    """备份文件的签名不符：制成以后被改动过。什么也没有写入。请换用另外保存的副本，并查明是谁动过这份备份。"""

    code = "backup.forged"


class BackupNewer(Invalid):
    """这份备份由更新的程序制成（{unknown}），本程序不认识。什么也没有写入。请换用制成备份时的程序或更新的程序。"""

    code = "backup.newer"


class AuditKeyDiffers(Invalid):
    """JIAOYAN_AUDIT_KEY 不是制成这份备份的系统所用的审计密钥。什么也没有写入。请设为原来的值：用别的密钥，全部办理记录都无法核对。原来的密钥确已丢失的，加上 --keys-lost 再运行。"""  # noqa: E501 - a message is one paragraph

    code = "backup.audit-key"


class DataKeyDiffers(Invalid):
    """JIAOYAN_DATA_KEY 里没有加密这份备份中个人信息的密钥（{names}，共 {values} 项）。什么也没有写入。请设为原来的值；改过密钥的，把新旧密钥用逗号隔开写在一起。原来的密钥确已丢失的，加上 --keys-lost 再运行，这些信息就无法恢复了。"""  # noqa: E501 - a message is one paragraph

    code = "backup.data-key"


class ClockBehind(Invalid):
    """本机时间（{now}）早于备份的时间（{at}）。什么也没有写入。请先校准时间：时间不对，期限和编号都会出错。"""

    code = "backup.clock"


class DatabaseNotEmpty(Conflict):
    """数据库里已有内容（表 {table}），没有恢复，什么也没有改动。备份只能恢复到空的数据库：请新建一个数据库（SQLite 用另一个数据目录），或先把现在的移走。"""  # noqa: E501 - a message is one paragraph

    code = "restore.database-not-empty"


class FilesNotEmpty(Conflict):
    """文件目录 {folder} 里已有内容，没有恢复，什么也没有改动。请先把它移走，或用 JIAOYAN_DATA_DIR 换一个数据目录。"""  # noqa: E501 - a message is one paragraph

    code = "restore.files-not-empty"


class RowsRefused(Conflict):
    """备份里表 {table} 的内容无法写入这个数据库，没有恢复，什么也没有改动。请把这份备份和系统日志交给开发人员。"""  # noqa: E501 - a message is one paragraph

    code = "restore.rows-refused"


class BackupExists(Conflict):
    """{path} 已经存在，没有覆盖，也没有备份。请换一个文件名。"""

    code = "backup.exists"


class NoSpace(JiaoyanError):
    """{folder} 所在的磁盘空间不足，没有完成，也没有留下不完整的内容；原有数据没有改动。请腾出空间或换一个位置后再运行。"""  # noqa: E501 - a message is one paragraph

    code = "backup.no-space"


class NotAccessible(JiaoyanError):
    """{path} 无法读写（{reason}），没有完成，也没有留下不完整的内容；原有数据没有改动。请检查路径和权限后再运行。"""  # noqa: E501 - a message is one paragraph

    code = "backup.not-accessible"


class Interrupted(JiaoyanError):
    """已中断，没有完成，也没有留下不完整的内容；原有数据没有改动。请重新运行。"""

    code = "backup.interrupted"


class ColumnKind(StrEnum):
    """What a column holds, the same on each kind of database."""

    INTEGER = "integer"
    TEXT = "text"
    BYTES = "bytes"
    BOOLEAN = "boolean"
    TIME = "time"
    """ISO 8601 with its offset."""
    DAY = "day"


@dataclass(frozen=True, slots=True)
class TableContent:
    """A table: its columns in the order in which each row gives them, and how many rows."""

    name: str
    columns: Mapping[str, ColumnKind]
    rows: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    at: datetime
    """All rows are as they were at one moment, this one or shortly after."""
    program: str
    """Version of the program that made it."""
    database: str
    """Kind of database that it was taken from; it may be restored to any."""
    revisions: tuple[str, ...]
    """Migrations that had run: see `service.store.migrating`."""
    tables: tuple[TableContent, ...]
    """In an order in which they can be filled."""
    files: int
    file_bytes: int
    lacking: int
    """Rows whose file was missing or altered already when the backup was taken."""
    lacking_named: tuple[str, ...]
    """The keys of the first of these documents."""
    sealed: Mapping[str, int]
    """How many values each data key has sealed, by the name of the key."""
    key_check: str
    """Tells whether an audit key is that of the backup; the key cannot be told from it."""
    sums: str
    """SHA-256 of `SHA256SUMS`."""

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.tables)


def file_name(at: datetime) -> str:
    """Return the name that a backup of this moment gets, by the bureau's clock."""
    return f"jiaoyan-{at.astimezone(BUREAU_TIME):%Y%m%d-%H%M%S}.tar"


def key_check(audit_key: bytes) -> str:
    """Return what is kept to recognise this key by."""
    return hmac.digest(_derived(audit_key), b"key check", "sha256")[:16].hex()


def sign(manifest: bytes, audit_key: bytes) -> bytes:
    """Return the content of `manifest.hmac`."""
    return hmac.digest(_derived(audit_key), manifest, "sha256").hex().encode()


def write_manifest(manifest: Manifest) -> bytes:
    """Return the content of `manifest.json`."""
    content = {
        "format": FORMAT,
        "at": manifest.at.isoformat(),
        "program": manifest.program,
        "database": manifest.database,
        "revisions": manifest.revisions,
        "tables": [
            {"name": each.name, "columns": each.columns, "rows": each.rows}
            for each in manifest.tables
        ],
        "files": manifest.files,
        "file_bytes": manifest.file_bytes,
        "lacking": manifest.lacking,
        "lacking_named": manifest.lacking_named,
        "sealed": manifest.sealed,
        "key_check": manifest.key_check,
        "sums": manifest.sums,
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def read_manifest(content: bytes, signature: bytes, audit_key: bytes | None) -> Manifest:
    """Read a manifest and, where there is a key, check that it was signed with it.

    Raises BackupUnreadable, BackupNewer, AuditKeyDiffers, BackupForged.
    """
    try:
        manifest = _manifest(json.loads(content))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BackupUnreadable(reason="清单无法识别") from None
    if audit_key is not None:
        if not _same(key_check(audit_key), manifest.key_check):
            raise AuditKeyDiffers
        if not hmac.compare_digest(sign(content, audit_key), signature):
            raise BackupForged
    return manifest


def require_data_keys(manifest: Manifest, names: Sequence[str]) -> None:
    """Raise DataKeyDiffers unless the keys of these names open all that is sealed."""
    lost = {name: count for name, count in manifest.sealed.items() if count and name not in names}
    if lost:
        raise DataKeyDiffers(names="、".join(sorted(lost)), values=sum(lost.values()))


def _manifest(said: object) -> Manifest:
    content = _of(dict, said)
    written_as = _of(str, content["format"])
    if written_as != FORMAT:
        if written_as.startswith(_FAMILY):
            raise BackupNewer(unknown=f"格式 {written_as[:40]}")
        raise BackupUnreadable(reason="格式不对")
    at = datetime.fromisoformat(_of(str, content["at"]))
    if at.tzinfo is None:
        raise ValueError("a moment has its offset")
    return Manifest(
        at=at,
        program=_of(str, content["program"]),
        database=_of(str, content["database"]),
        revisions=_texts(content["revisions"]),
        tables=tuple(map(_table, _of(list, content["tables"]))),
        files=_number(content["files"]),
        file_bytes=_number(content["file_bytes"]),
        lacking=_number(content["lacking"]),
        lacking_named=_texts(content["lacking_named"]),
        sealed={name: _number(count) for name, count in _of(dict, content["sealed"]).items()},
        key_check=_of(str, content["key_check"]),
        sums=_of(str, content["sums"]),
    )


def _table(said: object) -> TableContent:
    content = _of(dict, said)
    columns = _of(dict, content["columns"])
    return TableContent(
        _of(str, content["name"]),
        {name: ColumnKind(kind) for name, kind in columns.items()},
        _number(content["rows"]),
    )


def _of(kind: type[_T], value: object) -> _T:
    if not isinstance(value, kind):
        raise TypeError(f"{kind.__name__} is expected")
    return value


def _number(value: object) -> int:
    number = _of(int, value)
    if number < 0:
        raise ValueError("no number of things is negative")
    return number


def _texts(value: object) -> tuple[str, ...]:
    return tuple(_of(str, each) for each in _of(list, value))


def _derived(audit_key: bytes) -> bytes:
    # Not the key of the chains itself: what is signed here must never pass for a chain's state.
    return hmac.digest(audit_key, FORMAT.encode(), "sha256")


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
