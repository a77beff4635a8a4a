"""Where a seat comes from (三(二)3), and what each source has to show. Pure."""

from enum import StrEnum


class Source(StrEnum):
    """How an institution came by a seat."""

    OWN = "本级核定"
    LENT_SEAT = "借编"
    LENT_POST = "借岗"
    MORE_SEATS = "扩编"
    MORE_POSTS = "增岗"
    POOLED = "区域统筹"


OWN_SOURCES = frozenset({Source.OWN, Source.MORE_SEATS, Source.MORE_POSTS})
"""These stand on the institution's own approved number, the others on a lender's."""

OWN_POST_SOURCES = OWN_SOURCES | {Source.LENT_SEAT}
"""These need a post of the institution's own: who borrows a seat has not borrowed a post."""
