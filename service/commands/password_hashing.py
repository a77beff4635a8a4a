"""Passwords as argon2id hashes. A check takes about 50 ms on purpose: call it outside transactions.

The parameters are one pass above the least that OWASP's password storage cheat sheet names for
argon2id (19 MiB, two passes, one lane). A hash carries its own, so they can be raised here: whoever
signs in next gets a new hash.
"""

import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from service.domain.passwords import LONGEST

_hasher = PasswordHasher(time_cost=3, memory_cost=19 * 1024, parallelism=1)

# A hash takes 19 MiB: not more of them at once than the memory of a web process allows for.
_at_once = threading.BoundedSemaphore(2)

DECOY = (
    "$argon2id$v=19$m=19456,t=3,p=1$IU4bq+COICDsEJDXimGKIQ$"
    "X3und0p+GqRIYbghWIYHVyMXeiMxE3sOK5gONujjkiU"
)
"""In the form of a hash, of no password: checked for unknown names, so that they take as long."""


def hashed(password: str) -> str:
    """Return the hash to keep of a password."""
    with _at_once:
        return _hasher.hash(_bytes(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Tell whether it is the password of this hash; None (no such account) takes as long."""
    with _at_once:
        try:
            _hasher.verify(password_hash or DECOY, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Tell whether the hash was made by other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def _bytes(password: str) -> bytes:
    """The same for the same characters, however the keyboard composed them."""
    return unicodedata.normalize("NFC", password[: LONGEST + 1]).encode("utf-8", "surrogatepass")
