"""What no request may hold, whatever page it is for."""

from itertools import chain

from flask import Flask, abort, request

from service.web.web_settings import WebSettings

ROOM_AROUND_A_FILE = 64 * 1024
"""Bytes of an upload's request beside the file."""


def install(app: Flask, settings: WebSettings) -> None:
    """Bound the size of requests and refuse texts that no database can hold."""
    app.config["MAX_CONTENT_LENGTH"] = settings.upload_bytes + ROOM_AROUND_A_FILE

    @app.before_request
    def refuse_zero_bytes() -> None:
        texts = chain(request.path, *request.args.listvalues())
        if any("\x00" in text for text in texts):
            abort(400)
        if request.mimetype == "application/x-www-form-urlencoded" and any(
            "\x00" in text for texts in request.form.listvalues() for text in texts
        ):
            abort(400)
