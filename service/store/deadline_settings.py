"""What is set of deadlines in the store: the newest version for each step of a procedure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, ScalarSelect, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

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


@dataclass(frozen=True, slots=True)
class SettingStamps:
    """What tells whether settings and calendar are those that a process knows already.

    `settings`: key of the newest version of anything set for the procedure, None where nothing
    is; `calendar` as `service.store.calendars` has it.
    """

    settings: int | None
    calendar: str | None


def stamps_for(
    process_id: ColumnElement[str] | InstrumentedAttribute[str],
) -> tuple[ScalarSelect[int | None], ScalarSelect[str]]:
    """Return the two stamps as columns, to be asked beside something else of this procedure."""
    newest = select(func.max(DeadlineSetting.key)).where(DeadlineSetting.process_id == process_id)
    return newest.correlate_except(DeadlineSetting).scalar_subquery(), STAMP.scalar_subquery()


def stored_settings(
    session: Session, process_id: str, stamps: SettingStamps | None = None
) -> StoredSettings:
    """Return what counts of a procedure, and the calendar's stamp.

    `stamps` as they were read with the instance: then no statement where nothing is set, or this
    process knows it; otherwise one, two for what it does not know.
    """
    if stamps is None:
        columns = stamps_for(literal(process_id))
        stamps = SettingStamps(*session.execute(select(*columns)).one())
    if stamps.settings is None:
        return StoredSettings({}, stamps.calendar)
    known = _known.setdefault(session.get_bind().engine, {})
    if stamps.settings not in known:
        if len(known) >= _MOST_KNOWN:
            known.clear()
        known[stamps.settings] = _read(session, process_id)
    return StoredSettings(known[stamps.settings], stamps.calendar)


_MOST_KNOWN = 500
"""Procedures whose settings a process remembers."""

_known: WeakKeyDictionary[object, dict[int, Mapping[str, StoredSetting]]] = WeakKeyDictionary()
"""By database and stamp; threads share it, the worst they do is read twice."""


def _read(session: Session, process_id: str) -> dict[str, StoredSetting]:
    setting, other = DeadlineSetting, aliased(DeadlineSetting)
    newest = (
        select(func.max(other.version))
        .where(other.process_id == setting.process_id, other.element_id == setting.element_id)
        .correlate(setting)
        .scalar_subquery()
    )
    rows = session.scalars(
        select(setting).where(setting.process_id == process_id, setting.version == newest)
    )
    return {row.element_id: stored_setting(row) for row in rows}


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
