"""What every message for a person has around its text: who writes, and where the page is."""

from dataclasses import dataclass

from service.domain.outgoing import OutgoingMessage


@dataclass(frozen=True, slots=True)
class Frame:
    """`title` is the system's name, `base_url` its address without a slash at the end."""

    title: str
    base_url: str

    def url(self, message: OutgoingMessage) -> str:
        """Return the address of the page that a message leads to; empty where it leads nowhere."""
        return f"{self.base_url}{message.path}" if message.path else ""

    def subject(self, message: OutgoingMessage) -> str:
        """Return the line above a message."""
        return f"【{self.title}】{message.subject}" if message.subject else self.title
