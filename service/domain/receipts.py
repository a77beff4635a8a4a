"""Numbers that people write down and read over the telephone.

Crockford's base 32: no I, L, O or U, so nothing is taken for something else; what people write
instead (a small letter, an O for a zero) is understood.
"""

CASE = "SQ"
"""Begins the numbers of cases (申请), whoever started them."""

_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans("OIL", "011")
_GROUP = 4


def receipt_number(prefix: str, key: int) -> str:
    """Return a key of ours as `SQ-06R3-8ZT1-QK2A-4`: no secret, one for each key."""
    return f"{prefix}-{grouped(_written(key))}"


def case_number(key: int) -> str:
    """Return the number of a case, the same for applicants, officers and operators."""
    return receipt_number(CASE, key)


def key_of(prefix: str, text: str) -> int | None:
    """Return the key that such a number stands for, None where it is none."""
    digits = plain(text)
    if not digits.startswith(prefix):
        return None
    digits = digits[len(prefix) :].translate(_READ_AS)
    if not 1 <= len(digits) <= 13 or any(digit not in _DIGITS for digit in digits):
        return None
    key = 0
    for digit in digits:
        key = key * 32 + _DIGITS.index(digit)
    return key if key < 2**63 else None


def secret_word(random_bytes: bytes) -> str:
    """Return 50 bits of at least seven random bytes as `7QK2-X9P4-M3`."""
    number = int.from_bytes(random_bytes, "big") % 2**50
    return grouped(_written(number).rjust(10, "0"))


def plain(text: str) -> str:
    """Return what was written without spaces and dashes, in capitals."""
    return "".join(character for character in text.upper() if character.isalnum())


def plain_secret(text: str) -> str:
    """Return a secret word as it was made, however it was written down."""
    return plain(text).translate(_READ_AS)


def grouped(digits: str) -> str:
    """Return the digits in groups of four."""
    return "-".join(digits[i : i + _GROUP] for i in range(0, len(digits), _GROUP))


def _written(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 32)
        digits = _DIGITS[digit] + digits
    return digits or "0"
