"""The queries over rows that the real commands have written, on a database of each kind."""

from tests.fixtures_commands import clock, deploy, desk, operator, rooms, stage
from tests.fixtures_organization import bureau
from tests.overseeing import house

__all__ = ["bureau", "clock", "deploy", "desk", "house", "operator", "rooms", "stage"]
