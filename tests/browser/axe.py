"""What axe-core objects to in a page as it stands, and whether it fits its window."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.browser.conftest import SIZES

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
_RUN = "(context) => axe.run(context ?? document, {resultTypes: ['violations']})"
_TOO_WIDE = "document.documentElement.scrollWidth > innerWidth"
_DRAWN = "new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"


def require_accessible(page: Page, *, without: tuple[str, ...] = ()) -> None:
    """axe finds nothing, and nothing hangs over the side of the page.

    Not looked at: the parts that the selectors of `without` leave out.
    """
    found = _findings(page, without)
    assert found == [], found


def require_accessible_at_each_width(page: Page) -> None:
    """The same of a page as it stands, made narrow and wide; it has its own width in the end."""
    found = []
    for size in sorted(SIZES, key=lambda size: SIZES[size] == page.viewport_size):
        page.set_viewport_size(SIZES[size])
        page.evaluate(_DRAWN)
        found += [f"{size}: {finding}" for finding in _findings(page)]
    assert found == [], found


def _findings(page: Page, without: tuple[str, ...] = ()) -> list[str]:
    """The rule and where it is broken."""
    if not page.evaluate("'axe' in window"):
        # Evaluated by the debugger, so the pages' content security policy stays in force.
        page.evaluate(AXE.read_text(encoding="utf-8"))
    context = {"exclude": [[part] for part in without]} if without else None
    result: dict[str, Any] = page.evaluate(_RUN, context)
    found = [
        f"{broken['id']}: {node['html'][:200]}"
        for broken in result["violations"]
        for node in broken["nodes"]
    ]
    return [*found, "wider than its window"] if page.evaluate(_TOO_WIDE) else found
