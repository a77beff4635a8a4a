"""The saved form of an instance: one line of JSON that nobody else reads.

Version 3: `{"v":3,"e":[…],"o":0|1,"r":{…},"t":[[element, phase, trouble, key, flow, scope,
memory], …]}` — the end events reached, whether the instance is over, the memory of the process, and
the live tokens, oldest first, so that a scope comes before what is in it. `scope` is the place in
this list of the token that holds it, None for the process. What stands last and is empty is left
out. Variables, finished nodes and guesses about the future are not in it.

`memory` has one letter a fact: `i` number of an item, `n` counts of a repeated activity `[all,
begun, completed, terminated]`, `s` waits for events, `x` taken over by an event subprocess, `a`
what is known of conditions, `r` what can be undone, `u` what is yet to be undone, `f` who waits for
it, `b` what a handler undoes, `h` a completed subprocess that is back to be undone, `g` gone on,
`o` events within it are waited for, `j` number of an activation and `d` how many there were, `q`
enough was done, `w` its results are written, `k` names of the results kept for a retry, `t` numbers
of the definitions that an event has yet to throw, `l` of a paused row the passes that were begun
since the instance last waited, by activity. A token that waits at a join has a key once an incident
says that it waits in vain.

Version 1 had no scopes and no memory; version 2 no `t` and no `l`, and no keys at joins.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from service.engine.errors import StateUnreadable
from service.engine.token import Phase, Token, Trouble

VERSION = 3
_READABLE = (1, 2, 3)
_PHASES = {phase.value: phase for phase in Phase}
_TROUBLES = {trouble.value: trouble for trouble in Trouble}


@dataclass(frozen=True, slots=True)
class SavedToken:
    """One token as it was saved; `scope` is a place in the list of tokens."""

    element_id: str
    phase: Phase
    trouble: Trouble
    key: int | None
    flow: str | None
    scope: int | None = None
    memory: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SavedState:
    """An instance as it was saved."""

    tokens: tuple[SavedToken, ...]
    end_events: tuple[str, ...]
    over: bool
    memory: dict[str, Any]


def dump(root: Token, tokens: Sequence[Token], end_events: Sequence[str], *, over: bool) -> str:
    """The state as text."""
    places = {token.task.id: place for place, token in enumerate(tokens)}
    saved: dict[str, object] = {"v": VERSION, "e": list(end_events), "o": int(over)}
    if root.memory:
        saved["r"] = root.memory
    saved["t"] = [_row(token, places.get(token.task.parent.id)) for token in tokens]
    return json.dumps(saved, ensure_ascii=False, separators=(",", ":"))


def _row(token: Token, scope: int | None) -> list[object]:
    row = [token.spec.name, token.phase, int(token.trouble), token.key, token.flow, scope]
    if token.memory:
        return [*row, token.memory]
    return row if scope is not None else row[:-1]


def load(text: str) -> SavedState:
    """The state from text. Raises StateUnreadable."""
    try:
        saved = json.loads(text)
        version = saved["v"]
        if version not in _READABLE:
            raise StateUnreadable(f"它的格式版本是 {version}，本程序只认 {VERSION} 及更早的版本")
        return SavedState(
            tokens=tuple(_token(place, row) for place, row in enumerate(saved["t"])),
            end_events=tuple(saved["e"]),
            over=bool(saved["o"]),
            memory=saved.get("r", {}),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise StateUnreadable("内容不完整") from error


def _token(place: int, row: list[Any]) -> SavedToken:
    element_id, phase, trouble, key, flow, *more = row
    token = SavedToken(element_id, _PHASES[phase], _TROUBLES[trouble], key, flow, *more)
    if token.scope is not None and not 0 <= token.scope < place:
        raise ValueError(token.scope)
    return token
