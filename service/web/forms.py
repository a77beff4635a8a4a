"""A form as its island needs it: the schema, the values it may show, the files they name."""

from collections.abc import Iterable, Mapping
from typing import TypedDict

from sqlalchemy.orm import Session

from service.commands.file_types import ALLOWED
from service.domain.values import Json
from service.domain.working_days import CALENDAR_SIGNS
from service.queries import calendars
from service.queries.documents import DocumentFact
from service.web.web_settings import web_settings


class FileView(TypedDict):
    """A file that a form names."""

    key: str
    fileName: str
    size: int


class Upload(TypedDict):
    """Where a file field sends its files."""

    subject: str
    maxBytes: int
    types: str


class FormView(TypedDict, total=False):
    """The data of a form island; without `submit` the form is only read."""

    schema: Json
    data: dict[str, Json]
    files: dict[str, FileView]
    readOnly: bool
    upload: Upload
    submit: dict[str, Json]
    draft: dict[str, str]
    workingDays: dict[str, Json]


def form_view(
    session: Session,
    schema: Json,
    values: Mapping[str, Json],
    files: Iterable[DocumentFact],
    *,
    read_only: bool,
) -> FormView:
    """Return a form with those of the values that it mentions and no others.

    Where its expressions count working days it has the calendar too: the browser shows what the
    server will compute.
    """
    view: FormView = {
        "schema": schema,
        "data": {name: values[name] for name in values if _mentions(schema, name)},
        "files": {str(one.key): file_view(one) for one in files},
        "readOnly": read_only,
    }
    if any(_mentions(schema, sign) for sign in CALENDAR_SIGNS):
        view["workingDays"] = calendars.lookup_table(session)
    return view


def file_view(file: DocumentFact) -> FileView:
    """Return a file as a form shows it."""
    return {"key": str(file.key), "fileName": file.file_name, "size": file.size}


def upload(subject_key: int) -> Upload:
    """Return where the files of this task's or start form go, and what is taken."""
    kinds = "、".join(dict.fromkeys(ALLOWED.values()))
    return {
        "subject": str(subject_key),
        "maxBytes": web_settings().upload_bytes,
        "types": kinds,
    }


def _mentions(schema: Json, name: str) -> bool:
    """Tell whether any text of the schema holds the name: as a key, or within an expression."""
    if isinstance(schema, str):
        return name in schema
    if isinstance(schema, dict):
        return any(_mentions(value, name) for value in schema.values())
    if isinstance(schema, list):
        return any(_mentions(value, name) for value in schema)
    return False
