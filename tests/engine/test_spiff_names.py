"""What the room reaches into inside SpiffWorkflow is written down, and is there."""

import ast
import inspect
from importlib.metadata import version
from pathlib import Path

import pytest

import service.engine
from service.engine.spiff_names import INNER_NAMES, VERSION, InnerName

ROOM = Path(service.engine.__file__).parent


def test_the_wheel_is_the_version_the_list_was_made_for() -> None:
    assert version("SpiffWorkflow") == VERSION


@pytest.mark.parametrize("inner", INNER_NAMES, ids=lambda inner: inner.name)
def test_a_name_is_still_there(inner: InnerName) -> None:
    theirs = [c for c in inner.owner.__mro__ if c.__module__.startswith("SpiffWorkflow")]
    in_class = any(inner.name in vars(owner) for owner in theirs)
    in_instances = any(f"self.{inner.name} = " in inspect.getsource(owner) for owner in theirs)

    gone = f"SpiffWorkflow's {inner.owner.__name__}.{inner.name} is gone: {inner.purpose}"
    assert in_class or in_instances, gone


def private_names() -> dict[str, set[str]]:
    """Private attributes used in the room that the room does not define, by module."""
    trees = {path.name: ast.parse(path.read_text(encoding="utf-8")) for path in ROOM.glob("*.py")}
    own = {name for tree in trees.values() for name in _defined(tree)}
    return {module: _used(tree) - own for module, tree in trees.items()}


def _used(tree: ast.Module) -> set[str]:
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr.startswith("_")
        and not node.attr.startswith("__")
    }


def _defined(tree: ast.Module) -> set[str]:
    names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.ctx, ast.Store)
            and isinstance(node.value, ast.Name)
            and node.value.id == "self"
        ):
            names.add(node.attr)
    return names


def test_no_other_name_is_reached_into() -> None:
    listed = {inner.name for inner in INNER_NAMES}

    strangers = {
        module: names - listed - {"_Element"}  # lxml's element type has no public name
        for module, names in private_names().items()
    }

    assert not any(strangers.values()), strangers


def test_every_hook_we_override_is_listed() -> None:
    hooks = {"_predict", "_update_hook", "_on_ready_hook", "_run_hook", "_on_complete_hook"}

    assert hooks <= {inner.name for inner in INNER_NAMES if inner.overridden}
