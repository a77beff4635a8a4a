"""A notice with choices: one button each, and what was chosen is given and cannot be changed."""

import json
import re
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import select

from service.commands import notices
from service.domain.errors import FieldsInvalid
from service.domain.notices import Choice, NoticeText
from service.domain.values import Json
from service.queries import notices as reading
from service.store.tables import Variable
from tests.fixtures_commands import REVIEW, Deploy, Stage
from tests.fixtures_public import let_office_publish, let_public_start
from tests.fixtures_store import Cast
from tests.web.conftest import Visit, Visitor
from tests.web.public import Outsider, case_of, guest, outsider, settings, text

__all__ = ["guest", "outsider", "settings"]

POSTS = ("A2026-01-01", "A2026-01-02")
APPLY = "/public/apply/review"


def posts(*codes: str) -> tuple[Choice, ...]:
    return tuple(Choice("review", "姓名", code, f"岗位{code} 小学语文") for code in codes)


def publish(stage: Stage, choices: tuple[Choice, ...], title: str = "遴选公告") -> str:
    return notices.publish(
        stage.rooms,
        NoticeText(title, "现受理申请。", stage.clock.now, None, ("review",), choices),
        process_id="review",
        actor=stage.cast.officer,
        now=stage.clock.now,
    )


@pytest.fixture
def offered(stage: Stage, deploy: Deploy) -> str:
    """A notice by which one of two posts may be applied for; its slug."""
    deploy(*REVIEW)
    let_public_start(stage.rooms, "review")
    let_office_publish(stage.rooms)
    return publish(stage, posts(*POSTS))


def sent(visitor: Visitor, **data: Json) -> Json:
    """What the form of the second post sends."""
    key = re.search(r'"definitionKey": "(\d+)"', text(visitor.get(APPLY, choice=POSTS[1])))
    assert key
    return {"definitionKey": key[1], "requestId": "r" * 16, "data": data}


def island(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert found
    form: dict[str, Any] = json.loads(found[1])
    return form


def test_the_notice_has_a_button_for_each_and_the_first_page_leads_to_it(
    outsider: Outsider, offered: str
) -> None:
    visitor, _actor = outsider()
    page = text(visitor.get(f"/public/notices/{offered}"))
    for code in POSTS:
        assert f'href="{APPLY}?choice={code}">我要申请：岗位{code} 小学语文</a>' in page
    home = text(visitor.get("/public"))
    assert f'href="/public/notices/{offered}"' in home
    assert "有 2 项可选" in home
    assert APPLY not in home


def test_what_was_chosen_is_in_the_form_and_counts_whatever_is_sent(
    outsider: Outsider, stage: Stage, offered: str
) -> None:
    visitor, _actor = outsider()
    chosen = f"{APPLY}?choice={POSTS[1]}"
    page = text(visitor.get(APPLY, choice=POSTS[1]))
    form = island(page)
    [field] = [one for one in form["schema"]["components"] if one.get("key") == "姓名"]
    assert (field["readonly"], form["data"]) == (True, {"姓名": POSTS[1]})
    assert field["description"] == f"岗位{POSTS[1]} 小学语文"
    assert "required" not in field["validate"]
    case = case_of(visitor.send("POST", chosen, sent(visitor, 姓名="A2026-09-09")))
    with stage.rooms.read() as session:
        held = select(Variable.value).where(Variable.instance_key == case, Variable.name == "姓名")
        assert session.scalar(held) == POSTS[1]


@pytest.mark.parametrize("code", ["A2026-09-09", "<script>alert(1)</script>", "a2026-01-01"])
def test_what_no_notice_offers_is_refused_with_what_there_is(
    outsider: Outsider, offered: str, code: str
) -> None:
    visitor, _actor = outsider()
    answer = visitor.client.get(APPLY, query_string={"choice": code})
    page = text(answer)
    assert answer.status_code == 409
    assert "现在不能申请" in page
    assert "<script>alert" not in page
    assert page.count("我要申请：岗位") == len(POSTS)
    refused = visitor.send("POST", f"{APPLY}?choice={quote(code)}", sent(visitor))
    assert refused.status_code == 409
    assert refused.get_json()["code"] == "notice.choice-not-offered"


def test_who_has_not_chosen_chooses_first_and_what_was_sent_is_kept(
    outsider: Outsider, offered: str
) -> None:
    visitor, _actor = outsider()
    page = text(visitor.get(APPLY))
    assert "先选定申请哪一项" in page
    assert "data-form" not in page
    refused = visitor.send("POST", APPLY, sent(visitor, 姓名="A2026-09-09"))
    assert refused.status_code == 409
    assert refused.get_json()["code"] == "notice.choice-missing"
    assert "你填写的内容已保留" in refused.get_json()["detail"]


def test_a_draft_goes_on_with_its_choice_until_that_is_offered_no_more(
    outsider: Outsider, stage: Stage, offered: str
) -> None:
    visitor, _actor = outsider()
    kept: Json = {"data": {"姓名": POSTS[0]}}
    assert visitor.send("PUT", f"{APPLY}/draft", kept).status_code == 200
    assert f"choice={POSTS[0]}" in text(visitor.get(APPLY))
    with stage.rooms.write() as tools:
        [first] = reading.managed(tools.session, actor=stage.cast.officer)
        notices.withdraw(
            tools, first.row.key, "改期", actor=stage.cast.officer, now=stage.clock.now
        )
    publish(stage, posts("A2026-02-01"), title="下一轮公告")
    answer = visitor.get(APPLY)
    assert (answer.status_code, "下一轮公告" in text(answer)) == (409, True)


def test_who_works_here_chooses_as_well(
    visit: Visit, cast: Cast, stage: Stage, offered: str
) -> None:
    applicant = visit(cast.applicant)
    page = text(applicant.get("/start/review"))
    assert f'href="/start/review?choice={POSTS[1]}"' in page
    form = island(applicant.get("/start/review", choice=POSTS[1]).text)
    body: Json = {**form["submit"]["body"], "data": {"姓名": "A2026-09-09"}}
    started = applicant.send("POST", form["submit"]["url"], body)
    with stage.rooms.read() as session:
        held = select(Variable.value).where(
            Variable.instance_key == case_of(started), Variable.name == "姓名"
        )
        assert session.scalar(held) == POSTS[1]
    assert applicant.get("/start/review", choice="A2026-09-09").status_code == 409


def test_one_post_is_one_button(outsider: Outsider, stage: Stage, offered: str) -> None:
    visitor, _actor = outsider()
    page = text(visitor.get(f"/public/notices/{publish(stage, posts('A2026-03-01'))}"))
    assert page.count("我要申请：") == 1
    assert "选定一项再填写" not in page


@pytest.mark.parametrize(
    "choices",
    [
        posts("一", "一"),
        (*posts("一"), Choice("review", "单位", "二", "乙")),
        (Choice("other", "姓名", "一", "甲"),),
        posts(""),
        posts("甲\n乙"),
    ],
)
def test_choices_that_mean_nothing_are_not_published(
    stage: Stage, offered: str, choices: tuple[Choice, ...]
) -> None:
    with pytest.raises(FieldsInvalid, match="1 处"):
        publish(stage, choices)
