"""What a person chooses to be told, and by which channels. The list has everything, always."""

from collections.abc import Mapping

from service.commands.toolbox import Toolbox
from service.commands.upserts import upsert
from service.domain.actors import Actor
from service.domain.errors import Invalid
from service.domain.notifications import (
    CHOOSABLE,
    DIGEST,
    DIGEST_ON_DAYS_OFF,
    NotificationKind,
)
from service.domain.outgoing import Channel
from service.store.tables import NotificationChoice


class ChoiceUnknown(Invalid):
    """这个选项不存在，没有改动。请刷新页面后再保存。"""

    code = "notification.choice-unknown"


def choose(tools: Toolbox, wanted: Mapping[tuple[str, Channel], bool], *, actor: Actor) -> None:
    """Write the actor's own choices, by kind (or the digest) and channel; others stay.

    One statement. Raises ChoiceUnknown.
    """
    kinds = {DIGEST, DIGEST_ON_DAYS_OFF, *NotificationKind}
    if any(kind not in kinds or channel not in CHOOSABLE for kind, channel in wanted):
        raise ChoiceUnknown
    rows: list[dict[str, object]] = [
        {"username": actor.username, "kind": kind, "channel": channel, "wanted": is_wanted}
        for (kind, channel), is_wanted in wanted.items()
    ]
    upsert(tools.session, NotificationChoice, rows, ("wanted",))
