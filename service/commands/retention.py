"""Deleting access logs whose time is over: whole days, recorded for ever.

网络安全法 (2016) article 21 wants network logs kept for at least six months; 个人信息保护法
article 19 wants personal data kept no longer than needed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete

from service.commands.access_log import Ledger, record
from service.commands.upserts import rows_changed, table
from service.domain.access_events import MINIMUM_DAYS, AccessKind, RetentionClass, bureau_day
from service.domain.actors import Actor
from service.store.tables import AccessEvent, AccessHead, SignInAttempt


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What a clean-up deleted; `before` is the first day that stays, such as 2026-03-02."""

    before: str
    chains: int
    events: int


def clean_access_log(tools: Ledger, *, days: int, actor: Actor, now: datetime) -> Cleaned:
    """Delete the access logs of the days that are more than `days` ago, and record that.

    What is kept for ever stays. Nothing is recorded where nothing is deleted. `days` below
    `MINIMUM_DAYS` is an error of the caller.
    """
    if days < MINIMUM_DAYS:
        raise ValueError(f"access logs are kept for {MINIMUM_DAYS} days at least")
    before = (bureau_day(now) - timedelta(days=days)).isoformat()
    events, heads, tries = table(AccessEvent), table(AccessHead), table(SignInAttempt)
    access = RetentionClass.ACCESS
    gone = rows_changed(
        tools.session, delete(events).where(events.c.day < before, events.c.retention == access)
    )
    chains = rows_changed(
        tools.session, delete(heads).where(heads.c.day < before, heads.c.retention == access)
    )
    tools.session.execute(delete(tries).where(tries.c.at < now - timedelta(days=days)))
    if chains:
        record(
            tools,
            AccessKind.LOG_CLEANED,
            actor=actor,
            details={"before": before, "chains": chains, "events": gone, "days": days},
            now=now,
        )
    return Cleaned(before, chains, gone)
