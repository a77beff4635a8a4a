"""Which passwords are accepted: long rather than odd, not the name, not what everybody tries."""

import hashlib
import unicodedata

from service.domain.errors import Forbidden, Invalid

SHORTEST = 10
LONGEST = 256
DEMONSTRATION = "jiaoyan-demo"
"""Printed on the demonstration's sign-in page; no other account may have it."""

_FEWEST_DIFFERENT = 5
_FEWEST_BESIDE_NAME = 4
_COMMON = frozenset(
    {
        "0123456789",
        "0987654321",
        "1234567890",
        "12345678910",
        "123456789a",
        "123456789abc",
        "1a2b3c4d5e",
        "1q2w3e4r5t",
        "1q2w3e4r5t6y",
        "1qaz2wsx3edc",
        "5201314520",
        "a123456789",
        "aa123456789",
        "abc123456789",
        "abcd123456",
        "abcd1234567",
        "abcd12345678",
        "abcdefghij",
        "admin12345",
        "admin123456",
        "administrator",
        "asdfghjkl;",
        "iloveyou1314",
        "jiaoyan123",
        "jiaoyan1234",
        "jiaoyan123456",
        "p@ssw0rd123",
        "passw0rd123",
        "password01",
        "password12",
        "password123",
        "password1234",
        "q1w2e3r4t5",
        "qazwsxedcrfv",
        "qq123456789",
        "qwer123456",
        "qwer12345678",
        "qwerty12345",
        "qwerty123456",
        "qwertyuiop",
        "welcome123",
        "woaini1314",
        "woaini1314520",
        "woaini520",
        "woaini5201314",
        "woaini521",
        "zaq12wsxcde3",
    }
)


class PasswordUnfit(Invalid):
    """这个密码不能用：{reason}。原来的密码没有改变，请换一个。"""

    code = "password-unfit"


class PasswordChangeDue(Forbidden):
    """这个账号的密码是别人设的，先换成只有你自己知道的密码才能继续；没有做任何改动。请登录网页修改密码。"""

    code = "password-change-due"


def seal_of(secret_hash: str | None) -> str:
    """Return what the record keeps of the hash of a secret; empty where there is none.

    By it a hash that was put in the place of another is found; the hash cannot be told from it.
    """
    return "" if secret_hash is None else hashlib.sha256(secret_hash.encode()).hexdigest()


def require_another(new: str, current: str) -> None:
    """Raise PasswordUnfit for a change that changes nothing."""
    if unicodedata.normalize("NFC", new) == unicodedata.normalize("NFC", current):
        raise PasswordUnfit(reason="与现在的密码相同")


def require_fit(password: str, *, username: str, demonstration: bool = False) -> None:
    """Raise PasswordUnfit for a password that is too easy to guess.

    `demonstration` lets its own well-known password pass, and is said by its seeding alone.
    """
    if demonstration and password == DEMONSTRATION:
        return
    if reason := _unfit(password, username):
        raise PasswordUnfit(reason=reason)


def _unfit(password: str, username: str) -> str | None:
    plain = unicodedata.normalize("NFKC", password).casefold()
    if len(password) < SHORTEST:
        return f"至少要 {SHORTEST} 个字符"
    if len(password) > LONGEST:
        return f"最多 {LONGEST} 个字符"
    if plain == username.casefold() or plain == username.casefold()[::-1]:
        return "不能与用户名相同"
    if len(plain.replace(username.casefold(), "")) < _FEWEST_BESIDE_NAME:
        return "除用户名外至少还要有 4 个字符"
    if plain == DEMONSTRATION or plain in _COMMON or len(set(plain)) < _FEWEST_DIFFERENT:
        return "太常见，容易被猜到"
    return None
