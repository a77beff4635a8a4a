"""Files of forms: uploaded when chosen, downloaded by who may see the case."""

from http import HTTPStatus
from typing import BinaryIO, cast

from flask import Blueprint, Response, jsonify, request, send_file

from service.commands import documents
from service.commands.documents import DocumentReceipt
from service.domain.actors import Actor
from service.domain.errors import Invalid
from service.web.catalogue import _
from service.web.desk import current_actor, now, rooms
from service.web.limits import parse_key

pages = Blueprint("documents", __name__)


class UploadIncomplete(Invalid):
    """上传的内容不完整：缺少{missing}，文件没有保存。请重新选择文件。"""

    code = "document.upload-incomplete"


@pages.post("/documents")
def upload() -> tuple[Response, int]:
    """Keep one file for one field of a task's or a start form."""
    return kept(current_actor())


def kept(actor: Actor) -> tuple[Response, int]:
    """Keep the file of this request for the actor, and tell its script."""
    file = request.files.get("file")
    subject_key = parse_key(request.form.get("subject", ""))
    if file is None:
        raise UploadIncomplete(missing=_("文件"))
    if subject_key is None:
        raise UploadIncomplete(missing=_("所属的任务"))
    receipt = documents.upload(
        rooms(),
        subject_key,
        field=request.form.get("field", ""),
        file_name=file.filename or "",
        stream=cast(BinaryIO, file.stream),
        actor=actor,
        now=now(),
    )
    return jsonify(_shown(receipt)), HTTPStatus.CREATED


@pages.get("/documents/<key:key>")
def download(key: int) -> Response:
    """Send the file to be saved, never to be shown as a page of ours."""
    return to_be_saved(*documents.open_for(rooms(), key, actor=current_actor(), now=now()))


@pages.delete("/documents/<key:key>")
def delete(key: int) -> tuple[str, int]:
    """Take back a file that was not submitted yet."""
    with rooms().write() as tools:
        documents.delete(tools, key, actor=current_actor())
    return "", HTTPStatus.NO_CONTENT


def to_be_saved(receipt: DocumentReceipt, stream: BinaryIO) -> Response:
    """Send a file to be saved, never to be shown as a page of ours."""
    response = send_file(
        stream,
        mimetype=receipt.media_type,
        as_attachment=True,
        download_name=receipt.file_name,
        etag=False,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _shown(receipt: DocumentReceipt) -> dict[str, object]:
    return {"key": str(receipt.key), "fileName": receipt.file_name, "size": receipt.size}
