"""Who acts: a signed-in person, or the system itself."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody for whom the actor may act now, as of this request.

    `process_ids` None: in all procedures. Tasks that came to them before `begun_at` are meant only
    where `covers_open`. `by_all`: some agreement on the way here is one for all procedures, so
    nothing closed is among them.
    """

    username: str
    display_name: str
    groups: frozenset[str]
    process_ids: frozenset[str] | None
    begun_at: datetime
    covers_open: bool
    by_all: bool = False


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
    principals: tuple[Principal, ...] = ()
    """Those who are away and have named this person their deputy."""


SYSTEM = Actor("system", "系统")
"""Acts where no person does: the job runner, the first deployment."""
