"""What the environment decides for the pages; see `app_factory`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

from flask import current_app
from sqlalchemy.orm import Session

from service.domain.accounts import IDLE
from service.domain.actors import Actor
from service.domain.openings import Opening
from service.domain.outgoing import Channel

SETTINGS = "jiaoyan.web"
"""Key of the `WebSettings` in `app.extensions`."""


def _no_parts(_session: Session) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class CaseLink:
    """Where a procedure works on a case beside its tasks, and what the link says."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class TaskReading:
    """What is read above a task's form: the procedure's template, and what that shows."""

    template: str
    shown: object


def _no_reading(
    _session: Session, _actor: Actor, _step: tuple[str, str], _case_key: int
) -> TaskReading | None:
    return None


def _no_link(_session: Session, _actor: Actor, _process_id: str, _root_key: int) -> None:
    return None


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account that the demonstration's sign-in page offers."""

    username: str
    display_name: str
    purpose: str = ""
    """What to try with it."""


@dataclass(frozen=True, slots=True)
class DemoFile:
    """A workbook that the demonstration offers; it is written when somebody asks for it."""

    name: str
    title: str
    """What to try with it."""
    content: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class WebSettings:
    """What the environment decides for the pages."""

    secret_key: str
    title: str = "业务流程系统"
    """Name of the system in the head of each page."""
    https: bool = True
    """Cookies are sent over HTTPS only, and browsers are told to stay with it."""
    idle: timedelta = IDLE
    """A signed-in person who does nothing for so long must sign in again."""
    link_hours: int = 72
    """How long a link serves by which somebody sets their password."""
    base_url: str = ""
    """Where people reach the system, without a slash at its end; empty: as the request did."""
    upload_bytes: int = 20 * 1024 * 1024
    """Largest file a form takes."""
    long_polls: int = 2
    """Calls of outside workers that may wait at a time, each in a thread of its own; more are
    answered at once."""
    trusted_proxies: int = 0
    """How many proxies in front set X-Forwarded-For, -Proto and -Host."""
    metrics_token: str = ""
    """Who sends it reads /metrics; empty: nobody does."""
    demo_accounts: tuple[DemoAccount, ...] = ()
    """Offered on the sign-in page; none outside the demonstration."""
    demo_password: str = ""
    """Of all the demonstration's accounts."""
    channels: frozenset[Channel] = frozenset()
    """By what the public may be sent codes; none: nobody can register."""
    demo_inbox: Path | None = None
    """Folder of the messages that the demonstration does not really send."""
    demo_files: tuple[DemoFile, ...] = ()
    """Offered to who is signed in; none outside the demonstration."""
    registers: Mapping[str, str] = field(default_factory=dict)
    """Titles of the registers that the procedures keep, by id: rights name them."""
    closed_registers: frozenset[str] = frozenset()
    """Those that rights to all registers, or of all members of staff, do not reach."""
    register_parts: Callable[[Session], Mapping[str, str]] = _no_parts
    """Titles of the parts of registers that rights may name, by `<register>@<part>`."""
    case_link: Callable[[Session, Actor, str, int], CaseLink | None] = _no_link
    """The procedure's own page of a case, by its process and the key of its outermost caller."""
    task_reading: Callable[[Session, Actor, tuple[str, str], int], TaskReading | None] = _no_reading
    """What is read above the form of a step (its process and element), by the key of its case."""
    openers: Mapping[str, Callable[[Session, datetime, str], Opening | None]] = field(
        default_factory=dict
    )
    """By process: what its start form holds, for the `?choice=` of its address."""
    assets: Path = Path(__file__).parent / "static" / "dist"
    """What the front end's build has made."""

    @property
    def demonstration(self) -> bool:
        """Whether all that is shown is made up, which every page then says."""
        return bool(self.demo_accounts)


def web_settings() -> WebSettings:
    """Return the settings of the running application."""
    return cast(WebSettings, current_app.extensions[SETTINGS])
