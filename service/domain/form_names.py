"""What people call a form: form-js itself knows an id alone."""

import re
from collections.abc import Iterator

from service.domain.designs import NAME_LIMIT
from service.domain.values import Json

_HEADING = re.compile(r"^#{1,6}[ \t]+(.+)$", re.MULTILINE)
_MARKS = re.compile(r"[*_`]+")


def form_name(schema: Json) -> str:
    """Return the schema's `name`, which form-js keeps; otherwise its first heading; or "".

    At most 200 characters, in one line. A heading that a template or an expression fills in says
    nothing before it is filled in.
    """
    if not isinstance(schema, dict):
        return ""
    return _plain(schema.get("name")) or next(_headings(schema), "")


def _headings(schema: dict[str, Json]) -> Iterator[str]:
    components = schema.get("components")
    for component in components if isinstance(components, list) else []:
        text = component.get("text") if isinstance(component, dict) else None
        if not isinstance(text, str) or text.startswith("="):
            continue
        for heading in _HEADING.findall(text):
            name = _plain(_MARKS.sub("", heading))
            if name and "{{" not in name:
                yield name


def _plain(text: Json) -> str:
    """In one line, without what cannot be seen."""
    if not isinstance(text, str):
        return ""
    line = " ".join(text.split())
    return "".join(one for one in line if one.isprintable())[:NAME_LIMIT].strip()
