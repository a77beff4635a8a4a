"""Registering from outside: where a code is sent, how long it counts, how often it may be tried."""

from dataclasses import dataclass
from datetime import date, timedelta

from service.domain.errors import Conflict, FieldsInvalid, JiaoyanError
from service.domain.outgoing import Channel
from service.domain.personal_data import PersonalDataInvalid, PersonalKind, accepted, masked
from service.domain.rate_limits import Limit

CODE_DIGITS = 6
CODE_LIFE = timedelta(minutes=10)
CODE_TRIES = 5
"""Then the code is dead, right or wrong."""

PER_CONTACT = (
    Limit("code-contact-minute", 1, timedelta(minutes=1)),
    Limit("code-contact-hour", 5, timedelta(hours=1)),
    Limit("code-contact-day", 10, timedelta(days=1)),
)
"""Codes to one number or address: nobody is pestered with messages that a stranger asks for."""

PER_ADDRESS = (Limit("code-address-hour", 30, timedelta(hours=1)),)
"""Codes asked for from one network: a school's office may stand behind one address."""

OVERALL = (Limit("code-overall-hour", 600, timedelta(hours=1)),)
"""Codes in all: what the bureau pays for at most."""

APPLICATIONS_PER_PERSON = Limit("application-person", 50, timedelta(days=1))
"""Submissions of start forms by one account from outside, refused ones too."""

UPLOADS_PER_PERSON = Limit("upload-person", 200, timedelta(days=1))
"""Files that one account from outside uploads."""

WRONG_PER_ADDRESS = Limit("code-wrong-address", 30, timedelta(minutes=10))
"""Wrong codes from one network, whatever the numbers."""


class ContactInvalid(FieldsInvalid):
    """手机号或邮箱不正确，没有发送验证码。请核对后再试。"""

    code = "verification.contact-invalid"

    def __init__(self, message: str) -> None:
        super().__init__({"contact": [message]})


class ChannelClosed(Conflict):
    """还没有开通{channel}，没有发送验证码。请{instead}。"""

    code = "verification.channel-closed"


class CodeRefused(JiaoyanError):
    """验证码不正确，或者已经失效。每个验证码 10 分钟内有效、最多可以试 5 次；失效了请重新获取。"""

    code = "verification.code-refused"


class AccountClosed(JiaoyanError):
    """这个账号已经停用，不能登录；你的申请仍会继续办理。如有疑问，请联系受理单位。"""

    code = "verification.account-closed"


@dataclass(frozen=True, slots=True)
class Contact:
    """Where somebody can be reached; `address` in the one form it is compared by."""

    channel: Channel
    address: str

    @property
    def kind(self) -> PersonalKind:
        """What it is among the personal data of an account."""
        return PersonalKind.MOBILE if self.channel is Channel.SMS else PersonalKind.MAIL

    @property
    def masked(self) -> str:
        """As much as its owner needs to recognise it: `138****5678`."""
        return masked(self.kind, self.address)


def read_contact(text: str, *, today: date) -> Contact:
    """Return the mainland mobile number or mail address written here. Raises ContactInvalid."""
    written = text[:320]
    channel = Channel.MAIL if "@" in written else Channel.SMS
    kind = PersonalKind.MAIL if channel is Channel.MAIL else PersonalKind.MOBILE
    try:
        return Contact(channel, accepted(kind, written, today=today))
    except PersonalDataInvalid as refusal:
        raise ContactInvalid(f"{kind.label}{refusal.reason}。") from None


def is_code(text: str) -> bool:
    """Tell whether this can be a code at all."""
    return len(text) == CODE_DIGITS and text.isascii() and text.isdigit()
