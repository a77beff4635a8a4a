"""The catalogue of texts: the source texts are Chinese, `translations/messages.pot` lists them."""

import flask_babel


def _(text: str, **values: object) -> str:
    """Return a text in the reader's language, with `%(name)s` filled in."""
    return str(flask_babel.gettext(text, **values))
