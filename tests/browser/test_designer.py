"""The designer in Chromium: the shipped designs are opened, changed, checked and published."""

import re

import pytest
from playwright.sync_api import Page, expect

from service.commands.rooms import Rooms
from tests.browser.axe import require_accessible_at_each_width
from tests.browser.conftest import Enter
from tests.browser.designing import (
    DECISION,
    DESIGNER,
    FORM,
    PROCESS,
    bureau,
    change_form,
    check,
    file_of,
    group,
    look,
    page,
    pick,
    publish,
    ready,
    rename,
    rooms,
    state,
    url,
    write_cell,
)
from tests.processes.desk import APPLICANT

__all__ = ["bureau", "page", "rooms", "url"]


def test_a_process_is_changed_broken_mended_and_published(page: Page, rooms: Rooms) -> None:
    # given a form of it that is changed and not published
    change_form(rooms, "admission_result", "准予登记", "准予入册")
    # and the shipped diagram, in which a name is changed and saved by the keyboard
    page.goto(PROCESS)
    ready(page)
    look(page)
    rename(page, "office_check", "人事科核对材料")
    page.keyboard.press("Control+s")
    expect(state(page)).to_contain_text("工作副本已保存")
    page.reload()
    ready(page)
    expect(page.locator('[data-element-id="office_check"]')).to_contain_text("核对材料")
    # when a condition is taken away
    pick(page, "finding_true")
    condition = group(page, "条件").locator(".cm-content")
    condition.fill("")
    problems = check(page)
    look(page)
    # then the flow itself is marked, the mark tells why, and nothing is published
    mark = page.locator('.problem-mark[data-element="finding_true"]')
    expect(mark).to_have_text("1")
    pick(page, "application")
    mark.click()
    expect(page.locator(".problem-bubble")).to_contain_text("条件")
    expect(problems).to_contain_text("核对属实")
    page.get_by_role("button", name="发布…").click()
    expect(problems).to_be_focused()
    expect(page.get_by_role("dialog", name="发布新版本")).to_be_hidden()
    # and when it is there again, a new version is published with its note
    pick(page, "finding_true")
    group(page, "条件").locator(".cm-content").fill('office_check_outcome = "approve"')
    expect(check(page)).to_contain_text("不妨碍发布")
    expect(mark).to_have_count(0)
    publish(page, "核对一步改了名称")
    expect(page.get_by_role("row", name=re.compile("第 2 版.*核对一步改了名称"))).to_be_visible()
    expect(page.get_by_text("已发布第 2 版")).to_be_visible()
    # and the form with it
    expect(page.get_by_text("同时发布：表单“准入审核结果”第 2 版。")).to_be_visible()
    assert "准予入册" in file_of(page, "/designer/form/admission_result")


def test_what_is_ours_alone_is_a_field(page: Page) -> None:
    page.goto(PROCESS)
    ready(page)
    pick(page, "read_grant")
    ours = group(page, "办理设置")
    expect(ours.get_by_label("办理结果", exact=True)).to_have_value("read=已阅")
    # Letter by letter, as people type: the field must not lose the focus.
    outcomes = ours.get_by_label("办理结果", exact=True)
    outcomes.fill("read=")
    outcomes.press_sequentially("知道了")
    ours.get_by_label("必须填意见的结果").fill("read")
    # What would be refused is not offered, and a form is chosen by its name.
    titles = page.locator("[data-properties] .bio-properties-panel-group-header-title")
    expect(titles.filter(has_text=re.compile("监听器|实现方式|优先级"))).to_have_count(0)
    form = group(page, "表单")
    expect(form.get_by_label("选择表单")).to_have_value("admission_result")
    expect(form.get_by_role("link", name="打开“准入审核结果”")).to_be_visible()
    form.get_by_label("选择表单").select_option("人事科核对表（admission_office_check）")
    expect(form.get_by_label("表单编号")).to_have_value("admission_office_check")
    frame = page.locator('[data-element-id="bureau"] .djs-hit').first
    frame.click(force=True, position={"x": 3, "y": 20})
    of_process = group(page, "办理设置")
    of_process.get_by_label("分类").fill("人事")
    of_process.get_by_label("封闭的流程").check()
    expect(of_process.get_by_text("只有“授权”里对这个流程点名授权的人")).to_be_visible()
    page.keyboard.press("Control+s")
    expect(state(page)).to_contain_text("工作副本已保存")
    content = file_of(page, PROCESS)
    assert 'name="jiaoyan.outcomes" value="read=知道了"' in content
    assert 'name="jiaoyan.comment-required" value="read"' in content
    assert 'name="jiaoyan.category" value="人事"' in content
    assert 'name="jiaoyan.closed" value="true"' in content
    assert content.count('<zeebe:formDefinition formId="admission_office_check" />') == 2


def test_a_decision_is_changed_broken_mended_and_published(page: Page) -> None:
    page.goto(DECISION)
    ready(page)
    look(page)
    write_cell(page, ">= ")
    problems = check(page)
    expect(problems).to_contain_text("第 1 行第 1 个条件写法有误")
    expect(problems.get_by_role("button", name="准入条件核定")).to_be_visible()
    expect(page.locator(".input-cell .input-variable").first).to_have_text("数字")
    page.get_by_role("button", name="发布…").click()
    expect(problems).to_be_focused()
    write_cell(page, ">= 8")
    expect(check(page)).to_contain_text("没有问题")
    publish(page, "教龄改为 8 年")
    expect(page.get_by_role("row", name=re.compile("第 2 版.*教龄改为 8 年"))).to_be_visible()
    assert "&gt;= 8" in file_of(page, DECISION)


def test_a_form_is_changed_broken_mended_and_published(page: Page) -> None:
    page.goto(FORM)
    ready(page)
    look(page)
    page.get_by_text("常规", exact=True).click()
    name = page.get_by_label("名称", exact=True)
    expect(name).to_have_value("教研员准入申请表")
    name.fill("")
    name.press_sequentially("准入申请")
    page.locator('.fjs-element[data-field-type="textfield"]').first.click(position={"x": 5, "y": 5})
    key = page.get_by_label("字段键")
    before = key.input_value()
    key.fill("initiator")
    problems = check(page)
    problems.get_by_role("button", name="initiator").click()
    key.fill(before)
    page.get_by_label("字段名称").fill("你的姓名")
    expect(check(page)).to_contain_text("没有问题")
    publish(page, "改了一个名称")
    expect(page.get_by_role("heading", name="准入申请的版本")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("第 2 版.*改了一个名称"))).to_be_visible()
    assert "你的姓名" in file_of(page, FORM)


@pytest.mark.parametrize("path", [PROCESS, DECISION, FORM])
def test_an_old_version_and_a_narrow_screen_are_for_reading(enter: Enter, path: str) -> None:
    page = enter(DESIGNER, f"{path}?version=1")
    ready(page)
    look(page)
    expect(page.get_by_text("第 1 版，只能查看")).to_be_visible()
    expect(page.get_by_role("button", name="保存")).to_have_count(0)
    narrow = enter(DESIGNER, path, size="narrow")
    ready(narrow)
    look(narrow)
    expect(narrow.get_by_text("屏幕太窄，这里只能查看")).to_be_visible()
    expect(narrow.get_by_role("button", name="保存")).to_be_hidden()


def test_the_pages_around_the_designs_are_accessible(page: Page) -> None:
    require_accessible_at_each_width(page)
    for path in ("/designer/new", f"{PROCESS}/versions"):
        page.goto(path)
        require_accessible_at_each_width(page)


def test_the_menu_is_for_designers(enter: Enter) -> None:
    expect(enter(DESIGNER).get_by_role("link", name="流程设计", exact=True)).to_be_visible()
    expect(enter(APPLICANT).get_by_role("link", name="流程设计", exact=True)).to_have_count(0)
