"""A join waits for its branches and merges nothing: each branch changed what it changed."""

from service.store.tables import ProcessInstance
from tests.fixtures_commands import PARALLEL, Deploy, Stage


def test_each_branch_keeps_what_it_wrote(stage: Stage, deploy: Deploy) -> None:
    deploy(*PARALLEL)
    key = stage.start("parallel").instance_key

    stage.complete(stage.task(key, "left"), stage.cast.applicant, {"左": "业务同意"})
    stage.complete(stage.task(key, "right"), stage.cast.officer, {"右": "人事同意"})

    assert stage.variables(key) == {"左": "业务同意", "右": "人事同意"}
    assert stage.open_tasks(key) == ["sum_up"]


def test_the_join_waits_for_the_other_branch(stage: Stage, deploy: Deploy) -> None:
    deploy(*PARALLEL)
    key = stage.start("parallel").instance_key

    stage.complete(stage.task(key, "right"), stage.cast.officer, {"右": "人事同意"})

    assert stage.open_tasks(key) == ["left"]
    assert stage.row(ProcessInstance)["state"] == "ACTIVE"


def test_a_branch_that_was_opened_first_overwrites_nothing(stage: Stage, deploy: Deploy) -> None:
    """The officer's page was filled before the applicant wrote; it does not carry old values."""
    deploy(*PARALLEL)
    key = stage.start("parallel").instance_key
    right = stage.task(key, "right")

    stage.complete(stage.task(key, "left"), stage.cast.applicant, {"左": "新的意见"})
    stage.complete(right, stage.cast.officer, {"右": "同意", "左": "旧的意见"}, revision=1)

    assert stage.variables(key)["左"] == "新的意见"
