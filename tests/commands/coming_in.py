"""Somebody from outside who asks for codes and enters them; the messages that go out."""

import re
from dataclasses import dataclass, field

from service.commands import verification
from service.commands.verification import Admitted
from service.domain.outgoing import Channel, OutgoingMessage
from service.domain.verification import Contact
from service.jobs.runner import JobRunner
from tests.fixtures_commands import Stage

NUMBER = "138 0013 8000"
CHANNELS = frozenset(Channel)


@dataclass(slots=True)
class Pocket:
    """Everybody's telephone: what was sent, newest last."""

    messages: list[OutgoingMessage] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)

    def send(self, message: OutgoingMessage) -> None:
        if self.fails:
            raise self.fails.pop(0)
        self.messages.append(message)

    @property
    def code(self) -> str:
        """The newest code; other messages may have come behind it."""
        texts = (message.text for message in reversed(self.messages))
        return next(code[1] for text in texts if (code := re.search(r"验证码 ([0-9]{6})", text)))


def ask(stage: Stage, number: str = NUMBER, *, address: str = "10.1.1.1") -> Contact:
    return verification.request_code(
        stage.rooms,
        number,
        channels=CHANNELS,
        title="教研",
        address=address,
        now=stage.clock.now,
    )


def enter(stage: Stage, code: str, number: str = NUMBER, *, address: str = "10.1.1.1") -> Admitted:
    return verification.admit(stage.rooms, number, code, address=address, now=stage.clock.now)


def deliver(stage: Stage, pocket: Pocket) -> int:
    """Let the runner send what waits."""
    senders = dict.fromkeys(CHANNELS, pocket)
    return JobRunner(stage.rooms, owner="worker-1", senders=senders).run_due()


def come_in(stage: Stage, number: str = NUMBER) -> Admitted:
    """Ask for a code, get it, enter it."""
    pocket = Pocket()
    ask(stage, number)
    deliver(stage, pocket)
    return enter(stage, pocket.code, number)


def wrong(code: str) -> str:
    """Another code than this."""
    return f"{(int(code) + 1) % 1_000_000:06}"
