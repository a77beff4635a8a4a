"""Notices to the public (公告): what one holds, when it counts, how it is refused."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from service.domain.errors import Conflict, FieldsInvalid, Forbidden, NotFound
from service.domain.plain_text import many_lines, one_line

TITLE_LIMIT = 100
BODY_LIMIT = 20_000
PROCEDURE_LIMIT = 20
ATTACHMENT_LIMIT = 20
REASON_LIMIT = 200
"""Characters of why a notice is withdrawn."""
CHOICE_LIMIT = 200
LABEL_LIMIT = 100


class NoticeNotFound(NotFound):
    """没有找到这份公告，它可能已经撤下。"""

    code = "notice.not-found"


class NoticesForbidden(Forbidden):
    """你没有在这项业务下发布或撤下公告的权限，没有改动。如有需要请联系管理员。"""

    code = "notice.forbidden"


class NoticeWithdrawn(Conflict):
    """这份公告已由{who}撤下，没有改动。请刷新后查看。"""

    code = "notice.withdrawn"


class NoticeOfCase(Conflict):
    """这份公告由案件按程序发布，不能在这里撤下，没有改动。有错的，请在案件里发布更正、变更或者终止的公告。"""

    code = "notice.of-case"


class NotOffered(Conflict):
    """现在不能申请“{process}”：没有在有效期内的公告受理这项申请。已经提交的申请不受影响。"""

    code = "notice.not-offered"


class ChoiceMissing(Conflict):
    """“{process}”要先选定报哪一项，还没有提交。请打开公告，从“我要申请”里选。"""

    code = "notice.choice-missing"


class ChoiceNotOffered(Conflict):
    """“{choice}”现在不能申请：受理期内的公告里没有它，可能已经截止、取消，或者网址抄错了；没有提交。请打开公告，从“我要申请”里重新选。"""

    code = "notice.choice-not-offered"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the things among which somebody chooses who applies by a notice, such as a post.

    The field of the start form with the key `field` then holds `value`, and cannot be changed
    there; `label` is what the notice calls it.
    """

    process_id: str
    field: str
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class NoticeText:
    """What a notice says. The window is half-open and in UTC; no `closes_at`: until withdrawn.

    `procedures`: ids of the processes that may be applied for while the window is open, those of
    `choices` among them: who applies for one that has choices chooses one of them first.
    """

    title: str
    body: str
    opens_at: datetime
    closes_at: datetime | None = None
    procedures: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()


def checked_notice(text: NoticeText, *, startable: Collection[str]) -> NoticeText:
    """Return the notice with clean texts; `startable` are the ids that the public may start.

    Raises FieldsInvalid, which names every field that is wrong.
    """
    errors: dict[str, list[str]] = {}
    title, body = one_line(text.title), many_lines(text.body)
    if not 1 <= len(title) <= TITLE_LIMIT:
        errors["title"] = [f"标题应有 1 至 {TITLE_LIMIT} 个字，现在有 {len(title)} 个。"]
    if not 1 <= len(body) <= BODY_LIMIT:
        errors["body"] = [f"正文应有 1 至 {BODY_LIMIT} 个字，现在有 {len(body)} 个。"]
    if text.closes_at is not None and text.closes_at <= text.opens_at:
        errors["closes_at"] = ["截止时间应晚于开始时间。"]
    procedures = tuple(dict.fromkeys(text.procedures))
    if closed := [one for one in procedures if one not in startable]:
        errors["procedures"] = [
            f"“{'、'.join(closed)[:200]}”没有部署，或者没有授权给公众申请人，不能接受公众申请。"
        ]
    elif len(procedures) > PROCEDURE_LIMIT:
        errors["procedures"] = [f"一份公告最多受理 {PROCEDURE_LIMIT} 项申请。"]
    elif not _fit(text.choices, procedures):
        errors["procedures"] = [
            f"可选的事项最多 {CHOICE_LIMIT} 项，名称 1 至 {LABEL_LIMIT} 个字，"
            "同一项申请填同一个栏目，不能重复，而且要属于这份公告受理的申请。"
        ]
    if errors:
        raise FieldsInvalid(errors)
    return NoticeText(title, body, text.opens_at, text.closes_at, procedures, text.choices)


def _fit(choices: Sequence[Choice], procedures: Collection[str]) -> bool:
    distinct = {(one.process_id, one.value) for one in choices}
    fields = {(one.process_id, one.field) for one in choices}
    return (
        len(choices) <= CHOICE_LIMIT
        and len(distinct) == len(choices)
        and len(fields) == len({one.process_id for one in choices})
        and all(one.process_id in procedures for one in choices)
        and all(
            1 <= len(text) <= LABEL_LIMIT and text.isprintable()
            for one in choices
            for text in (one.field, one.value, one.label)
        )
    )
