"""Who acts: a signed-in person, or the system itself."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Actor:
    """A person at the moment of the call; `groups` were read from the store in this request."""

    username: str
    display_name: str = ""
    groups: frozenset[str] = field(default=frozenset())
    public: bool = False
    """An applicant from outside: no member of staff, so what everyone may is not theirs."""
    address: str = field(default="", compare=False)
    """Where the request came from; nothing where there is none."""


SYSTEM = Actor("system", "系统")
"""Acts where no person does: the job runner, the first deployment."""
