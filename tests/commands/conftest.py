"""The commands on a real database of each kind, with the real engine and the real helpers."""

from tests.commands.late_steps import headed
from tests.fixtures_commands import clock, deploy, desk, operator, rooms, stage
from tests.fixtures_events import bring, run_due
from tests.fixtures_organization import bureau

__all__ = [
    "bring",
    "bureau",
    "clock",
    "deploy",
    "desk",
    "headed",
    "operator",
    "rooms",
    "run_due",
    "stage",
]
