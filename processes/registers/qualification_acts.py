"""What people do to a qualification that is in the register: put right, revoke, restore.

Each act is a new revision that nobody takes back: a slip is corrected, a qualification that should
not be is revoked with ground, facts and paper after its holder was heard (R-REVOKE), and a
revocation that was wrong is answered by restoring, by another than who revoked. The case says so in
its chained history, the access log keeps it for ever, and the holder is told. In the caller's
transaction.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from processes.registers import set_values
from processes.registers.admission_norms import NORMS, RULES_VERSION
from processes.registers.days import bureau_day, said_day
from processes.registers.qualification_search import revisions
from processes.registers.remedies import Act, notice_of
from processes.registers.tables import (
    QUALIFICATIONS,
    QualificationAct,
    QualificationRecord,
    QualificationState,
)
from service.domain.access_events import AccessKind
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.errors import Conflict, Forbidden, Invalid
from service.domain.instances import InstanceNotFound
from service.procedure import (
    Concerned,
    Happening,
    NotificationKind,
    Toolbox,
    granted,
    lock_case,
    note_act,
    notify,
    record,
    recusals,
)

GROUNDS: Mapping[str, str] = {
    "R-N1": "有性侵害、虐待、拐卖、暴力伤害等违法犯罪记录",
    "R-N2": "受剥夺政治权利或者故意犯罪有期徒刑以上刑事处罚",
    "R-N3": "受处分或者因师德被取消资格",
    "R-E1": "党组织鉴定不合格",
    "R-E4": "查实的学术不端",
    "R-PROOF": "以虚假材料取得",
    "R-REVOKE": "本人书面申请放弃，或者登记时的认定有误",
}
"""Why a qualification may be revoked, by the rule that says so."""

_SHORTEST, _LONGEST = 2, 1000
_REGISTER = "准入资格名册"


class QualificationChanged(Conflict):
    """这条准入资格已被{who}变更（第{revision}次记录），你填写的没有保存。请刷新后核对再提交。"""

    code = "qualification-changed"


class ActUnfit(Invalid):
    """{reason}没有保存，请改正后再提交。"""

    code = "qualification-act-unfit"


class ActRefused(Conflict):
    """{reason}没有任何改动。"""

    code = "qualification-act-refused"


@dataclass(frozen=True, slots=True)
class Correction:
    """What a correction changes; None leaves it as it was."""

    reason: str
    holder_name: str | None = None
    unit: str | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Revocation:
    """A revocation as it is decided: the ground is one of GROUNDS."""

    ground: str
    document: str
    """Name and number of the decision."""
    reason: str
    """The facts, and why."""
    heard: str
    """What the holder said, or that they were told and said nothing."""


@dataclass(frozen=True, slots=True)
class Restoration:
    """That a revocation was set aside: by which decision, and why."""

    document: str
    reason: str


def correct(
    tools: Toolbox, key: int, correction: Correction, *, revision: int, actor: Actor, now: datetime
) -> None:
    """Put a slip right; a longer validity is none. `revision` is the one the actor saw.

    Raises QualificationNotFound, Forbidden, QualificationChanged, ActUnfit, ActRefused.
    """
    latest = _held(tools, key, revision, actor)
    changes: dict[str, object] = {
        "holder_name": correction.holder_name,
        "unit": correction.unit,
        "valid_until": correction.valid_until,
    }
    given = {
        name: value.strip() if isinstance(value, str) else value
        for name, value in changes.items()
        if value is not None and value != getattr(latest, name)
    }
    if not given or "" in given.values():
        raise ActUnfit(reason="没有填写要更正的内容。")
    if correction.valid_until is not None and correction.valid_until < latest.granted_on:
        raise ActUnfit(reason=f"有效期不能早于登记之日（{said_day(latest.granted_on)}）。")
    granted_until = revisions(tools.session, actor=actor, qualification_key=key)[-1].valid_until
    if correction.valid_until is not None and correction.valid_until > granted_until:
        raise ActUnfit(
            reason=f"更正只改笔误，不能把有效期延到登记时的{said_day(granted_until)}以后"
            "（规则 R-VALID），需要的请重新申请。"
        )
    said = _said(correction.reason, "更正的理由")
    act = QualificationAct.CORRECTED
    _add(tools, latest, given | {"reason": said, "act": act}, actor, now)
    _tell(tools, latest, f"更正准入资格登记：{said}", "", actor, now)


def revoke(
    tools: Toolbox, key: int, revocation: Revocation, *, revision: int, actor: Actor, now: datetime
) -> None:
    """Revoke a qualification from today on (R-REVOKE); raises as `correct`."""
    latest = _held(tools, key, revision, actor)
    if latest.state == QualificationState.REVOKED:
        raise ActRefused(reason="这条准入资格已经撤销，不能再撤销。")
    if revocation.ground not in GROUNDS:
        raise ActUnfit(reason="请选择撤销的依据（规则 R-REVOKE）。")
    values: dict[str, object] = {
        "state": QualificationState.REVOKED,
        "act": QualificationAct.REVOKED,
        "basis": basis_of(revocation.ground),
        "document": _said(revocation.document, "决定的名称和文号"),
        "reason": _said(revocation.reason, "事实和理由"),
        "heard": _said(revocation.heard, "本人的陈述申辩"),
    }
    _add(tools, latest, values, actor, now)
    told = f"{values['basis']}。决定：{values['document']}"
    public = f"你的准入资格（{latest.seat}）已于{said_day(bureau_day(now))}撤销。依据：{told}。"
    text = f"撤销准入资格（{latest.seat}）：{told}"
    _tell(tools, latest, text, f"{public}{notice_of(Act.REVOCATION)}", actor, now)


def restore(
    tools: Toolbox,
    key: int,
    restoration: Restoration,
    *,
    revision: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Restore a qualification whose revocation was set aside; raises as `correct`.

    Its last day stays what it was.
    """
    latest = _held(tools, key, revision, actor)
    if latest.state != QualificationState.REVOKED:
        raise ActRefused(reason="这条准入资格没有撤销，不用恢复。")
    if latest.recorded_by == actor.username:
        raise ActRefused(reason="撤销是你作出的，由他人复查后恢复（规则 R-REVOKE）。")
    values: dict[str, object] = {
        "state": QualificationState.GRANTED,
        "act": QualificationAct.RESTORED,
        "basis": basis_of("R-REVOKE"),
        "document": _said(restoration.document, "决定的名称和文号"),
        "reason": _said(restoration.reason, "理由"),
        "heard": "",
    }
    _add(tools, latest, values, actor, now)
    text = f"撤销决定已被撤销，恢复准入资格（{latest.seat}）。决定：{values['document']}"
    _tell(tools, latest, text, f"{text}。", actor, now)


def basis_of(ground: str) -> str:
    """Return a ground in words, with its rule and source."""
    norm = NORMS[ground]
    return f"{GROUNDS[ground]}（{norm.source}，规则 {norm.id}）"


def may_act(session: Session, actor: Actor) -> bool:
    """Whether the actor has the right to act on the register; their ties are looked at later."""
    right = granted(actor, ObjectKind.REGISTER, Action.ACT, literal(QUALIFICATIONS))
    return bool(session.scalar(select(right)))


def require(session: Session, key: int, actor: Actor) -> QualificationRecord:
    """Return the revision in force, for who may act. Raises QualificationNotFound, Forbidden."""
    seen = _latest(session, key, actor)
    if not may_act(session, actor):
        raise Forbidden
    return seen


def _held(tools: Toolbox, key: int, revision: int, actor: Actor) -> QualificationRecord:
    """Return the revision in force, under its lock and its case's, for who may act on it."""
    session = tools.session
    seen = require(session, key, actor)
    with suppress(InstanceNotFound):  # a case that was erased has no history to write to
        if not seen.is_stock:
            lock_case(tools, seen.instance_key)
    first = (QualificationRecord.qualification_key == key, QualificationRecord.revision == 1)
    session.execute(select(QualificationRecord.revision).where(*first).with_for_update())
    session.expire_all()
    latest = _latest(session, key, actor)
    barred = recusals(session, [latest.holder])
    if actor.username in barred:
        raise ActRefused(reason=f"你{barred[actor.username]}，由他人办理（规则 R-RECUSE）。")
    if latest.revision != revision:
        raise QualificationChanged(
            who=latest.recorded_by_name or latest.recorded_by, revision=latest.revision
        )
    return latest


def _latest(session: Session, key: int, actor: Actor) -> QualificationRecord:
    return revisions(session, actor=actor, qualification_key=key)[0]


def _said(text: str, what: str) -> str:
    said = " ".join(text.replace("\0", "").split())
    if not _SHORTEST <= len(said) <= _LONGEST:
        raise ActUnfit(reason=f"请写明{what}（{_SHORTEST}至{_LONGEST}字，规则 R-REVOKE）。")
    return said


def _add(
    tools: Toolbox,
    latest: QualificationRecord,
    changes: Mapping[str, object],
    actor: Actor,
    now: datetime,
) -> None:
    values = {column.name: getattr(latest, column.name) for column in latest.__table__.columns}
    values |= {"basis": "", "document": "", "heard": "", "revision": latest.revision + 1}
    values |= {"recorded_at": now, "recorded_by": actor.username}
    settings = set_values.values_on(tools.session, bureau_day(now))
    values |= {
        "recorded_by_name": actor.display_name,
        "rules_version": f"{RULES_VERSION}/{settings.revision}",
    }
    tools.session.add(QualificationRecord(**{**values, **changes}))
    tools.session.flush()


def _tell(
    tools: Toolbox,
    latest: QualificationRecord,
    text: str,
    public: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Write it into the history of the case and the access log, and tell the holder."""
    with suppress(InstanceNotFound):
        if not latest.is_stock:
            note_act(tools, latest.instance_key, text, public=public, actor=actor, now=now)
    record(
        tools,
        AccessKind.REGISTER_CHANGED,
        actor=actor,
        subject=latest.holder,
        reference=f"{QUALIFICATIONS}/{latest.qualification_key}",
        details={"change": "register-changed", "name": latest.seat, "reason": text[:200]},
        now=now,
    )
    happening = Happening(
        NotificationKind.ENTRY_DECIDED,
        Concerned(people=(latest.holder,)),
        instance_key=latest.instance_key or None,
        facts={"register": _REGISTER},
        page=f"/registers/{QUALIFICATIONS}/{latest.qualification_key}",
    )
    notify(tools, happening, now=now)
