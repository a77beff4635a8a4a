"""Public disclosures, and objecting to them without an account."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import BinaryIO, cast

from flask import (
    Blueprint,
    Response,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from service.commands import objections
from service.commands.objections import Receipt
from service.commands.public_files import Sent
from service.domain.disclosures import OBJECTION_LIMIT, ObjectionText, ReceiptRefused
from service.domain.errors import FieldsInvalid, JiaoyanError
from service.queries import disclosures
from service.queries.disclosures import DisclosurePage
from service.web.desk import now, rooms
from service.web.errors import status_of, wants_json
from service.web.public import form_tokens
from service.web.public.desk import address, older_than, today

pages = Blueprint("public_disclosures", __name__)

_RECEIPT = "public-receipt"


@pages.get("/public/disclosures")
def listing() -> str:
    """All that have begun, newest first."""
    with rooms().read() as reading:
        page = disclosures.shown(reading, today=today(), older_than=older_than())
    return render_template("public/disclosures.html", page=page, today=today())


@pages.get("/public/disclosures/<slug>")
def show(slug: str) -> str:
    """One of them; names are shown while it lasts."""
    return render_template("public/disclosure.html", disclosure=_disclosure(slug), today=today())


@pages.get("/public/disclosures/<slug>/object")
def form(slug: str) -> AnyResponse:
    """The form to object by."""
    disclosure = _disclosure(slug)
    if not disclosure.row.takes_objections(today()):
        return redirect(url_for("public_disclosures.show", slug=slug))
    return _form(disclosure, HTTPStatus.OK)


@pages.post("/public/disclosures/<slug>/object")
def submit(slug: str) -> AnyResponse:
    """Take an objection; whatever is refused comes back as it was written."""
    disclosure = _disclosure(slug)
    written = ObjectionText(
        request.form.get("text", ""), request.form.get("name", ""), request.form.get("contact", "")
    )
    token = request.form.get("form", "")
    try:
        form_tokens.require_human(token, slug, trap=request.form.get("website", ""), now=now())
        receipt = objections.submit(
            rooms(), slug, written, form=token, files=_files(), address=address(), now=now()
        )
    except JiaoyanError as refusal:
        if wants_json():
            raise
        return _form(disclosure, status_of(refusal), written=written, refusal=refusal)
    _remember(receipt)
    location = url_for("public_disclosures.receipt")
    if wants_json():
        return jsonify(location=location)
    return redirect(location, HTTPStatus.SEE_OTHER)


@pages.get("/public/objections/receipt")
def receipt() -> AnyResponse:
    """What opens the answer, shown to the browser that submitted and kept nowhere else."""
    kept = session.get(_RECEIPT)
    if not isinstance(kept, Mapping):
        return redirect(url_for("public_disclosures.ask"))
    page = render_template("public/objection_receipt.html", receipt=Receipt(**kept))
    return make_response(page)


@pages.get("/public/objections")
def ask() -> AnyResponse:
    """Ask for number and secret."""
    return _ask(HTTPStatus.OK)


@pages.post("/public/objections")
def look_up() -> AnyResponse:
    """Show what became of an objection to who has its receipt."""
    number, secret = request.form.get("number", "")[:100], request.form.get("secret", "")[:100]
    try:
        progress = objections.look_up(rooms(), number, secret, address=address(), now=now())
    except JiaoyanError as refusal:
        return _ask(status_of(refusal), number=number, refusal=refusal)
    return make_response(render_template("public/objection.html", progress=progress))


def _disclosure(slug: str) -> DisclosurePage:
    with rooms().read() as reading:
        return disclosures.get(reading, slug=slug, today=today())


def _files() -> list[Sent]:
    return [
        Sent(file.filename, cast(BinaryIO, file.stream))
        for file in request.files.getlist("files")
        if file.filename
    ]


def _remember(receipt: Receipt) -> None:
    session[_RECEIPT] = {"number": receipt.number, "secret": receipt.secret}


def _form(
    disclosure: DisclosurePage,
    status: HTTPStatus,
    *,
    written: ObjectionText | None = None,
    refusal: JiaoyanError | None = None,
) -> Response:
    page = render_template(
        "public/object.html",
        disclosure=disclosure,
        written=written or ObjectionText(""),
        refusal=refusal,
        errors=refusal.errors if isinstance(refusal, FieldsInvalid) else {},
        had_files=bool(_files()),
        # A form that was only refused goes on being the same one: it makes one objection.
        form=form_tokens.kept_or_new(request.form.get("form", ""), disclosure.row.slug, now()),
        limit=OBJECTION_LIMIT,
    )
    return _waiting(make_response(page, status), refusal)


def _ask(status: HTTPStatus, *, number: str = "", refusal: JiaoyanError | None = None) -> Response:
    page = render_template("public/objection_lookup.html", number=number, refusal=refusal)
    if isinstance(refusal, ReceiptRefused):
        status = HTTPStatus.NOT_FOUND
    return _waiting(make_response(page, status), refusal)


def _waiting(response: Response, refusal: JiaoyanError | None) -> Response:
    if seconds := getattr(refusal, "retry_after", None):
        response.headers["Retry-After"] = str(seconds)
    return response
