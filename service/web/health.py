"""Whether this process can serve, for who watches over it."""

from flask import Blueprint, Response

from service.queries import health
from service.web.desk import rooms

pages = Blueprint("health", __name__)


@pages.get("/health")
def answer() -> Response:
    """Say ok when the database answers."""
    with rooms().read() as session:
        health.answers(session)
    return Response("ok\n", mimetype="text/plain")
