"""Finds what counts, or no longer counts, behind the record's back.

Rights, closed procedures, members of groups, posts, post groups, deputies, ties, accounts, tokens.
"""

from sqlalchemy.orm import Session

from service.domain.soundness import Finding
from service.store.accounts_check import ACCOUNTS, TOKENS
from service.store.agreements_check import DEPUTIES, TIES
from service.store.posts_check import POSTS, misnamed
from service.store.record_comparison import compare
from service.store.rights_check import CLOSED, MEMBERS, RIGHTS

_COMPARISONS = (RIGHTS, CLOSED, MEMBERS, POSTS, DEPUTIES, TIES, ACCOUNTS, TOKENS)


def verify(session: Session) -> list[Finding]:
    """Compare all that gives somebody power, or keeps them out, with what was recorded of it."""
    found = [finding for one in _COMPARISONS for finding in compare(session, one)]
    return [*found, *misnamed(session)]
