"""Rules about forms: that a file is one, and that form-js can show and validate it."""

from collections.abc import Mapping

from service.domain import strict_json
from service.domain.problems import Problem
from service.domain.strict_json import FaultKind, JsonUnreadable
from service.domain.values import Json
from service.engine.findings import Findings
from service.engine.identity_rules import TEXT_LIMIT
from service.engine.names import is_reserved
from service.engine.xml_source import SIZE_LIMIT
from service.feel import FeelError, FeelPool, FeelUnavailable, form_fields

_EXPORT_AGAIN = "请用表单编辑器重新导出这个文件。"

_FAULTS: Mapping[FaultKind, tuple[str, str]] = {
    FaultKind.ENCODING: ("form-json", "请另存为不带 BOM 的 UTF-8 编码。"),
    FaultKind.SYNTAX: ("form-json", _EXPORT_AGAIN),
    FaultKind.DEPTH: ("form-depth", "请减少组件的嵌套，或用表单编辑器重新导出这个文件。"),
    FaultKind.NUMBER: ("form-number", "请改成有限的、位数不多的数；长编号请写成文字。"),
    FaultKind.TEXT: ("form-text", "请删去这段文字里无法显示的字符，重新输入。"),
    FaultKind.NAME: ("form-name-once", "请只保留其中一个，删去其余的。"),
}
"""Rule and remedy of each way in which a file is no JSON that can be kept."""


def check_form(content: bytes, *, resource: str, feel: FeelPool) -> list[Problem]:
    """Check a form. Raises FeelUnavailable when no helper was free."""
    found = Findings(resource)
    schema = _read(content, found)
    if schema is not None:
        _check_names(schema, found)
        _check_schema(schema, feel, found)
    return found.problems


def _read(content: bytes, found: Findings) -> dict[str, Json] | None:
    if len(content) > SIZE_LIMIT:
        found.note("form-json", "表单文件太大，最多 5 MB。", _EXPORT_AGAIN)
        return None
    try:
        schema = strict_json.read(content, unique_names=True)
    except JsonUnreadable as error:
        for fault in error.faults:
            rule, remedy = _FAULTS[fault.kind]
            found.note(rule, f"表单文件不能用：{fault.reason}。", remedy)
        return None
    if not isinstance(schema, dict) or not isinstance(schema.get("components"), list):
        found.note("form-json", "这不是 form-js 表单：缺少组件列表（components）。", _EXPORT_AGAIN)
        return None
    _check_id(schema.get("id"), found)
    return schema


def _check_id(form_id: Json, found: Findings) -> None:
    if not isinstance(form_id, str) or not form_id.strip():
        found.note("form-json", "表单没有编号。", "请在表单属性中填写编号（id）。")
    elif len(form_id) > TEXT_LIMIT:
        found.note(
            "text-length",
            f"表单编号有 {len(form_id)} 个字，最多 {TEXT_LIMIT} 个。",
            "请在表单属性中改用短一些的编号（id）。",
        )


def _check_names(schema: Json, found: Findings) -> None:
    for name in sorted(filter(is_reserved, form_fields(schema))):
        found.note(
            "name-reserved",
            f"字段“{name}”与系统变量同名，提交会改写它。",
            "请给这个字段换一个名称（key）。",
            element_name=name,
        )


def _check_schema(schema: Json, feel: FeelPool, found: Findings) -> None:
    remedy = "请在表单编辑器里改正这个组件。"
    try:
        for problem in feel.check_form(schema):
            found.note(
                "form-schema",
                problem.message,
                remedy,
                element_id=problem.component_id,
                element_name=problem.label,
            )
    except FeelUnavailable:
        raise
    except FeelError as error:
        found.note("form-schema", error.message, remedy)
