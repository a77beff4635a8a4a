"""What a procedure's own pages do to a case of theirs, beside its tasks (see `procedure.py`)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from service.commands import instance_lock, messages
from service.commands.instance_lock import act
from service.commands.submissions import cleaned_line
from service.commands.toolbox import Toolbox
from service.domain.actors import SYSTEM, Actor
from service.domain.irreversible import PAGE_ACT_FOR_GOOD
from service.domain.recusal import Bar, bars
from service.domain.values import Json, Variables
from service.store.recusal import ties_of

PAGE_ACT = "page.acted"
"""Act of the history: somebody did something on a page of the procedure; `text` says what, `public`
what of it the applicant is to read."""

KEPT_FOR = timedelta(days=366)
"""How long a message waits for a case that begins to wait for it later."""

_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class ForGood:
    """What an act that cannot be taken back is called, and the lawful act that puts it right."""

    step: str
    remedy: str


def lock_case(tools: Toolbox, instance_key: int) -> None:
    """Lock a case until the end of the transaction; before anything else that its steps write to.

    A step of the case has this lock first, too, so that nobody waits for each other. Raises
    InstanceNotFound.
    """
    instance_lock.lock(tools.session, instance_key)


def note_act(
    tools: Toolbox,
    instance_key: int,
    text: str,
    *,
    public: str = "",
    register: str = "",
    about: Collection[str] = (),
    matter: str = "",
    kept_from: Collection[str] = (),
    for_good: ForGood | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Write into the chained history of a case what somebody did on a page of its procedure.

    `public` is what an applicant from outside reads of it at their application; empty for nothing.
    `register`: a closed register whose readers alone see the act, whoever else has a part in the
    case, and of them nobody who is tied to one of the user names that it is `about`, or is named by
    `kept_from` of this or another act of the same `matter`. `for_good`: what was done cannot be
    taken back, and nobody ends the case behind it (`service/domain/irreversible.py`).
    The caller has locked the case and made sure that the actor may do it. Raises InstanceNotFound.
    """
    instance = instance_lock.lock(tools.session, instance_key)
    value: dict[str, Json] = {"text": cleaned_line(text, _LONGEST)}
    if public:
        value["public"] = cleaned_line(public, _LONGEST)
    if register:
        value["register"] = register
        value["about"] = [*about]
        value["matter"] = matter
        value["kept_from"] = [*kept_from]
    if for_good is not None:
        value |= {"step": for_good.step, "remedy": for_good.remedy}
    name = PAGE_ACT if for_good is None else PAGE_ACT_FOR_GOOD
    entry = act(name, actor=actor.username, now=now, value=value)
    instance_lock.record(tools, instance, entry)


def send_message(
    tools: Toolbox, name: str, *, correlation_key: str, variables: Variables, now: datetime
) -> None:
    """Send a message to the cases that wait for it, or begin to within a year.

    In the system's name: the caller has made sure that the person may cause it. Raises
    EventNameInvalid, CorrelationKeyInvalid, VariablesReserved.
    """
    messages.publish(
        tools,
        name,
        correlation_key=correlation_key,
        time_to_live=KEPT_FOR,
        variables=variables,
        actor=SYSTEM,
        now=now,
    )


def barred_by(session: Session, parties: Collection[str]) -> Mapping[str, Bar]:
    """Return who must keep out of what is about these user names, by the ties declared now.

    The parties themselves are among them. No statement for nobody, else two.
    """
    return bars(parties, ties_of(session, parties)) if parties else {}
