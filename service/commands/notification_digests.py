"""Writing the messages of the daily summary: one a person and day."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.dialects import postgresql, sqlite

from service.commands.notification_messages import addresses
from service.commands.outbox import PATIENT, message_row
from service.commands.toolbox import Toolbox
from service.commands.upserts import dialect_of, table
from service.domain.outgoing import Channel, OutgoingMessage
from service.domain.personal_data import PersonalKind
from service.store.tables import Job, NotificationDigest

LIFE = timedelta(hours=10)
"""Behind the working day nobody needs it any more."""


def enqueue(tools: Toolbox, texts: Mapping[str, str], *, day: date, now: datetime) -> None:
    """Let these people have their summary of the day, by user name; who has had it gets none."""
    if not texts:
        return
    fresh = _first_today(tools, texts, day)
    known = addresses(tools, fresh)
    rows = [
        message_row(
            tools,
            OutgoingMessage(
                Channel.MAIL, known[username, PersonalKind.MAIL], texts[username], "每日汇总", "/"
            ),
            now=now,
            expires_at=now + LIFE,
            pauses=PATIENT,
        )
        for username in fresh
        if (username, PersonalKind.MAIL) in known
    ]
    if rows:
        tools.session.execute(insert(table(Job)), rows)


def _first_today(tools: Toolbox, texts: Mapping[str, str], day: date) -> list[str]:
    """Write that they get it, and return whom nobody else has written down before."""
    digests = table(NotificationDigest)
    insert_ = postgresql.insert if dialect_of(tools.session) == "postgresql" else sqlite.insert
    statement = insert_(digests).values(
        [{"username": username, "day": day} for username in sorted(texts)]
    )
    written = statement.on_conflict_do_update(
        index_elements=[digests.c.username],
        set_={"day": statement.excluded.day},
        where=digests.c.day < statement.excluded.day,
    ).returning(digests.c.username)
    return sorted(tools.session.scalars(written))
