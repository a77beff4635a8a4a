"""Variables that the service sets itself, so that no diagram may write onto them."""

import re

INITIATOR = "initiator"
"""Root variable: the user name of who started the instance."""

_OUTCOME_SUFFIX = "_outcome"
_COMPLETER_SUFFIX = "_completed_by"
_NO_LETTER = re.compile(r"\W")


def outcome_variable(element_id: str) -> str:
    """Name of the variable that holds the outcome a person chose at this user task.

    What an id may have and a variable may not (`-`, `.`) becomes `_`.
    """
    return _NO_LETTER.sub("_", element_id) + _OUTCOME_SUFFIX


def completer_variable(element_id: str) -> str:
    """Name under which the output mappings of this user task see who completed it: user name.

    Nothing else sees it, unless a mapping hands it on.
    """
    return _NO_LETTER.sub("_", element_id) + _COMPLETER_SUFFIX


def is_reserved(name: str) -> bool:
    """True for names that the service alone sets: `initiator`, `…_outcome`, `…_completed_by`."""
    return name == INITIATOR or name.endswith((_OUTCOME_SUFFIX, _COMPLETER_SUFFIX))
