"""What the bureau has set of its rules: read on a day, and changed with a reason."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from processes.registers.days import bureau_day, said_day
from processes.registers.roster import RegisterSetting
from processes.registers.settings import Setting, SettingValues
from processes.registers.told_acts import ToldAct
from service.domain.access_events import AccessKind
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.errors import Conflict, Forbidden, Invalid, NotFound
from service.procedure import Ledger, granted, record


class SettingReasonMissing(Invalid):
    """改设置须写明理由（2至200字），没有改动。"""

    code = "registers.setting-reason-missing"


class SettingTooEarly(Invalid):
    """设置不能从过去的日期起生效：以前的结果是按当时的设置得出的。没有改动，请填写今天或以后的日期。"""

    code = "registers.setting-too-early"


class SettingOvertaken(Conflict):
    """刚才有人改过设置，没有改动。请刷新后再改。"""

    code = "registers.setting-overtaken"


class SettingsNotFound(NotFound):
    """没有找到这一页，或者你没有查看的权限。"""

    code = "registers.settings-not-found"


def values_on(session: Session, day: date) -> SettingValues:
    """Return what is set on this day; one statement."""
    rows = session.execute(
        select(
            RegisterSetting.setting,
            RegisterSetting.value,
            RegisterSetting.effective_from,
            RegisterSetting.revision,
        ).order_by(RegisterSetting.effective_from, RegisterSetting.revision)
    ).all()
    values = {row.setting: row.value for row in rows if row.effective_from <= day}
    return SettingValues(day, values, max((row.revision for row in rows), default=0))


def changed(
    session: Session, *, actor: Actor, register: str, settings: Collection[str]
) -> Sequence[RegisterSetting]:
    """Return every change of these settings, the newest first. Raises SettingsNotFound."""
    require(session, actor, register, Action.READ)
    wanted = select(RegisterSetting).where(RegisterSetting.setting.in_(sorted(settings)))
    return session.scalars(wanted.order_by(RegisterSetting.revision.desc()).limit(200)).all()


def history(
    session: Session, *, actor: Actor, register: str, settings: Sequence[Setting]
) -> Iterator[ToldAct]:
    """Give every change of these settings, the oldest first. Raises SettingsNotFound, Forbidden."""
    require(session, actor, register, Action.EXPORT)
    return _history(session, {one.id: one for one in settings})


def _history(session: Session, settings: Mapping[str, Setting]) -> Iterator[ToldAct]:
    held = {key: one.default for key, one in settings.items()}
    times = dict.fromkeys(settings, 0)
    wanted = select(RegisterSetting).where(RegisterSetting.setting.in_(sorted(settings)))
    for one in session.scalars(wanted.order_by(RegisterSetting.revision)):
        setting, times[one.setting] = settings[one.setting], times[one.setting] + 1
        yield ToldAct(
            entry=one.setting,
            name=setting.label,
            number=times[one.setting],
            at=one.at,
            act="设置",
            by=one.by,
            by_name=one.by_name,
            lines=[(f"自{said_day(one.effective_from)}起", held[one.setting], one.value)],
            reason=one.reason,
            rules=f"第{one.revision}次设置",
        )
        held[one.setting] = one.value


def require(session: Session, actor: Actor, register: str, action: Action) -> None:
    """Raise SettingsNotFound for who may not read, Forbidden for who may not change them."""
    may = [action] if action is Action.READ else [Action.READ, action]
    for one in may:
        if not session.scalar(select(granted(actor, ObjectKind.REGISTER, one, literal(register)))):
            raise SettingsNotFound if one is Action.READ else Forbidden


def set_value(
    tools: Ledger,
    setting: Setting,
    text: str,
    *,
    register: str,
    effective_from: date,
    reason: str,
    revision: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Set a value from a day on; `revision` is the number of changes that the actor saw.

    Raises SettingsNotFound, Forbidden, SettingUnfit, SettingReasonMissing, SettingTooEarly,
    SettingOvertaken.
    """
    session = tools.session
    require(session, actor, register, Action.ACT)
    value = setting.cleaned(text)
    said = " ".join(reason.replace("\0", "").split())
    if not 2 <= len(said) <= 200:
        raise SettingReasonMissing
    if effective_from < bureau_day(now):
        raise SettingTooEarly
    newest = session.scalar(select(func.coalesce(func.max(RegisterSetting.revision), 0))) or 0
    if newest != revision:
        raise SettingOvertaken
    session.add(
        RegisterSetting(
            revision=newest + 1,
            setting=setting.id,
            value=value,
            effective_from=effective_from,
            reason=said,
            at=now,
            by=actor.username,
            by_name=actor.display_name,
        )
    )
    session.flush()
    record(
        tools,
        AccessKind.REGISTER_CHANGED,
        actor=actor,
        reference=f"{register}/{setting.id}",
        details={"change": "register-changed", "name": setting.label, "to": value, "reason": said},
        now=now,
    )
