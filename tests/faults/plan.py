"""Which scenarios are tried, on which database, and how large: short ones and long ones."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from tests.faults import alarms, clocks, databases, disks, kills, rivals, takeovers
from tests.faults.clocks import NoFakeTime
from tests.faults.disks import NoSmallDisk
from tests.faults.stand import POSTGRESQL, SQLITE, Stand
from tests.faults.verdict import Verdict

CANNOT = (NoFakeTime, NoSmallDisk)
"""What this machine does not let us try."""


Scenario: TypeAlias = "Callable[..., Verdict]"
"""Takes a stand, the kind of database, a size, and options of its own."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A scenario with its size; `options` are further arguments of it."""

    scenario: Scenario
    database: str
    size: int
    options: Mapping[str, int] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return str(getattr(self.scenario, "__name__", ""))

    @property
    def name(self) -> str:
        said = "".join(f", {name} {value}" for name, value in self.options.items())
        return f"{self.title} of {self.size} on {self.database}{said}"

    def run(self, stand: Stand) -> Verdict:
        """Try it. Raises one of `CANNOT`."""
        begun = time.monotonic()
        verdict = self.scenario(stand, self.database, self.size, **self.options)
        return replace(verdict, seconds=time.monotonic() - begun)


SHORT: Sequence[Trial] = (
    Trial(kills.kill_while_completing, SQLITE, 40, {"kills": 3}),
    Trial(kills.kill_while_completing, POSTGRESQL, 60, {"kills": 3}),
    Trial(rivals.one_task, SQLITE, 1),
    Trial(rivals.one_task, POSTGRESQL, 2),
    Trial(rivals.joins_of_people, POSTGRESQL, 12),
    Trial(rivals.joins_of_timers, POSTGRESQL, 20),
    Trial(takeovers.killed_between_lock_and_run, SQLITE, 3, {"takeover": 3}),
    Trial(takeovers.killed_between_lock_and_run, POSTGRESQL, 3, {"takeover": 3}),
    Trial(takeovers.frozen_past_its_lock, POSTGRESQL, 3, {"takeover": 3}),
    Trial(alarms.due_at_once, POSTGRESQL, 60, {"workers": 2}),
    Trial(alarms.nobody_there_for_a_day, SQLITE, 12),
    Trial(clocks.set_back_and_forward, SQLITE, 2),
    Trial(databases.restarted_under_load, POSTGRESQL, 40),
    Trial(databases.cut_at_commit, POSTGRESQL, 30),
    Trial(disks.full_for_a_while, SQLITE, 24),
    Trial(disks.full_for_a_while, POSTGRESQL, 60),
)

LONG: Sequence[Trial] = (
    *(
        Trial(kills.kill_while_completing, one, 5_000, {"kills": 30})
        for one in (SQLITE, POSTGRESQL)
    ),
    *(Trial(rivals.one_task, one, 20) for one in (SQLITE, POSTGRESQL)),
    Trial(rivals.joins_of_people, SQLITE, 200),
    Trial(rivals.joins_of_people, POSTGRESQL, 1_000),
    Trial(rivals.joins_of_timers, SQLITE, 200),
    Trial(rivals.joins_of_timers, POSTGRESQL, 1_000, {"workers": 4}),
    *(Trial(takeovers.killed_between_lock_and_run, one, 10) for one in (SQLITE, POSTGRESQL)),
    *(Trial(takeovers.frozen_past_its_lock, one, 10) for one in (SQLITE, POSTGRESQL)),
    Trial(alarms.due_at_once, SQLITE, 2_000),
    *(Trial(alarms.due_at_once, POSTGRESQL, 10_000, {"workers": many}) for many in (1, 2, 4)),
    *(Trial(alarms.due_in_a_row, one, 3_000) for one in (SQLITE, POSTGRESQL)),
    *(Trial(alarms.nobody_there_for_a_day, one, 500) for one in (SQLITE, POSTGRESQL)),
    *(Trial(clocks.set_back_and_forward, one, 100) for one in (SQLITE, POSTGRESQL)),
    Trial(databases.restarted_under_load, POSTGRESQL, 2_000, {"times": 6}),
    Trial(databases.cut_at_commit, POSTGRESQL, 2_000, {"every": 20}),
    *(Trial(disks.full_for_a_while, one, 1_000) for one in (SQLITE, POSTGRESQL)),
)
