"""Items of the Party group: the decision they belong to, the unit, the matter beside the person."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "p0010"
down_revision: str | None = "p0009"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None

_OF_A_RECONSIDERATION = "%提议复议%"


def upgrade() -> None:
    op.add_column(
        "committee_item", sa.Column("root_key", sa.BigInteger(), nullable=False, server_default="0")
    )
    for name in ("unit", "matter"):
        op.add_column(
            "committee_item",
            sa.Column(name, sa.Text(), nullable=False, server_default=sa.text("''")),
        )
    op.create_index("ix_committee_item_root_key", "committee_item", ["root_key"])
    _name_the_roots()


def _name_the_roots() -> None:
    """What was taken up again by 复议 belongs to the decision it began with."""
    item = sa.table(
        "committee_item",
        sa.column("key", sa.BigInteger()),
        sa.column("root_key", sa.BigInteger()),
        sa.column("previous_key", sa.BigInteger()),
        sa.column("ground", sa.Text()),
    )
    bind = op.get_bind()
    bind.execute(sa.update(item).values(root_key=item.c.key))
    again = bind.execute(
        sa.select(item.c.key, item.c.previous_key)
        .where(item.c.previous_key.is_not(None), item.c.ground.like(_OF_A_RECONSIDERATION))
        .order_by(item.c.key)
    ).all()
    roots: dict[int, int] = {}
    for row in again:
        roots[row.key] = roots.get(row.previous_key, row.previous_key)
        bind.execute(sa.update(item).where(item.c.key == row.key).values(root_key=roots[row.key]))
