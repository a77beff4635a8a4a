"""Control-flow patterns 12 to 15, 26, 27 and 34 to 36: several instances of one activity."""

from tests.engine.conftest import Play


def test_instances_without_synchronization(pattern: Play) -> None:
    player = pattern("instances_without_synchronization", begun=0, wanted=3)

    assert player.waiting == ["after", "work", "work", "work"], "nobody waits for them"
    player.complete("after")
    assert player.ending is None, "they belong to the case"


def test_instances_known_at_design_time(pattern: Play) -> None:
    player = pattern("instances_known_at_design_time")

    assert player.waiting == ["work"] * 3
    for _ in range(3):
        assert "after" not in player.waiting
        player.complete("work")

    assert player.waiting == ["after"]


def test_instances_known_at_run_time(pattern: Play) -> None:
    player = pattern("instances_known_at_run_time", schools=["一中", "二中"])

    player.complete("work", answer="来")
    assert player.waiting == ["work"]
    player.complete("work", answer="不来")

    assert player.waiting == ["after"]
    assert player.variables["answers"] == ["来", "不来"]


def test_instances_not_known_beforehand(pattern: Play) -> None:
    player = pattern("instances_not_known_beforehand", id="7")

    player.trigger("one_s")
    player.complete("work")
    player.trigger("one_s")
    player.trigger("one_s")
    assert player.waiting == ["open", "work", "work"]
    player.complete("open")
    assert player.waiting == ["work", "work"]
    player.complete("work")
    player.complete("work")

    assert player.waiting == ["after"]


def test_cancelled_instances(pattern: Play) -> None:
    player = pattern("cancelled_instances", id="7")

    player.complete("work")
    player.trigger("stop")

    assert player.waiting == ["cleanup"]
    assert player.terminated == ["work", "work", "work"], "two instances, and the activity itself"
    player.complete("cleanup")
    assert "after" not in player.done


def test_completed_instances(pattern: Play) -> None:
    player = pattern("completed_instances", id="7")

    player.complete("work")
    player.trigger("enough")

    assert player.waiting == ["after"], "it goes on as if they all were done"
    assert "work" in player.terminated


def test_static_partial_join_for_instances(pattern: Play) -> None:
    player = pattern("static_partial_join_for_instances")

    player.complete("work")
    assert player.waiting == ["work", "work"]
    player.complete("work")
    assert player.waiting == ["after", "work"]
    player.complete("work")

    assert player.waiting == ["after"], "the third lets nothing through"
    assert player.terminated == []


def test_cancelling_partial_join_for_instances(pattern: Play) -> None:
    player = pattern("cancelling_partial_join_for_instances")

    player.complete("work")
    player.complete("work")

    assert player.waiting == ["after"]
    assert player.terminated == ["work"]


def test_dynamic_partial_join_for_instances(pattern: Play) -> None:
    player = pattern("dynamic_partial_join_for_instances", id="7", needed=2)

    player.trigger("another")
    player.trigger("another")
    player.complete("work")
    player.set(needed=3)
    player.complete("work")
    assert player.waiting == ["open"], "how many are needed may change meanwhile"
    for _ in range(2):
        player.trigger("another")
    player.complete("work")
    assert player.waiting == ["after", "open", "work"]
    player.complete("work")

    assert player.waiting == ["after", "open"]
