"""How spans, hours and counts of deadlines are written: working days, or ISO 8601 durations."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from itertools import pairwise

MOST_DAYS = 250
"""Working days of one span: a year."""
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(days=366)
"""Of a span by the clock: nobody is reminded every second."""

_COMMA = re.compile(r"[,，]")
_DURATION = re.compile(r"P(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?)?")


@dataclass(frozen=True, slots=True)
class Span:
    """So many working days, or so much time by the clock."""

    days: int | None = None
    clock: timedelta | None = None


def parts(text: str) -> list[str]:
    """Return what commas part."""
    return [part.strip() for part in _COMMA.split(text) if part.strip()]


def span(text: str) -> Span | None:
    """Read `3` as working days, `PT2H` as time by the clock; None for anything else."""
    days = whole(text, 0, MOST_DAYS)
    if days is not None:
        return Span(days=days)
    match = _DURATION.fullmatch(text.strip())
    if match is None or not any(match.groups()):
        return None
    number = [int(part or 0) for part in match.groups()]
    clock = timedelta(days=number[0], hours=number[1], minutes=number[2])
    return Span(clock=clock) if SHORTEST <= clock <= LONGEST else None


def is_later(one: Span | None) -> bool:
    """Tell whether a span leads to another day or moment."""
    return one is not None and one.days != 0


def in_order(spans: Sequence[Span | None]) -> bool:
    """Tell whether spans of one unit grow from one to the next."""
    days = [one.days for one in spans if one is not None and one.days is not None]
    clocks = [one.clock for one in spans if one is not None and one.clock is not None]
    if days and clocks:
        return False
    return all(a < b for a, b in pairwise(days)) and all(a < b for a, b in pairwise(clocks))


def whole(text: str, least: int, most: int) -> int | None:
    """Read a whole number within these bounds; None for anything else."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 4):
        return None
    number = int(digits)
    return number if least <= number <= most else None


def hour(text: str) -> time | None:
    """Read `09:00`; None for anything else."""
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text.strip())
    return None if match is None else time(int(match[1]), int(match[2]))
