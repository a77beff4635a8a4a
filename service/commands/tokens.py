"""Random tokens: whoever presents one is who it was given to, so only its hash is kept."""

import hashlib
import secrets


def new_token() -> str:
    """Return 256 random bits as 43 letters, digits, `-` and `_`."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return SHA-256 of the token, hexadecimal: what the store keeps of it.

    A token cannot be guessed, so it needs no slow hash as a password does.
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
