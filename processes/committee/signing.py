"""Another one signs or checks the minutes (变更签发人、变更记录人) than who was to.

For somebody who is lost after the close. No step of a meeting has deputies, and its case cannot be
ended behind a decision; so the desk says who does it instead, with the reason. The minutes go back
to be checked: their text has changed.
"""

from collections.abc import Sequence

from processes.committee import records, signers
from processes.committee.amending import CHECKING
from processes.committee.desk import Sitting, said
from processes.committee.item_room import names_of, require_member
from processes.committee.keeping_out import kept_from, parts_to_sign
from processes.committee.record_tables import RecordKind
from processes.committee.refusals import Unfit, WrongState
from processes.committee.tables import Attendee, ItemState, MeetingState, Presence
from service.procedure import send_message, step_open

CHANGED = "committee.signers-changed"
"""Message that somebody else signs or checks the minutes; its key is the meeting's."""

_STEPS = (CHECKING, "sign_items", "sign_minutes")
_THERE = frozenset({Presence.PRESENT, Presence.REMOTE, Presence.LEFT})
_LONGEST = 200


def change_signer(sitting: Sitting, before: str, username: str, reason: str) -> None:
    """Let another member sign what this one has to sign: the whole, or items kept from the signer.

    Raises WrongState unless the minutes are on their way to signature, NotAMember, Unfit for who
    signs nothing, was not there, must keep out of these items, or is not to sign any more.
    """
    _require_on_the_way(sitting, act="变更签发人")
    session, meeting = sitting.tools.session, sitting.meeting
    parts, signer = parts_to_sign(session, meeting), signers.signer_of(session, meeting)
    if before not in {signer, *parts.values()}:
        raise Unfit(reason="请选择现在应当签发或者签认的成员")
    member = require_member(sitting, username)
    gone = {one for one, _ in signers.changes(session, meeting.key)} | {before}
    if username in gone:
        raise Unfit(reason=f"{member.name}已经不再签发，请另选一位成员")
    _require_fit(sitting, member, [key for key, who in parts.items() if who == before])
    what = "签发" if before == signer else "签认"
    told = f"纪要由{names_of(sitting, [before])}{what}，改为由{member.name}{what}"
    records.enter(
        sitting,
        RecordKind.SIGNER,
        told,
        reason=said(reason, "变更的理由", longest=_LONGEST),
        figures={signers.BEFORE: before, signers.AFTER: username, signers.NAME: member.name},
    )
    _tell(sitting)


def take_check(sitting: Sitting, reason: str) -> None:
    """Let the secretary who acts check the minutes in the place of who took them.

    Raises WrongState unless the minutes are on their way to signature, ItemTied.
    """
    _require_on_the_way(sitting, act="变更记录人")
    before, name = signers.checker_of(sitting.tools.session, sitting.meeting)
    if before == sitting.actor.username:
        raise WrongState(act="变更记录人", state="纪要已经由你核对")
    for item in sitting.items():
        sitting.require_untied(item)
    mine = sitting.actor.display_name or sitting.actor.username
    records.enter(
        sitting,
        RecordKind.CHECKER,
        f"纪要由记录人{name}核对，改为由{mine}核对",
        reason=said(reason, "变更的理由", longest=_LONGEST),
        figures={signers.BEFORE: before, signers.AFTER: sitting.actor.username, signers.NAME: mine},
    )
    _tell(sitting)


def _require_on_the_way(sitting: Sitting, *, act: str) -> None:
    sitting.require(MeetingState.CLOSED, act=act)
    session, key = sitting.tools.session, sitting.meeting.key
    if not any(step_open(session, key, step) for step in _STEPS):
        raise WrongState(act=act, state="纪要正在送签或者归档，请稍后刷新再看")


def _require_fit(sitting: Sitting, member: Attendee, of_parts: Sequence[int]) -> None:
    held = sitting.meeting.opened_at is not None
    if held and Presence(member.presence) not in _THERE:
        raise Unfit(reason=f"{member.name}没有到会，不能签发，请选择到会的成员")
    decided = [one for one in sitting.items() if one.state == ItemState.DECIDED]
    kept = kept_from(sitting.tools.session, decided, member.username)
    if not kept.isdisjoint(of_parts):
        raise Unfit(reason=f"{member.name}应当回避要签认的议题，请另选一位成员（规则 C-RECUSE）")


def _tell(sitting: Sitting) -> None:
    key = str(sitting.meeting.key)
    send_message(sitting.tools, CHANGED, correlation_key=key, variables={}, now=sitting.now)
