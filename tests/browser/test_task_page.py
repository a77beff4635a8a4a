"""A task from 待签收 to 已办: form, opinion, draft, files, what goes wrong on the way."""

import re
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect

from service.commands import user_tasks
from service.domain.actors import Actor
from service.store.tables import Draft, ProcessInstance, UserTask
from tests.browser.conftest import BOTH_DATABASES, Enter, wait_for_form
from tests.fixtures_commands import EVIDENCE, REVIEW, Deploy, Stage
from tests.fixtures_store import Cast

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"

HIDE = """() => {
  Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
  document.dispatchEvent(new Event('visibilitychange'));
}"""


@pytest.fixture
def task(stage: Stage, deploy: Deploy) -> int:
    """The office's task in a case of the applicant."""
    deploy(*REVIEW)
    return stage.task(stage.start("review", variables={"姓名": "张敏"}).instance_key, "check")


@pytest.fixture
def claimed(task: int, stage: Stage, cast: Cast) -> int:
    with stage.rooms.write() as tools:
        user_tasks.claim(tools, task, actor=cast.officer, now=stage.clock.now)
    return task


def press(page: Page, outcome: str) -> None:
    """Press the button of an outcome and confirm."""
    page.get_by_role("button", name=outcome).click()
    page.get_by_role("button", name="确认提交").click()


def test_from_the_group_to_done_by_keyboard(enter: Enter, cast: Cast, task: int) -> None:
    page = enter(cast.officer, "/inbox/claimable")
    page.get_by_role("link", name="张敏的材料核对").press("Enter")
    page.get_by_role("button", name="签收").press("Enter")
    wait_for_form(page)
    page.get_by_label("核对意见").press_sequentially("属实")
    page.get_by_label("意见", exact=True).press_sequentially("材料齐全")
    page.get_by_role("button", name="核对属实").press("Enter")
    expect(page.get_by_role("button", name="确认提交")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("已提交「核对材料」")).to_be_visible()
    page.get_by_role("link", name=re.compile("已办")).click()
    page.get_by_role("link", name="张敏的材料核对").click()
    expect(page.get_by_text("结论：核对属实").first).to_be_visible()


def test_a_confirmation_can_be_left_without_submitting(
    enter: Enter, cast: Cast, claimed: int, stage: Stage
) -> None:
    page = enter(cast.officer, f"/tasks/{claimed}")
    wait_for_form(page)
    page.get_by_role("button", name="核对属实").click()
    expect(page.locator("#confirm-outcome")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#confirm-outcome")).not_to_be_visible()
    assert stage.row(UserTask, key=claimed)["state"] == "CREATED"


def test_what_is_wrong_is_listed_and_each_line_leads_to_its_field(
    enter: Enter, cast: Cast, deploy: Deploy
) -> None:
    deploy(*REVIEW)
    page = enter(cast.applicant, "/start/review")
    wait_for_form(page)
    page.get_by_label("教龄").fill("70")
    page.get_by_role("button", name="提交申请").click()
    summary = page.locator("[data-summary]")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("有 2 处需要改正")
    summary.get_by_role("link", name="姓名：此项必填。").click()
    expect(page.get_by_label("姓名")).to_be_focused()
    expect(page.get_by_label("姓名")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("不能大于 60。").first).to_be_visible()


def test_what_only_the_server_finds_is_shown_at_the_field_too(
    enter: Enter, cast: Cast, deploy: Deploy
) -> None:
    deploy(*REVIEW)
    page = enter(cast.applicant, "/start/review")
    wait_for_form(page)
    page.get_by_label("姓名").fill("张敏")
    refusal = '{"status": 422, "detail": "有误", "errors": {"姓名": ["已有同名的申请。"]}}'
    answer_with(page, "**/start/review", 422, refusal)
    page.get_by_role("button", name="提交申请").click()
    expect(page.locator("[data-summary]")).to_contain_text("姓名：已有同名的申请。")
    expect(page.get_by_label("姓名")).to_have_attribute("aria-invalid", "true")


def answer_with(page: Page, pattern: str, status: int, body: str) -> None:
    def answer(route: Route) -> None:
        if route.request.method == "POST":
            route.fulfill(status=status, body=body, content_type="application/problem+json")
        else:
            route.continue_()

    page.route(pattern, answer)


def test_an_opinion_is_asked_for_where_the_step_wants_one(
    enter: Enter, cast: Cast, claimed: int
) -> None:
    page = enter(cast.officer, f"/tasks/{claimed}")
    wait_for_form(page)
    page.get_by_role("button", name="不予通过").click()
    expect(page.get_by_label("意见", exact=True)).to_be_focused()
    expect(page.locator("[data-comment-error]")).to_have_text("选择“不予通过”需要填写意见。")
    page.get_by_label("意见", exact=True).fill("教龄不足")
    press(page, "不予通过")
    expect(page.get_by_text("已提交「核对材料」")).to_be_visible()


@BOTH_DATABASES
def test_a_draft_is_saved_by_itself_and_comes_back(enter: Enter, cast: Cast, claimed: int) -> None:
    page = enter(cast.officer, f"/tasks/{claimed}")
    wait_for_form(page)
    page.get_by_label("核对意见").fill("写了一半")
    page.get_by_label("意见", exact=True).fill("也写了一半")
    expect(page.locator("[data-draft-state]")).to_have_text("草稿已保存 09:30")
    page.reload()
    wait_for_form(page)
    expect(page.get_by_label("核对意见")).to_have_value("写了一半")
    expect(page.get_by_label("意见", exact=True)).to_have_value("也写了一半")


def test_leaving_the_page_at_once_saves_the_draft_too(
    enter: Enter, cast: Cast, claimed: int, stage: Stage, now: datetime
) -> None:
    page = enter(cast.officer, f"/tasks/{claimed}")
    wait_for_form(page)
    page.clock.install(time=now)
    page.clock.pause_at(now)  # the time at which it would save by itself never comes
    page.get_by_label("核对意见").fill("刚写下")
    # Another tab in front hides this one; a real leaving asks first, and Chromium's question and
    # the end of the test have been seen to wait for each other.
    with page.expect_response(f"**/tasks/{claimed}/draft"):
        page.evaluate(HIDE)
    drafts = stage.rows(Draft, subject_key=claimed)
    assert [one["data"] for one in drafts] == [{"核对意见": "刚写下"}]


@BOTH_DATABASES
def test_a_double_click_submits_once(
    enter: Enter, cast: Cast, deploy: Deploy, stage: Stage
) -> None:
    deploy(*REVIEW)
    page = enter(cast.applicant, "/start/review")
    wait_for_form(page)
    page.get_by_label("姓名").fill("张敏")
    page.get_by_role("button", name="提交申请").dblclick()
    expect(page.get_by_text("已提交「张敏的材料核对」")).to_be_visible()
    assert len(stage.rows(ProcessInstance)) == 1


@BOTH_DATABASES
def test_who_was_too_slow_is_told_by_whom_and_keeps_what_they_wrote(
    enter: Enter, cast: Cast, task: int, stage: Stage, colleague: Actor, operator: Actor
) -> None:
    with stage.rooms.write() as tools:
        user_tasks.claim(tools, task, actor=colleague, now=stage.clock.now)
    page = enter(colleague, f"/tasks/{task}")
    wait_for_form(page)
    page.get_by_label("核对意见").fill("我的长篇意见")
    with stage.rooms.write() as tools:
        user_tasks.assign(
            tools, task, assignee=cast.officer.username, actor=operator, now=stage.clock.now
        )
    stage.complete(task, cast.officer, outcome="approve")
    press(page, "核对属实")
    notice = page.locator("#notices")
    expect(notice).to_contain_text("已由李娜于 2026年3月2日 09:30 办理")
    expect(page.get_by_label("核对意见")).to_have_value("我的长篇意见")
    notice.get_by_role("link", name="刷新查看").click()
    wait_for_form(page)
    expect(page.get_by_label("核对意见")).to_have_value("我的长篇意见")
    expect(page.get_by_label("核对意见")).not_to_be_editable()


def test_a_lost_connection_keeps_the_page_and_its_content(
    enter: Enter, cast: Cast, deploy: Deploy
) -> None:
    deploy(*REVIEW)
    page = enter(cast.applicant, "/start/review")
    wait_for_form(page)
    page.get_by_label("姓名").fill("张敏")
    page.context.set_offline(True)
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("alert").last).to_contain_text("网络不通")
    page.context.set_offline(False)
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_text("已提交「张敏的材料核对」")).to_be_visible()


def test_files_are_sent_when_chosen_and_can_be_taken_back(
    enter: Enter, cast: Cast, deploy: Deploy, stage: Stage
) -> None:
    deploy(*EVIDENCE)
    page = enter(cast.applicant, "/start/evidence")
    wait_for_form(page)
    choose(page, "证明材料", ("证明一.pdf", PDF), ("证明二.pdf", PDF))
    expect(page.get_by_role("link", name="证明一.pdf")).to_be_visible()
    expect(page.get_by_role("link", name="证明二.pdf")).to_be_visible()
    page.get_by_role("button", name="移除附件 证明一.pdf").click()
    expect(page.get_by_role("link", name="证明一.pdf")).not_to_be_visible()
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_text("已提交").first).to_be_visible()
    expect(page.get_by_role("link", name="证明二.pdf")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="证明二.pdf").click()
    assert download.value.suggested_filename == "证明二.pdf"
    assert Path(download.value.path()).read_bytes() == PDF


def test_a_file_in_a_row_belongs_to_that_row(
    enter: Enter, cast: Cast, deploy: Deploy, stage: Stage
) -> None:
    deploy(*EVIDENCE)
    page = enter(cast.applicant, "/start/evidence")
    wait_for_form(page)
    page.get_by_role("button", name="新增一行").click()
    expect(page.get_by_label("名称")).to_have_count(2)
    page.get_by_label("名称").nth(1).fill("第二项")
    choose(page, "扫描件", ("第二项.pdf", PDF), nth=1)
    expect(page.get_by_role("link", name="第二项.pdf")).to_be_visible()
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_text("已提交").first).to_be_visible()
    rows = stage.variables(int(page.url.rsplit("/", 1)[1]))["成果"]
    assert isinstance(rows, list)
    assert isinstance(rows[1], dict)
    assert rows[1]["名称"] == "第二项"
    assert len(rows[1]["扫描件"]) == 1  # type: ignore[arg-type]  # a list of keys


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("网页.pdf", b"<html></html>", "不是可以上传的类型"),
        ("很大.pdf", PDF + b"x" * 2 * 1024 * 1024, "超过 1 MB"),
        ("空.pdf", b"", "是空的"),
        ("证明.pdf.exe", PDF, "扩展名却是“.exe”"),
    ],
    ids=["type", "size", "empty", "ending"],
)
def test_a_file_that_is_not_taken_is_explained_at_its_field(
    enter: Enter, cast: Cast, deploy: Deploy, name: str, content: bytes, said: str
) -> None:
    deploy(*EVIDENCE)
    page = enter(cast.applicant, "/start/evidence")
    wait_for_form(page)
    choose(page, "证明材料", (name, content))
    expect(page.locator(".fjs-form-field-filepicker").first).to_contain_text(said)
    assert page.locator(".fjs-form-field-error").first.inner_text().count(said) == 1


def choose(page: Page, label: str, *files: tuple[str, bytes], nth: int = 0) -> None:
    """Choose files by the button of this label."""
    payloads: list[FilePayload] = [
        {"name": name, "mimeType": "application/pdf", "buffer": content} for name, content in files
    ]
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=f"{label} 选择文件").nth(nth).click()
    chooser.value.set_files(payloads)


def test_the_diagram_shows_and_tells_where_the_case_is(
    enter: Enter, cast: Cast, claimed: int
) -> None:
    page = enter(cast.officer, f"/tasks/{claimed}")
    page.locator("[data-canvas]").scroll_into_view_if_needed()
    page.wait_for_selector('[data-island="diagram"][data-ready]')
    expect(page.locator('[data-element-id="check"].step-current')).to_have_count(1)
    expect(page.locator('[data-element-id="start"].step-done')).to_have_count(1)
    page.get_by_text("用文字查看步骤").press("Enter")
    expect(page.get_by_text(re.compile("核对材料：当前"))).to_be_visible()
    expect(page.locator(".bjs-powered-by")).to_be_visible()


ENGLISH = re.compile(r"[A-Za-z]{3,}")
ALLOWED = re.compile(r"bpmn\.io|Powered by|PDF|Word|Excel|PowerPoint|OFD|PNG|JPEG", re.IGNORECASE)


def test_no_english_is_left_in_any_kind_of_field(enter: Enter, cast: Cast, everything: str) -> None:
    page = enter(cast.applicant, everything)
    wait_for_form(page)
    page.get_by_label("人数").fill("70")
    page.get_by_label("标签").click()
    page.get_by_role("button", name="提交申请").click()
    expect(page.locator("[data-summary]")).to_be_visible()
    said = page.evaluate(
        """() => [...document.querySelectorAll('main *:not(noscript, script)')].flatMap((e) => [
            ...[...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data),
            ...['title', 'placeholder', 'aria-label', 'alt'].map((a) => e.getAttribute(a) ?? ''),
        ])"""
    )
    assert [one for one in said if ENGLISH.search(ALLOWED.sub("", one))] == []


def test_dates_and_times_are_typed_as_people_here_do(
    enter: Enter, cast: Cast, everything: str, stage: Stage
) -> None:
    page = enter(cast.applicant, everything)
    wait_for_form(page)
    page.get_by_label("姓名").fill("张敏")
    birth = page.get_by_label("出生日期")
    for typed in ("1985-02-30", "19850309", "1985/3/9"):
        birth.fill(typed)
        page.get_by_label("上课时间").focus()
        expect(birth).to_have_value("" if typed.endswith("30") else "1985年3月9日")
    page.get_by_label("上课时间").fill("14:30")
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_text("已提交").first).to_be_visible()
    sent = stage.variables(int(page.url.rsplit("/", 1)[1]))
    assert (sent["birth"], sent["lesson"]) == ("1985-03-09", "14:30")
