"""Encrypts what must not lie open in the database, by keys that are kept outside of it.

AES-256-GCM (GM/T and 等级保护 ask for encryption of personal data at rest; the algorithm is the
library's). A sealed text says which key it was sealed with, so several keys may be in use: the
first seals, all open. It is bound to its place (row and field): moved elsewhere it opens no more.

Whether a value is there already is asked by a keyed hash of it, which tells nobody the value.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from service.domain.errors import JiaoyanError

_FORM = "v1"
_NONCE = 12
"""Bytes: what NIST SP 800-38D, 8.2 recommends."""


class DataKeyMissing(JiaoyanError):
    """没有可用的个人信息密钥（环境变量 JIAOYAN_DATA_KEY），个人信息没有读出，也没有改动。请联系系统管理员设置密钥。"""  # noqa: E501 - a message is one paragraph

    code = "personal-data.key-missing"


class SealBroken(JiaoyanError):
    """这项个人信息无法解密，可能已被改动；没有读出任何内容。请联系系统管理员。"""

    code = "personal-data.seal-broken"


@dataclass(frozen=True, slots=True)
class _Key:
    """What is derived of one secret."""

    name: str
    """Begins each text sealed with it; tells nothing of the key."""
    cipher: AESGCM
    lookup: bytes


class DataKeys:
    """The keys in use, newest first; one a process, shared by threads. Without any it refuses."""

    def __init__(self, given: Sequence[str] = ()) -> None:
        self._keys = tuple(_derived(secret) for secret in given)

    @property
    def names(self) -> tuple[str, ...]:
        """What each sealed text says of the key that opens it; tells nothing of the key."""
        return tuple(key.name for key in self._keys)

    def seal(self, text: str, place: str) -> str:
        """Encrypt a text for this place, with the newest key. Raises DataKeyMissing."""
        key = self._newest()
        nonce = secrets.token_bytes(_NONCE)
        content = nonce + key.cipher.encrypt(nonce, text.encode(), place.encode())
        return f"{_FORM}:{key.name}:{base64.urlsafe_b64encode(content).decode('ascii')}"

    def open(self, sealed: str, place: str) -> str:
        """Decrypt what was sealed for this place.

        Raises DataKeyMissing when its key is not among those in use, SealBroken when the text was
        altered or belongs to another place.
        """
        form, name, content = _parted(sealed)
        key = next((each for each in self._keys if each.name == name), None)
        if form != _FORM or not content:
            raise SealBroken
        if key is None:
            raise DataKeyMissing
        try:
            raw = base64.b64decode(content, altchars=b"-_", validate=True)
            return key.cipher.decrypt(raw[:_NONCE], raw[_NONCE:], place.encode()).decode()
        except (InvalidTag, binascii.Error, ValueError):
            raise SealBroken from None

    def is_newest(self, sealed: str) -> bool:
        """Tell whether the newest key sealed this text. Raises DataKeyMissing."""
        return sealed.startswith(f"{_FORM}:{self._newest().name}:")

    def lookup(self, text: str, scope: str) -> str:
        """Return the keyed hash by which this text is found again within the scope.

        Raises DataKeyMissing.
        """
        return _lookup(self._newest(), text, scope)

    def lookups(self, text: str, scope: str) -> list[str]:
        """Return the hashes of all keys in use: rows of an older key are found by theirs.

        Raises DataKeyMissing.
        """
        self._newest()
        return [_lookup(key, text, scope) for key in self._keys]

    def _newest(self) -> _Key:
        if not self._keys:
            raise DataKeyMissing
        return self._keys[0]


def key_name(sealed: str) -> str:
    """Return the name of the key that opens this text."""
    return _parted(sealed)[1]


def _parted(sealed: str) -> tuple[str, str, str]:
    form, _colon, rest = sealed.partition(":")
    name, _colon, content = rest.partition(":")
    return form, name, content


def _derived(secret: str) -> _Key:
    def derive(purpose: str, length: int = 32) -> bytes:
        info = f"jiaoyan personal data {purpose}".encode()
        return HKDF(SHA256(), length, salt=None, info=info).derive(secret.encode())

    return _Key(derive("name", 4).hex(), AESGCM(derive("encryption")), derive("lookup"))


def _lookup(key: _Key, text: str, scope: str) -> str:
    content = len(scope).to_bytes(8, "big") + scope.encode() + text.encode()
    return hmac.digest(key.lookup, content, hashlib.sha256).hex()
