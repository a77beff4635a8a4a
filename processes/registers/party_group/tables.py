"""The register of the Party group's members, and the ids of what rights name. Append-only."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.procedure import ProcessesBase

MEETINGS = "committee_meetings"
"""Id of the register of meetings, as rights name it."""
MEMBERS = "committee_members"
"""Id of the register of members, as rights name it."""
RULES = "committee_rules"
"""Id that rights name for who sets the group's rules of procedure (议事规则)."""
SEATS = "committee_seats"
"""Id that rights name to show the menu to members; what a member sees follows from their seat."""


class MemberRecord(ProcessesBase):
    """One revision of one member's term; the highest revision is in force."""

    __tablename__ = "committee_member"
    __table_args__ = (Index("ix_committee_member_username", "username"),)

    member_key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    username: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    """As they were called when it was recorded."""
    position: Mapped[str] = mapped_column(Text)
    """书记, 副书记, 成员."""
    rank: Mapped[int]
    """Order in which the group is listed, 1 first."""
    begins_on: Mapped[date]
    ends_on: Mapped[date | None] = mapped_column(Date)
    """Last day in office; None while it lasts."""
    basis: Mapped[str] = mapped_column(Text)
    """The appointing document."""
    reason: Mapped[str] = mapped_column(Text)
    """Why this revision was made; empty for the first."""
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_by_name: Mapped[str] = mapped_column(Text)
