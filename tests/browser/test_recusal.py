"""The page of recusal in the browser; `test_people_walk` declares there."""

from tests.browser.axe import require_accessible_at_each_width
from tests.browser.conftest import Enter
from tests.fixtures_commands import Stage
from tests.fixtures_store import Cast


def test_axe_finds_nothing_wrong(enter: Enter, stage: Stage, cast: Cast) -> None:
    page = enter(cast.officer, "/profile/recusal")
    require_accessible_at_each_width(page)
