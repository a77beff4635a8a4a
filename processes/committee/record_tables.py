"""The table of procedural records (程序事项): what happened with the procedure of a meeting."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.values import Json
from service.procedure import JsonText, ProcessesBase


class RecordKind(StrEnum):
    """What happened."""

    AGENDA = "agenda"
    AGENDA_BY = "agenda_by"
    RESCHEDULED = "rescheduled"
    CANCELLED = "cancelled"
    NOT_HELD = "not_held"
    CHAIR = "chair"
    SILENT = "silent"
    UNRECUSED = "unrecused"
    ANNULLED = "annulled"
    MOTION = "motion"
    NOT_REACHED = "not_reached"
    SIGNER = "signer"
    CHECKER = "checker"
    AMENDED = "amended"
    CORRECTION = "correction"

    @property
    def label(self) -> str:
        """What people read."""
        return _KINDS[self]


_KINDS = {
    RecordKind.AGENDA: "审定议程",
    RecordKind.AGENDA_BY: "委托审定议程",
    RecordKind.RESCHEDULED: "改期",
    RecordKind.CANCELLED: "取消会议",
    RecordKind.NOT_HELD: "流会",
    RecordKind.CHAIR: "变更主持人",
    RecordKind.SILENT: "无人发言",
    RecordKind.UNRECUSED: "撤销回避登记",
    RecordKind.ANNULLED: "作废本轮",
    RecordKind.MOTION: "复议动议",
    RecordKind.NOT_REACHED: "未及讨论",
    RecordKind.SIGNER: "变更签发人",
    RecordKind.CHECKER: "变更记录人",
    RecordKind.AMENDED: "改正纪要",
    RecordKind.CORRECTION: "更正",
}


class ProceduralRecord(ProcessesBase):
    """One 程序事项 of a meeting, never changed; a 更正 of archived minutes is one, too."""

    __tablename__ = "committee_record"

    meeting_key: Mapped[int] = mapped_column(ForeignKey("committee_meeting.key"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """From 1, in the order in which it happened."""
    kind: Mapped[str] = mapped_column(Text)
    item_key: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("committee_item.key"))
    """The item it is about; of 复议 one that an earlier meeting may have decided."""
    text: Mapped[str] = mapped_column(Text)
    """What happened, in words."""
    reason: Mapped[str] = mapped_column(Text)
    figures: Mapped[Json] = mapped_column(JsonText, nullable=False)
    """Numbers and texts behind the words, by name: members due, votes by choice, before, after."""
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_by_name: Mapped[str] = mapped_column(Text)
