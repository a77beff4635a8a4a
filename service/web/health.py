"""Whether this process lives, and whether it can serve: for who watches over it.

Open to everybody, told in words that say nothing of the house. The database is not asked whether
the process lives: a process that is killed because the database is away helps nobody.
"""

from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint, Flask, Response, current_app

from service.domain.errors import JiaoyanError
from service.queries import health
from service.web.desk import rooms
from service.web.kept import Kept

KEPT_SECONDS = 2.0
"""Strangers may ask as often as they like."""

_READINESS = "jiaoyan.readiness"
_Check = Callable[[], bool]
_Found = dict[str, bool]

pages = Blueprint("health", __name__)


def install(app: Flask, schema_current: _Check) -> None:
    """Let the application tell of itself; `schema_current`: whether all migrations have run."""

    def check() -> _Found:
        answers = _passes(_database_answers)
        return {
            "database": answers,
            "migrations": answers and _passes(schema_current),
            "helpers": _passes(_helpers_answer),
        }

    app.extensions[_READINESS] = Kept(check, seconds=KEPT_SECONDS)
    app.register_blueprint(pages)


@pages.get("/healthz")
def alive() -> Response:
    """Say that this process answers."""
    return Response("ok\n", mimetype="text/plain")


@pages.get("/readyz")
def ready() -> Response:
    """Say of each thing that serving needs whether it is there; 503 when one is not."""
    kept: Kept[_Found] = current_app.extensions[_READINESS]
    found = kept.get()
    lines = [f"{name} {'ok' if passed else 'failed'}\n" for name, passed in found.items()]
    status = HTTPStatus.OK if all(found.values()) else HTTPStatus.SERVICE_UNAVAILABLE
    return Response("".join(lines), status=status, mimetype="text/plain")


def _passes(check: _Check) -> bool:
    try:
        return check()
    except JiaoyanError:
        return False


def _database_answers() -> bool:
    with rooms().read() as session:
        return health.answers(session)


def _helpers_answer() -> bool:
    rooms().feel.require_answer(now=rooms().clock())
    return True
