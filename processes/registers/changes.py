"""What is written of each act on an entry, and whether the entry is what its changes say."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.registers.fields import Values, differences, plain
from processes.registers.roster import AnyEntry, RegisterChange, Roster
from service.domain.actors import Actor
from service.domain.values import Json

ENTERED, CHANGED, ENDED = "entered", "changed", "ended"
RESERVED, RELEASED = "reserved", "released"


@dataclass(frozen=True, slots=True)
class Cause:
    """Who acts, when and why; what of a case causes it, if one does.

    `rules` names the version of rules and settings that was applied.
    """

    actor: Actor
    now: datetime
    reason: str
    rules: str
    instance_key: int | None = None
    cause_key: int | None = None
    holder: str = ""
    """Of somebody who was admitted by another account than they are entered by: that one."""


def values_of(roster: Roster, entry: AnyEntry) -> dict[str, object]:
    """Return what an entry holds, by field."""
    return {one.key: getattr(entry, one.key) for one in roster.fields}


def write(
    session: Session, roster: Roster, entry: AnyEntry, act: str, before: Values, cause: Cause
) -> RegisterChange:
    """Write the act that made an entry what it is now; `before` is what it was."""
    ending = {"ended_on": entry.ended_on, "ended_how": entry.ended_how}
    extra = {"reserved_for": getattr(entry, "reserved_for", "")}
    after = {one.key: getattr(entry, one.key) for one in roster.fields} | ending | extra
    changed = {key: list(pair) for key, pair in differences(before, after, roster.fields).items()}
    for key, value in (ending | extra).items():
        old, new = plain(before.get(key)), plain(value)
        if old != new:
            changed[key] = [old, new]
    previous = session.scalar(
        select(RegisterChange.digest)
        .where(RegisterChange.register == roster.id, RegisterChange.entry_key == entry.key)
        .order_by(RegisterChange.revision.desc())
        .limit(1)
    )
    change = RegisterChange(
        register=roster.id,
        entry_key=entry.key,
        revision=entry.revision,
        act=act,
        at=cause.now,
        by=cause.actor.username,
        by_name=cause.actor.display_name,
        reason=cause.reason,
        changes=changed,
        rules=cause.rules,
        instance_key=cause.instance_key,
        cause_key=cause.cause_key,
        digest="",
    )
    change.digest = digest_of(change, previous or "")
    session.add(change)
    session.flush()
    return change


def caused(session: Session, roster: Roster, cause_key: int) -> RegisterChange | None:
    """Return what a step of a case has written already, if it ran before."""
    return session.scalar(
        select(RegisterChange)
        .where(RegisterChange.cause_key == cause_key, RegisterChange.register == roster.id)
        .order_by(RegisterChange.revision)
        .limit(1)
    )


def history(session: Session, roster: Roster, key: int) -> Sequence[RegisterChange]:
    """Return all acts on an entry, the newest first; whom it is shown to, the caller has asked."""
    return session.scalars(
        select(RegisterChange)
        .where(RegisterChange.register == roster.id, RegisterChange.entry_key == key)
        .order_by(RegisterChange.revision.desc())
    ).all()


def soundness(roster: Roster, entry: AnyEntry, changes: Sequence[RegisterChange]) -> str:
    """Return what does not fit between an entry and its changes, in words; empty: all fits.

    `changes` as `history` gives them. The digests also lie in the access log, which is chained
    under a key: who could rewrite both must have that key.
    """
    said: dict[str, str] = {}
    digest = ""
    for number, change in enumerate(reversed(changes), start=1):
        if change.revision != number:
            return f"缺少第{number}次变更的记录"
        if change.digest != (digest := digest_of(change, digest)):
            return f"第{number}次变更的记录被改动过"
        pairs = change.changes if isinstance(change.changes, dict) else {}
        for key, pair in pairs.items():
            old, new = (str(one) for one in pair) if isinstance(pair, list) else ("", "")
            if said.get(key, old) != old:
                return f"第{number}次变更与以前的内容接不上"
            said[key] = new
    if entry.revision != len(changes):
        return "变更的次数与记录不符"
    fields = [one.key for one in roster.fields] + ["ended_on", "ended_how", "reserved_for"]
    for key in fields:
        now = plain(getattr(entry, key, ""))
        if said.get(key, "") != now and not (key not in said and now in {"", "否"}):
            return "现在的内容与变更记录不符"
    return ""


def digest_of(change: RegisterChange, previous: str) -> str:
    """SHA-256 in hex over the digest before it and all the change says."""
    said: list[Json] = [
        previous,
        change.register,
        change.entry_key,
        change.revision,
        change.act,
        change.at.astimezone(UTC).isoformat(timespec="microseconds"),
        change.by,
        change.by_name,
        change.reason,
        change.changes,
        change.rules,
        change.instance_key,
        change.cause_key,
    ]
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
