"""Parts of bodies and answers that several subjects share, and how their values are written."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, TypeAlias

from pydantic import Field, PlainValidator, WithJsonSchema
from typing_extensions import TypedDict

from service.domain.values import Json
from service.queries.form_search import FormRow
from service.web.api.bodies import Body, FieldWrong
from service.web.api.problems import moment

TENANT = "<default>"
"""There is one tenant; the API names it in every answer."""


def _object(value: object) -> object:
    if not isinstance(value, dict):
        raise FieldWrong('应为对象，例如 {"姓名": "张三"}')
    return value


if TYPE_CHECKING:
    VariableMap: TypeAlias = dict[str, Json]
    """Variables by name. What they may be called and hold is the commands' business."""
else:  # pydantic would follow the recursive alias, and check again what is JSON already
    VariableMap = Annotated[
        dict,
        PlainValidator(_object),
        WithJsonSchema({"type": "object", "additionalProperties": True}),
    ]


class ChangeRequest(Body):
    """`operationReference` 只为兼容而接受，不起作用。"""

    operation_reference: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = None


class FormResult(TypedDict):
    """一个表单的一个版本；`schema` 是表单文件的 JSON 文字。"""

    tenantId: str
    formId: str
    schema: str
    version: int
    formKey: str


def form_result(form: FormRow) -> FormResult:
    """Write a form."""
    return {
        "tenantId": TENANT,
        "formId": form.form_id,
        "schema": form.schema,
        "version": form.version,
        "formKey": str(form.key),
    }


def optional_moment(value: datetime | None) -> str | None:
    """Write a moment that may be missing."""
    return None if value is None else moment(value)


def optional_key(value: int | None) -> str | None:
    """Write a key that may be missing."""
    return None if value is None else str(value)
