"""Keys for what is kept hashed of the public side, derived from the key outside the database.

Each purpose has its own, so that a hash of one table tells nothing about another, and none tells
anything about the chain of the history.
"""

import hashlib
import hmac
from enum import StrEnum

from service.commands.toolbox import Toolbox


class Purpose(StrEnum):
    """What is hashed."""

    CODE = "verification code"
    RATE = "rate limit"
    OBJECTION = "objection"


def pepper(tools: Toolbox, purpose: Purpose) -> bytes:
    """Return the key for this purpose, 32 bytes."""
    label = f"jiaoyan public: {purpose}".encode()
    return hmac.new(tools.audit_key, label, hashlib.sha256).digest()


def hashed(tools: Toolbox, purpose: Purpose, *parts: str) -> str:
    """Return a keyed hash of texts, hexadecimal: HMAC-SHA-256 over the parts, each marked off."""
    joined = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return hmac.new(pepper(tools, purpose), joined, hashlib.sha256).hexdigest()
