"""The job runner on a real database of each kind."""

from tests.fixtures_commands import clock, deploy, desk, operator, rooms, stage
from tests.fixtures_events import bring, run_due

__all__ = ["bring", "clock", "deploy", "desk", "operator", "rooms", "run_due", "stage"]
