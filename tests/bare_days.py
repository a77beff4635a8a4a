"""Days that people would read as programs write them: in sentences of the sources, in forms."""

import ast
import re
from collections.abc import Iterator
from typing import Any

_SENTENCE = re.compile(r"""f["'][^\n]*[\u4e00-\u9fff]""")
ISO_DAY = re.compile(r"(?<![\w-])\d{4}-\d{2}-\d{2}(?!\d)")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
_DAY = re.compile(
    r"(?:^|_)(?:on|day|today|date|dated|until|cutoff|born|earliest|begins|ends|behind)$"
)
_WRITERS = {"said_day", "day_text", "shown", "shown_to_the_second"}


def in_sentences(source: str) -> list[int]:
    """Lines of a module where a Chinese sentence holds a value named like a day as it is."""
    if not _SENTENCE.search(source):
        return []
    tree = ast.parse(source)
    texts = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and _is_text(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return [
        part.lineno
        for sentence in ast.walk(tree)
        if isinstance(sentence, ast.JoinedStr) and _is_chinese(sentence)
        for part in sentence.values
        if isinstance(part, ast.FormattedValue) and _is_day(part.value, texts)
    ]


def in_form(schema: dict[str, Any]) -> Iterator[str]:
    """What of a form-js form shows a day as it is: placeholders of texts, columns of tables."""
    for field in schema.get("components", ()):
        yield from in_form(field)
        for shown in ("text", "label", "description", "content"):
            for name in re.findall(r"\{\{=?\s*([\w.]+)\s*\}\}", str(field.get(shown) or "")):
                if _DAY.search(name) and name not in WORDS:
                    yield f"{field.get('id')}: {name}"
        if field.get("type") == "table":
            source = str(field.get("dataSource"))
            for column in field.get("columns", ()):
                key = column["key"]
                if _DAY.search(key) and f"string(date(one.{key}).year)" not in source:
                    yield f"{field.get('id')}: {key}"


WORDS = {"meeting_day", "recheck_upheld_on"}
"""Variables that hold a day in words already: the step that gives them writes it."""


def _is_chinese(sentence: ast.JoinedStr) -> bool:
    parts = (part.value for part in sentence.values if isinstance(part, ast.Constant))
    return any(CHINESE.search(str(one)) for one in parts)


def _is_day(value: ast.expr, texts: set[str]) -> bool:
    if isinstance(value, ast.Call):
        return isinstance(value.func, ast.Attribute) and value.func.attr == "isoformat"
    if isinstance(value, ast.Name):
        return value.id not in texts and _is_named_day(value.id)
    # `.day` is the number of a day in its month.
    return isinstance(value, ast.Attribute) and value.attr != "day" and _is_named_day(value.attr)


def _is_named_day(name: str) -> bool:
    return bool(_DAY.search(name))


def _is_text(value: ast.expr) -> bool:
    if isinstance(value, ast.IfExp):
        return _is_text(value.body) or _is_text(value.orelse)
    if isinstance(value, ast.Call):
        name = value.func.attr if isinstance(value.func, ast.Attribute) else None
        return (value.func.id if isinstance(value.func, ast.Name) else name) in _WRITERS
    return isinstance(value, ast.JoinedStr) or (
        isinstance(value, ast.Constant) and isinstance(value.value, str)
    )
