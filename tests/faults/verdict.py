"""What came of a scenario, and the table of all."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Verdict:
    """`tried` things of which `survived` came out as they must; `faults` say what did not.

    `remarks` are figures beside it.
    """

    scenario: str
    database: str
    tried: int
    survived: int
    faults: Sequence[str] = ()
    remarks: str = ""
    seconds: float = field(default=0.0, compare=False)

    @property
    def lost(self) -> int:
        """What is missing, done twice or done by halves."""
        return max(self.tried - self.survived, len(self.faults))


HEADS = ("scenario", "database", "tried", "survived", "lost", "seconds", "remarks")


def lines(verdicts: Iterable[Verdict]) -> list[str]:
    """The table, a line a verdict, each column as wide as its widest cell."""
    rows = [
        (v.scenario, v.database, str(v.tried), str(v.survived), str(v.lost), f"{v.seconds:.0f}",
         v.remarks)
        for v in verdicts
    ]  # fmt: skip
    widths = [max(len(row[place]) for row in [HEADS, *rows]) for place in range(len(HEADS))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [HEADS, ["-" * width for width in widths], *rows]
    ]


def load() -> str:
    """How busy the machine is, for figures that depend on it."""
    return f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
