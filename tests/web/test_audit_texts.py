"""What the auditor reads of an event is in Chinese, whatever the event."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

import pytest
from flask import Flask

from service.commands import calendar_periods, calendars
from service.commands.calendar_estimates import bring_up_to_date
from service.commands.rooms import Rooms
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, GranteeKind, ObjectKind
from service.domain.calendar_years import Period
from service.domain.recusal import TieKind, TieSource
from service.domain.values import Json
from service.domain.working_days import OfficeHours, SpecialKind
from service.web import audit_texts
from service.web.app_factory import WebSettings, create_app
from tests.fixtures_store import ROOT
from tests.web.conftest import SECRET, Visit
from tests.web.test_audit_pages import auditor

__all__ = ["auditor"]

_CHANGE = re.compile(r'"change": "([a-z-]+)"')
_LATIN = re.compile(r"[A-Za-z]")


def changes() -> set[str]:
    """What the commands say that they changed."""
    written = (path.read_text("utf-8") for path in Path(ROOT / "service").rglob("*.py"))
    return {change for text in written for change in _CHANGE.findall(text)}


@pytest.fixture
def words(rooms: Rooms) -> Iterator[None]:
    app: Flask = create_app(rooms, WebSettings(secret_key=SECRET, https=False))
    with app.test_request_context():
        yield


def told(**said: Json) -> str:
    return "；".join(f"{label}：{text}" for label, text in audit_texts.told(said))


@pytest.mark.usefixtures("words")
class TestNoEnglishIsLeft:
    """In what the system itself says; ids are as they were given."""

    @pytest.mark.parametrize("change", sorted(changes()))
    def test_of_what_was_changed(self, change: str) -> None:
        assert not _LATIN.search(told(change=change))

    @pytest.mark.parametrize("kind", ObjectKind)
    def test_of_a_right(self, kind: ObjectKind) -> None:
        said = told(grantee_kind=GranteeKind.GROUP, object=kind, action=Action.READ)
        assert not _LATIN.search(said)

    @pytest.mark.parametrize("kind", TieKind)
    def test_of_a_tie(self, kind: TieKind) -> None:
        assert not _LATIN.search(told(change="declared", kind=kind, source=TieSource.OTHER))


@pytest.mark.usefixtures("words")
def test_a_word_means_what_it_is_said_of() -> None:
    assert told(kind=TieKind.OTHER, source=TieSource.OTHER) == (
        "类别：其他可能影响公正的关系；来源：他人提出"
    )


@pytest.mark.usefixtures("words")
def test_digests_for_the_comparison_are_not_read_in_the_list() -> None:
    assert audit_texts.in_short({"kind": "staff", "seal": "ab12", "post": "7"}) == "类别：工作人员"


def test_changes_of_the_calendar_are_told_in_words(
    visit: Visit, rooms: Rooms, auditor: Actor, now: datetime
) -> None:
    bring_up_to_date(rooms, now=now)
    period = Period("学期", "春季学期", date(2026, 2, 20), date(2026, 7, 10))
    hours = OfficeHours(time(18, 0), time(12, 30), half_days_count=False)
    with rooms.write() as tools:
        key = calendar_periods.save(tools, period, actor=SYSTEM, now=now)
        calendar_periods.remove(tools, key=key, actor=SYSTEM, now=now)
        calendars.set_hours(tools, hours=hours, actor=SYSTEM, now=now)
        calendars.set_day(
            tools, day=date(2026, 3, 4), kind=SpecialKind.HALF_DAY, name="活动日", revision=0,
            actor=SYSTEM, now=now,
        )  # fmt: skip
    page = visit(auditor).get("/audit", kind="calendar_changed").get_data(as_text=True)
    told = re.sub(r"<[^>]+>", "", page[page.index("<tbody>") : page.index("</tbody>")])
    for text in (
        "工作日历", "推算的年份：2027", "现在：学期 春季学期", "下班时间：18:00",
        "2026-03-04由照常改为半天 活动日", "来源：逐日修改过",
    ):  # fmt: skip
        assert text in told
    assert not _LATIN.search(told)
