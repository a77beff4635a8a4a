"""Personal data that an account may carry: what is accepted, how it is kept and how it is masked.

ID numbers after GB 11643-1999 (公民身份号码): 17 digits and a check character, the birth date in
digits 7 to 14. Since 2023 the permanent residence card of foreigners has the same form, beginning
with 9. What others see is masked: 个人信息保护法, article 51 (去标识化).
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum

from service.domain.errors import Invalid


class PersonalKind(StrEnum):
    """What it is."""

    ID_NUMBER = "id_number"
    MOBILE = "mobile"
    MAIL = "mail"

    @property
    def label(self) -> str:
        """What people read."""
        return _LABELS[self]


_LABELS = {
    PersonalKind.ID_NUMBER: "身份证号",
    PersonalKind.MOBILE: "手机号",
    PersonalKind.MAIL: "电子邮箱",
}


class PersonalDataInvalid(Invalid):
    """{label}没有登记：{reason}。请核对后再填。"""

    code = "personal-data.invalid"

    def __init__(self, kind: PersonalKind, reason: str) -> None:
        self.kind = kind
        self.reason = reason
        super().__init__(label=kind.label, reason=reason)


EARLIEST_BIRTH = date(1900, 1, 1)

_ID_NUMBER = re.compile(r"[1-9]\d{16}[\dX]", re.ASCII)
_OLD_ID_NUMBER = re.compile(r"[1-9]\d{14}", re.ASCII)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
_REGIONS = {
    *range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55),
    *range(61, 66), 71, 81, 82, 83,
}  # fmt: skip
"""First two digits of GB/T 2260; 81 to 83: residents of Hong Kong, Macau and Taiwan."""
_FOREIGNERS = "9"

_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_BEFORE_MOBILE = re.compile(r"(?:\+|00)86(?=1)", re.ASCII)
_MAIL = re.compile(
    r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+[a-z\d-]{2,63}",
    re.ASCII,
)
_LONGEST_MAIL = 254


def accepted(kind: PersonalKind, text: str, *, today: date) -> str:
    """Return the value in the one form it is kept in; raises PersonalDataInvalid.

    Full-width characters, spaces and hyphens that people put between groups of digits do not
    matter. `today` is the bureau's calendar day: nobody was born after it.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    return _ACCEPT[kind](plain, today)


def masked(kind: PersonalKind, value: str) -> str:
    """Return what is shown of a value: enough to recognise one's own, too little to use."""
    match kind:
        case PersonalKind.ID_NUMBER:
            return f"{value[:4]}{'*' * (len(value) - 8)}{value[-4:]}"
        case PersonalKind.MOBILE:
            return f"{value[:3]}****{value[-4:]}"
        case PersonalKind.MAIL:
            name, _at, host = value.rpartition("@")
            return f"{name[:1]}***@{host}"


def birth_date(id_number: str) -> date:
    """Return the birth date in an accepted ID number."""
    return date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))


def check_character(digits: str) -> str:
    """Return the last character that belongs to these 17 digits: GB 11643-1999, 4.2."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True))
    return _CHECK_CHARACTERS[total % 11]


def _id_number(text: str, today: date) -> str:
    number = _without_gaps(text).upper()
    if _OLD_ID_NUMBER.fullmatch(number):
        raise _id_wrong("这是 15 位的旧号码，请填 18 位的号码")
    if not _ID_NUMBER.fullmatch(number):
        raise _id_wrong("应为 17 位数字加 1 位校验码（数字或 X），共 18 位")
    if int(number[:2]) not in _REGIONS and number[0] != _FOREIGNERS:
        raise _id_wrong("开头两位不是任何地区的代码")
    try:
        born = birth_date(number)
    except ValueError:
        raise _id_wrong("第 7 至 14 位不是真实的日期") from None
    if born > today:
        raise _id_wrong("号码里的出生日期在今天之后")
    if born < EARLIEST_BIRTH:
        raise _id_wrong("号码里的出生日期早于 1900 年")
    if number[-1] != check_character(number[:17]):
        raise _id_wrong("校验码与前 17 位不符，可能抄错了一位")
    return number


def _mobile(text: str, _today: date) -> str:
    number = _BEFORE_MOBILE.sub("", _without_gaps(text), count=1)
    if not _MOBILE.fullmatch(number):
        raise PersonalDataInvalid(PersonalKind.MOBILE, "应为 11 位数字，以 13 至 19 开头")
    return number


def _mail(text: str, _today: date) -> str:
    address = text.lower()
    if len(address) > _LONGEST_MAIL or not _MAIL.fullmatch(address):
        raise PersonalDataInvalid(PersonalKind.MAIL, "应是 name@example.cn 这样的地址")
    return address


_ACCEPT: Mapping[PersonalKind, Callable[[str, date], str]] = {
    PersonalKind.ID_NUMBER: _id_number,
    PersonalKind.MOBILE: _mobile,
    PersonalKind.MAIL: _mail,
}


def _without_gaps(text: str) -> str:
    return re.sub(r"[\s-]", "", text)


def _id_wrong(reason: str) -> PersonalDataInvalid:
    return PersonalDataInvalid(PersonalKind.ID_NUMBER, reason)
