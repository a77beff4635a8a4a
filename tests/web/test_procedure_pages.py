"""Pages that a procedure brings along."""

from flask import Blueprint, render_template_string

from service.commands.rooms import Rooms
from service.web.app_factory import MenuEntry, WebSettings, create_app
from service.web.desk import Desk
from service.web.identity import COOKIE
from tests.fixtures_store import Cast
from tests.web.conftest import Visitor, signed_in


def make_pages(desk: Desk) -> Blueprint:
    pages = Blueprint("seals", __name__)

    @pages.get("/registers/seals")
    def show() -> str:
        name = desk.actor().display_name
        page = (
            "{% extends 'layout.html' %}{% block content %}<h1>{{ name }}的印章</h1>{% endblock %}"
        )
        return render_template_string(page, name=name)

    return pages


def test_they_are_in_our_frame_and_in_the_menu_of_who_may_see_them(
    rooms: Rooms, settings: WebSettings, cast: Cast
) -> None:
    entry = MenuEntry("印章", "/registers/seals", lambda actor: actor == cast.officer)
    app = create_app(rooms, settings, page_makers=[make_pages], menu_entries=[entry])
    pages = {}
    for actor in (cast.officer, cast.stranger):
        client = app.test_client()
        client.set_cookie(COOKIE, signed_in(rooms, actor))
        pages[actor.username] = Visitor(client).get("/registers/seals").text
    assert "李娜的印章" in pages["li.na"]
    assert 'href="/registers/seals" aria-current="page">印章<' in pages["li.na"]
    assert ">印章<" not in pages["wang.wei"]


def test_a_person_who_is_not_signed_in_is_sent_to_sign_in(
    rooms: Rooms, settings: WebSettings
) -> None:
    app = create_app(rooms, settings, page_makers=[make_pages])
    assert app.test_client().get("/registers/seals").location.startswith("/sign-in?next=")
