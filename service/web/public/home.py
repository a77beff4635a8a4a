"""The first page of the public: what may be applied for, notices, disclosures."""

from flask import Blueprint, render_template

from service.queries import disclosures, notices
from service.web.desk import now, rooms
from service.web.public.desk import today

pages = Blueprint("public_home", __name__)

_FIRST = 5


@pages.get("/public")
@pages.get("/public/")
def show() -> str:
    """What there is, the newest first."""
    with rooms().read() as session:
        return render_template(
            "public/home.html",
            offered=notices.offered(session, now=now()),
            notices=notices.shown(session, now=now()).rows[:_FIRST],
            disclosures=[
                row
                for row in disclosures.shown(session, today=today()).rows
                if row.takes_objections(today())
            ][:_FIRST],
            now=now(),
            today=today(),
        )
