"""Makes the Flask application of a running service."""

from collections.abc import Callable, Sequence

from flask import Blueprint, Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from service.commands.rooms import Rooms
from service.web import (
    admin_accounts,
    admin_calendar,
    admin_deputies,
    admin_groups,
    admin_import,
    admin_leaving,
    admin_organization,
    admin_people,
    admin_rights,
    assets,
    audit,
    deadlines,
    demonstration,
    deputies,
    designer,
    designer_calls,
    documents,
    erasure,
    errors,
    health,
    identity,
    inbox,
    instances,
    limits,
    menu,
    metrics,
    notices,
    notifications,
    objections,
    open_cases,
    operations,
    operations_late,
    operations_lists,
    passwords,
    profile,
    recusal,
    security,
    sign_in,
    start,
    tasks,
    texts,
)
from service.web.api import routes
from service.web.desk import ROOMS, Desk
from service.web.menu import MenuEntry
from service.web.public import applications, disclosures, home
from service.web.public import notices as public_notices
from service.web.public import sign_in as public_sign_in
from service.web.public import tasks as public_tasks
from service.web.web_settings import (
    SETTINGS,
    CaseLink,
    DemoAccount,
    DemoFile,
    TaskReading,
    WebSettings,
)

__all__ = [
    "CaseLink",
    "DemoAccount",
    "DemoFile",
    "MenuEntry",
    "PageMaker",
    "TaskReading",
    "WebSettings",
    "create_app",
]

_PAGES = (
    *(sign_in, inbox, start, tasks, instances, open_cases, documents, profile),
    *(operations, operations_lists, operations_late, deadlines),
    *(deputies, recusal, designer, designer_calls, passwords, audit, erasure),
    *(admin_people, admin_accounts, admin_leaving, admin_organization),
    *(admin_groups, admin_deputies, admin_import, admin_rights, admin_calendar),
    *(notices, objections, notifications, demonstration),
    *(home, public_notices, public_sign_in, applications, public_tasks, disclosures),
)

PageMaker = Callable[[Desk], Blueprint]
"""Makes the blueprint of a procedure's pages."""


def create_app(
    rooms: Rooms,
    settings: WebSettings,
    *,
    page_makers: Sequence[PageMaker] = (),
    menu_entries: Sequence[MenuEntry] = (),
    schema_current: Callable[[], bool] = lambda: True,
) -> Flask:
    """Make the application; `page_makers` and `menu_entries` are what the procedures contribute.

    `schema_current` tells whether the database is in the form that this program knows.

    Raises AssetsMissing when the front end has not been built.
    """
    app = Flask("service.web", static_folder=None)
    app.extensions[ROOMS] = rooms
    app.extensions[SETTINGS] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="jiaoyan_page",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        PREFERRED_URL_SCHEME="https" if settings.https else "http",
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # Flask's default provider has it
    if proxies := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # as Flask's documentation says
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies
        )
    for part in (errors, texts, assets, security, limits, identity):
        part.install(app, settings)
    menu.install(app, menu_entries)
    notifications.install(app)
    health.install(app, schema_current)
    metrics.install(app, settings)
    for page in _PAGES:
        app.register_blueprint(page.pages)
    routes.install(app, settings)
    desk = Desk()
    for make_pages in page_makers:
        app.register_blueprint(make_pages(desk))
    return app
