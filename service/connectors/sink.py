"""Where messages go when nobody is to get them: files, for the demonstration alone."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from service.domain.outgoing import OutgoingMessage

MOST_KEPT = 100


@dataclass(frozen=True, slots=True)
class FileSink:
    """A folder with a file a message, the newest hundred."""

    folder: Path
    clock: Callable[[], datetime]

    def send(self, message: OutgoingMessage) -> None:
        """Write the message down."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        now = self.clock()
        content = {
            "at": now.isoformat(),
            "channel": message.channel,
            "to": message.to,
            "subject": message.subject,
            "text": message.text,
            "path": message.path,
        }
        name = f"{now:%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}.json"
        partial = self.folder / f".{name}"
        partial.touch(mode=0o600)
        partial.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
        partial.rename(self.folder / name)
        for old in sorted(self.folder.glob("[0-9]*.json"))[:-MOST_KEPT]:
            old.unlink(missing_ok=True)
