"""What the auditor reads of an event is in Chinese, whatever the event."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from service.commands.rooms import Rooms
from service.domain.authorization import Action, GranteeKind, ObjectKind
from service.domain.recusal import TieKind, TieSource
from service.domain.values import Json
from service.web import audit_texts
from service.web.app_factory import WebSettings, create_app
from tests.fixtures_store import ROOT
from tests.web.conftest import SECRET

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
