"""What tells a person who writes a form from a program that sends it: no service from outside.

The page's form carries a signed moment and random bits. Sent back within three seconds, or with
the field filled in that no person sees, it came from a program; the limits do the rest.
"""

import secrets
from datetime import UTC, datetime

from itsdangerous import BadSignature, URLSafeSerializer

from service.domain.disclosures import LONGEST_WRITING, SHORTEST_WRITING, FormNotTaken
from service.web.web_settings import web_settings


def kept_or_new(token: str, place: str, now: datetime) -> str:
    """Return the token if it is one of ours for this place and still young enough, or a new one."""
    opened = _opened_at(token, place)
    if opened is not None and now - opened < LONGEST_WRITING:
        return token
    moment = int(now.timestamp())
    return _signer().dumps([place, moment, secrets.token_urlsafe(12)])


def require_human(token: str, place: str, *, trap: str, now: datetime) -> None:
    """Raise FormNotTaken unless this form was opened here, by a person as far as can be told."""
    opened = _opened_at(token, place)
    if opened is None or trap:
        raise FormNotTaken(reason="它不是从本页打开的")
    if now - opened >= LONGEST_WRITING:
        raise FormNotTaken(reason="页面打开得太久了")
    if now - opened < SHORTEST_WRITING:
        raise FormNotTaken(reason="打开后不到三秒就提交了")


def _opened_at(token: str, place: str) -> datetime | None:
    try:
        where, moment, _random = _signer().loads(token[:500])
    except (BadSignature, ValueError, TypeError):
        return None
    return datetime.fromtimestamp(moment, UTC) if where == place else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(web_settings().secret_key, salt="jiaoyan public form")
