"""The saved form of an instance: one line of JSON that nobody else reads.

Version 1: `{"v":1,"e":[…],"o":0|1,"t":[[element, phase, trouble, key, flow], …]}` — the end events
reached, whether the instance is over, and the live tokens, oldest first. Variables, finished nodes
and guesses about the future are not in it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from service.engine.errors import StateUnreadable
from service.engine.token import Phase, Token, Trouble

VERSION = 1


@dataclass(frozen=True, slots=True)
class SavedToken:
    """One token as it was saved."""

    element_id: str
    phase: Phase
    trouble: Trouble
    key: int | None
    flow: str | None


@dataclass(frozen=True, slots=True)
class SavedState:
    """An instance as it was saved."""

    tokens: tuple[SavedToken, ...]
    end_events: tuple[str, ...]
    over: bool


def dump(tokens: Sequence[Token], end_events: Sequence[str], *, over: bool) -> str:
    """The state as text."""
    saved = {
        "v": VERSION,
        "e": list(end_events),
        "o": int(over),
        "t": [[t.spec.name, t.phase, int(t.trouble), t.key, t.flow] for t in tokens],
    }
    return json.dumps(saved, ensure_ascii=False, separators=(",", ":"))


def load(text: str) -> SavedState:
    """The state from text. Raises StateUnreadable."""
    try:
        saved = json.loads(text)
        version = saved["v"]
        if version != VERSION:
            raise StateUnreadable(f"它的格式版本是 {version}，本程序只认 {VERSION}")
        return SavedState(
            tokens=tuple(
                SavedToken(element_id, Phase(phase), Trouble(trouble), key, flow)
                for element_id, phase, trouble, key, flow in saved["t"]
            ),
            end_events=tuple(saved["e"]),
            over=bool(saved["o"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise StateUnreadable("内容不完整") from error
