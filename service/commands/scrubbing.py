"""Error texts without the values of a case: operators read them and may see no content."""

import re
from collections.abc import Iterator

from sqlalchemy.exc import SQLAlchemyError

from service.commands.handlers import BpmnError
from service.domain.errors import JiaoyanError
from service.domain.values import Json, Variables

LIMIT = 500
"""Characters of an error text that are kept."""

MASK = "•••"
_WORDLIKE = re.compile(r"\w", re.ASCII)


def safe_text(error: BaseException, variables: Variables) -> str:
    """Return type and message of an error, every value of the variables masked.

    A database's message quotes the row it refused, so of those only the type is kept.
    """
    kind = type(error).__name__
    if isinstance(error, SQLAlchemyError):
        origin = getattr(error, "orig", None)
        return kind if origin is None else f"{kind}（{type(origin).__name__}）"
    message = error.message if isinstance(error, JiaoyanError | BpmnError) else str(error)
    masked = mask(message, variables).strip()
    return f"{kind}：{masked}" if masked else kind


def mask(text: str, variables: Variables) -> str:
    """Return the text, cut to `LIMIT`, with each value that occurs in it replaced."""
    text = text[: LIMIT * 4]
    for value in sorted(set(_texts(list(variables.values()))), key=len, reverse=True):
        if value in text:
            text = re.sub(_pattern(value), MASK, text)
    return text if len(text) <= LIMIT else text[:LIMIT] + "…"


def _pattern(value: str) -> str:
    """A short value of Latin letters or digits only where it stands alone, or nothing is left."""
    left = r"(?<![0-9A-Za-z_])" if len(value) < 4 and _WORDLIKE.match(value[0]) else ""
    right = r"(?![0-9A-Za-z_])" if len(value) < 4 and _WORDLIKE.match(value[-1]) else ""
    return left + re.escape(value) + right


def _texts(value: Json) -> Iterator[str]:
    """Every text and number in a value, as an error text would show it."""
    stack: list[Json] = [value]
    while stack:
        inner = stack.pop()
        if isinstance(inner, dict):
            stack.extend(inner.values())
        elif isinstance(inner, list):
            stack.extend(inner)
        elif isinstance(inner, str):
            yield from _variants(inner)
        elif isinstance(inner, int | float) and not isinstance(inner, bool):
            yield str(inner)


def _variants(text: str) -> Iterator[str]:
    """The text, and as Python quotes it when it holds line breaks and the like."""
    if text.strip():
        yield text
        quoted = repr(text)[1:-1]
        if quoted != text:
            yield quoted
