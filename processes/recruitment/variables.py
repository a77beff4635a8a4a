"""What a case of recruitment holds, read into values; what is missing stops the step by name."""

from datetime import date
from decimal import Decimal

from processes.recruitment.rules.channel import Channel
from service.domain.errors import Invalid
from service.domain.values import Json, Variables

Row = dict[str, Json]
"""A row of a form's list."""


class VariableUnusable(Invalid):
    """事项中的“{name}”没有填写或不在可选范围内，这一步没有执行。请补充后在异常中重试。"""

    code = "recruitment.variable-unusable"


def text_of(variables: Variables, name: str) -> str:
    """Return a text that must be there. Raises VariableUnusable."""
    value = words_of(variables, name)
    if not value:
        raise VariableUnusable(name=name)
    return value


def words_of(variables: Variables, name: str) -> str:
    """Return a text, empty where there is none."""
    value = variables.get(name)
    return value.strip() if isinstance(value, str) else ""


def key_of(variables: Variables, name: str) -> int:
    """Return a key, which a case holds as text. Raises VariableUnusable."""
    text = text_of(variables, name)
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        raise VariableUnusable(name=name)
    return int(text)


def day_of(variables: Variables, name: str) -> date:
    """Return a day that must be there. Raises VariableUnusable."""
    day = day_or_none(variables.get(name))
    if day is None:
        raise VariableUnusable(name=name)
    return day


def day_or_none(value: Json) -> date | None:
    """Return the day that a text of ten characters is."""
    if not isinstance(value, str) or len(value) != 10:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def whole_or(value: Json, default: int) -> int:
    """Return a whole number, or the default where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return default
    return int(value) if value == int(value) else default


def rows_of(value: Json) -> list[Row]:
    """Return the rows of a list."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def texts_of(value: Json) -> list[str]:
    """Return the texts of a list."""
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def points_of(value: Json) -> str:
    """Return a number of a form as decimal text, as it was written; empty for none."""
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int | float):
        return str(Decimal(repr(value)).normalize() + 0) if value else "0"
    return value.strip() if isinstance(value, str) else ""


def channel_of(variables: Variables) -> Channel:
    """Return the channel. Raises VariableUnusable."""
    text = words_of(variables, "channel")
    if text not in set(Channel):
        raise VariableUnusable(name="channel")
    return Channel(text)


def number_of(variables: Variables, name: str) -> int:
    """Return a whole number. Raises VariableUnusable."""
    value = variables.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise VariableUnusable(name=name)
    return value


def named(variables: Variables, name: str) -> Variables:
    """Return a context; an empty one where there is none."""
    value = variables.get(name)
    return value if isinstance(value, dict) else {}
