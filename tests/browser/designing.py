"""A designer at the bureau's own designs, and what designers do on their pages, in short forms."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import insert

from service import app
from service.commands import working_copies
from service.commands.rooms import Rooms
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.designs import DesignKind
from service.feel import FeelPool
from service.settings import Settings
from service.store.tables import CandidateGroup, Membership, Person
from tests.browser.axe import require_accessible
from tests.browser.conftest import Enter, Serve
from tests.fixtures_store import PASSWORD_HASH
from tests.processes.conftest import SECRET, give_right, open_desk
from tests.processes.desk import Desk

DESIGNER = Actor("designer", "流程设计员", frozenset({"designers"}))
FORMS = Path(__file__).parents[2] / "forms"
PROCESS = "/designer/process/admission_review"
DECISION = "/designer/decision/admission_conditions"
FORM = "/designer/form/admission_application"


@pytest.fixture
def bureau(
    request: pytest.FixtureRequest,
    database_url: str,
    tmp_path: Path,
    feel: FeelPool,
    now: datetime,
) -> Iterator[Desk]:
    settings = Settings(
        database_url=database_url,
        data_dir=tmp_path,
        audit_key=SECRET,
        secret_key=SECRET,
        https=False,
    )
    with open_desk(settings, feel, now, request) as desk:
        settle_designer(desk.rooms, now)
        yield desk


def settle_designer(rooms: Rooms, now: datetime) -> None:
    person = {
        "username": DESIGNER.username,
        "display_name": DESIGNER.display_name,
        "sort_name": DESIGNER.username,
        "password_hash": PASSWORD_HASH,
        "active": True,
        "failed_sign_ins": 0,
        "locked_until": None,
        "created_at": now,
    }
    with rooms.write() as tools:
        session = tools.session
        session.execute(insert(Person), [person])
        session.execute(insert(CandidateGroup), [{"id": "designers", "name": "流程设计员"}])
        member = {"group_id": "designers", "username": DESIGNER.username}
        session.execute(insert(Membership), [member])
        for action in (Action.READ, Action.ACT):
            right = ("designers", "*", ObjectKind.DEPLOYMENT, action)
            give_right(session, tools.keys.next(), right, now)


@pytest.fixture
def rooms(bureau: Desk) -> Rooms:
    return bureau.rooms


@pytest.fixture
def url(rooms: Rooms, tmp_path: Path, serve: Serve) -> str:
    settings = Settings(
        database_url="",
        data_dir=tmp_path,
        audit_key=SECRET,
        secret_key=SECRET,
        https=False,
    )
    return serve(app.web_application(settings, app.discover(), rooms))


def look(page: Page) -> None:
    """axe is not asked about what the editors draw."""
    require_accessible(page, without=("[data-canvas]", "[data-properties]"))


def ready(page: Page) -> None:
    page.wait_for_selector(".design-desk[data-ready]")


@pytest.fixture
def page(enter: Enter) -> Iterator[Page]:
    """The designer's browser; nothing that it loads may break the content security policy."""
    page = enter(DESIGNER, "/designer")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    yield page
    assert [text for text in said if "Content Security Policy" in text] == []


def pick(page: Page, element: str) -> None:
    """Select an element of the diagram."""
    page.locator(f'[data-element-id="{element}"] .djs-hit').first.click(force=True)


def group(page: Page, name: str) -> Locator:
    """Open a group of the properties panel."""
    found = page.locator("[data-properties] .bio-properties-panel-group").filter(
        has=page.locator(".bio-properties-panel-group-header-title", has_text=name)
    )
    header = found.locator(".bio-properties-panel-group-header")
    if "open" not in (header.get_attribute("class") or "").split():
        header.click()
    return found


def state(page: Page) -> Locator:
    return page.locator("[data-state]")


def check(page: Page) -> Locator:
    """Press 检查 and return the list of problems."""
    page.get_by_role("button", name="检查", exact=True).click()
    problems = page.get_by_role("region", name=re.compile("检查结果"))
    expect(problems).to_be_visible()
    return problems


def publish(page: Page, note: str) -> None:
    page.get_by_role("button", name="发布…").click()
    page.get_by_label("修改说明").fill(note)
    page.get_by_role("button", name="发布", exact=True).click()
    page.wait_for_url("**/versions")


def rename(page: Page, element: str, name: str) -> None:
    pick(page, element)
    group(page, "常规").get_by_label("名称").fill(name)


def file_of(page: Page, design: str) -> str:
    """What the store has."""
    return page.request.get(f"{design}/file").text()


def change_form(rooms: Rooms, form_id: str, old: str, new: str) -> None:
    """A working copy of a shipped form, with one text replaced."""
    content = (FORMS / f"{form_id}.form").read_text(encoding="utf-8")
    assert old in content
    with rooms.write() as tools:
        working_copies.save(
            tools,
            DesignKind.FORM,
            form_id,
            content=content.replace(old, new),
            revision=0,
            base_version=1,
            actor=DESIGNER,
            now=rooms.clock(),
        )


def write_cell(page: Page, text: str) -> None:
    """Write over the first condition of the first rule."""
    cell = page.locator("td.input-cell").first
    cell.click()
    cell.locator(".cm-content").fill(text)
