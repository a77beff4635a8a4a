"""Deployed versions, read and parsed once: they never change, so threads share them."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from service.domain import strict_json
from service.domain.form_names import form_name
from service.domain.instances import ProcessNotFound
from service.domain.values import Json
from service.engine import (
    DecisionModel,
    ModelInvalid,
    ProcessModel,
    decision_models,
    process_models,
)
from service.feel import accepted_files, form_fields
from service.store.tables import DecisionDefinition, FormDefinition, ProcessDefinition, Resource

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class FormModel:
    """One version of a form: what people call it (or ""), its schema, the names it submits, and
    what each of its file fields takes (`.pdf,image/*`, empty for all), by path."""

    form_id: str
    name: str
    schema: Json
    fields: frozenset[str]
    file_fields: Mapping[str, str]


class Shelf(Generic[_Value]):
    """The values used last, by key; safe to share between threads."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[Hashable, _Value] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], _Value]) -> _Value:
        """Return the value of this key, made outside the lock when it is not there."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = make()
        with self._lock:
            self._values[key] = value
            while len(self._values) > self._size:
                self._values.popitem(last=False)
        return value


class ModelCache:
    """Process models, decision models and forms by the key of their version."""

    def __init__(self, size: int = 256) -> None:
        self._processes: Shelf[ProcessModel] = Shelf(size)
        self._decisions: Shelf[DecisionModel] = Shelf(size)
        self._forms: Shelf[FormModel] = Shelf(size)

    def process(self, session: Session, definition_key: int) -> ProcessModel:
        """Return the model of this version; one statement when it is not in the cache.

        Raises ProcessNotFound.
        """
        return self._processes.get(definition_key, lambda: _process(session, definition_key))

    def element_name(self, session: Session, definition_key: int, element_id: str) -> str:
        """Return what this version calls an element; empty where it gives no name."""
        element = self.process(session, definition_key).elements.get(element_id)
        return "" if element is None else element.name

    def decision(self, session: Session, definition_key: int) -> DecisionModel:
        """Return the model of this version of a decision."""
        return self._decisions.get(definition_key, lambda: _decision(session, definition_key))

    def form(self, session: Session, form_key: int) -> FormModel:
        """Return this version of a form. Raises ProcessNotFound, JsonUnreadable."""
        return self._forms.get(form_key, lambda: _form(session, form_key))


def form_model(form_id: str, schema: Json) -> FormModel:
    """Return the model of a form that was read."""
    return FormModel(
        form_id, form_name(schema), schema, form_fields(schema), accepted_files(schema)
    )


def _process(session: Session, definition_key: int) -> ProcessModel:
    process_id, content = _content(
        session, ProcessDefinition.process_id, ProcessDefinition.key, definition_key
    )
    for model in process_models(content.encode()):
        if model.process_id == process_id:
            return model
    raise ModelInvalid(f"其中没有流程 {process_id}")


def _decision(session: Session, definition_key: int) -> DecisionModel:
    decision_id, content = _content(
        session, DecisionDefinition.decision_id, DecisionDefinition.key, definition_key
    )
    for model in decision_models(content.encode()):
        if model.decision_id == decision_id:
            return model
    raise ModelInvalid(f"其中没有决策 {decision_id}")


def _form(session: Session, form_key: int) -> FormModel:
    form_id, content = _content(session, FormDefinition.form_id, FormDefinition.key, form_key)
    return form_model(form_id, strict_json.read(content.encode()))


def _content(
    session: Session,
    name: InstrumentedAttribute[str],
    key: InstrumentedAttribute[int],
    wanted: int,
) -> tuple[str, str]:
    definition = name.class_
    row = session.execute(
        select(name, Resource.content)
        .join(Resource, Resource.key == definition.resource_key)
        .where(key == wanted)
    ).one_or_none()
    if row is None:
        raise ProcessNotFound(process=wanted)
    return row[0], row[1]
