"""Messages start instances: one at a time for each correlation key, of the newest version."""

from service.store.tables import ProcessInstance
from tests.commands.test_messages import STARTS, publish
from tests.fixtures_commands import Stage
from tests.fixtures_events import Bring, RunDue


def test_one_instance_a_key_runs_and_the_next_message_waits_for_its_end(
    stage: Stage, bring: Bring, run_due: RunDue
) -> None:
    bring(STARTS)
    [first] = publish(stage, keep=10, sum=1).instance_keys
    assert publish(stage, keep=10, sum=2).instance_keys == ()
    [other] = publish(stage, "2", keep=10).instance_keys
    run_due()
    assert {row["key"] for row in stage.rows(ProcessInstance)} == {first, other}

    stage.complete(stage.task(first, "work"), stage.cast.applicant)
    run_due()

    [second] = {int(str(r["key"])) for r in stage.rows(ProcessInstance)} - {first, other}
    assert stage.variables(second) == {"sum": 2}
    assert stage.acts(second)[0] == "instance.triggered"
    assert stage.row(ProcessInstance, key=second)["started_by"] == "system"


def test_without_a_key_each_message_starts_one(stage: Stage, bring: Bring, run_due: RunDue) -> None:
    bring(STARTS)
    assert len({publish(stage, "").instance_keys for _ in range(3)}) == 3
    assert run_due() == 3


def test_only_the_newest_version_starts(stage: Stage, bring: Bring) -> None:
    bring(STARTS)
    bring(STARTS.replace(b"<bpmn:endEvent", b"<!-- 2 --><bpmn:endEvent"))
    [key] = publish(stage).instance_keys
    newest = max(int(str(r["definition_key"])) for r in stage.rows(ProcessInstance))
    assert stage.row(ProcessInstance, key=key)["definition_key"] == newest
    assert len(stage.rows(ProcessInstance)) == 1
