"""Setting the deadlines of a procedure and its steps without its diagram.

By who has RUNNING act on the procedure. Each change is a version of its own with who, when and why,
and an event of the access log. It counts for tasks that arrive from then on: what was told to the
holder of an open task stays.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from service.commands.access_log import record
from service.commands.submissions import cleaned_line
from service.commands.toolbox import Toolbox
from service.commands.upserts import dialect_of, table
from service.domain.access_events import AccessKind
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.dates import shown
from service.domain.deadline_settings import (
    OF_STEPS,
    OWNER,
    SUPERIOR,
    DeadlineUnfit,
    Fault,
    Field,
    Texts,
    faults_of,
    group_of,
)
from service.domain.deadline_spans import parts
from service.domain.errors import Conflict, FieldsInvalid, Forbidden, NotFound
from service.domain.events import ElementType
from service.domain.organization import is_post_group
from service.engine import ProcessModel
from service.store.authorization import holds
from service.store.deadline_settings import PROCEDURE, stored_settings
from service.store.post_groups import resolve
from service.store.tables import CandidateGroup, DeadlineSetting, Person

LONGEST_REASON = 500
LONGEST_TEXT = 300


class SettingNotFound(NotFound):
    """没有找到这个流程或步骤，或者你没有查看的权限。"""

    code = "deadline.not-found"


class SettingForbidden(Forbidden):
    """你可以查看这个流程的期限设置，不能修改；需要修改请联系有“处理运行”权限的人。"""

    code = "deadline.forbidden"


class SettingChanged(Conflict):
    """{who}在 {when} 改了这一项，你的改动没有保存。请刷新后再改。"""

    code = "deadline.changed"


class ReasonMissing(FieldsInvalid):
    """修改期限设置需要写明原因，没有保存。请填写原因后再提交。"""

    code = "deadline.reason-missing"

    def __init__(self) -> None:
        super().__init__({"reason": ["请填写修改的原因。"]})


def change(
    tools: Toolbox,
    *,
    definition_key: int,
    process_id: str,
    element_id: str,
    texts: Mapping[Field, str],
    reason: str,
    version: int,
    actor: Actor,
    now: datetime,
) -> bool:
    """Set what counts for a step of a procedure, or for all its steps (`PROCEDURE`).

    `texts` are all that is set from now on: what is left out counts as the diagram has it. Returns
    whether anything has changed. `version` is the one that the page showed, 0 for none. Raises
    SettingNotFound, SettingForbidden, ReasonMissing, DeadlineUnfit, SettingChanged.
    """
    session = tools.session
    require_overseer(session, actor, process_id)
    if not holds(session, actor, ObjectKind.RUNNING, Action.ACT, process_id):
        raise SettingForbidden
    model = tools.models.process(session, definition_key)
    _require_step(model, process_id, element_id)
    wanted = _cleaned(texts, element_id)
    if faults := [*faults_of(wanted), *_unknown(session, wanted)]:
        raise DeadlineUnfit(faults)
    reason = cleaned_line(reason, LONGEST_REASON)
    if not reason:
        raise ReasonMissing
    before = stored_settings(session, process_id).by_element.get(element_id)
    known = 0 if before is None else before.version
    if known != version and before is not None:
        raise SettingChanged(who=_name(session, before.changed_by), when=shown(before.changed_at))
    old: Texts = {} if before is None else before.texts
    if old == wanted:
        return False
    _write(tools, process_id, element_id, known + 1, wanted, reason, actor, now)
    record(
        tools,
        AccessKind.SETTINGS_CHANGED,
        actor=actor,
        subject=process_id,
        reference=f"deadline/{process_id}/{element_id}",
        details={
            "version": known + 1,
            "before": {field.value: text for field, text in old.items()},
            "after": {field.value: text for field, text in wanted.items()},
            "reason": reason,
        },
        now=now,
    )
    return True


def require_overseer(session: Session, actor: Actor, process_id: str) -> None:
    """Raise SettingNotFound unless the actor oversees the running of this procedure."""
    rights = ((ObjectKind.RUNNING, Action.READ), (ObjectKind.RUNNING, Action.ACT))
    if not any(holds(session, actor, *right, process_id) for right in rights):
        raise SettingNotFound


def _require_step(model: ProcessModel, process_id: str, element_id: str) -> None:
    if model.process_id != process_id:
        raise SettingNotFound
    if element_id == PROCEDURE:
        return
    element = model.elements.get(element_id)
    if element is None or element.type is not ElementType.USER_TASK:
        raise SettingNotFound


def _cleaned(texts: Mapping[Field, str], element_id: str) -> dict[Field, str]:
    """Keep what may be set here, each as one short line; what is empty is not set."""
    allowed = set(OF_STEPS) if element_id != PROCEDURE else set(Field) - {Field.DUE}
    cleaned = {field: cleaned_line(text, LONGEST_TEXT) for field, text in texts.items()}
    return {field: cleaned[field] for field in Field if field in allowed and cleaned.get(field)}


def _unknown(session: Session, texts: Texts) -> list[Fault]:
    """Find groups, posts and people that are not there: a slip would be noticed too late."""
    faults = []
    for field in (Field.ESCALATE_TO, Field.OWNER):
        for target in parts(texts.get(field, "")):
            if target not in (SUPERIOR, OWNER) and not _is_known(session, target):
                faults.append(
                    Fault(field, f"没有找到“{target[:60]}”", "请核对组的编号、机构名称或用户名。")
                )
    return faults


def _is_known(session: Session, target: str) -> bool:
    group = group_of(target)
    if group is None:
        person = select(Person.username).where(Person.username == target, Person.active)
        return session.scalar(person) is not None
    if is_post_group(group):
        return group in resolve(session, [group]).ids
    return session.get(CandidateGroup, group) is not None


def _write(
    tools: Toolbox,
    process_id: str,
    element_id: str,
    version: int,
    texts: Texts,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Two who change at once write the same version: the second is refused."""
    session = tools.session
    inserting = postgresql.insert if dialect_of(session) == "postgresql" else sqlite.insert
    row = {
        "key": tools.keys.next(),
        "process_id": process_id,
        "element_id": element_id,
        "version": version,
        "texts": {field.value: text for field, text in texts.items()},
        "reason": reason,
        "changed_at": now,
        "changed_by": actor.username,
    }
    columns = ["process_id", "element_id", "version"]
    written = session.scalar(
        inserting(table(DeadlineSetting))
        .values(row)
        .on_conflict_do_nothing(index_elements=columns)
        .returning(table(DeadlineSetting).c.key)
    )
    if written is None:
        raise SettingChanged(who="别人", when=shown(now))


def _name(session: Session, username: str) -> str:
    name = session.scalar(select(Person.display_name).where(Person.username == username))
    return name or username
