"""What a verification of the record finds, and the heads that are kept outside to compare with."""

import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from service.domain.access_events import RetentionClass
from service.domain.dates import said_day
from service.domain.errors import Invalid


class Fault(StrEnum):
    """What is wrong with a chain, or with what it should agree with."""

    CHANGED = "changed"
    """From this entry on the chain does not fit: it, or one before it, was changed or forged."""
    MISSING = "missing"
    """An entry of this number is not there."""
    CUT_OFF = "cut-off"
    """The head knows of more entries, or of others, than are there; or there is none at all."""
    UNKNOWN_INSTANCE = "unknown-instance"
    """There are entries of an instance that does not exist."""
    NO_HEAD = "no-head"
    """There are events of a day whose chain has no head."""
    LEFT_OVER = "left-over"
    """There are events of a day that was deleted when its time was over."""
    VALUE_CHANGED = "value-changed"
    """The entry stands, its value is not the one that was recorded, or was added to it."""
    VALUE_GONE = "value-gone"
    """The entry's value is gone, and no entry says that it was erased."""
    CHAIN_GONE = "chain-gone"
    """A chain whose head was exported is not there, and was not deleted when its time was over."""
    SHORTENED = "shortened"
    """The chain has fewer entries than when its head was exported."""
    REWRITTEN = "rewritten"
    """The chain has another entry where its exported head was."""
    NOT_RECORDED = "not-recorded"
    """Something counts that nobody is recorded to have given, or not as it is."""
    NOT_THERE = "not-there"
    """Something does not count, or not as it was given, that by the record never ended."""
    NOT_AS_NAMED = "not-as-named"
    """A post group has other members than its name says."""

    @property
    def label(self) -> str:
        """What people read."""
        return _FAULTS[self]


_FAULTS: Mapping[Fault, str] = {
    Fault.CHANGED: "从这一条起与链不符：这一条或之前的记录被改动或伪造",
    Fault.MISSING: "缺少这一条",
    Fault.CUT_OFF: "末尾的记录被删除，或者链尾被改动",
    Fault.UNKNOWN_INSTANCE: "记录所属的事项不存在",
    Fault.NO_HEAD: "记录的链尾不存在",
    Fault.LEFT_OVER: "这一天的日志已到期清理，却又出现了记录",
    Fault.VALUE_CHANGED: "记录的内容被改动或添加",
    Fault.VALUE_GONE: "记录的内容不见了，又没有依法删除的记录",
    Fault.CHAIN_GONE: "导出过锚点的链整条不见了",
    Fault.SHORTENED: "比导出锚点时的记录少了",
    Fault.REWRITTEN: "与导出锚点时的记录不同",
    Fault.NOT_RECORDED: "数据库里是这样，但没有这样的记录",
    Fault.NOT_THERE: "按记录应当如此，但数据库里不是",
    Fault.NOT_AS_NAMED: "成员条件与名称不符",
}


class ChainKind(StrEnum):
    """What a chain, or a row that must agree with one, belongs to."""

    HISTORY = "history"
    ACCESS = "access"
    RIGHT = "right"
    CLOSED = "closed"
    MEMBERSHIP = "membership"
    POST = "post"
    POST_GROUP = "post-group"
    DEPUTY = "deputy"
    TIE = "tie"
    ACCOUNT = "account"
    TOKEN = "token"  # noqa: S105 - the name of a kind
    REGISTER = "register"
    """An entry of a register of procedures: `<register>/<key>`."""


_STANDINGS: Mapping[ChainKind, str] = {
    ChainKind.RIGHT: "授权",
    ChainKind.CLOSED: "封闭的流程",
    ChainKind.MEMBERSHIP: "用户组成员",
    ChainKind.POST: "岗位任职",
    ChainKind.POST_GROUP: "岗位组",
    ChainKind.DEPUTY: "代理",
    ChainKind.TIE: "回避申报",
    ChainKind.ACCOUNT: "账号",
    ChainKind.TOKEN: "接口令牌",
    ChainKind.REGISTER: "名册记录",
}
"""What has no chain of its own, but must agree with the record."""


@dataclass(frozen=True, slots=True, order=True)
class ChainName:
    """Which chain: an instance's key, or day, class and person; or what must agree with one."""

    kind: ChainKind
    id: str

    @property
    def label(self) -> str:
        """What people read."""
        if self.kind is ChainKind.HISTORY:
            return f"事项 {self.id} 的办理记录"
        if self.kind in _STANDINGS:
            return f"{_STANDINGS[self.kind]} {self.id}"
        day, retention, person = self.id.split("/", 2)
        kept = "长期保存的" if retention == RetentionClass.PERMANENT else ""
        return f"{person or '（未知用户名）'} 在{_said(day)}的{kept}访问日志"


def _said(day: str) -> str:
    """A day of a record as people read it; one that somebody has spoiled as it stands."""
    try:
        return said_day(date.fromisoformat(day))
    except ValueError:
        return day


def history_chain(instance_key: int) -> ChainName:
    """Return the name of an instance's history."""
    return ChainName(ChainKind.HISTORY, str(instance_key))


def access_chain(day: str, retention: str, person: str) -> ChainName:
    """Return the name of the access log of one person, day and class."""
    return ChainName(ChainKind.ACCESS, f"{day}/{retention}/{person}")


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault; `number` is the entry's, or the length that a head claims.

    `words` say it more closely than the fault's label does, where somebody knows.
    """

    chain: ChainName
    number: int
    fault: Fault
    words: str = ""

    @property
    def label(self) -> str:
        """What people read."""
        if self.chain.kind in _STANDINGS:
            return f"{self.chain.label}：{self.words or self.fault.label}"
        return f"{self.chain.label}，第 {self.number} 条：{self.fault.label}"


@dataclass(frozen=True, slots=True)
class Head:
    """How far a chain was, and the seal of its newest entry: from it no state can be told."""

    chain: ChainName
    length: int
    seal: str


@dataclass(frozen=True, slots=True)
class HeadsFile:
    """Heads as they were exported at a moment."""

    at: datetime
    heads: tuple[Head, ...]


class HeadsUnreadable(Invalid):
    """这不是本系统导出的锚点文件，或者文件不完整；没有核对。请换用导出时的原文件。"""

    code = "audit.heads-unreadable"


class HeadsForged(Invalid):
    """锚点文件的签名不符：文件被改动过，或者不是用现在的审计密钥导出的；没有核对。"""

    code = "audit.heads-forged"


_FORMAT = "jiaoyan-heads-1"


def write_heads(heads: Iterable[Head], *, at: datetime, key: bytes) -> Iterator[str]:
    """Give the lines of a heads file: JSON each, the last one signs all before it by HMAC."""
    signature = _signature(key)
    for line in _lines(heads, at):
        signature.update(line.encode())
        yield line
    yield json.dumps({"hmac": signature.hexdigest()}) + "\n"


def read_heads(lines: Iterable[str], *, key: bytes) -> HeadsFile:
    """Read a heads file. Raises HeadsUnreadable, HeadsForged."""
    signature = _signature(key)
    at: datetime | None = None
    heads: list[Head] = []
    signed: str | None = None
    for line in lines:
        if signed is not None:
            raise HeadsUnreadable
        content = _parsed(line)
        if "hmac" in content:
            signed = str(content["hmac"])
            continue
        signature.update(line.encode())
        try:
            if at is None:
                at = _begun(content)
            else:
                heads.append(_head(content))
        except (KeyError, TypeError, ValueError):
            raise HeadsUnreadable from None
    if signed is None or at is None:
        raise HeadsUnreadable
    if not hmac.compare_digest(signature.hexdigest().encode(), signed.encode()):
        raise HeadsForged
    return HeadsFile(at, tuple(heads))


def _signature(key: bytes) -> hmac.HMAC:
    # Not the key of the chains itself: what is signed here must never pass for a chain's state.
    return hmac.new(hmac.digest(key, _FORMAT.encode(), "sha256"), digestmod="sha256")


def _lines(heads: Iterable[Head], at: datetime) -> Iterator[str]:
    yield json.dumps({"format": _FORMAT, "at": at.isoformat()}) + "\n"
    for head in heads:
        chain = f"{head.chain.kind}/{head.chain.id}"
        content = {"chain": chain, "length": head.length, "seal": head.seal}
        yield json.dumps(content) + "\n"


def _parsed(line: str) -> dict[str, object]:
    try:
        content = json.loads(line)
    except (ValueError, RecursionError):
        raise HeadsUnreadable from None
    if not isinstance(content, dict):
        raise HeadsUnreadable
    return content


def _begun(content: dict[str, object]) -> datetime:
    if content["format"] != _FORMAT:
        raise HeadsUnreadable
    return datetime.fromisoformat(str(content["at"]))


def _head(content: dict[str, object]) -> Head:
    kind, _, name = str(content["chain"]).partition("/")
    length = content["length"]
    if not isinstance(length, int) or not 0 <= length < 1 << 63:
        raise HeadsUnreadable
    return Head(ChainName(ChainKind(kind), name), length, str(content["seal"]))
