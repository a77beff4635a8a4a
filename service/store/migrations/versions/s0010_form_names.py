"""What people call a form."""

import json
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from service.domain.form_names import form_name

revision: str = "s0010"
down_revision: str | None = "s0009"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None

_FORMS = sa.table(
    "form_definition",
    sa.column("key", sa.BigInteger),
    sa.column("resource_key", sa.BigInteger),
    sa.column("name", sa.Text),
)
_RESOURCES = sa.table("resource", sa.column("key", sa.BigInteger), sa.column("content", sa.Text))


def upgrade() -> None:
    op.add_column("form_definition", sa.Column("name", sa.Text(), nullable=True))
    connection = op.get_bind()
    found = connection.execute(
        sa.select(_FORMS.c.key, _RESOURCES.c.content).join_from(
            _FORMS, _RESOURCES, _FORMS.c.resource_key == _RESOURCES.c.key
        )
    )
    for key, content in found.all():
        if name := form_name(json.loads(content)):
            connection.execute(sa.update(_FORMS).where(_FORMS.c.key == key).values(name=name))
