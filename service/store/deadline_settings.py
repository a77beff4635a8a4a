"""What is set of deadlines in the store: the newest version for each step of a procedure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import and_, func, literal, select
from sqlalchemy.orm import Session, aliased

from service.domain.deadline_settings import Field, Texts
from service.domain.values import Json
from service.store.calendars import STAMP
from service.store.tables import DeadlineSetting

PROCEDURE = ""
"""As an element: all steps of the procedure."""


@dataclass(frozen=True, slots=True)
class StoredSetting:
    """One version of what was set, for a step or the procedure."""

    version: int
    texts: Texts
    reason: str
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True, slots=True)
class StoredSettings:
    """What is set for a procedure, by element; `calendar_stamp` of the calendar in force."""

    by_element: Mapping[str, StoredSetting] = field(default_factory=dict)
    calendar_stamp: str | None = None

    def texts(self, element_id: str) -> Texts:
        """Return what is set for a step, or for the procedure; nothing where nothing is."""
        found = self.by_element.get(element_id)
        return {} if found is None else found.texts

    def version(self, element_id: str) -> int:
        """Return the number of the version that counts, 0 where there is none."""
        found = self.by_element.get(element_id)
        return 0 if found is None else found.version


def stored_settings(session: Session, process_id: str) -> StoredSettings:
    """Return what counts of a procedure, and the calendar's stamp; one statement."""
    setting, other = DeadlineSetting, aliased(DeadlineSetting)
    newest = (
        select(func.max(other.version))
        .where(other.process_id == setting.process_id, other.element_id == setting.element_id)
        .correlate(setting)
        .scalar_subquery()
    )
    one = select(literal(1).label("one")).subquery()
    rows = session.execute(
        select(STAMP.scalar_subquery().label("stamp"), setting)
        .select_from(one)
        .outerjoin(setting, and_(setting.process_id == process_id, setting.version == newest))
    ).all()
    found = {row[1].element_id: stored_setting(row[1]) for row in rows if row[1] is not None}
    return StoredSettings(found, rows[0].stamp)


def stored_setting(row: DeadlineSetting) -> StoredSetting:
    """Return what a row says."""
    return StoredSetting(
        row.version, texts_from(row.texts), row.reason, row.changed_at, row.changed_by
    )


def texts_from(written: Json) -> dict[Field, str]:
    """Return texts as they were written; what another program version said is left out."""
    said = written if isinstance(written, dict) else {}
    return {
        Field(name): text
        for name, text in said.items()
        if isinstance(text, str) and name in set(Field)
    }
