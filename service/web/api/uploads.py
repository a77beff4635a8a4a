"""Files of a deployment, as multipart/form-data brings them."""

from pathlib import PureWindowsPath
from typing import ClassVar

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge

from service.commands.deployments import Upload
from service.domain.errors import Invalid

UPLOAD_LIMIT = 16 * 1024 * 1024
"""Bytes of one deployment, all files together."""

_MOST_FILES = 200
_LONGEST_NAME = 200
FIELD = "resources"


class UploadMissing(Invalid):
    """没有收到文件。请用 multipart/form-data 发送，文件放在字段 {field} 里，可以有多个。"""

    code: ClassVar[str] = "upload-missing"


class UploadNameInvalid(Invalid):
    """文件名“{name}”不能用：应有 1 到 {limit} 个字，不含控制字符。没有部署，请改名后再试。"""

    code: ClassVar[str] = "upload-name-invalid"


class UploadFieldUnknown(Invalid):
    """没有“{field}”这个字段；文件放在 resources 里，tenantId 只能是 <default>。没有部署。"""

    code: ClassVar[str] = "upload-field-unknown"


def read_uploads(request: Request) -> list[Upload]:
    """Read the files of the field `resources`, by their bare names.

    Raises UploadMissing, UploadNameInvalid, UploadFieldUnknown or werkzeug's
    RequestEntityTooLarge (413).
    """
    request.max_content_length = UPLOAD_LIMIT
    request.max_form_parts = _MOST_FILES
    if (request.content_length or 0) > UPLOAD_LIMIT:
        raise RequestEntityTooLarge
    for field, value in request.form.items():
        if field != "tenantId" or value != "<default>":
            raise UploadFieldUnknown(field=field[:60])
    if unknown := [field for field in request.files if field != FIELD]:
        raise UploadFieldUnknown(field=unknown[0][:60])
    files = request.files.getlist(FIELD)
    if not files:
        raise UploadMissing(field=FIELD)
    return [Upload(_bare_name(file.filename or ""), file.stream.read()) for file in files]


def _bare_name(sent: str) -> str:
    # Some clients send the path as well: only the last part is a name, on either system.
    name = PureWindowsPath(sent).name
    if name in {".", ".."} or not 1 <= len(name) <= _LONGEST_NAME or not name.isprintable():
        raise UploadNameInvalid(name=name[:60], limit=_LONGEST_NAME)
    return name
