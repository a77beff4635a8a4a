"""The variables of one instance by scope; every real change becomes an event."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from service.domain.events import Event, ScopeDropped, VariableSet
from service.domain.values import Json, Variables


class Scopes:
    """Variables by scope key. A chain is a sequence of scope keys, innermost first.

    The root scope always exists; a local scope exists from its first variable until it is dropped.
    """

    def __init__(self, scopes: Mapping[int, Variables], emit: Callable[[Event], None]) -> None:
        self._scopes: dict[int, dict[str, Json]] = {k: dict(v) for k, v in scopes.items()}
        self._emit = emit
        self.writes = 0
        """How many were made in this run."""
        self.written: dict[str, int] = {}
        """The last write of each name, by its number: conditions that name it are asked again."""

    def visible(self, chain: Sequence[int]) -> dict[str, Json]:
        """What is seen from the innermost scope."""
        seen: dict[str, Json] = {}
        for key in reversed(chain):
            seen.update(self._scopes.get(key, {}))
        return seen

    def set(self, key: int, values: Variables) -> None:
        """Write into this very scope; it exists from its first variable."""
        if not values:
            return
        scope = self._scopes.setdefault(key, {})
        for name, value in values.items():
            if name not in scope or not same(scope[name], value):
                scope[name] = value
                self._note(key, name, value)

    def place(self, key: int, name: str, index: int, value: Json) -> None:
        """Write one place of a list of this very scope; longer lists are copied by nobody."""
        found = self._scopes.setdefault(key, {}).get(name)
        items = found if isinstance(found, list) else []
        items.extend([None] * (index + 1 - len(items)))
        items[index] = value
        self._scopes[key][name] = items
        self._note(key, name, items)

    def append(self, key: int, name: str, value: Json) -> None:
        """Write behind the last place of a list of this very scope."""
        found = self._scopes.get(key, {}).get(name)
        self.place(key, name, len(found) if isinstance(found, list) else 0, value)

    def own(self, key: int) -> Variables:
        """What this very scope holds."""
        return dict(self._scopes.get(key, {}))

    def withdraw(self, key: int, names: Iterable[str]) -> dict[str, Json]:
        """Take values out of a local scope that is about to end; nobody is told."""
        scope = self._scopes.get(key, {})
        return {name: scope.pop(name) for name in names if name in scope}

    def merge(self, chain: Sequence[int], values: Variables, home: int | None = None) -> None:
        """Write each value where its name is seen, else into `home` or the outermost scope."""
        new = chain[-1] if home is None else home
        for name, value in values.items():
            owner = next((key for key in chain if name in self._scopes.get(key, {})), new)
            self.set(owner, {name: value})

    def _note(self, key: int, name: str, value: Json) -> None:
        self.writes += 1
        self.written[name] = self.writes
        self._emit(VariableSet(key, name, value))

    def drop(self, key: int) -> None:
        """End a local scope."""
        if self._scopes.pop(key, None) is not None:
            self._emit(ScopeDropped(key))


def same(left: Json, right: Json) -> bool:
    """Equality as JSON sees it: unlike in Python, `true` is not 1."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[k], right[k]) for k in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return left == right
