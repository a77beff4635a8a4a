"""Which characters of what people write are kept."""

import re

from service.domain.values import Json, Variables

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
"""What office programs put between lines; a vertical tab is their line end within a paragraph."""

_NOWHERE = re.compile("[\x01-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
"""Characters without a form that XML, and so an office document, has no place for."""


def legible(text: str) -> str:
    """Return a text as any document can hold it: its lines end in `\\n`, tabs stay.

    Other control characters, which come with what is pasted from office programs and which
    nobody sees, fall away. A zero byte and half characters stay: what cannot be stored is
    refused where it is stored.
    """
    return _NOWHERE.sub("", _LINE_ENDS.sub("\n", text))


def legible_values(values: Variables) -> dict[str, Json]:
    """Return values with every text in them `legible`; names stay as they are."""
    return {name: _legible_value(value) for name, value in values.items()}


def _legible_value(value: Json) -> Json:
    if isinstance(value, str):
        return legible(value)
    if isinstance(value, list):
        return [_legible_value(inner) for inner in value]
    if isinstance(value, dict):
        return legible_values(value)
    return value
