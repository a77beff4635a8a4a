"""What the tests of the engine share: the real helpers, and a short way to play a diagram."""

from collections.abc import Callable
from pathlib import Path

import pytest

from service.engine import ProcessModel, process_models
from service.feel import FeelPool
from tests.engine.player import Player
from tests.fixtures_feel import feel

__all__ = ["feel"]

DIAGRAMS = Path(__file__).parent / "diagrams"
PATTERNS = Path(__file__).parent / "patterns"

Play = Callable[..., Player]


def read_model(source: bytes | str) -> ProcessModel:
    """The one process of a diagram: its text, or the name of a file in `diagrams/`."""
    content = (DIAGRAMS / source).read_bytes() if isinstance(source, str) else source
    [model] = process_models(content)
    return model


@pytest.fixture
def play(feel: FeelPool) -> Play:
    """Start a diagram and advance it to where it waits."""

    def start(source: bytes | str, **more: object) -> Player:
        return Player(read_model(source), feel, **more)  # type: ignore[arg-type]

    return start


@pytest.fixture
def pattern(play: Play) -> Play:
    """Start the diagram of a control-flow pattern, by the name of its file."""

    def start(name: str, **more: object) -> Player:
        return play((PATTERNS / f"{name}.bpmn").read_bytes(), **more)

    return start
