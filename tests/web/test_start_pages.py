"""Starting a procedure: who may, by which form, and that nothing starts twice."""

import re

from service.commands import deployments
from service.domain.actors import SYSTEM
from service.domain.values import Json
from service.store.tables import Draft, ProcessInstance
from tests.fixtures_commands import DIAGRAMS, EVIDENCE, REVIEW, Deploy, Stage
from tests.fixtures_store import Cast
from tests.web.conftest import Visit, Visitor
from tests.web.test_task_pages import form


def filled(visitor: Visitor, **data: Json) -> dict[str, Json]:
    """The body that the page's script would send."""
    submit = form(visitor.get("/start/review").text)["submit"]
    assert isinstance(submit, dict)
    body = submit["body"]
    assert isinstance(body, dict)
    return {**body, "outcome": None, "comment": "", "data": data}


def test_only_what_a_person_may_start_is_offered(visit: Visit, cast: Cast, deploy: Deploy) -> None:
    deploy(*REVIEW)
    deploy(*EVIDENCE)
    assert re.findall(r'href="/start/(\w+)"', visit(cast.applicant).get("/start").text) == [
        "evidence",
        "review",
    ]
    assert "没有你可以发起的流程" in visit(cast.stranger).get("/start").text


def test_a_stranger_learns_of_no_procedure(visit: Visit, cast: Cast, deploy: Deploy) -> None:
    deploy(*REVIEW)
    stranger = visit(cast.stranger)
    assert stranger.get("/start/review").status_code == 404
    assert stranger.post("/start/review").status_code == 404
    draft: dict[str, Json] = {"data": {"姓名": "张"}}
    assert stranger.send("PUT", "/start/review/draft", draft).status_code == 404


def test_a_filled_form_starts_a_case_and_leads_to_it(
    visit: Visit, cast: Cast, deploy: Deploy, stage: Stage
) -> None:
    deploy(*REVIEW)
    applicant = visit(cast.applicant)
    answer = applicant.send("POST", "/start/review", filled(applicant, 姓名="张敏", 教龄=9))
    case = stage.row(ProcessInstance)["key"]
    assert answer.get_json() == {"location": f"/instances/{case}"}
    assert "已提交「张敏的材料核对」" in applicant.get(f"/instances/{case}").text


def test_the_same_form_sent_twice_starts_one_case(
    visit: Visit, cast: Cast, deploy: Deploy, stage: Stage
) -> None:
    deploy(*REVIEW)
    applicant = visit(cast.applicant)
    body = filled(applicant, 姓名="张敏")
    first = applicant.send("POST", "/start/review", body)
    again = applicant.send("POST", "/start/review", body)
    assert first.get_json() == again.get_json()
    assert len(stage.rows(ProcessInstance)) == 1


def test_a_refused_form_names_its_fields_and_stays_as_draft(
    visit: Visit, cast: Cast, deploy: Deploy
) -> None:
    deploy(*REVIEW)
    applicant = visit(cast.applicant)
    refused = applicant.send("POST", "/start/review", filled(applicant, 姓名="", 教龄=70))
    assert refused.status_code == 422
    assert refused.get_json()["errors"] == {"姓名": ["此项必填。"], "教龄": ["不能大于 60。"]}
    assert form(applicant.get("/start/review").text)["data"] == {"姓名": "", "教龄": 70}


def test_a_draft_survives_a_new_version_and_goes_with_the_start(
    visit: Visit, cast: Cast, deploy: Deploy, stage: Stage
) -> None:
    deploy(*REVIEW)
    applicant = visit(cast.applicant)
    draft: dict[str, Json] = {"data": {"姓名": "写了一半"}}
    applicant.send("PUT", "/start/review/draft", draft)
    deploy_new_version(stage)
    assert form(applicant.get("/start/review").text)["data"] == {"姓名": "写了一半"}
    applicant.send("POST", "/start/review", filled(applicant, 姓名="张敏"))
    assert stage.rows(Draft) == []


def deploy_new_version(stage: Stage) -> None:
    text = (DIAGRAMS / "review.bpmn").read_text("utf-8").replace("材料核对", "材料审核")
    upload = deployments.Upload("review.bpmn", text.encode())
    deployments.deploy(stage.rooms, [upload], actor=SYSTEM, now=stage.clock.forward(minutes=5))


def test_a_draft_is_found_again_where_one_starts(visit: Visit, cast: Cast, deploy: Deploy) -> None:
    deploy(*REVIEW)
    applicant = visit(cast.applicant)
    assert "继续填写" not in applicant.get("/start").text
    draft: dict[str, Json] = {"data": {"姓名": "写了一半"}}
    applicant.send("PUT", "/start/review/draft", draft)
    assert "没有提交的草稿，保存于 2026年3月2日 09:30" in applicant.get("/start").text
    assert "继续填写" in applicant.get("/start").text
    assert "继续填写" not in visit(cast.officer).get("/start").text


def test_a_draft_can_be_thrown_away(visit: Visit, cast: Cast, deploy: Deploy, stage: Stage) -> None:
    deploy(*REVIEW)
    applicant = visit(cast.applicant)
    draft: dict[str, Json] = {"data": {"姓名": "写了一半"}}
    applicant.send("PUT", "/start/review/draft", draft)
    applicant.post("/start/review/draft/discard")
    assert stage.rows(Draft) == []


def test_a_procedure_without_a_form_starts_by_a_button(
    visit: Visit, cast: Cast, deploy: Deploy, stage: Stage
) -> None:
    deploy("errand.bpmn")
    applicant = visit(cast.applicant)
    page = applicant.get("/start/errand").text
    found = re.search(r'name="request_id" value="(\w+)"', page)
    assert found
    answers = [applicant.post("/start/errand", {"request_id": found[1]}) for _ in range(2)]
    [case] = stage.rows(ProcessInstance)
    assert [one.location for one in answers] == [f"/instances/{case['key']}"] * 2


def test_emoji_and_long_names_are_kept_or_refused_with_the_field(
    visit: Visit, cast: Cast, deploy: Deploy, stage: Stage
) -> None:
    deploy(*REVIEW)
    applicant = visit(cast.applicant)
    refused = applicant.send("POST", "/start/review", filled(applicant, 姓名="很" * 10_000))
    assert refused.get_json()["errors"] == {"姓名": ["最多 20 个字。"]}
    applicant.send("POST", "/start/review", filled(applicant, 姓名="张👩‍🏫敏"))
    assert stage.row(ProcessInstance)["title"] == "张👩‍🏫敏的材料核对"


def test_the_page_calls_by_its_name_what_is_handed_in(
    visit: Visit, cast: Cast, deploy: Deploy, stage: Stage
) -> None:
    deploy(*REVIEW)
    plain = visit(cast.applicant).get("/start/review").text
    assert ("申请内容" in plain, "提交申请" in plain) == (True, True)
    text = (DIAGRAMS / "review.bpmn").read_text("utf-8")
    label = '<zeebe:property name="jiaoyan.start-label" value="会议安排"/>'
    named = text.replace("<zeebe:properties>", f"<zeebe:properties>{label}", 1)
    upload = deployments.Upload("review.bpmn", named.encode())
    deployments.deploy(stage.rooms, [upload], actor=SYSTEM, now=stage.clock.forward(minutes=5))
    page = visit(cast.applicant).get("/start/review").text
    assert '<h2 class="card-title" id="form-title">会议安排</h2>' in page
    assert ("提交会议安排" in page, "提交申请" in page) == (True, False)
