"""The page of recusal in the browser; `test_people_walk` declares there."""

import pytest

from tests.browser.conftest import Enter
from tests.browser.test_accessibility import SIZES, findings
from tests.fixtures_commands import Stage
from tests.fixtures_store import Cast


@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_wrong(enter: Enter, stage: Stage, cast: Cast, size: str) -> None:
    page = enter(cast.officer, "/profile/recusal", size=size)
    assert findings(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
