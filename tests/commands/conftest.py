"""The commands on a real database of each kind, with the real engine and the real helpers."""

from tests.fixtures_commands import clock, deploy, desk, operator, rooms, stage

__all__ = ["clock", "deploy", "desk", "operator", "rooms", "stage"]
