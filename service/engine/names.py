"""Variables that the service sets itself, so that no diagram may write onto them."""

import re

INITIATOR = "initiator"
"""Root variable: the user name of who started the instance."""

_OUTCOME_SUFFIX = "_outcome"
_NO_LETTER = re.compile(r"\W")


def outcome_variable(element_id: str) -> str:
    """Name of the variable that holds the outcome a person chose at this user task.

    What an id may have and a variable may not (`-`, `.`) becomes `_`.
    """
    return _NO_LETTER.sub("_", element_id) + _OUTCOME_SUFFIX


def is_reserved(name: str) -> bool:
    """True for names that only the service sets: `initiator` and every `…_outcome`."""
    return name == INITIATOR or name.endswith(_OUTCOME_SUFFIX)
