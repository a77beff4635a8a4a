"""Reads docs/access.md: what each role is answered at each address and finds in each list."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DOCUMENT = Path(__file__).parents[2] / "docs" / "access.md"
_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Call:
    """One row: a method and an address with objects in braces, and a status for each role."""

    method: str
    address: str
    statuses: dict[str, int]


@dataclass(frozen=True, slots=True)
class Listing:
    """One row: a list, and how much of it each role sees: a number of rows, or `all`."""

    name: str
    counts: dict[str, str]


def calls(text: str) -> list[Call]:
    """Return the rows of all tables whose first column is `call`."""
    found: list[Call] = []
    for first, roles, cells in _rows(text, "call"):
        method, address = _CODE.findall(first)[0].split(" ")
        found.append(Call(method, address, dict(zip(roles, map(int, cells), strict=True))))
    return found


def listings(text: str) -> list[Listing]:
    """Return the rows of the table whose first column is `list`."""
    return [
        Listing(first.strip("`"), dict(zip(roles, cells, strict=True)))
        for first, roles, cells in _rows(text, "list")
    ]


def _rows(text: str, kind: str) -> Iterator[tuple[str, list[str], list[str]]]:
    head: list[str] = []
    for line in text.splitlines():
        if not line.startswith("|"):
            head = []
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not head:
            head = cells
        elif head[0] == kind and not cells[1].startswith("-"):
            yield cells[0], head[1:], cells[1:]
