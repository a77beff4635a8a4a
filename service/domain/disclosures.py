"""Public disclosures (公示) and the objections to them (异议).

The rules: no identity number, telephone or home address of a person is shown; written and
electronic objections are taken, named or anonymous; an open objection is never closed by a timer.
They follow the practice of public institutions' appointments; the sources are with the procedures.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from service.domain.dates import said_day
from service.domain.errors import Conflict, FieldsInvalid, Forbidden, NotFound
from service.domain.plain_text import many_lines, one_line
from service.domain.rate_limits import Limit

ZONE = ZoneInfo("Asia/Shanghai")
"""Days of a disclosure are days there."""

OBJECTION_PREFIX = "YY"
"""Begins the numbers of objections (异议)."""

TITLE_LIMIT = 100
CONTENT_LIMIT = 10_000
ITEM_LIMIT = 1_000
FIELD_LIMIT = 100
OBJECTION_LIMIT = 4_000
"""Characters of an objection's text, and of an answer's."""
RECORD_LIMIT = 800
"""Characters of the record of a check."""
ATTACHMENT_LIMIT = 5
NAME_LIMIT = 50
CONTACT_LIMIT = 100

OBJECTIONS_PER_ADDRESS = Limit("objection-address", 10, timedelta(hours=1))
OBJECTIONS_OVERALL = Limit("objection-disclosure", 200, timedelta(hours=1))
"""Objections to one disclosure, from wherever."""
LOOKUPS_PER_ADDRESS = Limit("objection-lookup-address", 30, timedelta(minutes=10))
LOOKUPS_PER_RECEIPT = Limit("objection-lookup-receipt", 10, timedelta(hours=1))
"""Wrong secrets for one receipt number, from wherever."""

SHORTEST_WRITING = timedelta(seconds=3)
"""Nobody reads the form and writes an objection faster than this; a program does."""
LONGEST_WRITING = timedelta(hours=12)
"""A form that was opened longer ago is not taken any more."""

_IDENTITY_NUMBER = re.compile(r"(?<![0-9])[1-9][0-9]{16}[0-9Xx](?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])[ \-·.]+(?=[0-9Xx])")


class DisclosureNotFound(NotFound):
    """没有找到这份公示。"""

    code = "disclosure.not-found"


class DisclosureOver(Conflict):
    """这份公示{reason}，没有受理。仍要反映情况的，请按公示写明的方式向受理单位书面提出。"""

    code = "disclosure.over"


class ObjectionsOpen(Conflict):
    """这份公示还有 {count} 件异议没有答复，不能结束公示。请核查并答复后再结束。"""

    code = "disclosure.objections-open"


class ObjectionNotFound(NotFound):
    """没有找到这件异议，或者你没有查看的权限。"""

    code = "objection.not-found"


class ObjectionsForbidden(Forbidden):
    """你没有答复这件异议的权限，没有改动。"""

    code = "objection.forbidden"


class ObjectionAnswered(Conflict):
    """这件异议已由{who}答复，没有改动。请刷新后查看。"""

    code = "objection.answered"


class ObjectionInCheck(Conflict):
    """这件异议正在事项里核查，核查情况和答复写在那件待办里，这里没有改动。"""

    code = "objection.in-check"


class ObjectionAwaitsTask(Conflict):
    """这件异议要由办理事项待办的人答复，你现在没有这样的待办，没有改动。请先到“待签收”签收这份公示的待办；还在公示期内的，等期满后的待办。"""

    code = "objection.awaits-task"


class PaperTooLate(Conflict):
    """这份公示已经结束，不能再登记异议，没有登记。公示期内收到、没有及时登记的，请报告负责人，由单位按情况反映办理并告知提出人。"""

    code = "objection.paper-too-late"


class ReceiptRefused(NotFound):
    """回执编号或查询码不对，没有查到。请核对提交时给你的两项内容；查询码不能找回。"""

    code = "objection.receipt-refused"


class FormNotTaken(Conflict):
    """这张表单不能提交：{reason}。你填写的内容还在下面，请再提交一次。"""

    code = "objection.form-not-taken"


class ObjectionState(StrEnum):
    """OPEN and UNSETTLED keep the disclosure open; the others say how the check ended."""

    OPEN = "open"
    UNSETTLED = "unsettled"
    """一时难以查实: the check goes on, and so does the objection."""
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    LAPSED = "lapsed"
    """The disclosure was withdrawn: what was objected to is not done, and nothing is found."""

    @property
    def label(self) -> str:
        """What the history says."""
        return _STATES[self]


_STATES = {
    ObjectionState.OPEN: "待核查",
    ObjectionState.UNSETTLED: "一时难以查实",
    ObjectionState.UPHELD: "异议成立",
    ObjectionState.DISMISSED: "异议不成立",
    ObjectionState.LAPSED: "公示已撤回，不再核查",
}
ANSWERS = (ObjectionState.DISMISSED, ObjectionState.UPHELD, ObjectionState.UNSETTLED)
"""What somebody who has checked an objection may find; the program alone lets one lapse."""
UNRESOLVED = (ObjectionState.OPEN, ObjectionState.UNSETTLED)


@dataclass(frozen=True, slots=True)
class DisclosureItem:
    """One person or matter of a disclosure: nothing but what the law wants shown."""

    name: str
    post: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class DisclosureText:
    """What is disclosed, from the first to the last day, both inclusive, in Beijing time.

    Which days those are is the procedure's to say: it knows the working days.
    """

    title: str
    content: str
    begins_on: date
    ends_on: date
    items: tuple[DisclosureItem, ...] = ()


@dataclass(frozen=True, slots=True)
class ObjectionText:
    """An objection as somebody wrote it; name and contact may be empty."""

    text: str
    name: str = ""
    contact: str = ""


def checked_disclosure(given: DisclosureText) -> DisclosureText:
    """Return the disclosure with clean texts. Raises FieldsInvalid."""
    errors: dict[str, list[str]] = {}
    title, content = one_line(given.title), many_lines(given.content)
    items = tuple(
        DisclosureItem(one_line(one.name), one_line(one.post), one_line(one.unit))
        for one in given.items
    )
    if not 1 <= len(title) <= TITLE_LIMIT:
        errors["title"] = [f"标题应有 1 至 {TITLE_LIMIT} 个字，现在有 {len(title)} 个。"]
    if not 1 <= len(content) <= CONTENT_LIMIT:
        errors["content"] = [f"内容应有 1 至 {CONTENT_LIMIT} 个字，现在有 {len(content)} 个。"]
    if given.ends_on < given.begins_on:
        errors["ends_on"] = ["公示的最后一天不能早于第一天。"]
    if len(items) > ITEM_LIMIT:
        errors["items"] = [f"一份公示最多 {ITEM_LIMIT} 行。"]
    elif fault := next(filter(None, map(_fault, items)), ""):
        errors["items"] = [fault]
    if holds_identity_number(f"{title}\n{content}"):
        errors.setdefault("content", []).append("公示里不能有身份证号。")
    if errors:
        raise FieldsInvalid(errors)
    return DisclosureText(title, content, given.begins_on, given.ends_on, items)


def checked_objection(given: ObjectionText) -> ObjectionText:
    """Return the objection with clean texts. Raises FieldsInvalid."""
    errors: dict[str, list[str]] = {}
    text = many_lines(given.text)
    name, contact = one_line(given.name), one_line(given.contact)
    if not text:
        errors["text"] = ["请写明你的异议：针对谁或哪一项，理由和依据是什么。"]
    elif len(text) > OBJECTION_LIMIT:
        errors["text"] = [
            f"最多 {OBJECTION_LIMIT} 个字，现在有 {len(text)} 个。内容都在，请删减；"
            "详细材料可以作为附件上传。"
        ]
    if len(name) > NAME_LIMIT:
        errors["name"] = [f"姓名最多 {NAME_LIMIT} 个字。"]
    if len(contact) > CONTACT_LIMIT:
        errors["contact"] = [f"联系方式最多 {CONTACT_LIMIT} 个字。"]
    if errors:
        raise FieldsInvalid(errors)
    return ObjectionText(text, name, contact)


def checked_answer(text: str) -> str:
    """Return the answer to an objection, clean. Raises FieldsInvalid."""
    answer = many_lines(text)
    if not 1 <= len(answer) <= OBJECTION_LIMIT:
        raise FieldsInvalid(
            {"answer": [f"答复应有 1 至 {OBJECTION_LIMIT} 个字，现在有 {len(answer)} 个。"]}
        )
    return answer


def checked_receipt_day(received_on: date | None, first: date, last: date, *, today: date) -> date:
    """Return the day on which an objection was handed in, one of the disclosure that has come.

    Raises FieldsInvalid.
    """
    if received_on is None:
        raise FieldsInvalid({"received_on": ["请填写收到书面异议的日期。"]})
    if received_on > today:
        raise FieldsInvalid({"received_on": ["收到日期不能晚于今天。"]})
    if not first <= received_on <= last:
        told = f"公示期是{said_day(first)}至{said_day(last)}，收到日期不在公示期内。"
        raise FieldsInvalid({"received_on": [told]})
    return received_on


def checked_record(text: str) -> str:
    """Return how an objection was checked and what was found, clean. Raises FieldsInvalid."""
    record = many_lines(text)
    if not 1 <= len(record) <= RECORD_LIMIT:
        said = f"请写明怎样核查、查到什么（1 至 {RECORD_LIMIT} 字），现在有 {len(record)} 个。"
        raise FieldsInvalid({"record": [said]})
    return record


def holds_identity_number(text: str) -> bool:
    """Tell whether an identity number of a resident stands in the text, however it is spaced."""
    return _IDENTITY_NUMBER.search(_joined(text)) is not None


def holds_mobile(text: str) -> bool:
    """Tell whether a mobile number stands in the text."""
    return _MOBILE.search(_joined(text)) is not None


def has_begun(begins_on: date, today: date) -> bool:
    """Tell whether it is shown yet."""
    return begins_on <= today


def takes_objections(begins_on: date, ends_on: date, *, closed: bool, today: date) -> bool:
    """Tell whether objections are taken on this day."""
    return not closed and begins_on <= today <= ends_on


def _fault(item: DisclosureItem) -> str:
    fields = (item.name, item.post, item.unit)
    if not item.name:
        return "每一行都要有姓名（或名称）。"
    if any(len(one) > FIELD_LIMIT for one in fields):
        return f"每一格最多 {FIELD_LIMIT} 个字。"
    if _any(holds_identity_number, fields) or _any(holds_mobile, fields):
        return "公示里不能有身份证号和手机号。"
    return ""


def _any(test: Callable[[str], bool], fields: Iterable[str]) -> bool:
    return any(test(one) for one in fields)


def _joined(text: str) -> str:
    return _BETWEEN_DIGITS.sub("", unicodedata.normalize("NFKC", text))
