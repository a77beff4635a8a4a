"""The saved form: opaque to others, versioned, read back for as long as instances live."""

import json
from pathlib import Path

import pytest

from service.domain.events import (
    ElementCompleted,
    Failure,
    IncidentResolved,
    IncidentType,
    UserTaskCreated,
)
from service.domain.keys import KeySource
from service.domain.values import Json
from service.engine import Engine, HandlerDue, StateUnreadable
from service.engine.state import VERSION
from service.feel import FeelPool
from tests.engine.conftest import Play, read_model
from tests.engine.player import NOW, ROOT, Player

GOLDEN = Path(__file__).parent / "golden"
FAILED = Failure(IncidentType.JOB_NO_RETRIES, "不可用")


def fail_some(due: HandlerDue) -> Failure | None:
    """Park one kind of work, fail the other."""
    return FAILED if due.task_type == "fails" else None


def from_golden(name: str, feel: FeelPool) -> Player:
    """An instance as an older program stored it."""
    stored = json.loads((GOLDEN / name).read_text(encoding="utf-8"))
    player = Player(read_model(stored["diagram"]), feel, work=fail_some)
    player.state = stored["state"]
    player.scopes = {int(key): scope for key, scope in stored["scopes"].items()}
    return player


def golden(version: int) -> list[str]:
    """The copies of one version."""
    return sorted(path.name for path in GOLDEN.glob(f"v{version}_*.json"))


@pytest.mark.parametrize("name", golden(VERSION))
def test_a_golden_copy_is_read_and_saved_unchanged(name: str, feel: FeelPool) -> None:
    player = from_golden(name, feel)

    assert player.resume().save() == player.state


@pytest.mark.parametrize("name", [name for old in range(1, VERSION) for name in golden(old)])
def test_a_copy_of_an_older_version_is_read_and_saved_as_the_newest(
    name: str, feel: FeelPool
) -> None:
    player = from_golden(name, feel)

    saved = json.loads(player.resume().save())

    assert saved == {**json.loads(player.state), "v": VERSION}


def test_there_is_a_golden_copy_of_the_version_we_write() -> None:
    versions = {path.name.split("_")[0] for path in GOLDEN.glob("*.json")}

    assert f"v{VERSION}" in versions


def test_an_instance_stored_in_every_phase_runs_to_its_end(feel: FeelPool) -> None:
    player = from_golden("v1_every_phase.json", feel)
    keys = {element_id: key for element_id, _, _, key, _ in json.loads(player.state)["t"]}
    player.scopes[ROOT] |= {"missing": 1, "lacking": 1}
    execution = player.resume()

    execution.complete(keys["person"], {})
    execution.complete(keys["parked"], {})
    for stuck in ("failed", "stuck", "leaving"):
        execution.retry(keys[stuck])
    due = execution.advance()
    assert isinstance(due, HandlerDue)
    execution.complete(due.element_instance_key, {})

    assert execution.advance() is None
    assert execution.ended


def test_results_that_were_stored_for_a_retry_are_found_by_it(feel: FeelPool) -> None:
    player = from_golden("v2_kept_results.json", feel)
    keys = {element_id: key for element_id, _, _, key, *_ in json.loads(player.state)["t"]}
    player.scopes[ROOT]["lacking"] = 0
    execution = player.resume()

    execution.retry(keys["check"])
    execution.retry(keys["asked"])
    execution.complete(keys["idle"], {})
    execution.complete(keys["helper"], {})

    assert execution.advance() is None
    assert execution.ended
    seen = execution.visible(ROOT)
    assert seen == {"answer": 1, "lacking": 0, "sum": 1, "check_outcome": "approve"}


def test_what_was_stored_in_the_middle_of_something_goes_on(feel: FeelPool) -> None:
    """An event with more to throw, a paused row, and a join that waits in vain."""
    player = from_golden("v3_every_rest.json", feel)
    keys = {element_id: key for element_id, _, _, key, *_ in json.loads(player.state)["t"]}
    execution = player.resume()

    execution.complete(keys["un_a"], {})
    execution.go_on(keys["row"])
    assert execution.advance() is None
    execution.trigger(keys["vain"], "late", {})
    assert execution.advance() is None

    events = execution.take_events()
    done = [one.element_id for one in events if isinstance(one, ElementCompleted)]
    assert done.count("row") == 2
    assert IncidentResolved(keys["join"]) in events
    [task] = [one for one in events if isinstance(one, UserTaskCreated)]
    assert task.element_id == "rescue"


def test_saving_what_was_loaded_gives_the_same_text(play: Play) -> None:
    player = play("every_phase.bpmn", work=fail_some)

    assert player.resume().save() == player.state


def test_the_state_holds_no_variable(play: Play) -> None:
    player = play("parallel_join.bpmn", secret="身份证号")

    assert "身份证号" not in player.state
    assert "secret" not in player.state


@pytest.mark.parametrize(
    "state",
    [
        "",
        "{}",
        "[]",
        '{"v":99,"e":[],"o":0,"t":[]}',
        '{"v":1,"e":[],"o":0,"t":[["one","?",0,1,null]]}',
        '{"v":1,"e":[],"o":0,"t":[["gone","u",0,1,null]]}',
        '{"v":1,"e":[],"o":0,"t":[["(root)","u",0,1,null]]}',
        '{"v":1,"e":[],"o":0,"t":[["one","u"]]}',
        '{"v":2,"e":[],"o":0,"t":[["one","u",0,1,null,0]]}',
        '{"v":2,"e":[],"o":0,"t":[["one","u",0,1,null,"x"]]}',
    ],
)
def test_what_is_not_a_state_of_this_diagram_is_refused(feel: FeelPool, state: str) -> None:
    engine = Engine(feel)

    with pytest.raises(StateUnreadable):
        engine.resume(
            read_model("parallel_join.bpmn"),
            instance_key=ROOT,
            state=state,
            scopes={ROOT: {}},
            keys=KeySource(),
            now=NOW,
        )


def test_the_caller_s_variables_are_not_touched(play: Play) -> None:
    player = play("parallel_join.bpmn", rows=[1])
    scopes: dict[int, dict[str, Json]] = {ROOT: {"rows": [1]}}
    execution = player.engine.resume(
        player.model,
        instance_key=ROOT,
        state=player.state,
        scopes=scopes,
        keys=player.keys,
        now=NOW,
    )

    execution.complete(player.key_of("one"), {"rows": [2], "new": 1})

    assert scopes == {ROOT: {"rows": [1]}}
