"""Whether the roll of the Party group is what was recorded of it: for `jiaoyan audit verify`.

The digest of each revision against the access log, whose chain is keyed. Revisions that were
entered before digests were kept have none there.
"""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.registers.party_group.members import digest_of
from processes.registers.party_group.tables import MEMBERS, MemberRecord
from service.domain.soundness import ChainKind, ChainName, Fault, Finding
from service.procedure import register_events

_GONE = "登记过这位党组成员，但名册里没有了"
_REWRITTEN = "党组成员的记录与访问日志里的校验值不符，可能被改写或者删去"


def check(session: Session) -> Iterator[Finding]:
    """Give what does not fit, by member."""
    kept: dict[str, set[str]] = {}
    for row in session.scalars(select(MemberRecord)):
        kept.setdefault(f"{MEMBERS}/{row.member_key}", set()).add(digest_of(row))
    recorded: dict[str, set[str]] = {}
    for event in register_events(session):
        if event.reference.startswith(f"{MEMBERS}/"):
            recorded.setdefault(event.reference, set()).add(event.digest)
    for reference, digests in sorted(recorded.items()):
        chain = ChainName(ChainKind.REGISTER, reference)
        if reference not in kept:
            yield Finding(chain, 0, Fault.NOT_THERE, _GONE)
        elif not digests <= kept[reference]:
            yield Finding(chain, 0, Fault.REWRITTEN, _REWRITTEN)
