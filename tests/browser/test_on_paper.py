"""A case on paper: all of its diagram, and afterwards the screen as it was."""

from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.fixtures_commands import Deploy, Stage
from tests.fixtures_store import Cast

WATCH = """
() => {
  const svg = document.querySelector('.djs-container > svg');
  const box = () => svg.getBBox();
  window.addEventListener('beforeprint', () => {
    const [x, y, width, height] = svg.getAttribute('viewBox').split(' ').map(Number);
    const all = box();
    window.whole = x <= all.x && y <= all.y
      && x + width >= all.x + all.width && y + height >= all.y + all.height;
    window.alone = document.documentElement.dataset.printing;
  });
}
"""


def test_a_diagram_is_printed_whole(enter: Enter, cast: Cast, deploy: Deploy, stage: Stage) -> None:
    deploy("errand.bpmn")
    page = enter(cast.applicant, f"/instances/{stage.start('errand').instance_key}", "narrow")
    page.locator("[data-canvas]").scroll_into_view_if_needed()
    page.wait_for_selector('[data-island="diagram"][data-ready]')
    # so near that only a part is on the screen
    for _ in range(4):
        page.get_by_role("button", name="放大").click()
    page.evaluate(WATCH)
    shown = page.locator(".djs-container .viewport").get_attribute("transform")
    page.pdf()
    assert page.evaluate("window.whole") is True
    assert page.evaluate("window.alone") is None
    expect(page.locator(".djs-container > svg[viewBox]")).to_have_count(0)
    expect(page.locator(".djs-container .viewport")).to_have_attribute("transform", shown or "")
    # alone, by its button
    page.get_by_role("button", name="打印").click()
    page.wait_for_function("window.alone === 'diagram'")
