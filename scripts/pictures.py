"""Takes the README's pictures of the demonstration's real pages: `make pictures`.

Starts the demonstration on a database of its own, lets an applicant apply and the office decide.
"""

import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.browser.applying import apply, confirm_everything, decide, open_check
from tests.browser.conftest import SIZES, wait_for_form
from tests.browser.designing import check, group, pick, ready, rename
from tests.chromium import launch_arguments

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
PORT = 8097
ADDRESS = f"http://127.0.0.1:{PORT}"
PASSWORD = "jiaoyan-demo"  # noqa: S105 - the demonstration's, printed on its sign-in page


def main() -> None:
    """Take all pictures."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "JIAOYAN_DATA_DIR": folder, "JIAOYAN_PORT": str(PORT)}
        command = [sys.executable, "-m", "service.cli", "demo"]
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as demo:
            try:
                _wait_until_it_answers()
                with sync_playwright() as playwright:
                    browser = playwright.chromium.launch(**launch_arguments())
                    _walk(browser)
                    _design(browser)
                    browser.close()
            finally:
                demo.terminate()


def _walk(browser: Browser) -> None:
    applicant = _enter(browser, "applicant")
    for _case in range(2):
        apply(applicant, title="小学高级教师")
        applicant.get_by_role("button", name="提交申请").click()
        applicant.wait_for_url("**/instances/*")
    officer = _enter(browser, "personnel1")
    officer.goto("/inbox/claimable")
    _take(officer, "inbox")
    officer.get_by_role("link", name="教师甲申请小学语文准入资格").first.click()
    officer.get_by_role("button", name="签收").click()
    wait_for_form(officer)
    officer.locator('[data-island="diagram"]').scroll_into_view_if_needed()
    officer.wait_for_selector('[data-island="diagram"][data-ready]')
    _take(officer, "task", whole=True)
    confirm_everything(officer)
    decide(officer, "核对属实")
    officer.goto("/registers/qualifications")
    _take(officer, "register")
    officer.goto("/inbox/claimable")
    open_check(officer)
    narrow = _enter(browser, "personnel1", size="narrow")
    _take(narrow, "inbox-narrow")
    applicant.goto("/inbox/started")
    applicant.get_by_role("link", name="教师甲申请小学语文准入资格").last.click()
    applicant.wait_for_selector('[data-island="diagram"][data-ready]')
    _take(applicant, "instance", whole=True)


def _design(browser: Browser) -> None:
    page = _enter(browser, "designer")
    page.goto("/designer/process/admission_review")
    ready(page)
    rename(page, "office_check", "人事科核对材料")
    pick(page, "finding_true")
    group(page, "条件").locator(".cm-content").fill("")
    check(page)
    page.locator('.problem-mark[data-element="finding_true"]').click()
    _take(page, "designer-check")
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_text("工作副本已保存").wait_for()
    for name, path in (("decision", "decision/admission_conditions"), ("form", _FORM)):
        page.goto(f"/designer/{path}")
        ready(page)
        _take(page, f"designer-{name}")
    page.goto("/designer")
    _take(page, "designer-list")
    page.goto("/designer/process/admission_review/compare")
    _take(page, "designer-changes")
    page.goto("/designer/process/admission_review/versions")
    _take(page, "designer-versions")


_FORM = "form/admission_application"


def _enter(browser: Browser, username: str, size: str = "wide") -> Page:
    window = ViewportSize(width=SIZES[size]["width"], height=SIZES[size]["height"])
    page = browser.new_context(
        base_url=ADDRESS, locale="zh-CN", timezone_id="Asia/Shanghai", viewport=window
    ).new_page()
    page.goto("/sign-in")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_role("heading", name="工作台").wait_for()
    return page


def _take(page: Page, name: str, *, whole: bool = False) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / f"{name}.png", full_page=whole)


def _wait_until_it_answers() -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"{ADDRESS}/sign-in", timeout=5):  # noqa: S310 - our own server
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.05)
    raise SystemExit("演示没有启动")


if __name__ == "__main__":
    main()
