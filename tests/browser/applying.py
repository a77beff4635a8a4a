"""Coming in and filling in the forms of 准入 as people do, and looking whether everybody can."""

import re
from pathlib import Path

from playwright.sync_api import FilePayload, Page, expect

from service.connectors.sink import FileSink
from service.domain.outgoing import Channel
from service.jobs.runner import JobRunner
from tests.browser.conftest import wait_for_form
from tests.processes.desk import PDF, Desk

NUMBER = "138 0013 8000"
CERTIFICATES = ("任教证明", "教师资格证", "职称证书", "单位鉴定意见")


def deliver(bureau: Desk, inbox: Path) -> None:
    """Let the runner send what waits, into the demonstration's inbox."""
    sink = FileSink(inbox, bureau.clock)
    JobRunner(bureau.rooms, owner="worker-1", senders={each: sink for each in Channel}).run_due()


def come_in(page: Page, bureau: Desk, inbox: Path, number: str = NUMBER) -> None:
    """From the page that asks for a number to where one wanted to go."""
    page.get_by_label("手机号或邮箱").fill(number)
    page.get_by_role("button", name="获取验证码").click()
    expect(page.get_by_role("heading", name="填写验证码")).to_be_visible()
    deliver(bureau, inbox)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="演示收件箱").click()
    code = re.search(r"验证码 (\d{6})", opened.value.locator("main").inner_text())
    assert code is not None
    opened.value.close()
    page.get_by_label("6 位验证码").fill(code[1])
    page.get_by_role("button", name="登录", exact=True).click()


def apply(
    page: Page,
    *,
    title: str = "一级教师",
    ends_on: str = "",
    path: str = "/start/admission_review",
) -> None:
    """Fill in the start form; ten years of teaching unless the end says otherwise."""
    if not page.url.endswith(f"/{path.rpartition('/')[2]}"):
        page.goto(path)
    wait_for_form(page)
    page.get_by_label("姓名").fill("教师甲")
    enter_date(page, "出生日期", "1990年5月1日")
    page.get_by_label("现工作单位").fill("某某小学")
    choose(page, "申请的学段学科", "小学语文")
    page.get_by_label("学校（单位）").fill("某某小学")
    enter_date(page, "开始日期", "2016年2月1日")
    if ends_on:
        enter_date(page, "结束日期", ends_on)
    choose(page, "职称（证书上的全称）", title)
    page.get_by_label("已聘任").check()
    page.get_by_label("主要成绩和在区域内的影响").fill("市级公开课一等奖，主持市级课题一项。")
    page.keyboard.press("Tab")
    for label in CERTIFICATES:
        attach(page, label)
    page.get_by_label("本人承诺").check()


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_label(label).focus()
    page.locator(".fjs-dropdownlist-item", has_text=option).first.click()


def enter_date(page: Page, label: str, day: str) -> None:
    page.get_by_label(label).fill(day)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")


def attach(page: Page, label: str) -> None:
    field = page.locator(".fjs-form-field-filepicker", has_text=label)
    proof = FilePayload(name="证明.pdf", mimeType="application/pdf", buffer=PDF)
    field.locator('input[type="file"]').set_input_files(proof)
    expect(field.get_by_role("link", name="证明.pdf")).to_be_visible()


def open_check(page: Page) -> None:
    page.get_by_role("link", name="教师甲申请小学语文准入资格").click()
    page.get_by_role("button", name="签收").click()
    wait_for_form(page)


def confirm_everything(page: Page) -> None:
    originals = page.locator(".fjs-form-field-checklist", has_text="已核对的原件")
    for label in CERTIFICATES:
        originals.get_by_label(label).check()


def decide(page: Page, outcome: str) -> None:
    page.get_by_role("button", name=outcome).click()
    page.get_by_role("button", name="确认提交").click()
    expect(page.get_by_text("已提交")).to_be_visible()
