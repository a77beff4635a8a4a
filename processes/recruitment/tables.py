"""Tables of recruitment: rounds, their posts, who applied, scores and ranks.

Rounds, posts and candidacies are rows as they are now, with every act on a round in
`register_change` (see `history`); scores and ranks are never changed: a new run is new rows.
Scores are decimal texts, so that no figure of a candidate depends on binary fractions.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.values import Json
from service.procedure import JsonText, ProcessesBase


class RoundState(StrEnum):
    """Where a round stands."""

    PLANNED = "planned"
    ANNOUNCED = "announced"
    ENDED = "ended"


class PostState(StrEnum):
    """What became of one post of a round."""

    OPEN = "open"
    CANCELLED = "cancelled"
    UNFILLED = "unfilled"
    FILLED = "filled"


class CandidacyState(StrEnum):
    """Where one application to a round stands."""

    CHECKING = "checking"
    ADMITTED = "admitted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    PROPOSED = "proposed"
    FILING = "filing"
    """Proposed, decided and disclosed: waits for what 人社 and 编办 answer."""
    DROPPED = "dropped"
    ON_TRIAL = "on_trial"
    TRANSFERRING = "transferring"
    """Passed the trial: waits for what 编办 and 人社 answer to the transfer."""
    APPOINTED = "appointed"
    RETURNED = "returned"
    PASSED_OVER = "passed_over"


class Part(StrEnum):
    """Which examination a score is of."""

    WRITTEN = "written"
    INTERVIEW = "interview"
    EXTRA = "extra"


class Round(ProcessesBase):
    """One round of recruitment by one channel, for one institution."""

    __tablename__ = "recruitment_round"
    __table_args__ = (
        UniqueConstraint("number", name="uq_recruitment_round_number"),
        Index("ix_recruitment_round_instance_key", "instance_key"),
    )

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """Key of the element instance that opened it."""
    revision: Mapped[int]
    """How many acts of the history there are."""
    number: Mapped[str] = mapped_column(Text)
    """As people cite it: A2026-01."""
    channel: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    unit_id: Mapped[str] = mapped_column(Text)
    process_id: Mapped[str] = mapped_column(Text)
    instance_key: Mapped[int] = mapped_column(BigInteger)
    """The case that keeps the seats of its posts."""
    state: Mapped[str] = mapped_column(Text)
    scheme: Mapped[Json] = mapped_column(JsonText, nullable=False)
    """What was announced; nothing writes it any more once it was."""
    announced_at: Mapped[datetime | None]
    notice_key: Mapped[str] = mapped_column(Text)
    registration_opens_on: Mapped[date | None]
    """Days of the bureau's calendar, both inclusive."""
    registration_closes_on: Mapped[date | None]
    substitution_until: Mapped[date | None]
    """Last day on which the next candidate may take the place of one who fell out."""
    rules_version: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime]
    opened_by: Mapped[str] = mapped_column(Text)
    opened_by_name: Mapped[str] = mapped_column(Text)


class RoundPost(ProcessesBase):
    """One post of a round: one seat to be filled."""

    __tablename__ = "recruitment_post"
    __table_args__ = (Index("ix_recruitment_post_round_key", "round_key"),)

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    """By which people apply: A2026-01-01."""
    round_key: Mapped[int] = mapped_column(BigInteger)
    seat: Mapped[str] = mapped_column(Text)
    """Name of stage and subject: see `processes.registers.seats`."""
    seat_code: Mapped[str] = mapped_column(Text)
    """The seat of the register that is kept for it; empty before it was approved."""
    state: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)


class Candidacy(ProcessesBase):
    """One person's application for one post of a round."""

    __tablename__ = "recruitment_candidacy"
    __table_args__ = (
        Index("ix_recruitment_candidacy_round_key", "round_key", "username"),
        Index("ix_recruitment_candidacy_post_code", "post_code"),
    )

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """Key of the element instance that entered it."""
    round_key: Mapped[int] = mapped_column(BigInteger)
    post_code: Mapped[str] = mapped_column(Text)
    instance_key: Mapped[int] = mapped_column(BigInteger)
    username: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(Text)
    """Where they work now."""
    title: Mapped[str] = mapped_column(Text)
    honoured: Mapped[bool]
    """E5d: the order among equals, never points."""
    qualification_key: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    applied_at: Mapped[datetime]


class ScoreEntry(ProcessesBase):
    """One score that somebody gave or entered; `rater` is empty for a paper's result."""

    __tablename__ = "recruitment_score"

    candidacy_key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    part: Mapped[str] = mapped_column(Text, primary_key=True)
    run: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rater: Mapped[str] = mapped_column(Text, primary_key=True)
    rater_name: Mapped[str] = mapped_column(Text)
    points: Mapped[str] = mapped_column(Text)
    """Decimal text; empty where the candidate was not there."""
    note: Mapped[str] = mapped_column(Text)
    void_reason: Mapped[str] = mapped_column(Text)
    """Why it does not count, as found when the run was counted."""
    entered_at: Mapped[datetime]
    cause_key: Mapped[int] = mapped_column(BigInteger)


class RankEntry(ProcessesBase):
    """One place of one ranking of a post; the highest run is in force."""

    __tablename__ = "recruitment_rank"

    post_code: Mapped[str] = mapped_column(Text, primary_key=True)
    run: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    candidacy_key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    place: Mapped[int]
    """1 is first; 0: not ranked, `note` says why."""
    written: Mapped[str] = mapped_column(Text)
    interview: Mapped[str] = mapped_column(Text)
    total: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    """What decided among equals, or why there is no place."""
    rules_version: Mapped[str] = mapped_column(Text)
    ranked_at: Mapped[datetime]
    cause_key: Mapped[int] = mapped_column(BigInteger)
