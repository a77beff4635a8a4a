"""The bureau's own rules of procedure (议事规则): versions that are never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.committee.access import require_rule_setter
from processes.committee.norms import RULES_VERSION, settings_as_json, settings_of
from processes.committee.refusals import Backdated, BelowTheLaw, Unfit
from processes.committee.rules import ItemClass, Quorum, RuleSettings
from processes.committee.tables import SettingsRecord
from processes.registers.days import bureau_day
from service.domain.actors import Actor
from service.domain.import_rows import parts_of
from service.procedure import Ledger

_LONGEST = 200
_MOST_ORGANS, _LONGEST_ORGAN = 10, 60
_OWN = ("教育局", "教体局", "教育体育局", "教育厅")
BY_LAW = frozenset({ItemClass.DISCIPLINE})
"""Classes whose two thirds are the law's own (C-2/3): no setting takes them away."""


@dataclass(frozen=True, slots=True)
class InForce:
    """The settings of a day, and the version that a decision by them records."""

    settings: RuleSettings
    version: str


def on(session: Session, day: date) -> InForce:
    """Return the settings in force on a day: the newest that began by then, else the defaults."""
    row = session.scalar(
        select(SettingsRecord)
        .where(SettingsRecord.effective_from <= day)
        .order_by(SettingsRecord.effective_from.desc(), SettingsRecord.number.desc())
        .limit(1)
    )
    if row is None:
        return InForce(RuleSettings(), f"{RULES_VERSION}，默认设定")
    return InForce(settings_of(row.values), f"{RULES_VERSION}，设定第{row.number}版")


def versions(session: Session) -> Sequence[SettingsRecord]:
    """Return all versions, the newest first."""
    return session.scalars(select(SettingsRecord).order_by(SettingsRecord.number.desc())).all()


def organs_of(text: str) -> tuple[str, ...]:
    """Read the organs above, one a line or with 、 between. Raises Unfit; none is the default."""
    organs = tuple(dict.fromkeys(parts_of(text.replace("\0", "").replace("\n", "、"))))
    if len(organs) > _MOST_ORGANS or any(len(one) > _LONGEST_ORGAN for one in organs):
        raise Unfit(reason=f"上级党组织最多{_MOST_ORGANS}个，每个最多{_LONGEST_ORGAN}字")
    own = next((one for one in organs if any(word in one for word in _OWN)), None)
    if own is not None:
        raise Unfit(
            reason=f"“{own}”不是批准设立本党组的党组织，不能替本局党组决定"
            "（规则 C-NEVER，由批准设立党组的党组织决定）"
        )
    return organs


def set_rules(
    tools: Ledger,
    settings: RuleSettings,
    *,
    effective_from: date,
    source: str,
    actor: Actor,
    now: datetime,
) -> int:
    """Add a version; meetings opened before keep theirs.

    Raises RulesForbidden, Unfit, BelowTheLaw (C-2/3), Backdated.
    """
    session = tools.session
    require_rule_setter(session, actor)
    if not source.strip() or len(source) > _LONGEST:
        raise Unfit(reason=f"请写明依据的文件，最多{_LONGEST}字")
    below = [each for each in BY_LAW if settings.quorums[each] is not Quorum.TWO_THIRDS]
    if below:
        raise BelowTheLaw(what="、".join(each.label for each in below))
    if effective_from < bureau_day(now):
        raise Backdated
    newest = session.scalar(
        select(SettingsRecord.number).order_by(SettingsRecord.number.desc()).limit(1)
    )
    number = (newest or 0) + 1
    session.add(
        SettingsRecord(
            number=number,
            effective_from=effective_from,
            values=settings_as_json(settings),
            source=source.strip(),
            recorded_at=now,
            recorded_by=actor.username,
            recorded_by_name=actor.display_name or actor.username,
        )
    )
    session.flush()
    return number
