"""Two states of a design are compared part by part."""

from service.domain.design_changes import ChangeKind, Part, Parts, design_changes


def parts(picture: str = "", **by_id: Part) -> Parts:
    return Parts(by_id, picture)


def task(name: str, **values: str) -> Part:
    return Part("task", name, values)


def test_what_is_the_same_is_no_change() -> None:
    one = parts(a=task("甲", form="x"))
    assert design_changes(one, one).parts == ()
    assert not design_changes(one, one).rearranged


def test_added_changed_and_removed_parts_are_told_with_their_values() -> None:
    old = parts(a=task("甲", form="x", who="p"), b=task("乙", form="y"), c=task("丙"))
    new = parts("moved", a=task("甲二", form="z", group="q"), c=task("丙"), d=task("丁", form="w"))

    found = design_changes(old, new)

    told = [(one.id, one.name, one.change) for one in found.parts]
    assert told == [
        ("a", "甲二", ChangeKind.CHANGED),
        ("d", "丁", ChangeKind.ADDED),
        ("b", "乙", ChangeKind.REMOVED),
    ]
    values = [(one.place, one.old, one.new) for one in found.parts[0].values]
    assert values == [("form", "x", "z"), ("group", None, "q"), ("who", "p", None)]
    assert found.rearranged
    assert found.names == {"a": "甲二", "b": "乙", "c": "丙", "d": "丁"}


def test_another_kind_under_the_same_id_is_a_change() -> None:
    old, new = parts(a=task("甲")), parts(a=Part("userTask", "甲", {}))
    [change] = design_changes(old, new).parts
    assert [(one.place, one.old, one.new) for one in change.values] == [("", "task", "userTask")]
