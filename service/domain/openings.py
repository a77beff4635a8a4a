"""A start form that is opened for something, such as a gap of the matrix: what it then holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.domain.values import Json


@dataclass(frozen=True, slots=True)
class Opening:
    """What a start form holds when it is opened, by the keys of its fields.

    `label` says for what, in words; empty where that goes without saying. `given` cannot be changed
    there and counts whatever is sent; `filled` is there to begin with and may be changed;
    `beneath` stands beneath the fields that are given.
    """

    label: str = ""
    given: Mapping[str, Json] = field(default_factory=dict)
    filled: Mapping[str, Json] = field(default_factory=dict)
    beneath: str = ""

    def begun(self, data: Mapping[str, Json]) -> dict[str, Json]:
        """Return a form's data with `filled`; a list that holds it all already stays as it is."""
        kept = {
            name
            for name, wanted in self.filled.items()
            if isinstance(wanted, list)
            and isinstance(has := data.get(name), list)
            and all(one in has for one in wanted)
        }
        return {**data, **{name: one for name, one in self.filled.items() if name not in kept}}
