"""Whatever is sent: a clear refusal or plain data, and the instance as it was."""

import pytest

from service.domain.errors import FieldsInvalid, Invalid
from service.domain.submissions import (
    NumberNotFinite,
    SubmissionTooDeep,
    SubmissionTooLarge,
    TextUnreadable,
    VariablesReserved,
    VariablesUndeclared,
)
from service.domain.user_tasks import CommentRequired, OutcomeUnknown
from service.domain.values import Json, Variables
from service.feel import NameNotPlain
from tests.fixtures_commands import REVIEW, Deploy, Stage


def nested(levels: int) -> Json:
    value: Json = 1
    for _ in range(levels):
        value = [value]
    return value


BAD: dict[str, tuple[Variables, type[Invalid]]] = {
    "NaN": ({"教龄": float("nan")}, NumberNotFinite),
    "infinity": ({"教龄": float("inf")}, NumberNotFinite),
    "a number of 1,000 digits": ({"教龄": 10**1000}, NumberNotFinite),
    "10 MB": ({"姓名": "很" * 3_500_000}, SubmissionTooLarge),
    "2,000 levels": ({"姓名": nested(2_000)}, SubmissionTooDeep),
    "half a character": ({"姓名": "王\udc00明"}, TextUnreadable),
    "a zero byte": ({"姓名": "王\x00明"}, TextUnreadable),
    "a name with a dash": ({"a-b": 1}, NameNotPlain),
    "an inner name with a blank": ({"姓名": {"a b": 1}}, NameNotPlain),
    "an empty name": ({"": 1}, NameNotPlain),
    "a name of 10,000 characters in a form": ({"姓名": "王" * 10_000}, FieldsInvalid),
    "a wrong type": ({"姓名": "王小明", "教龄": "很多"}, FieldsInvalid),
    "a list for a text": ({"姓名": ["王", "小明"]}, FieldsInvalid),
    "a missing field": ({"教龄": 3}, FieldsInvalid),
}


@pytest.mark.parametrize("case", BAD)
def test_a_start_form_refuses(stage: Stage, deploy: Deploy, case: str) -> None:
    deploy(*REVIEW)
    sent, refusal = BAD[case]

    with pytest.raises(refusal) as refused:
        stage.start("review", variables=sent)

    assert refused.value.message
    assert stage.rows_of_instances() == 0


def test_the_message_names_the_field(stage: Stage, deploy: Deploy) -> None:
    deploy(*REVIEW)

    with pytest.raises(FieldsInvalid) as refused:
        stage.start("review", variables={"姓名": "", "教龄": 99})

    assert set(refused.value.errors) == {"姓名", "教龄"}


@pytest.mark.parametrize("name", ["typename", "__builtins__", "__class__", "constructor"])
def test_names_that_harm_others_are_plain_variables(
    stage: Stage, deploy: Deploy, name: str
) -> None:
    deploy("errand.bpmn")
    key = stage.start("errand").instance_key
    sent: Variables = {name: "x", "o": {name: [1, {"typename": "Y"}]}}

    stage.complete(stage.task(key, "ask"), stage.cast.applicant, sent, strict=True)
    stage.complete(stage.task(key, "read"), stage.cast.applicant)

    assert stage.variables(key) == {**sent, "办理": "完成"}


def test_emoji_and_html_stay_what_they_are(stage: Stage, deploy: Deploy) -> None:
    deploy(*REVIEW)
    key = stage.start("review", variables={"姓名": "👩🏽‍🏫<b>王</b>"}).instance_key

    stage.complete(
        stage.task(key, "check"),
        stage.cast.officer,
        {"核对意见": "<script>alert(1)</script>"},
        outcome="reject",
        comment="<img src=x onerror=alert(1)>\n第二行",
    )

    assert stage.variables(key)["姓名"] == "👩🏽‍🏫<b>王</b>"
    told = stage.value(key, "user-task.completed")
    assert told["comment"] == "<img src=x onerror=alert(1)>\n第二行"
    assert stage.variables(key)["核对意见"] == "<script>alert(1)</script>"


def test_what_nobody_sees_of_a_pasted_text_is_not_kept(stage: Stage, deploy: Deploy) -> None:
    deploy(*REVIEW)

    key = stage.start("review", variables={"姓名": "王\x0b小\x01明"}).instance_key

    assert stage.variables(key)["姓名"] == "王 小明"


def test_a_page_drops_what_the_form_does_not_declare(stage: Stage, deploy: Deploy) -> None:
    deploy(*REVIEW)

    key = stage.start("review", variables={"姓名": "王小明", "越权": True}).instance_key

    assert "越权" not in stage.variables(key)


def test_a_program_is_told_of_what_the_form_does_not_declare(stage: Stage, deploy: Deploy) -> None:
    deploy(*REVIEW)
    task = stage.task(stage.start("review", variables={"姓名": "王小明"}).instance_key, "check")

    with pytest.raises(VariablesUndeclared) as refused:
        stage.complete(task, stage.cast.officer, {"越权": True}, outcome="approve", strict=True)

    assert refused.value.names == ("越权",)


@pytest.mark.parametrize("name", ["initiator", "ask_outcome", "check_outcome"])
def test_nobody_sends_what_the_service_sets(stage: Stage, deploy: Deploy, name: str) -> None:
    deploy("errand.bpmn")
    key = stage.start("errand").instance_key

    with pytest.raises(VariablesReserved):
        stage.complete(stage.task(key, "ask"), stage.cast.applicant, {name: "x"}, strict=True)


def test_a_read_only_field_keeps_the_stores_value(stage: Stage, deploy: Deploy) -> None:
    deploy(*REVIEW)
    key = stage.start("review", variables={"姓名": "王小明"}).instance_key

    stage.complete(
        stage.task(key, "check"), stage.cast.officer, {"姓名": "冒名"}, outcome="approve"
    )

    assert stage.variables(key)["姓名"] == "王小明"


@pytest.mark.parametrize("outcome", [None, "", "同意", "approve ", "x" * 10_000])
def test_an_outcome_is_one_of_the_steps(stage: Stage, deploy: Deploy, outcome: str | None) -> None:
    deploy(*REVIEW)
    task = stage.task(stage.start("review", variables={"姓名": "王小明"}).instance_key, "check")

    with pytest.raises(OutcomeUnknown, match="approve、reject"):
        stage.complete(task, stage.cast.officer, outcome=outcome)


@pytest.mark.parametrize("comment", ["", "  \n\t", "\x00\x07"])
def test_a_rejection_needs_its_reasons(stage: Stage, deploy: Deploy, comment: str) -> None:
    deploy(*REVIEW)
    task = stage.task(stage.start("review", variables={"姓名": "王小明"}).instance_key, "check")

    with pytest.raises(CommentRequired) as refused:
        stage.complete(task, stage.cast.officer, outcome="reject", comment=comment)

    assert refused.value.errors == {"comment": ["请填写意见。"]}


def test_an_endless_comment_is_refused(stage: Stage, deploy: Deploy) -> None:
    deploy(*REVIEW)
    task = stage.task(stage.start("review", variables={"姓名": "王小明"}).instance_key, "check")

    with pytest.raises(FieldsInvalid) as refused:
        stage.complete(task, stage.cast.officer, outcome="approve", comment="长" * 10_000)

    assert "comment" in refused.value.errors


def test_a_title_of_10_000_characters_is_cut(stage: Stage, deploy: Deploy) -> None:
    deploy("long_title.bpmn")

    title = stage.start("long_title").title

    assert len(title) == 200
    assert title.endswith("…")
