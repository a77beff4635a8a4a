"""What the form-js validator found, and what a form schema declares."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.domain.values import Json

KEYED_TYPES = frozenset(
    {
        "checkbox",
        "checklist",
        "datetime",
        "expression",
        "filepicker",
        "number",
        "radio",
        "select",
        "taglist",
        "textarea",
        "textfield",
    }
)
"""The form-js components that submit a value under their `key`."""


@dataclass(frozen=True, slots=True)
class FormResult:
    """A validated submission.

    `data` has every top-level name the form declares: what was accepted; null for a field that is
    empty or hidden (a checkbox is false, a list without rows `[]`); for a read-only or disabled
    one what the context holds. `errors` gives Chinese messages by path, as in `a.b[0].c`. `dropped`
    lists the paths that were sent and are not declared.
    """

    data: dict[str, Json]
    errors: Mapping[str, list[str]]
    dropped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormProblem:
    """Why a form cannot be deployed: the component, its label, the rule and a Chinese message."""

    component_id: str
    label: str
    rule: str
    message: str


def form_fields(schema: Json) -> frozenset[str]:
    """Return the top-level names a form submits: `a` for a field with the key `a.b`."""
    return frozenset(
        path.partition(".")[0].removesuffix("[]")
        for component, prefix in _components(schema, "")
        if (path := _path(component, prefix))
    )


def file_fields(schema: Json) -> frozenset[str]:
    """Return the paths of a form's file fields; in a dynamic list as in `rows[].scan`."""
    return frozenset(accepted_files(schema))


def accepted_files(schema: Json) -> dict[str, str]:
    """Return what each file field says of the files it takes: `.pdf,image/*`, by its path.

    Empty where it says nothing, or an expression: the browser alone knows what that comes to.
    """
    return {
        path: accept if isinstance(accept, str) and not accept.startswith("=") else ""
        for component, prefix in _components(schema, "")
        if component.get("type") == "filepicker" and (path := _path(component, prefix))
        for accept in (component.get("accept"),)
    }


def _components(holder: Json, prefix: str) -> Iterator[tuple[dict[str, Json], str]]:
    components = holder.get("components") if isinstance(holder, dict) else None
    for component in components if isinstance(components, list) else []:
        if isinstance(component, dict):
            yield component, prefix
            yield from _components(component, _inner_prefix(component, prefix))


def _type(component: dict[str, Json]) -> str:
    kind = component.get("type")
    return kind if isinstance(kind, str) else ""


def _inner_prefix(component: dict[str, Json], prefix: str) -> str:
    path = component.get("path")
    if (
        component.get("type") not in ("group", "dynamiclist")
        or not isinstance(path, str)
        or not path
    ):
        return prefix
    repeats = component["type"] == "dynamiclist" and component.get("isRepeating", True)
    return f"{prefix}{path}[]." if repeats else f"{prefix}{path}."


def _path(component: dict[str, Json], prefix: str) -> str:
    key = component.get("key")
    if _type(component) in KEYED_TYPES:
        return prefix + key if isinstance(key, str) and key else ""
    inner = _inner_prefix(component, prefix)
    return inner.removesuffix(".").removesuffix("[]") if inner != prefix else ""
