"""Who agrees to an agenda in the place of the 书记, and to which of its items was agreed so far."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "p0017"
down_revision: str | None = "p0016"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column(
        "committee_meeting",
        sa.Column("agenda_parts", sa.Text(), nullable=False, server_default=sa.text("'{}'")),
    )
    op.add_column(
        "committee_meeting",
        sa.Column("agenda_delegate", sa.Text(), nullable=False, server_default=sa.text("''")),
    )
