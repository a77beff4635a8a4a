"""What the demonstration says of itself, and the workbooks it offers to try the import with."""

from flask import Blueprint, Response, render_template
from werkzeug.exceptions import NotFound

from service.commands.workbooks import MEDIA_TYPE
from service.web.desk import current_actor
from service.web.web_settings import web_settings

pages = Blueprint("demonstration", __name__)


@pages.get("/demonstration")
def show() -> str:
    """That all is made up, and what to try; 404 outside the demonstration."""
    current_actor()
    if not web_settings().demonstration:
        raise NotFound
    return render_template("demonstration.html", files=web_settings().demo_files)


@pages.get("/demonstration/<name>")
def download(name: str) -> Response:
    """Give one of its workbooks."""
    current_actor()
    file = next((one for one in web_settings().demo_files if one.name == name), None)
    if file is None:
        raise NotFound
    response = Response(file.content(), mimetype=MEDIA_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response
