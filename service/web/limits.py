"""What no request may hold, whatever page it is for, and what a key may be."""

from itertools import chain

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter, ValidationError

from service.domain.designs import SIZE_LIMIT
from service.web.web_settings import WebSettings

LARGEST_KEY = 2**63 - 1
"""Keys are 63-bit numbers; no database takes a larger one."""

ROOM_AROUND_A_FILE = 64 * 1024
"""Bytes of an upload's request beside the file."""

_TAKE_DESIGNS = frozenset({"designer.import_file", "designer_calls.save", "designer_calls.check"})
"""Their size does not depend on how large a file of a form may be."""


_TAKE_TEXTS = frozenset({"public_disclosures.submit", "notices.publish"})
"""Plain forms with a text and files beside it; too long a text comes back whole."""

LARGEST_TEXT = 4 * 1024 * 1024
"""Bytes of the fields of such a form that are read at all."""


class KeyConverter(IntegerConverter):
    """A key in an address, as `<key:key>`; a number that is none leads nowhere (404)."""

    def to_python(self, value: str) -> int:
        """Return the key."""
        key = parse_key(value)
        if key is None:
            raise ValidationError
        return key


def parse_key(text: str) -> int | None:
    """Return the key that these decimal digits say, None where they say none."""
    if not text.isascii() or not text.isdigit() or len(text) > len(str(LARGEST_KEY)):
        return None
    key = int(text)
    return key if key <= LARGEST_KEY else None


def install(app: Flask, settings: WebSettings) -> None:
    """Bound the size of requests and refuse texts that no database can hold."""
    app.url_map.converters["key"] = KeyConverter
    app.config["MAX_CONTENT_LENGTH"] = settings.upload_bytes + ROOM_AROUND_A_FILE

    @app.before_request
    def let_designs_in() -> None:
        if request.endpoint in _TAKE_DESIGNS:
            request.max_content_length = SIZE_LIMIT + ROOM_AROUND_A_FILE

    @app.before_request
    def let_long_texts_in() -> None:
        if request.endpoint in _TAKE_TEXTS:
            request.max_form_memory_size = LARGEST_TEXT
            request.max_content_length = settings.upload_bytes + LARGEST_TEXT

    @app.before_request
    def refuse_zero_bytes() -> None:
        texts = chain(request.path, *request.args.listvalues())
        if any("\x00" in text for text in texts):
            abort(400)
        if request.mimetype == "application/x-www-form-urlencoded" and any(
            "\x00" in text for texts in request.form.listvalues() for text in texts
        ):
            abort(400)
