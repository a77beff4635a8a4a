"""Rules about forms: that a file is one, and that form-js can show and validate it."""

import json

from service.domain.problems import Problem
from service.domain.values import Json
from service.engine.findings import Findings
from service.engine.names import is_reserved
from service.engine.xml_source import SIZE_LIMIT
from service.feel import FeelError, FeelPool, FeelUnavailable, form_fields


def check_form(content: bytes, *, resource: str, feel: FeelPool) -> list[Problem]:
    """Check a form. Raises FeelUnavailable when no helper was free."""
    found = Findings(resource)
    schema = _read(content, found)
    if schema is not None:
        _check_names(schema, found)
        _check_schema(schema, feel, found)
    return found.problems


def _read(content: bytes, found: Findings) -> dict[str, Json] | None:
    remedy = "请用表单编辑器重新导出这个文件。"
    if len(content) > SIZE_LIMIT:
        found.note("form-json", "表单文件太大，最多 5 MB。", remedy)
        return None
    try:
        schema = json.loads(content)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        where = ""
        if isinstance(error, json.JSONDecodeError):
            where = f"（第 {error.lineno} 行第 {error.colno} 列附近）"
        found.note("form-json", f"文件不是完整的 JSON{where}。", remedy)
        return None
    if not isinstance(schema, dict) or not isinstance(schema.get("components"), list):
        found.note("form-json", "这不是 form-js 表单：缺少组件列表（components）。", remedy)
        return None
    form_id = schema.get("id")
    if not isinstance(form_id, str) or not form_id.strip():
        found.note("form-json", "表单没有编号。", "请在表单属性中填写编号（id）。")
    return schema


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
