"""The values that travel between rooms."""

from collections.abc import Mapping
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
"""What a variable may hold: what JSON can say, without NaN and the infinities."""

Variables: TypeAlias = Mapping[str, Json]
"""Variables of one scope by name."""
